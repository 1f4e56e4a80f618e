"""征求意见: letters are drafted, signed and sent; about a reserve, or to a successor, anew (第六条(四))."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from handlers.answers import answers, identified, identified_all, needed_day, text, this_round
from handlers.appointment.consultation_letters import consult, party_of
from handlers.appointment.post_rows import nominee_row
from handlers.parties import government_of, unit_of
from handlers.registry import operation
from processes import clock
from processes.engine.house import Call
from processes.errors import Conflict
from processes.messages import message
from processes.registers.history import change_status
from processes.registers.letters import Letter, letter_of, letters_about, supersede
from processes.registers.nominations import (
    CURRENT,
    Nomination,
    NominationStatus,
    for_post,
    move_up,
    nomination_of,
    nominations_of,
    stand,
)
from processes.registers.planner_posts import PlannerPost, PostStatus, declare_vacant, move_to_unit, posts_of
from processes.registers.rounds import Round, RoundStatus
from processes.registers.switches import readings_on

Variables = dict[str, Any]


@operation("appointment.draft_letters", zh="拟定征求意见函", en="Draft the consultation letters")
def draft_letters(call: Call) -> Variables:
    """List every person about whom a unit has still to be asked; the reserve stands in for one who has withdrawn."""
    asked_by = this_round(call)
    for post in posts_of(call.session, asked_by.id):
        if post.status == PostStatus.PROPOSED and not for_post(call.session, post.id, *CURRENT):
            _fill(call, post)
    waiting = _waiting(call, asked_by)
    return {"letter_rows": [_letter_row(call, each) for each in waiting], "reply_due": _reply_due(call).isoformat()}


def _fill(call: Call, post: PlannerPost) -> None:
    """The nominee has withdrawn before the letters went out."""
    if move_up(call.session, call.actor, post, "原建议人选退出") is None:
        declare_vacant(call.session, call.actor, post, "建议人选退出，无备选人选")


def _waiting(call: Call, asked_by: Round) -> list[Nomination]:
    found = nominations_of(call.session, asked_by.id, NominationStatus.PROPOSED)
    return sorted(found, key=lambda each: (each.post.unit.place, each.post.number))


def _letter_row(call: Call, nomination: Nomination) -> Variables:
    unit_id = nomination.post.unit_id
    addressee = government_of(call.session, unit_id).name
    return {"unit": unit_id, "addressee": addressee, **nominee_row(nomination)}


@operation("appointment.issue_letters", zh="发出征求意见函", en="Send the consultation letters")
def issue_letters(call: Call) -> Variables:
    """One numbered letter to each government about the people proposed for its unit."""
    asked_by = this_round(call)
    due = needed_day(answers(call), "reply_due")
    by_unit: dict[str, list[Nomination]] = {}
    for nomination in _waiting(call, asked_by):
        by_unit.setdefault(nomination.post.unit_id, []).append(nomination)
    letters = [consult(call, unit_id, nominations, due) for unit_id, nominations in by_unit.items()]
    change_status(call.session, call.actor, asked_by, RoundStatus.CONSULTATION)
    return {"consultations": {str(letter.unit_id): party_of(letter) for letter in letters}}


@operation("appointment.issue_reserve_letter", zh="就备选人选另行发函", en="Send a letter about the reserve")
def issue_reserve_letter(call: Call) -> Variables:
    """Ask the one district about its reserve; no other district is asked again."""
    nominations = moved_up(call)
    units = {each.post.unit_id for each in nominations}
    if len(units) != 1:
        raise Conflict(message("备选人选已不可用，请重新选择处理方式。"))
    due = _reply_due(call)
    letter = consult(call, units.pop(), nominations, due)
    _replace_older(call, letter, nominations)
    return _told(letter)


def _reply_due(call: Call) -> date:
    """The last day for a reply to a letter of today; it does not move with a later reading (第六条(四), D)."""
    limit = readings_on(call.session).number("reply.limit_wd")
    return call.house.calendar.add_workdays(clock.today(), limit)


def moved_up(call: Call) -> list[Nomination]:
    """The reserves that have moved up and still stand."""
    ids = identified_all(call.data.get("moved_up"))
    return [each for each in (nomination_of(call.session, one) for one in ids) if each.status in CURRENT]


def _replace_older(call: Call, letter: Letter, nominations: Sequence[Nomination]) -> None:
    """A letter about a person who was replaced is superseded once nobody of it is in question any more."""
    posts, asked = {each.post_id for each in nominations}, {each.id for each in nominations}
    for old in {each for post in posts for named in for_post(call.session, post) for each in _about(call, named)}:
        still = any(each.nomination.status in CURRENT and each.nomination_id not in asked for each in old.nominations)
        if old.id != letter.id and old.superseded_by_id is None and not still:
            supersede(call.session, call.actor, old, letter, f"另行发函{letter.number}")


def _about(call: Call, nomination: Nomination) -> Sequence[Letter]:
    return letters_about(call.session, nomination.id)


def _told(letter: Letter) -> Variables:
    party = party_of(letter)
    return {"party": party, "nominee_rows": party["nominee_rows"]}


@operation("appointment.reissue_to_successor", zh="向承接单位重新发函", en="Send the letter to the successor")
def reissue_to_successor(call: Call) -> Variables:
    """A unit was dissolved while its letter was out: its successor's government is asked instead."""
    old = letter_of(call.session, identified(call.data["party"]["letter_id"]))
    said = call.data.get("successor_unit_id") or unit_of(call.session, call.data["party"]["unit_id"]).successor_id
    successor = str(said or "")
    government_of(call.session, successor)
    nominations = [each.nomination for each in old.nominations if each.nomination.status in CURRENT]
    for nomination in nominations:
        move_to_unit(call.session, nomination.post, successor)
        if nomination.status == NominationStatus.CONSULTING:
            stand(call.session, call.actor, nomination, NominationStatus.PROPOSED, "服务单元撤并")
    due = _reply_due(call)
    letter = consult(call, successor, nominations, due)
    supersede(call.session, call.actor, old, letter, text(call.data, "reason") or "服务单元撤并，改向承接单位发函")
    return _told(letter)
