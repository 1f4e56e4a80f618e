"""Whether a case can still come to its end from where its tokens stand: the token game, begun in the middle.

A gateway that joins branches waits for tokens that an older version may never have sent. The check of a diagram tries
every course from the start; here every course is tried from where a case stands, and what would wait for ever is told.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from processes.engine.check.net import Marking, Net, Token
from processes.engine.check.outline import Node, Outline, Scope, outline
from processes.engine.check.soundness import Search
from processes.engine.check.tokens import steps, stuck
from processes.engine.spiff import Finding
from processes.engine.spiff.positions import Position
from processes.engine.spiff.reading import give_ids, parse
from processes.messages import message
from processes.remembering import remembered

MOST_MARKINGS = 6_000
"""A bound by number, not by time: the same case is judged alike on a busy machine. Many cases stand at the same places
and are tried once."""
MOST_KEPT = 4_000_000
"""Bytes of all diagrams whose courses are remembered."""
MOST_VARIANTS = 40
"""Instances of a sub-process done several times whose tokens are tried, each with the others as the first stands."""
JOINS = ("parallelGateway", "inclusiveGateway")


@dataclass
class Ending:
    """What can happen from a marking."""

    blocked: list[Node] = field(default_factory=list)
    crowded: list[Node] = field(default_factory=list)
    complete: bool = True


class Courses:
    """The courses of the processes of one diagram, by where the tokens stand."""

    def __init__(self, bpmn: bytes) -> None:
        root = parse(bpmn)
        give_ids(root)
        self.outline: Outline = outline(root)
        self.nets: dict[str, Net] = {}
        self.known: dict[tuple[str, Marking], Ending] = {}
        self.from_start: dict[str, Ending] = {}

    def obstacles(
        self, process_id: str, positions: tuple[Position, ...], before: Courses | None = None
    ) -> list[Finding]:
        """The gateways at which a case with these tokens would wait for ever or go on twice.

        What is too large to be played through is an obstacle only where branches are not as they were `before`.
        """
        found: dict[tuple[str, bool], Finding] = {}
        for root, tokens in _by_process(process_id, positions):
            net = self._net(root)
            if net is None or not self._may_block(net, tokens):
                continue
            for marking in islice(_markings(net, tokens), MOST_VARIANTS):
                for finding, twice in self._judged(root, net, marking, before):
                    found.setdefault((finding.element_id, twice), finding)
        return list(found.values())

    def behind(self, process_id: str, positions: tuple[Position, ...]) -> set[str]:
        """Ids of all elements that a case can still come to, or is at."""
        reached: set[str] = set()
        for root, tokens in _by_process(process_id, positions):
            net = self._net(root)
            if net is not None:
                _reach(net, tokens, reached)
        return reached

    def before(self, process_id: str, positions: tuple[Position, ...]) -> set[str]:
        """Ids of all elements from which a course leads to where a case stands."""
        found: set[str] = set()
        for root, tokens in _by_process(process_id, positions):
            net = self._net(root)
            nodes = {node.id: node for node in net.nodes} if net is not None else {}
            front = [nodes[each] for each in _ids(tokens) if each in nodes]
            while front:
                node = front.pop()
                ways = [flow.source for flow in node.incoming] + [node.host]
                for each in ways:
                    if each is not None and each.id not in found:
                        found.add(each.id)
                        front.append(each)
        return found

    @cached_property
    def branches(self) -> dict[str, tuple[str, frozenset[str], frozenset[str]]]:
        """The gateways that fork and join, each with its ways in and out."""
        return {
            node.id: (
                node.tag,
                frozenset(flow.id for flow in node.incoming),
                frozenset(flow.id for flow in node.outgoing),
            )
            for node in self.outline.nodes
            if node.tag in JOINS
        }

    def _net(self, process_id: str) -> Net | None:
        if process_id not in self.nets:
            for process, scopes in self.outline.inside.items():
                self.nets[process.id] = Net(process, scopes)
        return self.nets.get(process_id)

    @staticmethod
    def _may_block(net: Net, tokens: tuple[Position, ...]) -> bool:
        """Where nothing is ever joined and one token is under way, nothing can wait for another."""
        joined = any(node.tag in JOINS and len(net.ways_in[node]) > 1 for node in net.nodes)
        return joined or len(tokens) > 1 or any(each.insides for each in tokens)

    def _judged(self, root: str, net: Net, marking: Marking, before: Courses | None) -> Iterator[tuple[Finding, bool]]:
        """What would go wrong from a marking and does not go wrong from the start anyway."""
        ending = self._ending(root, net, marking)
        if not (ending.blocked or ending.crowded or not ending.complete):
            return
        usual = self._usual(root, net)
        for node in ending.blocked:
            if node not in usual.blocked:
                text = message("汇合网关要等的分支本案没有发起过（分支有增减），案件将永远停在这里。")
                yield Finding(node.id, node.name or node.id, text), False
        for node in ending.crowded:
            if node not in usual.crowded:
                text = message("新版本在此不再汇合分支，本案将重复办理其后的环节。")
                yield Finding(node.id, node.name or node.id, text), True
        undecided = not (ending.complete or ending.blocked or ending.crowded)
        if undecided and (before is None or before.branches != self.branches):
            text = message("新版本的并行分支有变化，无法确认案件能在新版本中办完。")
            yield Finding(root, root, text), False

    def _ending(self, root: str, net: Net, marking: Marking) -> Ending:
        known = self.known.get((root, marking))
        if known is None:
            known = self.known[(root, marking)] = explored(net, [marking])
        return known

    def _usual(self, root: str, net: Net) -> Ending:
        if root not in self.from_start:
            begun = [marking for start in net.process.starts for marking in net.begin(start)]
            self.from_start[root] = explored(net, begun)
        return self.from_start[root]


@remembered(MOST_KEPT)
def courses_of(bpmn: bytes) -> Courses:
    """The courses of a diagram, remembered for all cases that are looked at."""
    return Courses(bpmn)


def explored(net: Net, begun: list[Marking]) -> Ending:
    """Every course from some markings, within a bound."""
    search, ending = Search(net), Ending()
    front: deque[Marking] = deque(each for each in begun if search.note(each, None, None))
    while front:
        if len(search.markings) > MOST_MARKINGS:
            ending.complete = False
            break
        marking = front.popleft()
        moved = not marking
        number = search.markings[marking]
        for step in steps(net, marking, net.process):
            moved = True
            if search.is_crowded(step.after):
                ending.complete = False
            elif search.note(step.after, number, step.node):
                front.append(step.after)
        if not moved:
            search.blocked.update(dict.fromkeys(stuck(net, marking)))
    ending.blocked, ending.crowded = list(search.blocked), list(search.crowded)
    return ending


def _by_process(root: str, tokens: tuple[Position, ...]) -> Iterator[tuple[str, tuple[Position, ...]]]:
    """The tokens of a process, and those of every process that it has called."""
    yield root, tokens
    for token in tokens:
        for inside in token.insides:
            if token.calls:
                yield from _by_process(token.calls, inside)
            else:
                yield from list(_by_process(root, inside))[1:]


def _markings(net: Net, tokens: tuple[Position, ...]) -> Iterator[Marking]:
    """The tokens of a scope as markings: of a sub-process done several times one instance after the other."""
    nodes = {node.id: node for node in net.nodes}
    flows = {flow.id: flow for flow in net.flows}
    choices: list[list[Token]] = []
    for token in tokens:
        if token.flow is not None and token.flow in flows:
            choices.append([(net.places[flows[token.flow]], (), ())])
        elif token.element_id in nodes:
            node = nodes[token.element_id]
            fired = tuple(sorted(net.number[each] for each in node.boundaries if each.id in token.fired))
            insides: list[Marking] = [()]
            if net.opens(node):
                insides = [each for inside in token.insides for each in islice(_markings(net, inside), MOST_VARIANTS)]
                insides = insides or [each for each in net.begin(node.inside.starts[0])] if node.inside else [()]
            choices.append([(2 * net.number[node] + 1, inside, fired) for inside in insides])
    firsts = [each[0] for each in choices]
    yield tuple(sorted(firsts))
    for place, alternatives in enumerate(choices):
        for other in alternatives[1:]:
            yield tuple(sorted([*firsts[:place], other, *firsts[place + 1 :]]))


def _ids(tokens: tuple[Position, ...]) -> Iterator[str]:
    for token in tokens:
        yield token.element_id
        for inside in () if token.calls else token.insides:
            yield from _ids(inside)


def _reach(net: Net, tokens: tuple[Position, ...], reached: set[str]) -> None:
    nodes = {node.id: node for node in net.nodes}
    front = [nodes[each] for each in _ids(tokens) if each in nodes]
    reached.update(node.id for node in front)
    while front:
        node = front.pop()
        inside: Scope | None = node.inside
        following = [flow.target for flow in node.outgoing] + list(node.boundaries)
        if node.id not in _ids(tokens) and inside is not None:
            following += inside.starts
        owner = node.scope.owner
        if not node.outgoing and owner is not None:
            following.append(owner)
        for each in following:
            if each is not None and each.id not in reached:
                reached.add(each.id)
                front.append(each)
