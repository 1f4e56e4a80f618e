"""Where a case stands on its diagram: the picture with its marks, and the same as a table of steps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from operator import itemgetter

from sqlalchemy.orm import Session

from processes import clock
from processes.engine import tracking
from processes.engine.drawing import Mark, Step, draw, steps
from processes.engine.drawing.words import KINDS, STATES
from processes.engine.house import House
from processes.engine.models import Case
from processes.engine.packages import package
from processes.engine.tracking import ItemFacts
from processes.identity.actor import Actor
from processes.messages import Message
from webapp.language import say

MOST_PICTURES = 64
"""Pictures that are kept, of some 200 kB each."""
TOLD_KINDS = frozenset(KINDS) - {"textAnnotation", "group", "dataObject", "dataObjectReference", "dataStoreReference"}


@dataclass(frozen=True)
class StepRow:
    """One line of the table below the picture."""

    name: str
    kind: Message
    lane: str
    depth: int
    state: str
    words: Message
    count: int
    who: str
    when: datetime | None


@dataclass(frozen=True)
class Standing:
    """The picture and the table of one case."""

    svg: str
    rows: Sequence[StepRow]


def standing(
    session: Session, house: House, actor: Actor, case: Case, items: Sequence[ItemFacts] | None = None
) -> Standing:
    """How far a case is, drawn on the version it runs on; whoever sees only his part sees only his own names in it.

    `items` are the tasks that the reader may see, where they have been read already.
    """
    by_element: dict[str, list[ItemFacts]] = defaultdict(list)
    for item in tracking.items_of(session, actor, case.id) if items is None else items:
        by_element[item.element_id].append(item)
    marks = _marks(session, house, case, by_element)
    of = package(session, case.definition_id)
    shown = _of_case(_steps(of.bpmn), case, marks)
    depths = _depths({each.element_id: each.scope for each in shown})
    rows = [
        _row(
            each.name,
            each.kind,
            each.lane_name,
            depths[each.element_id],
            marks.get(each.element_id),
            by_element.get(each.element_id, []),
        )
        for each in shown
        if each.name or each.element_id in marks
    ]
    return Standing(_picture(of.bpmn, tuple(sorted(marks.items(), key=itemgetter(0))), case.title), rows)


@lru_cache(maxsize=MOST_PICTURES)
def _picture(bpmn: bytes, marks: tuple[tuple[str, Mark], ...], title: str) -> str:
    """The picture of a version with its marks: drawn once for all who look at a case while it stands where it is."""
    return draw(bpmn, dict(marks), title=title)


@lru_cache(maxsize=MOST_PICTURES)
def _steps(bpmn: bytes) -> tuple[Step, ...]:
    return tuple(steps(bpmn))


def _of_case(steps: Sequence[Step], case: Case, marks: dict[str, Mark]) -> list[Step]:
    """The steps of the case's own process and of those it has called; a file may hold more."""
    scopes = {each.element_id: each.scope for each in steps}

    def root(element: str) -> str:
        while element in scopes:
            element = scopes[element]
        return element

    roots = {case.process_id, *(root(element) for element in marks if element in scopes)}
    return [each for each in steps if each.kind in TOLD_KINDS and root(each.element_id) in roots]


def _marks(session: Session, house: House, case: Case, items: dict[str, list[ItemFacts]]) -> dict[str, Mark]:
    now = clock.now()
    marks: dict[str, Mark] = {}
    for element, state in tracking.progress(session, house, case.id).items():
        waiting = [each for each in items.get(element, []) if each.status == "open"]
        late = state == "current" and any(each.due_at and each.due_at < now for each in waiting)
        ended = "cancelled" if state == "current" and case.status in ("cancelled", "terminated") else state
        marks[element] = Mark("late" if late else ended, len(waiting) if len(waiting) > 1 else None)
    return marks


def _row(name: str, kind: str, lane: str, depth: int, mark: Mark | None, items: Sequence[ItemFacts]) -> StepRow:
    state = mark.state if mark else "coming"
    last = max(
        (each for each in items if each.completed_at),
        key=lambda each: each.completed_at or each.created_at,
        default=None,
    )
    waiting = [each for each in items if each.status == "open"]
    who = "、".join(dict.fromkeys(each.claimed_by for each in waiting if each.claimed_by)) or (
        last.completed_by if last else ""
    )
    when = last.completed_at if last and not waiting else (waiting[0].created_at if waiting else None)
    kind_words = KINDS.get(kind, Message(kind))
    return StepRow(name or say(kind_words), kind_words, lane, depth, state, STATES[state], len(waiting), who, when)


def _depths(scopes: dict[str, str]) -> dict[str, int]:
    """How deep each step lies inside sub-processes."""

    def depth(element: str) -> int:
        count, here = 0, scopes.get(element, "")
        while here in scopes:
            count, here = count + 1, scopes[here]
        return count

    return {element: depth(element) for element in scopes}
