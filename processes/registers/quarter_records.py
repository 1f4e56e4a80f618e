"""What a district's quarterly report is made of: records of the quarter, those still open, supplements, corrections
(第十二条)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from processes import clock
from processes.registers.activities import VISIT_MODES, Activity
from processes.registers.attendances import (
    PRESENT,
    RECORD_STATES,
    STANDINGS,
    UNSETTLED,
    Attendance,
    RecordState,
    Standing,
)
from processes.registers.claims import unpaid
from processes.registers.ledger import PlannerTotals, appointments_in, totals
from processes.registers.money import yuan_of
from processes.registers.opinions import TAKEN_UP, Opinion
from processes.registers.quarter_reports import QuarterReport, QuarterSnapshot, quarter_named
from processes.registers.suggestions import unanswered
from processes.registers.switches import Readings
from processes.rules.quarters import LateRecord, Quarter, RecordMark, record_quarter
from processes.rules.years import DAY

HIDDEN = "（敏感事项）"
_ABSENT = (Standing.EXCUSED, Standing.UNEXCUSED)
ADDED = ("invited", "attended", "on_site", "online", "written", "schemes", "opinions", "items", "adopted",
         "excused", "unexcused", "unconfirmed")  # fmt: skip
"""The numbers of `PlannerTotals` that add up."""
_COMPARED = {"day": "日期", "standing": "结果", "mode": "方式", "schemes": "项目数", "opinions": "意见书数"}
"""What makes a record another one; adoption goes on after the report and is none of it."""


@dataclass(frozen=True)
class QuarterRecord:
    """One settled invitation as a report prints it: confirmed service, or an absence that was found."""

    attendance_id: str
    number: str
    day: str
    title: str
    person: str
    mode: str
    standing: str
    schemes: int
    opinions: int
    items: int
    adopted: int


@dataclass(frozen=True)
class QuarterContent:
    """All that a report of a unit on a quarter says in numbers."""

    totals: list[dict[str, Any]]
    records: list[dict[str, Any]]
    unconfirmed: list[dict[str, Any]]
    supplements: list[dict[str, Any]]
    corrections: list[dict[str, Any]]
    readings: int
    unanswered: list[dict[str, Any]] = field(default_factory=list)
    """Suggestions without a reply twenty working days after it was due (第八条(一))."""
    unpaid: list[dict[str, Any]] = field(default_factory=list)
    """Travel claims not paid thirty working days after they came (第九条(五))."""

    @property
    def sums(self) -> dict[str, int]:
        """The unit's totals."""
        return added(self.totals)

    @property
    def nothing(self) -> bool:
        """Whether it is a zero report."""
        return not any(self.sums.values())


def content_of(session: Session, unit_id: str, quarter: Quarter, readings: Readings) -> QuarterContent:
    """What the report says as the registers stand now."""
    here = _attendances(session, unit_id, quarter.start, quarter.end)
    sent = _snapshots(session, unit_id, quarter)
    earlier = _attendances(session, unit_id, None, quarter.start - DAY) if sent else ()
    late = LateRecord(readings.choice("quarter.late_record"))
    return QuarterContent(
        totals=unit_totals(session, unit_id, quarter),
        records=[asdict(_record(each)) for each in here if _settled_on(each)],
        unconfirmed=[_open(each) for each in here if _is_open(each)],
        supplements=_supplements(earlier, quarter, sent, late),
        corrections=_corrections(earlier, sent),
        readings=readings.version,
        unanswered=unanswered_rows(session, unit_id),
        unpaid=unpaid_rows(session, unit_id),
    )


def unanswered_rows(session: Session, unit_id: str | None = None) -> list[dict[str, Any]]:
    """The suggestions that wait for a reply beyond all measure; of a sensitive one the number alone."""
    return [
        {
            "number": each.number,
            "unit": each.unit.name,
            "person": each.person.name,
            "subject": HIDDEN if each.sensitive else each.subject,
            "addressee": each.addressee.name,
            "due_on": each.due_on.isoformat(),
        }
        for each in unanswered(session, unit_id)
    ]


def unpaid_rows(session: Session, unit_id: str | None = None) -> list[dict[str, Any]]:
    """The claims that a district bureau has not paid; amounts in yuan."""
    return [
        {
            "number": each.number,
            "unit": each.payer_unit.name if each.payer_unit else "",
            "person": each.person.name,
            "trip": each.trip_title,
            "submitted_on": each.submitted_on.isoformat(),
            "yuan": str(yuan_of(each.total_fen)),
        }
        for each in unpaid(session, unit_id)
    ]


def unit_totals(session: Session, unit_id: str, quarter: Quarter) -> list[dict[str, Any]]:
    """One row for each planner who served the unit in the quarter, whether or not anything was done."""
    done = {each.person_id: each for each in totals(session, quarter.start, quarter.end, unit_id=unit_id)}
    for appointment in appointments_in(session, quarter.start, quarter.end, unit_id):
        person = appointment.person
        done.setdefault(person.id, PlannerTotals(person.id, person.name, **dict.fromkeys(ADDED, 0)))
    rows = sorted(done.values(), key=lambda row: (row.person, str(row.person_id)))
    return [{**asdict(row), "person_id": str(row.person_id)} for row in rows]


def added(rows: Iterable[dict[str, Any]]) -> dict[str, int]:
    """Rows of totals added up."""
    listed = list(rows)
    return {key: sum(row[key] for row in listed) for key in ADDED}


