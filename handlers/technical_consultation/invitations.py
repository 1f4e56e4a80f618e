"""邀请: who invites, whom, to what; activities and invitation letters (第七条(三)、第十二条)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from handlers.answers import answers, identified, rows, text
from handlers.documents import issue
from handlers.parties import unit_of
from handlers.registry import operation
from handlers.technical_consultation.words import KIND_OF, MODE_OF, moment_of, spoken
from processes import clock
from processes.documents.dates import chinese_date
from processes.engine.house import Call
from processes.identity.models import Organization, Person
from processes.messages import message
from processes.notices import notify
from processes.registers.activities import SERVICE_KINDS, VISIT_MODES, Activity, ActivityStatus, Scheme, ServiceKind
from processes.registers.appointments import Appointment
from processes.registers.attendances import Attendance, RecordState, Standing, stand
from processes.registers.experts import employer_of
from processes.registers.history import enter
from processes.registers.leaves import on_leave
from processes.registers.ledger import in_office
from processes.registers.switches import readings_on
from processes.rules.invitations import Notice, invitation_notice
from processes.sequences import yearly_number

Variables = dict[str, Any]
ANSWER_WD, RECORD_WD, ADOPTION_DAYS = 2, 5, 30
"""Working days to answer, working days to record and write, days to report what was adopted (D)."""


@operation("technical_consultation.prepare", zh="识别邀请单位", en="Find the host")
def prepare(call: Call) -> Variables:
    """The host is the bureau or government of who starts; a topic meeting is called by the city bureau."""
    host = call.session.get_one(Organization, str(call.data.get("starter_organization") or "city_bureau"))
    who = call.data.get("host_person") or call.data.get("started_by")
    return {
        "host_id": host.id,
        "host_kind": host.kind,
        "host_person": who,
        "own_unit": host.unit_id or call.data.get("own_unit") or "",
        "topic_at": call.data.get("topic_at") or None,
        "activity_title": call.data.get("activity_title") or "技术咨询邀请",
    }


@operation("technical_consultation.open", zh="登记活动并发出邀请函", en="Enter the activity, invite")
def open_activity(call: Call) -> Variables:
    """The activity, its schemes, and one invitation (T13a) for each planner; the notice is counted from today (R20)."""
    given = answers(call)
    activity = _enter(call, given)
    invited: dict[str, Variables] = {}
    for person_id in given["planners"]:
        party = _invite(call, activity, identified(person_id))
        invited[party["attendance_id"]] = party
    return {
        "activity_id": str(activity.id),
        "activity_number": activity.number,
        "activity_title": activity.title,
        "invited": invited,
        "starts_at": activity.starts_at.isoformat(),
    }


def _enter(call: Call, given: Mapping[str, Any]) -> Activity:
    start = moment_of(given["start_at"])
    year = clock.local(start).year
    classified = bool(given.get("classified"))
    activity = Activity(
        status=ActivityStatus.INVITED,
        number=yearly_number(call.session, "咨询", "activity", year),
        case_id=call.case.id,
        host_kind=call.data["host_kind"],
        host_id=call.data["host_id"],
        unit_id=given["unit_id"],
        kind=KIND_OF[given["kind"]],
        mode=MODE_OF[given["mode"]],
        title=text(given, "title"),
        starts_at=start,
        starts_on=clock.local(start).date(),
        place=text(given, "place"),
        sent_on=clock.today(),
        classified=classified,
        contact=f"{text(given, 'contact')} {given.get('phone') or ''}".strip(),
        meeting_id=UUID(call.data["meeting_id"]) if call.data.get("meeting_id") else None,
        created_at=clock.now(),
    )
    activity.schemes = [
        Scheme(
            place=place,
            name=f"涉密项目{place}" if classified else text(row, "name"),
            kind=text(row, "type"),
            stage=text(row, "stage"),
            scale=text(row, "scale"),
            compiler=text(row, "compiler"),
        )
        for place, row in enumerate(rows(given, "schemes"), 1)
    ]
    enter(call.session, call.actor, activity)
    return activity


def _invite(call: Call, activity: Activity, person_id: UUID) -> Variables:
    appointment = in_office(call.session, person_id, activity.starts_on)[0]
    notice = notice_of(call, activity)
    attendance = Attendance(
        activity_id=activity.id,
        person_id=person_id,
        appointment_id=appointment.id,
        standing=Standing.INVITED,
        countable=notice.countable_if_absent and activity.kind != ServiceKind.OTHER,
        record=RecordState.NONE,
        conflict=conflict_of(appointment, activity, call),
    )
    call.session.add(attendance)
    call.session.flush()
    stand(call.session, call.actor, attendance, Standing.INVITED)
    issue(call, "invitation", _letter(call, activity, appointment), unit_id=activity.unit_id, subject_id=person_id)
    if appointment.unit_id != activity.unit_id:
        _tell_city(call, activity, appointment)
    return _party(call, activity, attendance, appointment)


def notice_of(call: Call, activity: Activity, accepted: bool = False) -> Notice:
    """Whether an absence would count (R20)."""
    readings = readings_on(call.session, activity.sent_on)
    return invitation_notice(
        activity.sent_on,
        activity.starts_on,
        accepted,
        readings.number("absence.min_notice_wd"),
        call.house.calendar,
    )


def conflict_of(appointment: Appointment, activity: Activity, call: Call) -> bool:
    """Whether the planner's employer drew up a scheme."""
    employer = employer_of(call.session, appointment.person_id)
    return employer is not None and any(scheme.compiler == employer.name for scheme in activity.schemes)


