"""会议: planned for the year, called, answered, held with minutes and hours, or called off (第七条(五)、第十一条)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.answers import answers, halves, identified, needed_day, rows, text
from handlers.documents import issue
from handlers.meetings_training.counting import absent_near_the_ground
from handlers.meetings_training.words import ANSWER_OF, KIND_OF, PRESENCE_OF, hours_said
from handlers.registry import operation
from handlers.technical_consultation.words import moment_of, spoken
from processes import clock
from processes.documents.dates import chinese_date
from processes.engine.house import Call
from processes.identity.models import Person
from processes.messages import message
from processes.notices import notify
from processes.registers.history import change_status, enter
from processes.registers.ledger import appointments_in, in_office
from processes.registers.meetings import Meeting, MeetingAttendance, MeetingStatus, Presence, meeting_of
from processes.registers.switches import readings_on
from processes.rules.invitations import invitation_notice

Variables = dict[str, Any]
MINUTES_WD, CALL_WD = 5, 10
"""Working days for the minutes; working days before the planned day on which the bureau is reminded (D)."""


@operation("meetings_training.prepare", zh="列出在聘首席规划师", en="List the planners in office")
def prepare(call: Call) -> Variables:
    """Every planner is on the list to begin with (第九条(二))."""
    today = clock.today()
    everybody = {str(each.person_id): each for each in appointments_in(call.session, today, today)}
    return {
        "meeting_title": "会议（培训）",
        "all_planners": sorted(everybody),
        "host_person": call.data.get("started_by"),
        "own_unit": "",
        "topic_at": "",
        "party": {},
    }


@operation("meetings_training.send_notice", zh="发出会议通知", en="Send the notice")
def send_notice(call: Call) -> Variables:
    """The notice (T22) goes to every planner on the list; districts and employers read a copy."""
    given = answers(call)
    meeting = _called(call, given)
    people = [call.session.get_one(Person, identified(each)) for each in given["invitees"]]
    countable = _countable(call, meeting)
    for person in people:
        meeting.attendances.append(MeetingAttendance(person_id=person.id, countable=countable))
    call.session.flush()
    letter = issue(call, "meeting_notice", _notice_values(meeting, given, people))
    meeting.number = letter.number
    _copy_to_districts(call, meeting, people)
    return {
        "meeting_id": str(meeting.id),
        "meeting_title": meeting.title,
        "meeting_when": spoken(moment_of(given["start_at"])),
        "meeting_where": meeting.place,
        "meeting_agenda": meeting.agenda,
        "meeting_hours": given.get("hours"),
        "meeting_starts": moment_of(given["start_at"]).isoformat(),
        "topic_at": given["start_at"],
        "own_unit": meeting.unit_id or "",
        "answer_due": given["reply_by"],
        "minutes_due": call.house.calendar.add_workdays(needed_day(given, "end_at"), MINUTES_WD).isoformat(),
        "invited": _parties(call, meeting, people),
        "attendance_rows": [_row(call, meeting, person) for person in people],
    }


def _called(call: Call, given: Mapping[str, Any]) -> Meeting:
    start = moment_of(given["start_at"])
    facts = {
        "case_id": call.case.id,
        "kind": KIND_OF[given["kind"]],
        "title": text(given, "title"),
        "starts_at": start,
        "starts_on": clock.local(start).date(),
        "ends_at": moment_of(given["end_at"]),
        "place": text(given, "place"),
        "agenda": text(given, "agenda"),
        "unit_id": given.get("unit_id") or None,
        "sent_on": clock.today(),
        "half_hours": halves(given.get("hours")),
        "left_out": text(given, "warning_note"),
    }
    if not given.get("planned_id"):
        meeting = Meeting(status=MeetingStatus.CALLED, **facts)
        enter(call.session, call.actor, meeting)
        return meeting
    meeting = meeting_of(call.session, identified(given["planned_id"]))
    for name, value in facts.items():
        setattr(meeting, name, value)
    change_status(call.session, call.actor, meeting, MeetingStatus.CALLED)
    return meeting


def _countable(call: Call, meeting: Meeting) -> bool:
    """Whether the notice leaves time enough for staying away to count, where meetings count at all (R20)."""
    assert meeting.starts_on is not None
    least = readings_on(call.session).number("absence.min_notice_wd")
    notice = invitation_notice(clock.today(), meeting.starts_on, False, least, call.house.calendar)
    return notice.countable_if_absent


def _notice_values(meeting: Meeting, given: Mapping[str, Any], people: list[Person]) -> Variables:
    return {
        "title": meeting.title,
        "when": spoken(moment_of(given["start_at"])),
        "place": meeting.place,
        "agenda": meeting.agenda,
        "invited": "、".join(person.name for person in people),
        "answer_by": chinese_date(needed_day(given, "reply_by")),
        "contact": f"{text(given, 'contact')} {given.get('phone') or ''}".strip(),
    }


def _copy_to_districts(call: Call, meeting: Meeting, people: list[Person]) -> None:
    today = clock.today()
    units = {each.unit_id for person in people for each in in_office(call.session, person.id, today)}
    told = message("首席规划师会议通知：%(title)s（%(number)s）。", title=meeting.title, number=meeting.number)
    for unit_id in sorted(units):
        here = f"bureau:{unit_id}"
        notify(call.session, "information", told, role="district_bureau.clerk", organization_id=here,
               case_id=call.case.id)  # fmt: skip


def _parties(call: Call, meeting: Meeting, people: list[Person]) -> dict[str, Variables]:
    return {
        str(person.id): {"person_id": str(person.id), "planner_name": person.name, "meeting_id": str(meeting.id)}
        for person in people
    }


def _row(call: Call, meeting: Meeting, person: Person) -> Variables:
    serving = in_office(call.session, person.id, meeting.starts_on or clock.today())
    return {"person_id": str(person.id), "name": person.name, "unit": serving[0].unit.name if serving else "—"}


@operation("meetings_training.take_minutes", zh="登记签到和学时", en="Record attendance and hours")
def take_minutes(call: Call) -> Variables:
    """Whoever was there, on the spot or online, has the hours; the minutes go out."""
    meeting, given = this_meeting(call), answers(call)
    meeting.half_hours, meeting.minutes = halves(given.get("hours")), text(given, "minutes")
    by_person = {str(each.person_id): each for each in meeting.attendances}
    listed = zip(call.data["attendance_rows"], rows(given, "attendance_rows"), strict=True)
    for shown, row in listed:
        attendance = by_person[shown["person_id"]]
        attendance.presence = PRESENCE_OF[row["presence"]]
        came = attendance.presence in (Presence.THERE, Presence.ONLINE)
        attendance.half_hours = meeting.half_hours if came else 0
    change_status(call.session, call.actor, meeting, MeetingStatus.HELD)
    issue(call, "minutes", _minutes_values(call, meeting))
    return {"absent": absent_near_the_ground(call, meeting)}


def _minutes_values(call: Call, meeting: Meeting) -> Variables:
    def named(*presences: str) -> str:
        return "、".join(each.person.name for each in meeting.attendances if each.presence in presences) or "无"

    return {
        "title": meeting.title,
        "when": call.data["meeting_when"],
        "place": meeting.place,
        "there": named(Presence.THERE),
        "online": named(Presence.ONLINE),
        "away": named(Presence.LEAVE, Presence.AWAY),
        "hours": hours_said(meeting.half_hours),
        "minutes": meeting.minutes,
    }


@operation("meetings_training.note_cancelled", zh="登记取消并告知", en="Record that it was called off")
def note_cancelled(call: Call) -> Variables:
    """Everybody invited is told."""
    meeting = this_meeting(call)
    meeting.cancelled_why = text(call.data, "cancelled_why")
    change_status(call.session, call.actor, meeting, MeetingStatus.CANCELLED, meeting.cancelled_why)
    told = message("“%(title)s”已取消：%(why)s", title=meeting.title, why=meeting.cancelled_why)
    for each in meeting.attendances:
        notify(call.session, "result", told, person_id=each.person_id, case_id=call.case.id)
    return {}


def this_meeting(call: Call) -> Meeting:
    """The meeting that the case is about."""
    return meeting_of(call.session, identified(call.data["meeting_id"]))


def _mine(call: Call) -> MeetingAttendance:
    party = call.data["party"]
    meeting = meeting_of(call.session, identified(party["meeting_id"]))
    return next(each for each in meeting.attendances if str(each.person_id) == party["person_id"])


@operation("meetings_training.take_answer", zh="登记答复", en="Record the answer")
def take_answer(call: Call) -> Variables:
    """An answer to a meeting; who says yes has been told in time, however short the notice was."""
    attendance = _mine(call)
    attendance.answer = ANSWER_OF[text(call.data, "answer")]
    attendance.reason_kind, attendance.reason = text(call.data, "reason_kind"), text(call.data, "reason")
    attendance.answered_on = clock.today()
    attendance.countable = attendance.countable or attendance.answer in ("coming", "online")
    return {}
