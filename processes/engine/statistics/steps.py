"""How long each step takes: over a period, by bureau, month by month, and one version against another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from processes import clock
from processes.engine.models import Case, WorkItem
from processes.engine.shares import DONE, OPEN
from processes.engine.statistics.measures import Measure, measure
from processes.engine.statistics.standing import need_sight_of_all
from processes.engine.statistics.working_time import WorkingTime
from processes.identity.actor import Actor
from processes.identity.models import Organization
from processes.paging import Bound
from processes.rules.workdays import WorkCalendar
from processes.rules.years import DAY

MOST_MEASURED = 20_000
"""Done tasks that are measured for one page, the newest ones."""


@dataclass(frozen=True)
class Sight:
    """What is measured: a procedure, in a period of days on which tasks were done, of a version, of a district."""

    key: str
    first: date | None = None
    last: date | None = None
    definition_id: UUID | None = None
    unit_id: str = ""
    organization_id: str = ""


class Done(NamedTuple):
    """One task that was done."""

    element_id: str
    step: str
    organization_id: str | None
    created_at: datetime
    completed_at: datetime
    due_at: datetime | None


@dataclass(frozen=True)
class StepFigures:
    """One step: how long its tasks took in working days, and how many are open now."""

    element_id: str
    step: str
    took: Measure
    open: int = 0
    late: int = 0


@dataclass(frozen=True)
class Durations:
    """The tasks of one sight, and whether older ones were left out."""

    done: Sequence[Done]
    calendar: WorkCalendar
    bound: Bound | None

    def by_step(self) -> list[StepFigures]:
        """Each step, in the order in which the steps were first entered."""
        names = {each.element_id: each.step for each in self.done}
        first: dict[str, datetime] = {}
        for each in self.done:
            first[each.element_id] = min(first.get(each.element_id, each.created_at), each.created_at)
        found = self._grouped(lambda each: each.element_id)
        return [StepFigures(key, names[key], found[key]) for key in sorted(found, key=lambda key: first[key])]

    def by_organization(self) -> dict[str, Measure]:
        """Each bureau by its id; tasks of persons under an empty one."""
        return self._grouped(lambda each: each.organization_id or "")

    def by_month(self) -> dict[date, Measure]:
        """Each month by its first day: the month in which tasks were done."""
        return dict(sorted(self._grouped(lambda each: clock.local(each.completed_at).date().replace(day=1)).items()))

    def _grouped(self, key: Callable[[Done], Any]) -> dict[Any, Measure]:
        groups: dict[Any, list[Done]] = defaultdict(list)
        for each in self.done:
            groups[key(each)].append(each)
        return {name: self._measure(rows) for name, rows in groups.items()}

    def _measure(self, rows: Sequence[Done]) -> Measure:
        time_ = self._time
        dated = [each for each in rows if each.due_at is not None]
        late = sum(1 for each in dated if each.due_at is not None and each.completed_at > each.due_at)
        return measure([time_.between(each.created_at, each.completed_at) for each in rows], late, len(dated))

    @property
    def _time(self) -> WorkingTime:
        moments = [each.created_at for each in self.done] + [each.completed_at for each in self.done]
        return WorkingTime.around(self.calendar, min(moments), max(moments))


def durations(session: Session, actor: Actor, sight: Sight, calendar: WorkCalendar) -> Durations:
    """The done tasks of a sight, newest first."""
    need_sight_of_all(actor)
    query = select(*(getattr(WorkItem, name) for name in Done._fields)).where(
        DONE, WorkItem.process_key == sight.key, *_period(sight), *_narrowed(sight)
    )
    rows = session.execute(query.order_by(WorkItem.completed_at.desc()).limit(MOST_MEASURED + 1)).all()
    bound = Bound(MOST_MEASURED) if len(rows) > MOST_MEASURED else None
    return Durations([Done(*row) for row in rows[:MOST_MEASURED]], calendar, bound)


def with_open(session: Session, sight: Sight, figures: Iterable[StepFigures]) -> list[StepFigures]:
    """The same figures with what is open now; steps at which tasks wait and none was done yet are added."""
    late = func.count().filter(WorkItem.due_at < clock.now())
    query = (
        select(WorkItem.element_id, func.min(WorkItem.step), func.count(), late)
        .where(OPEN, WorkItem.process_key == sight.key, *_narrowed(sight))
        .group_by(WorkItem.element_id)
        .order_by(func.min(WorkItem.created_at))
    )
    waits = {row[0]: row for row in session.execute(query)}
    found = [
        replace(each, open=waits[each.element_id][2], late=waits[each.element_id][3])
        if each.element_id in waits
        else each
        for each in figures
    ]
    known = {each.element_id for each in found}
    untried = Measure(0, None, None)
    fresh = [row for key, row in waits.items() if key not in known]
    return [*found, *(StepFigures(row[0], row[1], untried, row[2], row[3]) for row in fresh)]


def whole_cases(session: Session, actor: Actor, sight: Sight, calendar: WorkCalendar) -> dict[str, Measure]:
    """How long cases took that came to their end in the period, by process, in working days."""
    need_sight_of_all(actor)
    ended = [Case.status == "completed", Case.key == sight.key]
    if sight.first:
        ended.append(Case.ended_at >= _start(sight.first))
    if sight.last:
        ended.append(Case.ended_at < _start(sight.last + DAY))
    if sight.definition_id:
        ended.append(Case.definition_id == sight.definition_id)
    if sight.unit_id:
        ended.append(Case.unit_id == sight.unit_id)
    query = select(Case.process_id, Case.started_at, Case.ended_at).where(*ended).order_by(Case.started_at.desc())
    rows = [(row[0], row[1], row[2]) for row in session.execute(query.limit(MOST_MEASURED)) if row[2] is not None]
    if not rows:
        return {}
    time_ = WorkingTime.around(calendar, min(row[1] for row in rows), max(row[2] for row in rows))
    spans: dict[str, list[float]] = defaultdict(list)
    for process_id, started, end in rows:
        spans[process_id].append(time_.between(started, end))
    return {process_id: measure(found) for process_id, found in spans.items()}


def organization_names(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """The names of some bureaus."""
    wanted = [each for each in ids if each]
    query = select(Organization.id, Organization.name).where(Organization.id.in_(wanted))
    return {row[0]: row[1] for row in session.execute(query)}


def _period(sight: Sight) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if sight.first:
        found.append(WorkItem.completed_at >= _start(sight.first))
    if sight.last:
        found.append(WorkItem.completed_at < _start(sight.last + DAY))
    return found


def _narrowed(sight: Sight) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if sight.definition_id:
        found.append(WorkItem.case_id.in_(select(Case.id).where(Case.definition_id == sight.definition_id)))
    if sight.unit_id:
        found.append(WorkItem.unit_id == sight.unit_id)
    if sight.organization_id:
        found.append(WorkItem.organization_id == sight.organization_id)
    return found


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, clock.CITY)
