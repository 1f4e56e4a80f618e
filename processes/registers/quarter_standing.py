"""报送情况: how each unit stands with the report of a quarter, and how late it was before (第十二条)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from processes.identity.models import Unit
from processes.registers.activities import Activity
from processes.registers.attendances import PRESENT, UNSETTLED, Attendance, RecordState
from processes.registers.quarter_reports import QuarterReport, ReportStatus, reporting_units
from processes.registers.switches import Readings
from processes.rules.quarters import Quarter, quarter_days
from processes.rules.workdays import WorkCalendar
from processes.rules.years import DAY

BEFORE = 4
"""Quarters that are looked back on."""
GROUND = "第十二条"
SENT = (ReportStatus.SENT, ReportStatus.ACCEPTED)


@dataclass(frozen=True)
class UnitQuarter:
    """One unit and one quarter: its report, when it is due, how late it is on the day, and how late it was before."""

    unit: Unit
    quarter: Quarter
    due_on: date
    report: QuarterReport | None
    days_over: int
    """Days by which the report is late: of the sending, or up to the day while it is not sent."""
    before: Sequence[tuple[Quarter, QuarterReport | None]]
    """The quarters before, the newest first."""

    @property
    def sent(self) -> bool:
        """Whether the report has been sent and was not returned."""
        return self.report is not None and self.report.status in SENT


@dataclass(frozen=True)
class Missing:
    """What still keeps a unit's report of a quarter from being whole."""

    unconfirmed: int
    """Consultations held whose record is not confirmed."""
    unsettled: int
    """Invitations whose outcome nobody has entered."""


def asked_quarter(day: date) -> Quarter:
    """The quarter whose report is asked about on a day: the one that has ended last."""
    return Quarter.of(Quarter.of(day).start - DAY)


def quarter_standing(
    session: Session, quarter: Quarter, day: date, readings: Readings, calendar: WorkCalendar
) -> list[UnitQuarter]:
    """Every unit of a quarter, those that have not reported first, then by how late they are."""
    due = due_on(quarter, readings, calendar)
    earlier = _before(quarter)
    known = _reports(session, [quarter, *earlier])
    found = []
    for unit in reporting_units(session, quarter):
        report = known.get((unit.id, str(quarter)))
        over = report.late(day).days_late if report is not None else max(0, (day - due).days)
        before = [(each, known.get((unit.id, str(each)))) for each in earlier]
        found.append(UnitQuarter(unit, quarter, report.due_on if report else due, report, over, before))
    return sorted(found, key=lambda each: (each.sent, -each.days_over, each.unit.place))


def due_on(quarter: Quarter, readings: Readings, calendar: WorkCalendar) -> date:
    """The day on which the report of a quarter is due."""
    days = quarter_days(
        quarter.start, readings.number("quarter.district_day"), readings.number("quarter.city_day"), calendar
    )
    return days.district_due


def missing_for_report(session: Session, unit_id: str, quarter: Quarter, day: date) -> Missing:
    """What a unit has still to settle before its report of a quarter is whole (第十二条)."""
    here = (Activity.unit_id == unit_id, Activity.starts_on.between(quarter.start, min(day, quarter.end)))
    counted = select(func.count(Attendance.id)).join(Activity, Attendance.activity_id == Activity.id).where(*here)
    unconfirmed = (Attendance.standing.in_(PRESENT), Attendance.record != RecordState.CONFIRMED)
    return Missing(
        session.scalar(counted.where(*unconfirmed)) or 0,
        session.scalar(counted.where(Attendance.standing.in_(UNSETTLED))) or 0,
    )


def _before(quarter: Quarter) -> list[Quarter]:
    found = [Quarter.of(quarter.start - DAY)]
    while len(found) < BEFORE:
        found.append(Quarter.of(found[-1].start - DAY))
    return found


def _reports(session: Session, quarters: Sequence[Quarter]) -> dict[tuple[str, str], QuarterReport]:
    wanted = select(QuarterReport).where(QuarterReport.quarter.in_([str(each) for each in quarters]))
    return {(each.unit_id, each.quarter): each for each in session.scalars(wanted)}
