"""主动调研: a survey is entered; the district may see it as on-site guidance, which then counts as a visit
(第七条(二)、第八条(六))."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.answers import answers, halves, identified, rows, text
from handlers.parties import bureau_of
from handlers.registry import operation
from handlers.technical_consultation.words import KIND_OF, moment_of, spoken
from processes import clock
from processes.engine.house import Call
from processes.identity.models import Person
from processes.messages import message
from processes.notices import notify
from processes.registers.activities import OWN_SURVEY, Activity, ActivityStatus
from processes.registers.attendances import Attendance, RecordState, Standing, stand
from processes.registers.history import change_status, enter
from processes.registers.ledger import in_office
from processes.registers.suggestions import Survey, SurveyStatus, survey_of
from processes.rules.visits import VisitMode
from processes.sequences import yearly_number

Variables = dict[str, Any]
ONLY_SUGGEST = "只提出建议"
GUIDANCE = "确认为实地指导"


@operation("planner_suggestion.prepare", zh="识别首席规划师", en="Find the planner")
def prepare(call: Call) -> Variables:
    """Who surveys, and the district served."""
    person = call.session.get_one(Person, identified(call.data["started_by"]))
    serving = in_office(call.session, person.id, clock.today())
    return {
        "planner_name": person.name,
        "own_unit": serving[0].unit_id if serving else "",
        "unit_id": serving[0].unit_id if serving else "",
        "survey_title": "主动调研与工作建议",
        "survey_id": "",
        "asks_guidance": False,
    }


@operation("planner_suggestion.enter_survey", zh="登记调研记录", en="Enter the survey")
def enter_survey(call: Call) -> Variables:
    """The survey as the planner wrote it; a suggestion alone needs none."""
    given = answers(call)
    if text(given, "doing") == ONLY_SUGGEST:
        return {"asks_guidance": False}
    asks = bool(given.get("asks_guidance"))
    survey = _entered(call, given)
    if asks:
        change_status(call.session, call.actor, survey, SurveyStatus.ASKED)
    call.case.unit_id = survey.unit_id
    return {
        "survey_id": str(survey.id),
        "survey_title": survey.subject,
        "survey_when": f"{spoken(survey.started_at)}至{spoken(survey.ended_at)}",
        "survey_place": survey.place,
        "survey_findings": survey.findings,
        "asks_guidance": asks,
    }


def _entered(call: Call, given: Mapping[str, Any]) -> Survey:
    start = moment_of(given["start_at"])
    day = clock.local(start).date()
    survey = Survey(
        status=SurveyStatus.RECORDED,
        number=yearly_number(call.session, "调研", "survey", day.year),
        case_id=call.case.id,
        person_id=identified(call.data["started_by"]),
        unit_id=given["unit_id"],
        day=day,
        started_at=start,
        ended_at=moment_of(given["end_at"]),
        place=text(given, "place"),
        kind=KIND_OF[given["kind"]],
        subject=text(given, "subject"),
        people_met="、".join(f"{row['name']}（{row['body']}）" for row in rows(given, "people")),
        findings=text(given, "findings"),
        problems="\n".join(f"{row['problem']}（{row['level']}）" for row in rows(given, "problems")),
        travel_days=halves(given.get("travel_days")),
        recorded_on=clock.today(),
    )
    enter(call.session, call.actor, survey)
    return survey


@operation("planner_suggestion.take_guidance", zh="登记确认结果", en="Record the finding on guidance")
def take_guidance(call: Call) -> Variables:
    """What the district confirms becomes a confirmed record, so that the ledger counts it."""
    survey = survey_of(call.session, identified(call.data["survey_id"]))
    survey.confirmed_on, survey.confirmed_by = clock.today(), call.actor.name
    survey.confirm_reason = text(call.data, "guidance_reason")
    confirmed = text(call.data, "guidance") == GUIDANCE
    if confirmed:
        survey.attendance_id = _as_visit(call, survey).id
    status = SurveyStatus.GUIDANCE if confirmed else SurveyStatus.NO_GUIDANCE
    change_status(call.session, call.actor, survey, status, survey.confirm_reason)
    told = message("您于%(day)s的调研：%(result)s。", day=survey.day.isoformat(), result=text(call.data, "guidance"))
    notify(call.session, "result", told, person_id=survey.person_id, case_id=call.case.id)
    return {}


def _as_visit(call: Call, survey: Survey) -> Attendance:
    activity = Activity(
        status=ActivityStatus.CLOSED,
        number=survey.number,
        case_id=call.case.id,
        host_kind=OWN_SURVEY,
        host_id=bureau_of(call.session, survey.unit_id).id,
        unit_id=survey.unit_id,
        kind=survey.kind,
        mode=VisitMode.ON_SITE,
        title=survey.subject,
        starts_at=survey.started_at,
        ends_at=survey.ended_at,
        starts_on=survey.day,
        place=survey.place,
        sent_on=survey.day,
        created_at=clock.now(),
    )
    enter(call.session, call.actor, activity)
    attendance = Attendance(
        activity_id=activity.id,
        person_id=survey.person_id,
        appointment_id=in_office(call.session, survey.person_id, survey.day)[0].id,
        standing=Standing.ATTENDED,
        countable=False,
        record=RecordState.CONFIRMED,
        recorded_on=survey.recorded_on,
        confirmed_on=clock.today(),
        confirmed_by=call.actor.name,
        actual_start=survey.started_at,
        actual_end=survey.ended_at,
        punctual=True,
        summary=survey.findings,
        travel_days=survey.travel_days,
    )
    call.session.add(attendance)
    call.session.flush()
    stand(call.session, call.actor, attendance, Standing.ATTENDED, reason="主动调研，经确认为实地指导")
    return attendance


@operation("planner_suggestion.remind", zh="提醒首席规划师", en="Remind the planner")
def remind(call: Call) -> Variables:
    """A friendly reminder after 90 days without a survey (D)."""
    told = message("您已有%(days)s天未登记调研，请安排时间了解服务区县的规划情况。", days=call.data["days"])
    notify(call.session, "reminder", told, person_id=identified(call.data["person_id"]), case_id=call.case.id)
    return {}
