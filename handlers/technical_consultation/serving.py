"""参加、意见书、确认、采纳: the record, a written opinion for each scheme, what the district made of it
(第八条(六)、第九条(三)、第十二条)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from handlers.answers import answers, halves, identified, rows, sent, text
from handlers.documents import issue
from handlers.registry import operation
from handlers.technical_consultation.answering import this_attendance
from handlers.technical_consultation.invitations import ADOPTION_DAYS
from handlers.technical_consultation.words import ADOPTION_OF, LEVEL_OF, OVERALL_OF, THERE, moment_of
from processes import clock
from processes.documents.dates import chinese_date
from processes.engine.house import Call
from processes.errors import NotFound
from processes.messages import message
from processes.registers.activities import VISIT_MODES, ActivityStatus, Scheme, activity_of
from processes.registers.attendances import Attendance, RecordState, Standing, stand
from processes.registers.history import change_status
from processes.registers.opinions import LEVELS, OVERALL, Opinion, OpinionItem, ReservedOpinion

Variables = dict[str, Any]
RATED = ("concrete", "founded", "useful", "timely")
"""What a district rates; agreement with the host is no part of it (第九条(三))."""
MISSING = "书面意见缺失"


@operation("technical_consultation.take_record", zh="登记记录", en="Take the record")
def take_record(call: Call) -> Variables:
    """The planner's record, or what the district states where there is none."""
    attendance, given = this_attendance(call), answers(call)
    said = text(given, "attended")
    if said in THERE:
        attendance.actual_start, attendance.actual_end = (
            moment_of(given["actual_start"]),
            moment_of(given["actual_end"]),
        )
        attendance.punctual = said == "按时参加"
        attendance.summary = text(given, "summary")
        attendance.travel_days = halves(given.get("travel_days"))
        attendance.recorded_on, attendance.record = clock.today(), RecordState.DRAFT
        if attendance.activity.status == ActivityStatus.INVITED:
            change_status(call.session, call.actor, attendance.activity, ActivityStatus.HELD)
        if attendance.standing != Standing.ATTENDED:
            stand(call.session, call.actor, attendance, Standing.ATTENDED, reason=said, submission_id=sent(call).id)
    elif said == "未参加":
        stand(call.session, call.actor, attendance, Standing.PENDING, reason=text(given, "record_note"))
    attendance.support_note = text(given, "support_note") or attendance.support_note
    later = call.house.calendar.add_workdays(clock.today(), 5) if said not in (*THERE, "未参加") else None
    return {"record_due": later.isoformat()} if later else {}


@operation("technical_consultation.note_called_off", zh="登记取消或延期", en="Record that it was called off")
def note_called_off(call: Call) -> Variables:
    """What was not held counts for nobody."""
    attendance = this_attendance(call)
    postponed = text(call.data, "attended") == "活动延期"
    standing = Standing.POSTPONED if postponed else Standing.CANCELLED
    stand(call.session, call.actor, attendance, standing, reason=text(call.data, "record_note"))
    if attendance.activity.status == ActivityStatus.INVITED:
        status = ActivityStatus.POSTPONED if postponed else ActivityStatus.CANCELLED
        attendance.activity.cancelled_why = text(call.data, "record_note")
        change_status(call.session, call.actor, attendance.activity, status, text(call.data, "record_note"))
    return {"outcome": "延期" if postponed else "取消"}


@operation("technical_consultation.show_scheme", zh="出示项目信息", en="Show the scheme")
def show_scheme(call: Call) -> Variables:
    """What the form of one opinion shows."""
    scheme = call.data["scheme"]
    return {"scheme_name": scheme["name"], "scheme_compiler": scheme["compiler"], "opinion_id": ""}


@operation("technical_consultation.sign_opinion", zh="登记意见书", en="Enter the opinion")
def sign_opinion(call: Call) -> Variables:
    """The opinion as it was signed (T13); written again after 退回, the first one stands with the points added."""
    attendance, given = this_attendance(call), answers(call)
    scheme = call.session.get(Scheme, identified(call.data["scheme"]["scheme_id"]))
    if scheme is None:
        raise NotFound(message("未找到该项目或方案。"))
    opinion = next((each for each in attendance.opinions if each.scheme_id == scheme.id), None)
    if opinion is None:
        opinion = Opinion(
            attendance_id=attendance.id, scheme_id=scheme.id, overall=OVERALL_OF[given["overall"]],
            signed_on=clock.today(), signed_at=clock.now(), submission_id=sent(call).id,
        )  # fmt: skip
        call.session.add(opinion)
        call.session.flush()
    _add_items(call, opinion, given)
    if text(given, "reserved") and opinion.reserved is None:
        opinion.reserved = ReservedOpinion(text=text(given, "reserved"), person=call.actor.name, at=clock.now())
    call.session.flush()
    document = issue(
        call, "opinion", _opinion_values(attendance, scheme, opinion),
        unit_id=attendance.activity.unit_id, subject_id=attendance.person_id, number=opinion.number or None,
    )  # fmt: skip
    opinion.number, opinion.file_id = document.number, document.file_id
    return {"opinion_id": str(opinion.id)}


