"""Whether a process can always come to its end: every course it may take is tried, whatever the data."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from time import monotonic
from typing import NamedTuple

from processes.engine.check.net import NOTHING, Marking, Net
from processes.engine.check.outline import Node, Outline, Scope
from processes.engine.check.problems import Report
from processes.engine.check.structure import reached_from
from processes.engine.check.tokens import steps, stuck


class Bound(NamedTuple):
    """How far a search goes; counted, so that a file is judged alike on every machine."""

    markings: int
    tokens: int
    """In all these markings together: what they take in time and memory grows with it."""


FAR = Bound(markings=20_000, tokens=1_000_000)
CROWDED = Bound(markings=3_000, tokens=300_000)
"""Where tokens pile up, because these processes never come to an end of it."""
LONGEST_SEARCH = 1.5
"""Seconds for all processes of a file, should a machine be so slow that the bounds are not reached before."""
MOST_ALIKE = 2
"""Tokens in one place; a third means that they are never joined, and is not followed."""


@dataclass
class Search:
    """What was found out about one process."""

    net: Net
    markings: dict[Marking, int] = field(default_factory=dict)
    entered_by: list[Node | None] = field(default_factory=list)
    before: list[list[int]] = field(default_factory=list)
    dead: set[int] = field(default_factory=set)
    blocked: dict[Node, None] = field(default_factory=dict)
    crowded: dict[Node, None] = field(default_factory=dict)
    complete: bool = True
    """Whether every marking was looked at."""
    tokens: int = 0
    """In all markings that were entered."""

    def is_at_bound(self) -> bool:
        bound = CROWDED if self.crowded else FAR
        return len(self.markings) > bound.markings or self.tokens > bound.tokens

    def note(self, marking: Marking, before: int | None, node: Node | None) -> bool:
        """Enter a marking; true when it is new."""
        number = self.markings.get(marking)
        is_new = number is None
        if number is None:
            number = self.markings[marking] = len(self.entered_by)
            self.entered_by.append(node)
            self.before.append([])
            self.tokens += len(marking)
        if before is not None:
            self.before[number].append(before)
        return is_new

    def is_crowded(self, marking: Marking) -> bool:
        """Whether more tokens meet in one place than are followed; two are told, a third is too many."""
        places = [place for place, _, _ in marking]
        if len(set(places)) == len(places):
            return False
        counts = Counter(places)
        for place, count in counts.items():
            if count > 1:
                self.crowded[self.net.target(place)] = None
        return max(counts.values()) > MOST_ALIKE


def check_soundness(outline: Outline, report: Report) -> None:
    """All processes that can be begun, and the event sub-processes in them, each by itself."""
    until = monotonic() + LONGEST_SEARCH
    for process, scopes in outline.inside.items():
        handlers = [each for each in scopes if each.owner is not None and each.owner.is_event_subprocess]
        for root in (process, *handlers):
            if root.starts:
                within = scopes if root is process else _within(root, scopes)
                _tell(report, explore(Net(root, within), until), root)


def _within(root: Scope, scopes: list[Scope]) -> list[Scope]:
    """A scope with all inside it, the outer before the inner."""
    found = {root: None}
    for each in scopes:
        if each.parent in found:
            found[each] = None
    return list(found)


def explore(net: Net, until: float) -> Search:
    """Try every course from every start event, until it takes too long."""
    search = Search(net)
    front: deque[Marking] = deque()
    for start in net.process.starts:
        for marking in net.begin(start):
            if search.note(marking, None, start):
                front.append(marking)
    while front:
        if search.is_at_bound() or monotonic() > until:
            search.complete = False
            break
        _follow(search, front.popleft(), front, until)
    return search


def _follow(search: Search, marking: Marking, front: deque[Marking], until: float) -> None:
    """All that may happen next in one marking."""
    if marking == NOTHING:
        return
    number, moved = search.markings[marking], False
    for step in steps(search.net, marking, search.net.process):
        moved = True
        if search.is_crowded(step.after):
            search.complete = False
        elif search.note(step.after, number, step.node):
            front.append(step.after)
        if search.is_at_bound() or monotonic() > until:
            search.complete = False
            return
    if not moved:
        search.dead.add(number)
        search.blocked.update(dict.fromkeys(stuck(search.net, marking)))


def _tell(report: Report, search: Search, process: Scope) -> None:
    for node in search.blocked:
        report.add("deadlock", node)
    for node in search.crowded:
        report.add("lack-of-synchronization", node)
    if not search.complete:
        if not search.blocked and not search.crowded:
            report.add("not-decided", process)
        return
    _tell_endings(report, search, process)
    _tell_never_reached(report, search)


def _tell_endings(report: Report, search: Search, process: Scope) -> None:
    """Courses that neither end nor get stuck, but go round for ever."""
    end = search.markings.get(NOTHING)
    ending = _leading_to(search, [] if end is None else [end])
    closed = [n for n in range(len(search.entered_by)) if n not in ending]
    if not closed:
        return
    hopeless = set(closed) - _leading_to(search, search.dead)
    if end is None and not search.dead:
        report.add("never-completes", process)
    elif hopeless:
        node = search.entered_by[min(hopeless)]
        if node is not None:
            report.add("livelock", node)


def _leading_to(search: Search, targets: Iterable[int]) -> set[int]:
    found: set[int] = set()
    front = list(targets)
    while front:
        number = front.pop()
        if number not in found:
            found.add(number)
            front.extend(search.before[number])
    return found


def _with_owners(nodes: Iterable[Node]) -> frozenset[Node]:
    """Some nodes and the sub-processes around them."""
    found: set[Node] = set()
    for node in nodes:
        around: Node | None = node
        while around is not None and around not in found:
            found.add(around)
            around = around.scope.owner
    return frozenset(found)


def _tell_never_reached(report: Report, search: Search) -> None:
    """Nodes that flows lead to but no course comes by, because an activity before them is always left otherwise."""
    net = search.net
    without = _with_owners(search.blocked)
    for scope in net.depth:
        owner = scope.owner
        if owner is not None and (owner not in net.seen or not net.opens(owner)):
            continue
        reachable = reached_from(list(scope.starts), without)
        for node in scope.nodes:
            if node in reachable and node not in net.seen:
                report.add("unreachable", node, worded="never-come-by")
