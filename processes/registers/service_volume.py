"""服务概况: consultations and adoption of a year by unit, asked of the database at once (第十二条、第十三条)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from processes.registers.activities import OWN_SURVEY, Activity
from processes.registers.attendances import PRESENT, Attendance, RecordState, Standing
from processes.registers.opinions import TAKEN_UP, Opinion, OpinionItem
from processes.rules.visits import VisitMode

_CALLED_OFF = (Standing.CANCELLED, Standing.POSTPONED)


@dataclass(frozen=True)
class Volume:
    """What was asked of planners and done, as the confirmed records stand."""

    invited: int = 0
    attended: int = 0
    on_site: int = 0
    items: int = 0
    adopted: int = 0

    def __add__(self, other: Volume) -> Volume:
        return Volume(
            self.invited + other.invited, self.attended + other.attended, self.on_site + other.on_site,
            self.items + other.items, self.adopted + other.adopted,
        )  # fmt: skip


def volumes(session: Session, year: int, last: date | None = None, unit_id: str | None = None) -> dict[str, Volume]:
    """The volume of a year, or of its days up to one, for each unit that asked for anything."""
    span = Activity.starts_on.between(date(year, 1, 1), last or date(year, 12, 31))
    where = (span, *((Activity.unit_id == unit_id,) if unit_id else ()))
    confirmed = Attendance.standing.in_(PRESENT) & (Attendance.record == RecordState.CONFIRMED)
    asked = Attendance.standing.not_in(_CALLED_OFF) & (Activity.host_kind != OWN_SURVEY)
    on_site = confirmed & (Attendance.standing == Standing.ATTENDED) & (Activity.mode == VisitMode.ON_SITE)
    counted = (
        select(Activity.unit_id, _sum(asked), _sum(confirmed), _sum(on_site))
        .join(Attendance, Attendance.activity_id == Activity.id)
        .where(*where)
        .group_by(Activity.unit_id)
    )
    taken_up = OpinionItem.adoption.in_(TAKEN_UP)
    points = (
        select(Activity.unit_id, func.count(OpinionItem.id), _sum(taken_up))
        .join(Attendance, Attendance.activity_id == Activity.id)
        .join(Opinion, Opinion.attendance_id == Attendance.id)
        .join(OpinionItem, OpinionItem.opinion_id == Opinion.id)
        .where(*where, confirmed)
        .group_by(Activity.unit_id)
    )
    found = {unit: Volume(*numbers) for unit, *numbers in session.execute(counted)}
    for unit, items, adopted in session.execute(points):
        found[unit] = found.get(unit, Volume()) + Volume(items=items, adopted=adopted)
    return found


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))
