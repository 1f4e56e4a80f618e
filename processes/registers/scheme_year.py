"""The figures of a year over the whole scheme, beside those of the year before (第一、八、十二、十三、十四条)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from processes.identity.units import is_served, unit
from processes.registers.activities import SERVICE_KINDS, Activity
from processes.registers.appointments import Appointment
from processes.registers.appraisals import AppraisalEntry, appraisal_on, entries_of
from processes.registers.attendances import Attendance, RecordState
from processes.registers.ledger import appointments_in, totals, visits_counted_of_all
from processes.registers.quarter_records import added
from processes.registers.quarter_reports import QuarterNotification, QuarterReport, ReportStatus, reporting_units
from processes.registers.renewals import cut_short, of_the_same_term
from processes.registers.switches import Readings
from processes.rules.quarters import Quarter

MOST_NOTES = 200
"""Words of planners about a district's support that the writer is shown."""


@dataclass(frozen=True)
class YearFigures:
    """What a year's summary says in numbers."""

    year: int
    sums: dict[str, int]
    before: dict[str, int]
    """The same sums of the year before."""
    in_office: int
    appointed: int
    left: int
    met: int
    """Planners in office on 31 December who made the visits they owed (第八条(六))."""
    covered: int
    units: list[dict[str, Any]]
    never: list[str]
    """Units that asked for no consultation in the whole year; one that was dissolved in it is not blamed."""
    quarters: list[dict[str, Any]]
    kinds: list[dict[str, Any]]

    def as_data(self) -> dict[str, Any]:
        """The figures as they are kept."""
        return asdict(self)


def year_figures(session: Session, year: int, readings: Readings) -> YearFigures:
    """The figures of a year, counted from the records each time."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    serving = appointments_in(session, first, last)
    at_end = [each for each in serving if (each.ended_on or each.term_end) >= last]
    units = _units(session, year)
    return YearFigures(
        year=year,
        sums=added(units),
        before=_sums(session, date(year - 1, 1, 1), date(year - 1, 12, 31)),
        in_office=len({each.person_id for each in at_end}),
        appointed=sum(1 for each in serving if each.term_start.year == year and _is_new(session, each)),
        left=sum(1 for each in serving if _left_within(each, first, last)),
        met=_met(session, at_end, year, readings),
        covered=sum(1 for row in units if row["attended"]),
        units=units,
        never=[row["unit"] for row in units if not row["invited"] and is_served(unit(session, row["unit_id"]), last)],
        quarters=[_quarter(session, Quarter(year, number)) for number in (1, 2, 3, 4)],
        kinds=_kinds(session, first, last),
    )


def rate(part: int, whole: int) -> str:
    """A share with one decimal, whole numbers throughout; nothing of nothing has none.

    >>> rate(3453, 4957), rate(0, 0)
    ('69.6%', '—')
    """
    return f"{part * 1000 // whole // 10}.{part * 1000 // whole % 10}%" if whole else "—"


def final_grades(session: Session, year: int) -> dict[str, int] | None:
    """How many of each grade; None while the appraisal is not final for everybody (第十四条)."""
    appraisal = appraisal_on(session, year)
    graded = [each for each in entries_of(session, appraisal.id) if each.roll == "GRADED"] if appraisal else []
    if not graded or not all(each.final for each in graded):
        return None
    return {"考核人数": len(graded), **{grade: _with(graded, grade) for grade in ("优秀", "称职", "不称职")}}


def support_notes(session: Session, year: int) -> list[dict[str, Any]]:
    """What planners have said of the districts' support (第十二条)."""
    found = (
        select(Attendance)
        .join(Activity, Attendance.activity_id == Activity.id)
        .where(Attendance.support_note != "", Activity.starts_on.between(date(year, 1, 1), date(year, 12, 31)))
        .order_by(Activity.unit_id, Activity.starts_on, Attendance.id)
        .limit(MOST_NOTES)
    )
    return [
        {"unit": each.activity.unit.name, "day": each.activity.starts_on.isoformat(), "note": each.support_note}
        for each in session.scalars(found)
    ]


def _with(entries: Sequence[AppraisalEntry], grade: str) -> int:
    return sum(1 for each in entries if each.grade == grade)


def _sums(session: Session, first: date, last: date) -> dict[str, int]:
    return added([asdict(each) for each in totals(session, first, last)])


def _units(session: Session, year: int) -> list[dict[str, Any]]:
    """One row for each unit served in the year; an abolished one and its successor have one each."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    found = {each.id: each for number in (1, 2, 3, 4) for each in reporting_units(session, Quarter(year, number))}
    rows = []
    for each_unit in sorted(found.values(), key=lambda each: (each.place, each.id)):
        done = totals(session, first, last, unit_id=each_unit.id)
        sums = added([asdict(each) for each in done])
        rows.append(
            {"unit_id": each_unit.id, "unit": each_unit.name, **sums, "rate": rate(sums["adopted"], sums["items"])}
        )
    return rows


def _is_new(session: Session, appointment: Appointment) -> bool:
    """A certificate for the unit that follows a dissolved one makes no new planner."""
    return of_the_same_term(session, appointment)[0] is appointment


def _left_within(appointment: Appointment, first: date, last: date) -> bool:
    """Who served a unit that was dissolved has not left: the service goes on for the unit that follows."""
    ended = appointment.ended_on
    return ended is not None and first <= ended <= last and not cut_short(appointment)


def _met(session: Session, serving: Sequence[Appointment], year: int, readings: Readings) -> int:
    """A planner who serves two units is one person (switch `visits.scope`)."""
    kept = {each.person_id: each for each in serving}
    counted = visits_counted_of_all(session, kept.values(), year, readings)
    return sum(each.met for each in counted.values())


def _quarter(session: Session, quarter: Quarter) -> dict[str, Any]:
    reports = session.scalars(select(QuarterReport).where(QuarterReport.quarter == str(quarter))).all()
    sent = [each for each in reports if each.sent_on is not None]
    notified = session.scalar(select(QuarterNotification.sent_on).where(QuarterNotification.quarter == str(quarter)))
    return {
        "quarter": str(quarter),
        **_sums(session, quarter.start, quarter.end),
        "reports": len(reports),
        "on_time": sum(1 for each in sent if not each.days_late),
        "late": sum(1 for each in sent if each.days_late),
        "missing": sum(1 for each in reports if each.status == ReportStatus.MISSING or each.sent_on is None),
        "zero": sum(1 for each in reports if each.zero),
        "notified_on": notified.isoformat() if notified else "",
    }


def _kinds(session: Session, first: date, last: date) -> list[dict[str, Any]]:
    """Confirmed consultations by what they were about (第八条(二)(三))."""
    confirmed = (
        select(Activity.kind, func.count(Attendance.id))
        .join(Attendance, Attendance.activity_id == Activity.id)
        .where(Attendance.record == RecordState.CONFIRMED, Activity.starts_on.between(first, last))
        .group_by(Activity.kind)
    )
    counted = {kind: number for kind, number in session.execute(confirmed)}
    return [{"kind": words.zh, "attended": counted.get(kind, 0)} for kind, words in SERVICE_KINDS.items()]
