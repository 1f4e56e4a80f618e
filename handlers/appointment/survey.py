"""需求调查: the needs of the units are asked for, answered or closed, and become posts (第六条(一))."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.answers import answers, file_id, identified, last_sent, needed_day, rows, sent, text, this_round
from handlers.documents import draft, issue
from handlers.parties import addressees, government_of, unit_of
from handlers.registry import operation
from processes import clock
from processes.engine.house import Call
from processes.identity.models import Unit
from processes.identity.units import units_on
from processes.registers import needs, planner_posts, rounds
from processes.registers.history import change_status
from processes.registers.letters import LetterKind, send_letter
from processes.registers.needs import Need, NeedStatus
from processes.registers.rounds import Round, RoundStatus

Variables = dict[str, Any]
SURVEY_WORKDAYS = 10
"""Working days a unit has for its need where the survey is sent to it anew (D)."""


@operation("appointment.open_round", zh="建立选聘轮次", en="Open the round")
def open_round(call: Call) -> Variables:
    """Open the round, or bring it up to date after the leader has sent the notice back; drafts T01."""
    given = answers(call)
    due = needed_day(given, "reply_due")
    known = call.data.get("round_id")
    opened = (
        this_round(call)
        if known
        else rounds.open_round(call.session, call.actor, text(given, "round_name"), case_id=call.case.id)
    )
    opened.name = rounds.unused_name(call.session, text(given, "round_name"), opened)
    opened.reply_due, opened.contact, opened.phone = due, text(given, "contact"), text(given, "phone")
    units = _surveyed(call, given)
    needs.ask(call.session, call.actor, opened, [unit.id for unit in units])
    draft(call, "need_survey_notice", _notice(call, opened, units))
    survey = {unit.id: {"unit_id": unit.id, "unit_name": unit.name, "reply_due": due.isoformat()} for unit in units}
    return {"round_id": str(opened.id), "hr_rounds": 0, "survey": survey}


@operation("appointment.send_survey", zh="发出需求调查通知", en="Send the survey")
def send_survey(call: Call) -> None:
    """Number the notice and enter one letter for each government."""
    opened = this_round(call)
    units = [unit_of(call.session, unit_id) for unit_id in call.data["survey"]]
    notice = issue(call, "need_survey_notice", _notice(call, opened, units), number=_given_number(call))
    for unit in units:
        send_letter(
            call.session,
            call.actor,
            government_of(call.session, unit.id),
            number=notice.number,
            kind=LetterKind.NEED_SURVEY,
            round_id=opened.id,
            case_id=call.case.id,
            subject=f"关于开展{opened.name}区县首席规划师需求调查的通知",
            sent_on=clock.today(),
            due_on=opened.reply_due,
            file_id=notice.file_id,
        )


def _surveyed(call: Call, given: Mapping[str, Any]) -> list[Unit]:
    """The units chosen; all that are served today where none was chosen."""
    chosen = given.get("unit_ids") or ()
    return [unit_of(call.session, unit_id) for unit_id in chosen] or units_on(call.session, clock.today())


def _given_number(call: Call) -> str | None:
    """The number that the document office has given to the notice itself."""
    notice = last_sent(call.session, call.case, "survey_notice")
    return (text(notice.answers, "doc_no") if notice else "") or None


def _notice(call: Call, opened: Round, units: list[Unit]) -> Variables:
    return {
        "term": opened.name,
        "recipients": addressees(call.session, units, clock.today()),
        "reply_by": opened.reply_due,
        "contact": opened.contact,
        "phone": opened.phone,
    }


def _party_need(call: Call) -> Need:
    return needs.need_of(call.session, identified(call.data["round_id"]), call.data["party"]["unit_id"])


@operation("appointment.record_need", zh="登记区县需求", en="Record the need")
def record_need(call: Call) -> Variables:
    """Write down what one unit has answered."""
    submission = sent(call)
    need = _party_need(call)
    needs.answer(call.session, call.actor, need, **_need_content(submission.answers))
    return {"answer": {"unit_id": need.unit_id, "state": "answered"}}


def _need_content(given: Mapping[str, Any]) -> Variables:
    wanted = given.get("has_need") in (True, "需要")
    return {
        "has_need": wanted,
        "posts": int(given.get("posts") or 0) if wanted else 0,
        "specialties": list(given.get("specialties") or ()),
        "key_projects": [dict(row) for row in rows(given, "key_projects")],
        "annual_demand": given.get("annual_demand"),
        "wish_person": text(given, "wish_person"),
        "contact": text(given, "contact"),
        "phone": text(given, "phone"),
        "reason": text(given, "reason") or text(given, "third_reason"),
        "scan_file_id": file_id(given.get("signed_scan")),
    }


@operation("appointment.record_unanswered", zh="登记未答复的区县", en="Close an unanswered survey")
def record_unanswered(call: Call) -> Variables:
    """Close the survey of a unit: the process owner's decision, with the reason."""
    need = _party_need(call)
    needs.close_unanswered(call.session, call.actor, need, text(answers(call), "reason"))
    return {"answer": {"unit_id": need.unit_id, "state": "closed"}}


