"""通知期: a corrected day changes how long before it the invitation went out (第七条(三)、第十五条(三), R20)."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from handlers.correction.fields import DAY, SOURCE
from processes.engine.house import Call
from processes.registers.activities import ServiceKind
from processes.registers.attendances import Attendance, Standing, attendances_of, stand
from processes.registers.corrections import Correction
from processes.registers.switches import readings_on
from processes.rules.invitations import Notice, invitation_notice
from processes.rules.workdays import WorkCalendar


def notice_on(session: Session, attendance: Attendance, day: date, calendar: WorkCalendar) -> Notice:
    """Whether staying away would count if the activity were on a day, by the readings of the day of the invitation."""
    sent_on = attendance.activity.sent_on
    accepted = any(each.standing == Standing.ACCEPTED for each in attendance.outcomes)
    least = readings_on(session, sent_on).number("absence.min_notice_wd")
    return invitation_notice(sent_on, day, accepted, least, calendar)


def countable_on(session: Session, attendance: Attendance, day: date, calendar: WorkCalendar) -> bool:
    """The same, and it is a duty at all (第八条(三))."""
    notice = notice_on(session, attendance, day, calendar)
    return notice.countable_if_absent and attendance.activity.kind != ServiceKind.OTHER


def look_at_notice(call: Call, made: Correction) -> None:
    """Everybody who was invited: an absence that the notice no longer carries does not count any more."""
    if made.field != DAY:
        return
    for attendance in attendances_of(call.session, made.attendance.activity_id):
        day = attendance.activity.starts_on
        attendance.countable = countable_on(call.session, attendance, day, call.house.calendar)
        if attendance.standing == Standing.UNEXCUSED and not attendance.countable:
            stand(
                call.session, call.actor, attendance, Standing.LATE_NOTICE, reason_kind=SOURCE,
                reason=f"{made.number}：活动日期更正后通知不足，缺席不计次", submission_id=made.submission_id,
            )  # fmt: skip
    call.session.flush()