def _add_items(call: Call, opinion: Opinion, given: Mapping[str, Any]) -> None:
    known = {(item.issue, item.suggestion) for item in opinion.items}
    for row in rows(given, "items"):
        if (text(row, "issue"), text(row, "suggestion")) not in known:
            opinion.items.append(
                OpinionItem(
                    place=len(opinion.items) + 1, issue=text(row, "issue"), basis=text(row, "basis"),
                    suggestion=text(row, "suggestion"), level=LEVEL_OF[row["level"]],
                )
            )  # fmt: skip


def _opinion_values(attendance: Attendance, scheme: Scheme, opinion: Opinion) -> Variables:
    activity = attendance.activity
    return {
        "planner": attendance.person.name,
        "unit": activity.unit.name,
        "activity": activity.title,
        "mode": VISIT_MODES[activity.mode].zh + (f"（{activity.place}）" if activity.place else ""),
        "day": chinese_date(activity.starts_on),
        "scheme": scheme.name,
        "compiler": scheme.compiler or "—",
        "overall": OVERALL[opinion.overall].zh,
        "items": [
            {
                "number": item.place,
                "issue": item.issue,
                "basis": item.basis or "—",
                "suggestion": item.suggestion,
                "level": LEVELS[item.level].zh,
            }
            for item in opinion.items
        ],
        "reserved": opinion.reserved.text if opinion.reserved else "无",
        "signed_on": chinese_date(opinion.signed_on),
    }


@operation("technical_consultation.submit_record", zh="提交区县确认", en="Hand the record to the district")
def submit_record(call: Call) -> Variables:
    """The record waits for the district bureau, with a look at its opinions and at those that were never written."""
    attendance = this_attendance(call)
    attendance.record = RecordState.SUBMITTED
    attendance.recorded_on = attendance.recorded_on or clock.today()
    written = {each.scheme_id: each for each in attendance.opinions}
    return {"opinion_rows": [_opinion_row(scheme, written.get(scheme.id)) for scheme in attendance.activity.schemes]}


def _opinion_row(scheme: Scheme, opinion: Opinion | None) -> Variables:
    overall = OVERALL[opinion.overall].zh if opinion is not None else MISSING
    return {"scheme": scheme.name, "overall": overall, "items": len(opinion.items) if opinion is not None else 0}


@operation("technical_consultation.take_confirmation", zh="登记确认", en="Record the confirmation")
def take_confirmation(call: Call) -> Variables:
    """Confirmed records alone count as visits (第八条(六)); a returned one goes back with the reason."""
    attendance, given = this_attendance(call), answers(call)
    if text(given, "confirm") == "退回":
        attendance.record = RecordState.REJECTED
        due = call.house.calendar.add_workdays(clock.today(), 5)
        return {"record_due": due.isoformat(), "record_note": text(given, "return_reason")}
    attendance.record = RecordState.CONFIRMED
    attendance.confirmed_on, attendance.confirmed_by = clock.today(), call.actor.name
    attendance.quality = sum(given[key] for key in RATED) // len(RATED)
    return {
        "date_in_30": (clock.today() + timedelta(days=ADOPTION_DAYS)).isoformat(),
        "adoption_rows": [
            {"item_id": str(item.id), "scheme": opinion.scheme.name, "number": item.place, "issue": item.issue[:60],
             "suggestion": item.suggestion[:60]}
            for opinion in attendance.opinions
            for item in opinion.items
        ],
    }  # fmt: skip


@operation("technical_consultation.take_adoption", zh="登记采纳情况", en="Record what was adopted")
def take_adoption(call: Call) -> Variables:
    """Point by point; the host's own view stands beside the opinion and changes nothing in it."""
    attendance, given = this_attendance(call), answers(call)
    items = [item for opinion in attendance.opinions for item in opinion.items]
    for item, row in zip(items, rows(given, "adoption_rows"), strict=True):
        item.adoption = ADOPTION_OF[row["adopted"]]
        item.adoption_reason = text(row, "adoption_reason")
        item.adopted_on = clock.today()
    return {"outcome": "完成"}


@operation("technical_consultation.close", zh="办结活动", en="Close the activity")
def close(call: Call) -> Variables:
    """Every planner invited has come, been excused, or been found absent."""
    activity = activity_of(call.session, identified(call.data["activity_id"]))
    if activity.status in (ActivityStatus.INVITED, ActivityStatus.HELD):
        change_status(call.session, call.actor, activity, ActivityStatus.CLOSED)
    return {}