@operation("appointment.reissue_survey", zh="向承接单位重新调查", en="Survey the successor")
def reissue_survey(call: Call) -> Variables:
    """A unit was dissolved: its need is merged into its successor, which answers anew where so decided."""
    old = _party_need(call)
    successor = unit_of(call.session, str(call.data["successor"]))
    into = needs.merge(call.session, call.actor, old, successor.id, text(call.data, "reason"))
    refill = call.data.get("decision") == "由承接单位填报" and into.status == NeedStatus.ASKED
    due = call.house.calendar.add_workdays(clock.today(), SURVEY_WORKDAYS)
    party = {"unit_id": successor.id, "unit_name": successor.name, "reply_due": due.isoformat()}
    if not refill:
        _take_over(call, old, into)
    return {"party": party, "refill": refill, "answer": {"unit_id": old.unit_id, "state": "merged"}}


def _take_over(call: Call, old: Need, into: Need) -> None:
    """What the dissolved unit had asked for is added to what its successor asks for."""
    if not old.has_need:
        return
    both = {
        "has_need": True,
        "posts": into.posts + old.posts,
        "specialties": list(dict.fromkeys([*into.specialties, *old.specialties])),
        "key_projects": [*into.key_projects, *old.key_projects],
        "reason": into.reason or f"并入{old.unit.name}的需求",
    }
    needs.answer(call.session, call.actor, into, **both)


@operation("appointment.collect_needs", zh="汇总需求", en="Collect the needs")
def collect_needs(call: Call) -> Variables:
    """One row a unit for the city bureau to fix the posts."""
    return {"need_rows": [_need_row(need) for need in needs.needs_of(call.session, this_round(call).id)]}


def _need_row(need: Need) -> Variables:
    return {
        "unit": need.unit_id,
        "state": need_state(need),
        "asked": need.posts,
        "specialties": "、".join(need.specialties),
        "wish": need.wish_person,
        "posts": need.posts if need.status == NeedStatus.ANSWERED else 0,
        "reason": "",
    }


def need_state(need: Need) -> str:
    """What a unit has answered, in a word."""
    if need.status == NeedStatus.ANSWERED:
        return "需要" if need.has_need else "不需要"
    return "已并入" if need.status == NeedStatus.MERGED else "未答复"


@operation("appointment.create_posts", zh="建立岗位", en="Create the posts")
def create_posts(call: Call) -> Variables:
    """Make the posts that were fixed; a round without any ends here."""
    fixed = {row["unit"]: row for row in rows(answers(call), "need_rows")}
    made = units_total = no_need = 0
    opened = this_round(call)
    for need in needs.needs_of(call.session, opened.id):
        row = fixed.get(need.unit_id, {})
        count = int(row.get("posts") or 0)
        planner_posts.create_posts(call.session, call.actor, need, count, text(row, "reason"))
        made += count
        units_total += bool(count)
        no_need += need.status == NeedStatus.ANSWERED and not need.has_need
    if not made:
        change_status(call.session, call.actor, opened, RoundStatus.NO_POSTS)
        opened.ended_at = clock.now()
    return {"posts_total": made, "units_total": units_total, "no_need_total": no_need}


@operation("appointment.open_short_round", zh="建立补选轮次", en="Open a round for one vacancy")
def open_short_round(call: Call) -> Variables:
    """The short form of a round for one vacant post: phases two to five."""
    post = planner_posts.post_of(call.session, identified(call.data.get("post_id")))
    today = clock.today()
    name = rounds.numbered_name(call.session, f"{post.label}补选（{today.year}年）")
    opened = rounds.open_round(call.session, call.actor, name, case_id=call.case.id, short=True)
    before = post.round
    opened.contact, opened.phone = before.contact, before.phone
    planner_posts.take_over(call.session, call.actor, post, opened, text(call.data, "reason"))
    told = {"contact": opened.contact, "phone": opened.phone}
    return {"round_id": str(opened.id), "round_name": name, "hr_rounds": 0, **told}
