"""What the notification of a quarter says of the whole city: one row a unit, gaps, late reports, what needs attention
(第十三条)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.identity.models import Unit
from processes.registers.appointments import Appointment
from processes.registers.ledger import (
    absences_counted,
    appointments_in,
    service_of,
    visits_of,
)
from processes.registers.quarter_records import added, unanswered_rows, unit_totals, unpaid_rows
from processes.registers.quarter_reports import (
    NotificationSnapshot,
    QuarterNotification,
    QuarterReport,
    ReportStatus,
    quarter_named,
    reporting_units,
    reports_of,
)
from processes.registers.switches import Readings
from processes.rules.absence import AbsenceLevel
from processes.rules.deadlines import Punctuality
from processes.rules.quarters import Quarter
from processes.rules.visits import Dedupe, Prorate, count_visits, visits_expected

NOT_SENT = "未报送"
_WAYS_OUT = {"withdrawn": "退出", "dismissed": "解聘", "expired": "届满"}


@dataclass(frozen=True)
class CityContent:
    """All that a notification says in numbers."""

    people: int
    rows: list[dict[str, Any]]
    gaps: list[dict[str, Any]]
    supplements: list[dict[str, Any]]
    attention: list[dict[str, Any]]
    readings: int

    @property
    def sums(self) -> dict[str, int]:
        """The city's totals."""
        return added(self.rows)

    def count(self, status: Punctuality) -> int:
        """How many units reported in time, late, or not."""
        return sum(1 for row in self.rows if row["punctuality"] == status)


def city_of(session: Session, quarter: Quarter, as_of: date, readings: Readings) -> CityContent:
    """What the notification says as the registers stand on a day."""
    reports = reports_of(session, quarter)
    rows = [_row(session, unit, quarter, reports.get(unit.id), as_of) for unit in reporting_units(session, quarter)]
    serving = appointments_in(session, quarter.start, quarter.end)
    at_end = [each for each in serving if (each.ended_on or each.term_end) >= quarter.end]
    return CityContent(
        people=len({each.person_id for each in at_end}),
        rows=rows,
        gaps=[{"unit_id": row["unit_id"], "unit": row["unit"], "days": row["days_late"]} for row in rows if row["gap"]],
        supplements=_late_reports(session, quarter),
        attention=[
            *_changes(session, quarter, serving),
            *_warnings(session, at_end, quarter, readings),
            *_owed(session),
        ],
        readings=readings.version,
    )


def _row(session: Session, unit: Unit, quarter: Quarter, report: QuarterReport | None, as_of: date) -> dict[str, Any]:
    """A unit's totals: as it sent them, else from its confirmed records."""
    sent = report.sent if report is not None and report.sent_on is not None else None
    totals = sent.totals if sent is not None else unit_totals(session, unit.id, quarter)
    late = report.late(as_of) if report is not None else None
    gap = sent is None
    return {
        "unit_id": unit.id,
        "unit": unit.name,
        "planners": len(totals),
        **added(totals),
        "due_on": report.due_on.isoformat() if report is not None else "",
        "sent_on": report.sent_on.isoformat() if report is not None and report.sent_on else "",
        "punctuality": str(Punctuality.MISSING if gap else late.status if late else ""),
        "days_late": late.days_late if late is not None else 0,
        "gap": gap,
        "status": NOT_SENT if gap else f"逾期{late.days_late}天" if late and late.days_late else "按时",
    }


def _late_reports(session: Session, quarter: Quarter) -> list[dict[str, Any]]:
    """Reports that came after their quarter's notification and that no notification has carried; both days are kept."""
    carried = {row["report_id"] for each in session.scalars(select(NotificationSnapshot)) for row in each.supplements}
    found = session.execute(
        select(QuarterReport, QuarterReport.sent_on, QuarterNotification.sent_on)
        .join(QuarterNotification, QuarterNotification.quarter == QuarterReport.quarter)
        .where(
            QuarterReport.status == ReportStatus.ACCEPTED,
            QuarterNotification.sent_on.is_not(None),
            QuarterReport.sent_on > QuarterNotification.sent_on,
        )
        .order_by(QuarterReport.quarter, QuarterReport.sent_on)
    )
    return [
        {
            "report_id": str(report.id),
            "unit": report.unit.name,
            "quarter": report.quarter,
            "sent_on": str(sent_on),
            "notified_on": str(notified_on),
            "days_late": report.late(quarter.end).days_late,
            **added(report.sent.totals),
        }
        for report, sent_on, notified_on in found
        if quarter_named(report.quarter) < quarter and str(report.id) not in carried and report.sent
    ]


def _changes(session: Session, quarter: Quarter, serving: Sequence[Appointment]) -> list[dict[str, Any]]:
    """Who came into office and who left it in the quarter."""
    made = []
    for each in serving:
        if quarter.start <= each.term_start <= quarter.end:
            made.append(_told("聘任", each, each.term_start.isoformat()))
        if each.ended_on is not None and quarter.start <= each.ended_on <= quarter.end:
            made.append(_told(_WAYS_OUT.get(each.status, "聘任结束"), each, each.ended_on.isoformat()))
    return made


def _warnings(
    session: Session, serving: Sequence[Appointment], quarter: Quarter, readings: Readings
) -> list[dict[str, Any]]:
    """Absences near the ground of 第十五条(三), and visits behind an even pace (第八条(六))."""
    made = []
    for each in serving:
        counted = absences_counted(session, each, readings, quarter.end)
        if counted.level in (AbsenceLevel.WARNING, AbsenceLevel.TRIGGER):
            text = f"连续{counted.current_run}次，一年内合计{counted.current_total}次（{counted.ground.article}）"
            made.append(_told("缺席预警", each, text))
        done, expected = _visits(session, each, quarter, readings)
        if done < expected:
            made.append(_told("实地次数进度不足", each, f"{done}次，按进度应为{expected}次（第八条（六））"))
    return made


def _owed(session: Session) -> list[dict[str, Any]]:
    """What districts owe planners: replies to suggestions and travel expenses, each long past its day."""
    replies = [
        {"kind": "工作建议逾期未复", "unit": row["unit"], "person": row["person"],
         "text": f"{row['number']}“{row['subject']}”，{row['addressee']}应于{row['due_on']}前答复（第八条（一））"}
        for row in unanswered_rows(session)
    ]  # fmt: skip
    money = [
        {"kind": "差旅费逾期未付", "unit": row["unit"], "person": row["person"],
         "text": f"{row['number']}，{row['yuan']}元，{row['submitted_on']}提交（第九条（五））"}
        for row in unpaid_rows(session)
    ]  # fmt: skip
    return [*replies, *money]


def _visits(session: Session, appointment: Appointment, quarter: Quarter, readings: Readings) -> tuple[int, int]:
    made = [one for one in visits_of(session, appointment.person_id, quarter.year) if one.day <= quarter.end]
    if readings.choice("visits.scope") == "each_unit":
        made = [one for one in made if one.unit == appointment.unit_id]
    service = service_of(appointment)
    counted = count_visits(
        made, service, quarter.year,
        prorate=Prorate(readings.choice("visits.prorate")), dedupe=Dedupe(readings.choice("visits.dedupe")),
    )  # fmt: skip
    return counted.count, visits_expected(service, quarter.year, quarter.end)


def _told(kind: str, appointment: Appointment, text: str) -> dict[str, Any]:
    return {"kind": kind, "unit": appointment.unit.name, "person": appointment.person.name, "text": text}
