"""When open cases will end, as past cases of the same process went on from the step at which they stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import Session

from processes import clock
from processes.engine.models import Case, WorkItem
from processes.engine.shares import OPEN
from processes.engine.statistics.measures import quantile
from processes.engine.statistics.standing import need_sight_of_all
from processes.engine.statistics.working_time import WorkingTime
from processes.identity.actor import Actor
from processes.rules.workdays import WorkCalendar

MOST_PAST = 300
"""Past cases of a process from which is concluded, the newest ones."""
FEWEST_PAST = 3
"""From fewer past cases nothing is foretold."""
LOW, HIGH = 0.1, 0.9


@dataclass(frozen=True)
class Forecast:
    """When a case will end: as half of the past cases did, and the range of eight of ten."""

    step: str
    since: datetime
    n: int
    """Past cases that took longer from this step than this one has lain at it; the forecast is theirs."""
    all: int
    """Past cases that went through the step."""
    middle: datetime | None = None
    early: datetime | None = None
    late: datetime | None = None

    @property
    def is_slower(self) -> bool:
        """Whether no past case took as long as this one does already."""
        return self.all >= FEWEST_PAST and self.n == 0


def forecasts(session: Session, actor: Actor, cases: Sequence[Case], calendar: WorkCalendar) -> dict[UUID, Forecast]:
    """The forecast of each case that goes on; a case at no task is measured from its start."""
    need_sight_of_all(actor)
    going = [each for each in cases if each.ended_at is None]
    here = _standing(session, [each.id for each in going])
    past = _past(session, dict.fromkeys((each.key, each.process_id) for each in going), calendar)
    now = clock.now()
    found = {}
    for each in going:
        element, step, since = here.get(each.id, ("", "", each.started_at))
        found[each.id] = _forecast(past.get((each.key, each.process_id, element), []), step, since, now, calendar)
    return found


def _forecast(rest: Sequence[float], step: str, since: datetime, now: datetime, calendar: WorkCalendar) -> Forecast:
    time_ = WorkingTime.around(calendar, since, now)
    lain = time_.between(since, now)
    longer = sorted(each - lain for each in rest if each > lain)
    if len(rest) < FEWEST_PAST or not longer:
        return Forecast(step, since, len(longer), len(rest))
    middle, early, late = (time_.after(now, quantile(longer, part) or 0.0) for part in (0.5, LOW, HIGH))
    return Forecast(step, since, len(longer), len(rest), middle, early, late)


def _standing(session: Session, case_ids: Sequence[UUID]) -> dict[UUID, tuple[str, str, datetime]]:
    """The step that each case has reached last, and since when it is there."""
    query = (
        select(WorkItem.case_id, WorkItem.element_id, WorkItem.step, func.min(WorkItem.created_at).label("since"))
        .where(OPEN, WorkItem.case_id.in_(case_ids))
        .group_by(WorkItem.case_id, WorkItem.element_id, WorkItem.step)
    )
    found: dict[UUID, tuple[str, str, datetime]] = {}
    for case_id, element, step, since in session.execute(query):
        if case_id not in found or since > found[case_id][2]:
            found[case_id] = (element, step, since)
    return found


def _past(
    session: Session, processes: Iterable[tuple[str, str]], calendar: WorkCalendar
) -> Mapping[tuple[str, str, str], Sequence[float]]:
    """By key, process and step, or no step for the start: how long past cases took from there to their end."""
    newest = [
        select(Case.id, Case.key, Case.process_id, Case.started_at, Case.ended_at)
        .where(Case.key == key, Case.process_id == process_id, Case.status == "completed")
        .order_by(Case.started_at.desc())
        .limit(MOST_PAST)
        .subquery()
        for key, process_id in processes
    ]
    if not newest:
        return {}
    rows = session.execute(union_all(*(select(each) for each in newest))).all()
    ended = {row.id: row for row in rows if row.ended_at is not None}
    if not ended:
        return {}
    moments = [moment for row in ended.values() for moment in (row.started_at, row.ended_at)]
    time_ = WorkingTime.around(calendar, min(moments), max(moments))
    rest: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    for row in ended.values():
        rest[row.key, row.process_id, ""].append(time_.between(row.started_at, row.ended_at))
    entered = (
        select(WorkItem.case_id, WorkItem.element_id, func.min(WorkItem.created_at))
        .where(WorkItem.case_id.in_(ended))
        .group_by(WorkItem.case_id, WorkItem.element_id)
    )
    for case_id, element, at in session.execute(entered):
        row = ended[case_id]
        rest[row.key, row.process_id, element].append(time_.between(at, row.ended_at))
    return rest
