"""影响分析: the reports, appraisals, absence counts, dismissal cases and claims that a correction touches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.correction.fields import DAY, MODE, OUTCOME
from handlers.correction.notice import countable_on, notice_on
from handlers.dismissal.counting import count_for
from processes import clock
from processes.registers.appraisals import Appraisal, AppraisalEntry
from processes.registers.attendances import Attendance, RecordState
from processes.registers.claims import CLAIM_STATUSES, ENDED_UNPAID, TravelClaim
from processes.registers.corrections import Correction
from processes.registers.dismissals import dismissal_going_on
from processes.registers.ledger import absences_counted, attendance_log
from processes.registers.quarter_reports import QuarterReport, report_on, spoken_quarter
from processes.registers.switches import Readings, readings_on
from processes.rules.absence import (
    AbsenceCount,
    AbsenceRules,
    AttendanceEvent,
    ExcusedMode,
    Outcome,
    YearMode,
    count_absences,
)
from processes.rules.quarters import LateRecord, Quarter, record_quarter
from processes.rules.workdays import WorkCalendar

SUMS = (OUTCOME, MODE, DAY)
"""Fields that change what is counted; the others change what is said."""
PAID_FOR = (*SUMS, "实际开始", "实际结束", "出差天数")
"""Fields on which a claim of travel expenses rests."""
CLAIM = "差旅费"


@dataclass
class Effects:
    """What a correction touches, as those who decide read it."""

    rows: list[dict[str, str]] = field(default_factory=list)
    sent: bool = False
    final: bool = False
    absences: bool = False
    dismissal: bool = False
    claims: bool = False

    def tell(self, kind: str, subject: str, effect: str) -> None:
        """One more line."""
        self.rows.append({"kind": kind, "subject": subject, "effect": effect})

    @property
    def needs_approval(self) -> bool:
        """Whether the district's word is not enough."""
        return self.sent or self.final or self.dismissal


def effects_of(session: Session, correction: Correction, calendar: WorkCalendar) -> Effects:
    """Everything touched, computed from the registers."""
    found, readings = Effects(), readings_on(session)
    for attendance in touched_by(session, correction):
        _reports(session, found, attendance, correction, readings)
        _appraisals(session, found, attendance, correction)
        if correction.field in PAID_FOR:
            _claims(session, found, attendance)
        if correction.field in (OUTCOME, DAY):
            _absences(session, found, attendance, correction, readings, calendar)
    if not found.rows:
        found.tell("其他", "—", "不影响已报送的报告、考核和计次")
    return found


def touched_by(session: Session, correction: Correction) -> Sequence[Attendance]:
    """The record itself; what is said of the activity touches everybody who was invited to it."""
    if correction.field not in (MODE, DAY, "地点", "活动名称"):
        return [correction.attendance]
    mine = select(Attendance).where(Attendance.activity_id == correction.attendance.activity_id)
    return session.scalars(mine.order_by(Attendance.id)).all()


def _days(attendance: Attendance, correction: Correction) -> list[date]:
    days = [attendance.activity.starts_on]
    return [*days, date.fromisoformat(correction.value["value"])] if correction.field == DAY else days


def _reports(
    session: Session, found: Effects, attendance: Attendance, correction: Correction, readings: Readings
) -> None:
    """A report that was sent stays as it was; the next one carries the correction (R14)."""
    late = LateRecord(readings.choice("quarter.late_record"))
    for day in _days(attendance, correction):
        report = report_on(session, attendance.activity.unit_id, Quarter.of(day))
        if report is None or report.sent_on is None or not _carries(report, attendance, day):
            continue
        found.sent = True
        placed = record_quarter(day, clock.today(), report.sent_on, late)
        says = f"已于{report.sent_on:%Y-%m-%d}报送，保持原样；更正列入{spoken_quarter(placed.report_quarter)}报告"
        row = {"kind": "季度报告", "subject": f"{report.unit.name}{spoken_quarter(Quarter.of(day))}", "effect": says}
        if row not in found.rows:
            found.rows.append(row)


def _carries(report: QuarterReport, attendance: Attendance, day: date) -> bool:
    """Whether the report has printed the record, or would now have to."""
    if report.sent is None or day != attendance.activity.starts_on:
        return True
    printed = (*report.sent.records, *report.sent.supplements, *report.sent.unconfirmed)
    return any(row.get("attendance_id") == str(attendance.id) for row in printed)


def _appraisals(session: Session, found: Effects, attendance: Attendance, correction: Correction) -> None:
    years = {day.year for day in _days(attendance, correction)}
    mine = select(AppraisalEntry).join(AppraisalEntry.appraisal)
    mine = mine.where(AppraisalEntry.person_id == attendance.person_id, Appraisal.year.in_(years))
    for entry in session.scalars(mine.order_by(Appraisal.year)):
        subject = f"{attendance.person.name}{entry.appraisal.year}年度考核"
        if entry.final and correction.field in SUMS:
            found.final = True
            found.tell("考核", subject, f"等次“{entry.grade}”已生效；须征求市人力社保局意见并由市局领导审定")
        elif correction.field in SUMS:
            found.tell("考核", subject, "尚未生效，须按更正后的记录核对")