def _letter(call: Call, activity: Activity, appointment: Appointment) -> Variables:
    when = clock.local(activity.starts_at)
    return {
        "planner": appointment.person.name,
        "host": call.session.get_one(Organization, activity.host_id).name,
        "title": activity.title,
        "when": f"{chinese_date(when.date())}{when:%H:%M}",
        "place": activity.place or VISIT_MODES[activity.mode].zh,
        "kind": SERVICE_KINDS[activity.kind].zh,
        "schemes": "、".join(scheme.name for scheme in activity.schemes),
        "answer_by": chinese_date(call.house.calendar.add_workdays(clock.today(), ANSWER_WD)),
        "contact": activity.contact,
    }


def _tell_city(call: Call, activity: Activity, appointment: Appointment) -> None:
    told = message(
        "%(unit)s邀请%(own)s首席规划师%(name)s参加技术咨询（%(number)s）。",
        unit=unit_of(call.session, activity.unit_id).name,
        own=appointment.unit.name,
        name=appointment.person.name,
        number=activity.number,
    )
    notify(
        call.session,
        "information",
        told,
        role="city_bureau.clerk",
        organization_id="city_bureau",
        case_id=call.case.id,
    )


def _party(call: Call, activity: Activity, attendance: Attendance, appointment: Appointment) -> Variables:
    calendar, start = call.house.calendar, activity.starts_on
    person: Person = appointment.person
    return {
        "attendance_id": str(attendance.id),
        "activity_id": str(activity.id),
        "activity_title": activity.title,
        "person_id": str(person.id),
        "planner_name": person.name,
        "appointment_id": str(appointment.id),
        "unit_id": activity.unit_id,
        "optional": activity.kind == ServiceKind.OTHER,
        "on_leave": on_leave(call.session, appointment.id, start),
        "starts_at": activity.starts_at.isoformat(),
        "answer_due": _no_later(calendar.add_workdays(clock.today(), ANSWER_WD), start).isoformat(),
        "record_due": calendar.add_workdays(max(start, clock.today()), RECORD_WD).isoformat(),
        "remind_on": [calendar.add_workdays(start, -count).isoformat() for count in (3, 1)],
        "schemes": {
            str(scheme.id): {"scheme_id": str(scheme.id), "name": scheme.name, "compiler": scheme.compiler}
            for scheme in activity.schemes
        },
        "when": spoken(activity.starts_at),
        "where": activity.place or VISIT_MODES[activity.mode].zh,
    }


def _no_later(day: date, limit: date) -> date:
    return min(day, limit)