def _attendances(session: Session, unit_id: str, first: date | None, last: date) -> Sequence[Attendance]:
    found = (
        select(Attendance)
        .join(Activity, Attendance.activity_id == Activity.id)
        .where(Activity.unit_id == unit_id, Activity.starts_on <= last)
        .options(
            selectinload(Attendance.activity).selectinload(Activity.schemes),
            selectinload(Attendance.opinions).selectinload(Opinion.items),
            selectinload(Attendance.person),
            selectinload(Attendance.outcomes),
        )
        .order_by(Activity.starts_at, Attendance.id)
    )
    if first is not None:
        found = found.where(Activity.starts_on >= first)
    return session.scalars(found).all()


def _settled_on(attendance: Attendance) -> date | None:
    """The day on which it became a record of the district: confirmed, or found to be an absence."""
    if attendance.standing in PRESENT:
        return attendance.confirmed_on if attendance.record == RecordState.CONFIRMED else None
    if attendance.standing in _ABSENT and attendance.outcomes:
        return clock.local(attendance.outcomes[-1].at).date()
    return attendance.activity.starts_on if attendance.standing in _ABSENT else None


def _is_open(attendance: Attendance) -> bool:
    """Whether something happened that nobody has settled: not confirmed, or an absence not found yet."""
    if attendance.activity.starts_on > clock.today():
        return False
    if attendance.standing in PRESENT:
        return attendance.record != RecordState.CONFIRMED
    return attendance.standing in UNSETTLED


def _open(attendance: Attendance) -> dict[str, Any]:
    state = RECORD_STATES[attendance.record] if attendance.standing in PRESENT else STANDINGS[attendance.standing]
    return {
        "attendance_id": str(attendance.id),
        "number": attendance.activity.number,
        "day": attendance.activity.starts_on.isoformat(),
        "title": attendance.activity.title,
        "person": attendance.person.name,
        "state": state.zh,
    }


def _record(attendance: Attendance) -> QuarterRecord:
    activity = attendance.activity
    items = [item for opinion in attendance.opinions for item in opinion.items]
    return QuarterRecord(
        attendance_id=str(attendance.id),
        number=activity.number,
        day=activity.starts_on.isoformat(),
        title=activity.title,
        person=attendance.person.name,
        mode=activity.mode if attendance.standing != Standing.WRITTEN_ACCEPTED else "written",
        standing=attendance.standing,
        schemes=len(activity.schemes),
        opinions=len(attendance.opinions),
        items=len(items),
        adopted=sum(1 for item in items if item.adoption in TAKEN_UP),
    )


def _snapshots(session: Session, unit_id: str, before: Quarter) -> list[QuarterSnapshot]:
    """All that the unit has sent on earlier quarters, oldest first."""
    rows = session.scalars(
        select(QuarterSnapshot)
        .join(QuarterSnapshot.report)
        .where(QuarterReport.unit_id == unit_id)
        .order_by(QuarterSnapshot.at, QuarterSnapshot.version)
    )
    return [each for each in rows if quarter_named(each.report.quarter) < before]


def _supplements(
    earlier: Sequence[Attendance], quarter: Quarter, sent: Sequence[QuarterSnapshot], late: LateRecord
) -> list[dict[str, Any]]:
    """Records of quarters whose report had gone out when they were entered, and that no report has carried (R14)."""
    carried = {row["attendance_id"] for each in sent for row in (*each.records, *each.supplements)}
    sent_on = {each.report.quarter: each.report.sent_on for each in sent}
    made = []
    for attendance in earlier:
        entered, key = _settled_on(attendance), str(attendance.id)
        own = str(Quarter.of(attendance.activity.starts_on))
        if entered is None or key in carried or own not in sent_on:
            continue
        found = record_quarter(attendance.activity.starts_on, entered, sent_on[own], late)
        if found.report_quarter <= quarter and found.mark is not RecordMark.REOPEN:
            made.append({**asdict(_record(attendance)), "quarter": own, "entered_on": entered.isoformat()})
    return made


def _corrections(earlier: Sequence[Attendance], sent: Sequence[QuarterSnapshot]) -> list[dict[str, Any]]:
    """Records that were sent and stand otherwise by now; each difference is told once."""
    told = {(row["attendance_id"], row["what"], row["now"]) for each in sent for row in each.corrections}
    newest = {row["attendance_id"]: (row, each) for each in sent for row in (*each.supplements, *each.records)}
    made = []
    for attendance in earlier:
        key = str(attendance.id)
        if key not in newest:
            continue
        before, snapshot = newest[key]
        for what, old, now in _differences(before, attendance):
            if (key, what, now) not in told:
                row = {"attendance_id": key, "number": before["number"], "person": before["person"]}
                made.append({**row, "quarter": snapshot.report.quarter, "what": what, "before": old, "now": now})
    return made


def _differences(before: dict[str, Any], attendance: Attendance) -> list[tuple[str, str, str]]:
    """What a record says otherwise than when it was sent: what, before, now."""
    now = asdict(_record(attendance))
    found = [(zh, _worded(key, before[key]), _worded(key, now[key])) for key, zh in _COMPARED.items()]
    if _settled_on(attendance) is None and before["standing"] == now["standing"]:
        found.append(("记录", RECORD_STATES[RecordState.CONFIRMED].zh, RECORD_STATES[attendance.record].zh))
    return [each for each in found if each[1] != each[2]]


def _worded(key: str, value: Any) -> str:
    words = {"standing": STANDINGS, "mode": VISIT_MODES}.get(key, {})
    return words[value].zh if value in words else str(value)
