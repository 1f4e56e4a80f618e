"""How long each step takes: over a period, by bureau, month by month, and one version against another."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import cached_property
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
READ_AT_ONCE = 1_000


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
    """Tasks that were done, newest first: a list for each fact, which costs a fraction of an object for each task."""

    element_id: list[str]
    step: list[str]
    organization_id: list[str | None]
    created_at: list[datetime]
    completed_at: list[datetime]
    late: list[bool | None]
    """Whether it was done past its day; None of one without."""


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

    done: Done
    calendar: WorkCalendar
    bound: Bound | None

    def by_step(self) -> list[StepFigures]:
        """Each step, in the order in which the steps were first entered."""
        names = dict(zip(self.done.element_id, self.done.step, strict=True))
        first: dict[str, datetime] = {}
        for element_id, entered in zip(self.done.element_id, self.done.created_at, strict=True):
            if element_id not in first or entered < first[element_id]:
                first[element_id] = entered
        found = self._grouped(self.done.element_id)
        return [StepFigures(key, names[key], found[key]) for key in sorted(found, key=lambda key: first[key])]

    def by_organization(self) -> dict[str, Measure]:
        """Each bureau by its id; tasks of persons under an empty one."""
        return self._grouped(each or "" for each in self.done.organization_id)

    def by_month(self) -> dict[date, Measure]:
        """Each month by its first day: the month in which tasks were done."""
        months = (self._time.day_of(each).replace(day=1) for each in self.done.completed_at)
        return dict(sorted(self._grouped(months).items()))

    def _grouped(self, keys: Iterable[Any]) -> dict[Any, Measure]:
        took: dict[Any, list[float]] = defaultdict(list)
        dated: Counter[Any] = Counter()
        late: Counter[Any] = Counter()
        for key, days, was_late in zip(keys, self._took, self.done.late, strict=True):
            took[key].append(days)
            if was_late is not None:
                dated[key] += 1
                late[key] += was_late
        return {key: measure(days, late[key], dated[key]) for key, days in took.items()}

    @cached_property
    def _took(self) -> list[float]:
        """Working days of each task: reckoned once, however the tasks are grouped."""
        tasks = zip(self.done.created_at, self.done.completed_at, strict=True)
        return [self._time.between(begun, done) for begun, done in tasks]

    @cached_property
    def _time(self) -> WorkingTime:
        moments = self.done.created_at + self.done.completed_at
        return WorkingTime.around(self.calendar, min(moments), max(moments))


def durations(session: Session, actor: Actor, sight: Sight, calendar: WorkCalendar) -> Durations:
    """The done tasks of a sight, newest first."""
    need_sight_of_all(actor)
    late = (WorkItem.completed_at > WorkItem.due_at).label("late")
    kept = [late if name == "late" else getattr(WorkItem, name) for name in Done._fields]
    query = select(*kept).where(DONE, WorkItem.process_key == sight.key, *_period(sight), *_narrowed(sight))
    query = query.order_by(WorkItem.completed_at.desc()).limit(MOST_MEASURED + 1)
    found: list[list[Any]] = [[] for _name in Done._fields]
    for rows in session.execute(query).partitions(READ_AT_ONCE):
        for facts, read in zip(found, zip(*rows, strict=True), strict=True):
            facts.extend(read)
    bound = Bound(MOST_MEASURED) if len(found[0]) > MOST_MEASURED else None
    return Durations(Done._make(facts[:MOST_MEASURED] for facts in found), calendar, bound)


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
