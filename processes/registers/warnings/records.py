"""Warnings about records: opinions that are not written, records that nobody has confirmed (第八条(六)、第十二条)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from processes.paging import Listing, Page, counted, listed
from processes.registers.activities import Activity, Scheme
from processes.registers.attendances import PRESENT, UNSETTLED, Attendance, RecordState
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
FIRST = Page()


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


def unwritten(
    session: Session, scope: Scope, day: date, calendar: WorkCalendar, page: Page = FIRST
) -> Listing[Unwritten]:
    """A page of the opinions owed for more than five working days, the oldest first."""
    owed = select(func.count(Scheme.id)).where(Scheme.activity_id == Activity.id).scalar_subquery()
    written = select(func.count(Opinion.id)).where(Opinion.attendance_id == Attendance.id).scalar_subquery()
    last = calendar.add_workdays(day, -OPINION_WD)
    late = (Attendance.standing.in_(PRESENT), Activity.starts_on < last, owed > written)
    rows = [
        Unwritten(attendance, schemes, opinions,
                  calendar.workdays_between(calendar.add_workdays(attendance.activity.starts_on, OPINION_WD), day))
        for attendance, schemes, opinions in session.execute(_part(scope, page).add_columns(owed, written).where(*late))
    ]  # fmt: skip
    return listed(rows, page, lambda: counted(session, _all(scope).where(*late)))


def unconfirmed(
    session: Session, scope: Scope, day: date, readings: Readings, calendar: WorkCalendar, page: Page = FIRST
) -> Listing[Unconfirmed]:
    """A page of the records of this quarter and of the one before that are not confirmed, the oldest first (R14)."""
    this = quarter_days(day).quarter
    before = quarter_days(this.start - DAY).quarter
    still_open = (Activity.starts_on.between(before.start, day), _open())
    rows = []
    for attendance in session.scalars(_part(scope, page).where(*still_open)):
        days = quarter_days(
            attendance.activity.starts_on, readings.number("quarter.district_day"),
            readings.number("quarter.city_day"), calendar,
        )  # fmt: skip
        rows.append(Unconfirmed(attendance, str(days.quarter), days.district_due))
    return listed(rows, page, lambda: counted(session, _all(scope).where(*still_open)))


def _open() -> ColumnElement[bool]:
    sent = Attendance.standing.in_(PRESENT) & (Attendance.record != RecordState.CONFIRMED)
    return or_(sent, Attendance.standing.in_(UNSETTLED))


def _all(scope: Scope) -> Select[Any]:
    return select(Attendance.id).join(Activity, Attendance.activity_id == Activity.id).where(scope.attendances())


def _part(scope: Scope, page: Page) -> Select[Any]:
    return (
        select(Attendance)
        .join(Activity, Attendance.activity_id == Activity.id)
        .where(scope.attendances())
        .options(joinedload(Attendance.activity).joinedload(Activity.unit), joinedload(Attendance.person))
        .order_by(Activity.starts_at, Attendance.id)
        .offset(page.offset)
        .limit(page.rows + 1)
    )
