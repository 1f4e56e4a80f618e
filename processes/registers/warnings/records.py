"""Warnings about records: opinions that are not written, records that nobody has confirmed (第八条(六)、第十二条)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from processes.registers.activities import Activity, Scheme
from processes.registers.attendances import Attendance, RecordState, Standing
from processes.registers.opinions import Opinion
from processes.registers.switches import Readings
from processes.registers.warnings.scope import Scope
from processes.rules.quarters import quarter_days
from processes.rules.workdays import WorkCalendar
from processes.rules.years import DAY

OPINION_WD = 5
"""Working days to record a consultation and write the opinions (D)."""
OPINION_GROUND = "第八条（六）"
RECORD_GROUND = "第十二条"
MOST = 300
_PRESENT = (Standing.ATTENDED, Standing.WRITTEN_ACCEPTED)
_UNSETTLED = (Standing.INVITED, Standing.ACCEPTED, Standing.LEAVE_ASKED, Standing.WRITTEN_ASKED, Standing.PENDING)


@dataclass(frozen=True)
class Unwritten:
    """A consultation whose opinions are owed beyond the fifth working day."""

    attendance: Attendance
    owed: int
    written: int
    workdays_late: int


@dataclass(frozen=True)
class Unconfirmed:
    """A record of a quarter that the district has not settled."""

    attendance: Attendance
    quarter: str
    report_due: date


def unwritten(session: Session, scope: Scope, day: date, calendar: WorkCalendar) -> list[Unwritten]:
    """Opinions owed for more than five working days, the oldest first."""
    owed = select(func.count(Scheme.id)).where(Scheme.activity_id == Activity.id).scalar_subquery()
    written = select(func.count(Opinion.id)).where(Opinion.attendance_id == Attendance.id).scalar_subquery()
    last = calendar.add_workdays(day, -OPINION_WD)
    found = (
        _loaded(scope)
        .add_columns(owed, written)
        .where(Attendance.standing.in_(_PRESENT), Activity.starts_on < last, owed > written)
    )
    return [
        Unwritten(attendance, schemes, opinions,
                  calendar.workdays_between(calendar.add_workdays(attendance.activity.starts_on, OPINION_WD), day))
        for attendance, schemes, opinions in session.execute(found)
    ]  # fmt: skip


def unconfirmed(
    session: Session, scope: Scope, day: date, readings: Readings, calendar: WorkCalendar
) -> list[Unconfirmed]:
    """Records of this quarter and of the one before that are not confirmed, the oldest first (R14)."""
    this = quarter_days(day).quarter
    before = quarter_days(this.start - DAY).quarter
    found = _loaded(scope).where(Activity.starts_on.between(before.start, day), _open())
    rows = []
    for attendance in session.scalars(found):
        days = quarter_days(
            attendance.activity.starts_on, readings.number("quarter.district_day"),
            readings.number("quarter.city_day"), calendar,
        )  # fmt: skip
        rows.append(Unconfirmed(attendance, str(days.quarter), days.district_due))
    return rows


def _open() -> ColumnElement[bool]:
    sent = Attendance.standing.in_(_PRESENT) & (Attendance.record != RecordState.CONFIRMED)
    return or_(sent, Attendance.standing.in_(_UNSETTLED))


def _loaded(scope: Scope) -> Select[Attendance]:
    return (
        select(Attendance)
        .join(Activity, Attendance.activity_id == Activity.id)
        .where(scope.attendances())
        .options(joinedload(Attendance.activity).joinedload(Activity.unit), joinedload(Attendance.person))
        .order_by(Activity.starts_at, Attendance.id)
        .limit(MOST)
    )
