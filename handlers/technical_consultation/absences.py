"""缺席: explained by the planner, found by people, counted anew from the log; a case may follow (第十五条(三))."""

from __future__ import annotations

from typing import Any

from handlers.answers import answers, sent, text
from handlers.documents import issue
from handlers.registry import operation
from handlers.technical_consultation.answering import this_attendance
from handlers.technical_consultation.words import NOT_COUNTED, WRITTEN
from processes import clock
from processes.documents.dates import chinese_date
from processes.engine.house import Call
from processes.messages import message
from processes.notices import notify
from processes.registers.attendances import Attendance, Standing, stand
from processes.registers.ledger import absences_counted
from processes.registers.switches import readings_on
from processes.rules.absence import AbsenceCount

Variables = dict[str, Any]
STANDING_OF = {
    "有正当理由": Standing.EXCUSED,
    "无正当理由": Standing.UNEXCUSED,
    NOT_COUNTED: Standing.LATE_NOTICE,
    WRITTEN: Standing.WRITTEN_ACCEPTED,
}


@operation("technical_consultation.take_explanation", zh="登记说明", en="Take the explanation")
def take_explanation(call: Call) -> Variables:
    """What the finding is shown; where nobody explains, the absence stays open for a person to find (D)."""
    attendance = this_attendance(call)
    counted = _count(call, attendance)
    notice = "通知期满足要求或已接受邀请，缺席计次" if attendance.countable else "通知不足或非义务活动，缺席不计次"
    says = f"连续{counted.current_run}次，一年内合计{counted.current_total}次，待认定{counted.pending}次"
    return {"notice_says": notice, "count_says": says}


@operation("technical_consultation.take_finding", zh="登记认定并重新计次", en="Record the finding, count anew")
def take_finding(call: Call) -> Variables:
    """The finding is one more entry of the log; the count is taken from the whole log with the readings of the day."""
    attendance, given = this_attendance(call), answers(call)
    found = text(given, "outcome")
    stand(
        call.session, call.actor, attendance, STANDING_OF[found],
        reason_kind=text(call.data, "reason_kind"), reason=text(given, "basis"),
        body=text(given, "decided_by"), submission_id=sent(call).id,
    )  # fmt: skip
    counted = _count(call, attendance)
    due = call.house.calendar.add_workdays(clock.today(), 5)
    return {
        "level": str(counted.level) if found == "无正当理由" else "none",
        "kind": str(counted.kind) if counted.kind else "",
        "trigger_event": counted.trigger_event or "",
        "attendance_ids": [counted.trigger_event] if counted.trigger_event else [],
        "current_run": counted.current_run,
        "current_total": counted.current_total,
        "record_due": due.isoformat(),
    }


@operation("technical_consultation.warn", zh="发出缺席提示函", en="Send the absence warning")
def warn(call: Call) -> Variables:
    """One more absence would open a case: planner, district and city bureau are told (T17)."""
    attendance = this_attendance(call)
    counted = _count(call, attendance)
    values = {
        "planner": attendance.person.name,
        "unit": attendance.activity.unit.name,
        "day": chinese_date(attendance.activity.starts_on),
        "activity": attendance.activity.title,
        "run": counted.current_run,
        "total": counted.current_total,
    }
    issue(call, "absence_warning", values, unit_id=attendance.activity.unit_id, subject_id=attendance.person_id)
    told = message(
        "%(name)s无正当理由缺席：连续%(run)s次，一年内合计%(total)s次；再缺席一次将提请核查（第十五条（三））。",
        name=attendance.person.name,
        run=counted.current_run,
        total=counted.current_total,
    )
    case_id, here = call.case.id, f"bureau:{attendance.activity.unit_id}"
    notify(call.session, "warning", told, person_id=attendance.person_id, case_id=case_id)
    notify(call.session, "warning", told, role="city_bureau.clerk", organization_id="city_bureau", case_id=case_id)
    notify(call.session, "warning", told, role="district_bureau.clerk", organization_id=here, case_id=case_id)
    return {}


def _count(call: Call, attendance: Attendance) -> AbsenceCount:
    return absences_counted(call.session, attendance.appointment, readings_on(call.session), clock.today())
