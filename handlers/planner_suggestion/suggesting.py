"""工作建议: written, received, answered or left unanswered, carried out, rated (第八条(一))."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from handlers.answers import answers, day, identified, needed_day, rows, text
from handlers.documents import issue
from handlers.parties import bureau_of, government_of
from handlers.registry import operation
from processes import clock
from processes.documents.dates import chinese_date
from processes.engine.house import Call
from processes.identity.models import Organization
from processes.messages import Message, message
from processes.notices import notify
from processes.registers.history import change_status, enter
from processes.registers.suggestions import (
    REPLIES,
    Measure,
    Suggestion,
    SuggestionStatus,
    suggestion_of,
    survey_of,
)

Variables = dict[str, Any]
REPLY_WD, URGENT_WD = 20, 5
"""Working days for the reply; the text says no more than 及时 (D)."""
GOVERNMENT, BUREAU, CITY = "区县政府", "区县规划自然资源局", "市规划自然资源局"
SENSITIVE = "敏感事项"
_DECISION_OF = {wording.zh: key for key, wording in REPLIES.items()}
_STATE_OF = {"已落实": "done", "推进中": "open", "无法落实": "failed"}


@operation("planner_suggestion.send", zh="登记并发出建议函", en="Enter and send the suggestion")
def send(call: Call) -> Variables:
    """The letter goes to the government or bureau of the own district; about another district, to the city bureau."""
    given = answers(call)
    suggestion = _entered(call, given)
    enter(call.session, call.actor, suggestion)
    values = {
        "planner": call.data["planner_name"],
        "addressee": suggestion.addressee.name,
        "subject": suggestion.subject,
        "problem": suggestion.problem,
        "cause": suggestion.cause or "—",
        "proposal": suggestion.proposal,
        "survey": survey_of(call.session, suggestion.survey_id).number if suggestion.survey_id else "无",
    }
    letter = issue(call, "suggestion", values, unit_id=suggestion.unit_id, subject_id=suggestion.person_id)
    suggestion.number = letter.number
    to, straight = text(given, "addressee"), suggestion.sensitive and suggestion.addressee.kind != "district_bureau"
    if not suggestion.sensitive:
        call.case.unit_id = suggestion.unit_id
    if suggestion.copied_to_city:
        _tell_city(call, message("收到工作建议抄送：%(number)s。", number=suggestion.number))
    return {
        "suggestion_id": str(suggestion.id),
        "shown_subject": SENSITIVE if suggestion.sensitive else suggestion.subject,
        "shown_planner": call.data["planner_name"],
        "letter_number": suggestion.number,
        "suggestion_problem": suggestion.problem,
        "suggestion_proposal": suggestion.proposal,
        "handler": to,
        "straight": straight or to == CITY,
        "reply_due": suggestion.due_on.isoformat(),
    }


def _entered(call: Call, given: Mapping[str, Any]) -> Suggestion:
    urgent = text(given, "urgency") == "紧急"
    chosen = given.get("survey_id") or call.data.get("survey_id")
    return Suggestion(
        status=SuggestionStatus.SENT,
        number=call.case.number,
        case_id=call.case.id,
        person_id=identified(call.data["started_by"]),
        unit_id=given["unit_id"],
        addressee=_addressee(call, text(given, "addressee"), given["unit_id"]),
        survey_id=identified(chosen) if chosen else None,
        subject=text(given, "subject"),
        problem=text(given, "problem"),
        cause=text(given, "cause"),
        proposal=text(given, "proposal"),
        urgent=urgent,
        sensitive=bool(given.get("sensitive")),
        copied_to_city=bool(given.get("copy_to_city")),
        sent_on=clock.today(),
        due_on=call.house.calendar.add_workdays(clock.today(), URGENT_WD if urgent else REPLY_WD),
    )


def _addressee(call: Call, to: str, unit_id: str) -> Organization:
    if to == CITY:
        return call.session.get_one(Organization, "city_bureau")
    return government_of(call.session, unit_id) if to == GOVERNMENT else bureau_of(call.session, unit_id)


@operation("planner_suggestion.take_receipt", zh="登记签收", en="Record the receipt")
def take_receipt(call: Call) -> Variables:
    """The district bureau has received the letter and says who replies."""
    suggestion = this_suggestion(call)
    suggestion.received_on = clock.today()
    change_status(call.session, call.actor, suggestion, SuggestionStatus.RECEIVED, text(call.data, "receive_note"))
    return {}


@operation("planner_suggestion.list_unanswered", zh="列入季度报告", en="List it for the quarter report")
def list_unanswered(call: Call) -> Variables:
    """Twenty working days after the reply was due it is listed, and the city bureau presses for it."""
    suggestion = this_suggestion(call)
    suggestion.listed_on = clock.today()
    if not suggestion.decision:
        change_status(call.session, call.actor, suggestion, SuggestionStatus.UNANSWERED)
    return {"chase_decision": ""}


@operation("planner_suggestion.close_unanswered", zh="登记未复关闭", en="Close without a reply")
def close_unanswered(call: Call) -> Variables:
    """Nobody replied; a person of the city bureau closes it with the reason, and the planner is told."""
    suggestion = this_suggestion(call)
    suggestion.closed_why = text(call.data, "chase_note")
    change_status(call.session, call.actor, suggestion, SuggestionStatus.CLOSED, suggestion.closed_why)
    told = message("您的工作建议（%(number)s）未获答复，已关闭。", number=suggestion.number)
    notify(call.session, "result", told, person_id=suggestion.person_id, case_id=call.case.id)
    return {}


@operation("planner_suggestion.take_reply", zh="登记答复", en="Record the reply")
def take_reply(call: Call) -> Variables:
    """The reply goes out; each measure is followed up by its own day."""
    suggestion, given = this_suggestion(call), answers(call)
    suggestion.decision, suggestion.reply = _DECISION_OF[text(given, "decision")], text(given, "reply")
    suggestion.replied_on, suggestion.replied_by = needed_day(given, "replied_on"), call.actor.name
    for place, row in enumerate(rows(given, "measures"), 1):
        suggestion.measures.append(
            Measure(place=place, text=text(row, "measure"), owner=text(row, "owner"), due_on=needed_day(row, "due"))
        )
    change_status(call.session, call.actor, suggestion, SuggestionStatus.REPLIED, text(given, "decision"))
    issue(
        call, "suggestion_reply", _reply_values(call, suggestion),
        unit_id=suggestion.unit_id, subject_id=suggestion.person_id,
    )  # fmt: skip
    told = message("您的工作建议（%(number)s）已答复：%(decision)s。", number=suggestion.number,
                   decision=text(given, "decision"))  # fmt: skip
    notify(call.session, "result", told, person_id=suggestion.person_id, case_id=call.case.id)
    return {
        "shown_decision": text(given, "decision"),
        "shown_reply": suggestion.reply,
        "measures": {str(each.id): {"measure_id": str(each.id)} for each in suggestion.measures},
    }


def _reply_values(call: Call, suggestion: Suggestion) -> Variables:
    handler = text(call.data, "handler")
    listed = [f"{each.text}（{each.owner}，{chinese_date(each.due_on)}）" for each in suggestion.measures]
    return {
        "planner": suggestion.person.name,
        "replier": _addressee(call, handler, suggestion.unit_id).name,
        "subject": suggestion.subject,
        "number": suggestion.number,
        "decision": REPLIES[suggestion.decision].zh,
        "reply": suggestion.reply,
        "measures": "；".join(listed) or "无",
    }


@operation("planner_suggestion.take_rating", zh="登记评价", en="Record the rating")
def take_rating(call: Call) -> Variables:
    """What the planner thinks of the reply; a copy may go to the city bureau."""
    suggestion, given = this_suggestion(call), answers(call)
    suggestion.rating, suggestion.rating_note = int(given["rating"]), text(given, "rating_note")
    if given.get("copy_to_city"):
        suggestion.copied_to_city = True
        told = message("收到工作建议及答复抄送：%(number)s，%(decision)s。", number=suggestion.number,
                       decision=REPLIES[suggestion.decision].zh)  # fmt: skip
        _tell_city(call, told)
    return {}


@operation("planner_suggestion.show_measure", zh="出示措施", en="Show the measure")
def show_measure(call: Call) -> Variables:
    """What the form of one measure shows."""
    measure = _measure(call)
    return {
        "measure_text": measure.text,
        "measure_owner": measure.owner,
        "measure_due": measure.due_on.isoformat(),
        "measure_state": "",
    }


@operation("planner_suggestion.take_measure", zh="登记落实情况", en="Record the progress")
def take_measure(call: Call) -> Variables:
    """Done, impossible, or going on with a new day."""
    measure, given = _measure(call), answers(call)
    measure.state, measure.note = _STATE_OF[text(given, "measure_state")], text(given, "note")
    measure.reported_on = clock.today()
    measure.due_on = day(given.get("measure_due")) or measure.due_on
    return {"measure_due": measure.due_on.isoformat()}


@operation("planner_suggestion.close", zh="办结建议", en="Close the suggestion")
def close(call: Call) -> Variables:
    """All measures have been reported on; where one was done, the suggestion was carried out."""
    suggestion = this_suggestion(call)
    if any(each.state == "done" for each in suggestion.measures):
        change_status(call.session, call.actor, suggestion, SuggestionStatus.CARRIED_OUT)
    return {}


def this_suggestion(call: Call) -> Suggestion:
    """The suggestion that the case is about."""
    return suggestion_of(call.session, identified(call.data["suggestion_id"]))


def _measure(call: Call) -> Measure:
    key = identified(call.data["measure"]["measure_id"])
    return call.session.scalars(select(Measure).where(Measure.id == key)).one()


def _tell_city(call: Call, told: Message) -> None:
    notify(call.session, "information", told, role="city_bureau.clerk", organization_id="city_bureau",
           case_id=call.case.id)  # fmt: skip