def _claims(session: Session, found: Effects, attendance: Attendance) -> None:
    """Claims for the trip that stand; money that was paid is looked at by the finance office."""
    mine = select(TravelClaim).where(
        TravelClaim.trip_key == f"attendance:{attendance.id}",
        TravelClaim.person_id == attendance.person_id,
        TravelClaim.status.not_in(ENDED_UNPAID),
    )
    for claim in session.scalars(mine.order_by(TravelClaim.number)):
        found.claims = True
        found.tell(CLAIM, claim.number, f"报销{CLAIM_STATUSES[claim.status].zh}，请财务按更正后的记录核对")


def _absences(
    session: Session, found: Effects, attendance: Attendance, correction: Correction, readings: Readings,
    calendar: WorkCalendar,
) -> None:  # fmt: skip
    if correction.field == DAY:
        _notice(session, found, attendance, correction, calendar)
    before, after = _counts(session, attendance, correction, readings, calendar)
    if (before.current_run, before.current_total, before.level) == (
        after.current_run,
        after.current_total,
        after.level,
    ):
        return
    found.absences = True
    now, then = _says(before), _says(after)
    found.tell("缺席计次", attendance.person.name, f"{now} → {then}（{after.ground}）")
    case = dismissal_going_on(session, attendance.appointment_id)
    if case is not None:
        found.dismissal = True
        found.tell("解聘案", case.number, "正在办理，更正后重新计次")


def _notice(
    session: Session, found: Effects, attendance: Attendance, correction: Correction, calendar: WorkCalendar
) -> None:
    """Another day is another length of notice; an absence that counted may count no more, or could count now."""
    day = date.fromisoformat(correction.value["value"])
    counts = countable_on(session, attendance, day, calendar)
    if counts == attendance.countable:
        return
    length = notice_on(session, attendance, day, calendar).notice_workdays
    says = f"通知期改为{length}个工作日，缺席{'可以计次；如需计次，另行申请更正参加情况' if counts else '不计次'}"
    found.tell("通知期", attendance.person.name, says)


def _counts(
    session: Session, attendance: Attendance, correction: Correction, readings: Readings, calendar: WorkCalendar
) -> tuple[AbsenceCount, AbsenceCount]:
    """The count as it is and as it would be."""
    today, appointment = clock.today(), attendance.appointment
    before = absences_counted(session, appointment, readings, today)
    events = {each.id: each for each in attendance_log(session, attendance.person_id, readings, today)}
    key, event = str(attendance.id), events.pop(str(attendance.id), None)
    if correction.field == DAY and event is not None:
        day = date.fromisoformat(correction.value["value"])
        late = event.outcome is Outcome.UNEXCUSED and not countable_on(session, attendance, day, calendar)
        outcome = Outcome.LATE_NOTICE if late else event.outcome
        events[key] = replace(event, at=event.at + (day - attendance.activity.starts_on), outcome=outcome)
    elif correction.field == OUTCOME:
        found = next((each for each in Outcome if each.value == correction.value["value"]), None)
        if found is not None:
            at = clock.local(attendance.activity.starts_at)
            events[key] = AttendanceEvent(key, at, found)
    rules = AbsenceRules(
        YearMode(readings.choice("absence.year_mode")),
        ExcusedMode(readings.choice("absence.excused_mode")),
        appointment.term_start,
    )
    return before, count_absences(list(events.values()), rules, today)


def _says(count: AbsenceCount) -> str:
    return f"连续{count.current_run}次、一年内合计{count.current_total}次"


def level_after(session: Session, attendance: Attendance) -> dict[str, object]:
    """The count as it stands now, with which an absence found anew may open a case."""
    counted = count_for(session, attendance.appointment)
    now, going_on = counted.in_force, dismissal_going_on(session, attendance.appointment_id)
    opens = now.trigger and going_on is None
    return {
        "level": "trigger" if opens else "none",
        "kind": str(now.kind) if now.kind else "",
        "trigger_event": now.trigger_event or "",
        "attendance_ids": list(counted.events),
    }


def typing_error(attendance: Attendance, person_id: object, latest: date, is_typing: bool) -> bool:
    """Own record, not confirmed, entered within five working days, a field of plain writing."""
    fresh = attendance.recorded_on is not None and latest <= attendance.recorded_on
    unconfirmed = attendance.record in (RecordState.DRAFT, RecordState.SUBMITTED, RecordState.REJECTED)
    return is_typing and fresh and unconfirmed and attendance.person_id == person_id
