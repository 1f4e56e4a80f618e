"""答复: the planner comes, asks for leave or to write instead, or declines what is no duty (第七(三)、八(三)条)."""

from __future__ import annotations

from typing import Any

from handlers.answers import identified, text
from handlers.registry import operation
from handlers.technical_consultation.invitations import notice_of
from handlers.technical_consultation.words import LEAVE, WRITE
from processes import clock
from processes.engine.house import Call
from processes.messages import message
from processes.notices import notify
from processes.registers.activities import ServiceKind
from processes.registers.attendances import Attendance, Standing, attendance_of, stand
from processes.registers.meetings import meetings_on

Variables = dict[str, Any]
LEAVE_WD = 2
"""Working days the host has to decide on leave, never later than the activity (D)."""


def this_attendance(call: Call) -> Attendance:
    """The attendance that the case is about."""
    return attendance_of(call.session, identified(call.data["party"]["attendance_id"]))


@operation("technical_consultation.show", zh="出示活动信息", en="Show the activity")
def show(call: Call) -> Variables:
    """What the forms of one planner's attendance show, and the days that its timers wait for."""
    party = call.data["party"]
    three, one = party["remind_on"]
    return {
        "attendance_id": party["attendance_id"],
        "appointment_id": party["appointment_id"],
        "planner_name": party["planner_name"],
        "activity_title": party["activity_title"],
        "activity_when": party["when"],
        "activity_where": party["where"],
        "scheme_names": "\n".join(each["name"] for each in party["schemes"].values()),
        "schemes": party["schemes"],
        "starts_at": party["starts_at"],
        "answer_due": party["answer_due"],
        "record_due": party["record_due"],
        "leave_due": party["answer_due"],
        "workdays_before_3": three,
        "workdays_before_1": one,
        "reason_preset": _reason_preset(call),
        "wants_material": False,
        **dict.fromkeys(("answer", "reason_kind", "reason", "attended", "record_note", "outcome", "level"), ""),
    }


def _reason_preset(call: Call) -> str:
    """A planner who is called to a meeting on the same day finds that reason filled in (第十一条)."""
    attendance = this_attendance(call)
    elsewhere = meetings_on(call.session, attendance.person_id, attendance.activity.starts_on)
    return "与其他官方邀请冲突" if any(each.id != attendance.activity.meeting_id for each in elsewhere) else ""


@operation("technical_consultation.record_answer", zh="登记答复", en="Record the answer")
def record_answer(call: Call) -> Variables:
    """An accepted invitation counts however short the notice was (R20)."""
    attendance, answer = this_attendance(call), text(call.data, "answer")
    attendance.answered_on = clock.today()
    standing = {LEAVE: Standing.LEAVE_ASKED, WRITE: Standing.WRITTEN_ASKED}.get(answer, Standing.ACCEPTED)
    if answer == "参加":
        accepted = notice_of(call, attendance.activity, accepted=True)
        attendance.countable = accepted.countable_if_absent and attendance.activity.kind != ServiceKind.OTHER
    if answer in (LEAVE, WRITE, "参加"):
        _stand(call, attendance, standing)
    due = min(call.house.calendar.add_workdays(clock.today(), LEAVE_WD), attendance.activity.starts_on)
    return {
        "leave_due": due.isoformat(),
        "asking_person": str(attendance.person_id),
        "activity_id": str(attendance.activity_id),
        "material_unit": attendance.activity.unit_id,
    }


@operation("technical_consultation.record_leave", zh="登记处理结果", en="Record the decision on leave")
def record_leave(call: Call) -> Variables:
    """What the host decided; where the request is refused the planner is told before the activity."""
    attendance, decision = this_attendance(call), text(call.data, "leave_decision")
    if decision == "同意" and text(call.data, "answer") == WRITE:
        _stand(call, attendance, Standing.WRITTEN_ACCEPTED, body="邀请单位")
    elif decision != "同意":
        _stand(call, attendance, Standing.ACCEPTED, reason=text(call.data, "leave_reason"), body="邀请单位")
        told = message(
            "您对“%(title)s”的请假未获同意：%(reason)s",
            title=attendance.activity.title,
            reason=text(call.data, "leave_reason"),
        )
        notify(call.session, "result", told, person_id=attendance.person_id, case_id=call.case.id)
    return {}


@operation("technical_consultation.note_excused", zh="登记有正当理由", en="Record the leave")
def note_excused(call: Call) -> Variables:
    """Leave that the host agreed to, or that was registered before, is an absence with good reason."""
    attendance = this_attendance(call)
    if call.data["party"]["on_leave"]:
        ground = {"reason_kind": "休假已备案", "reason": "休假登记有效期内"}
    else:
        ground = {"reason_kind": text(call.data, "reason_kind"), "reason": text(call.data, "reason")}
    stand(call.session, call.actor, attendance, Standing.EXCUSED, body="邀请单位", **ground)
    return {"outcome": "有正当理由"}


@operation("technical_consultation.note_declined", zh="登记婉拒", en="Record that the planner declined")
def note_declined(call: Call) -> Variables:
    """Other statutory plans are optional: declining is never an absence (第八条(三))."""
    _stand(call, this_attendance(call), Standing.DECLINED)
    return {"outcome": "婉拒"}


@operation("technical_consultation.remind", zh="会前提醒", en="Remind before the activity")
def remind(call: Call) -> Variables:
    """Told before the activity; one that has begun already needs no reminder."""
    activity = this_attendance(call).activity
    if activity.starts_at > clock.now():
        told = message(
            "“%(title)s”将于%(when)s举行，请提前查阅材料。", title=activity.title, when=call.data["activity_when"]
        )
        notify(call.session, "reminder", told, person_id=this_attendance(call).person_id, case_id=call.case.id)
    return {}


def _stand(call: Call, attendance: Attendance, standing: Standing, **more: Any) -> None:
    kind, reason = text(call.data, "reason_kind"), more.pop("reason", text(call.data, "reason"))
    stand(call.session, call.actor, attendance, standing, reason_kind=kind, reason=reason, **more)
