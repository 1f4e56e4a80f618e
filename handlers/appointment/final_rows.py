"""The rows in which a leader decides the list and what becomes of districts that did not reply."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from processes import clock
from processes.registers.letters import Letter, LetterStatus, consultation_letters, letters_about
from processes.registers.nominations import CURRENT, Nomination, NominationStatus, for_post
from processes.registers.planner_posts import PlannerPost, PostStatus, posts_of
from processes.registers.rounds import Round
from processes.rules.letters import consult_reply

Row = dict[str, Any]
NO_REPLY = "未复函"
_LOST = {
    NominationStatus.WITHDRAWN: "人选退出",
    NominationStatus.DECLINED: "人选不接受",
    NominationStatus.HR_OBJECTED: "市人力社保局不同意",
}


def final_rows(session: Session, decided: Round) -> list[Row]:
    """One row a post: who is proposed, what the district said, and how it would be settled."""
    posts = [post for post in posts_of(session, decided.id) if post.status != PostStatus.CLOSED]
    ordered = sorted(posts, key=lambda post: (post.unit.place, post.unit_id, post.number))
    return [_final_row(session, decided, post) for post in ordered]


def _final_row(session: Session, decided: Round, post: PlannerPost) -> Row:
    standing = next(iter(for_post(session, post.id, *CURRENT)), None)
    start = (standing.term_start if standing else None) or max(decided.term_start or clock.today(), clock.today())
    end = (standing.term_end if standing else None) or decided.term_end
    return {
        "post": post.label,
        "unit": post.unit_id,
        "proposed": _person(standing) if standing else "",
        "reply": reply_to(session, standing) if standing else _lost(session, post),
        "settled": "聘任" if standing else "空缺",
        "person": str(standing.application_id) if standing else None,
        "term_start": start.isoformat() if standing and start else None,
        "term_end": end.isoformat() if standing and end else None,
        "reason": "" if standing else post.vacancy_reason,
        "next_step": None if standing else post.next_step or None,
    }


def _person(nomination: Nomination) -> str:
    person = nomination.application
    return f"{person.name}（{person.employer_name}）"


def _lost(session: Session, post: PlannerPost) -> str:
    """How the post lost its last person."""
    for nomination in reversed(for_post(session, post.id)):
        if nomination.status == NominationStatus.OBJECTED:
            return f"不同意：{nomination.district_reason}"
        if nomination.status in _LOST:
            return _LOST[NominationStatus(nomination.status)]
    return ""


def reply_to(session: Session, nomination: Nomination) -> str:
    """What the district has said about a person, in a few words."""
    if nomination.status in (NominationStatus.SILENT, NominationStatus.CONSULTING):
        return NO_REPLY
    letter = next((each for each in letters_about(session, nomination.id) if each.opinion), None)
    if letter is None:
        return ""
    objected = any(each.objected for each in letter.nominations if each.nomination_id == nomination.id)
    if objected:
        return f"不同意，经协调同意：{letter.advice}"
    if letter.opinion == "不同意":
        return "同意"
    return f"{letter.opinion}：{letter.advice}" if letter.advice else letter.opinion


def silent_units(session: Session, decided: Round) -> dict[str, Letter]:
    """The units that have not replied about a person who still stands, each with its latest letter."""
    found: dict[str, Letter] = {}
    for letter in consultation_letters(session, decided.id):
        open_still = letter.status in (LetterStatus.WAITING, LetterStatus.DECIDED_WITHOUT_REPLY)
        waits = {NominationStatus.SILENT, NominationStatus.CONSULTING}
        if letter.unit_id and open_still and any(each.nomination.status in waits for each in letter.nominations):
            found[letter.unit_id] = letter
    return found


def silent_rows(session: Session, decided: Round) -> list[Row]:
    """One row a silent unit: silence is decided on, with a reason, never taken for consent."""
    return [
        {"unit": unit_id, "leader_decision": _so_far(letter), "decision": None, "reason": ""}
        for unit_id, letter in silent_units(session, decided).items()
    ]


def _so_far(letter: Letter) -> str:
    if not letter.silence_decision:
        return f"{letter.number}尚未复函"
    on = clock.local(letter.silence_at).date() if letter.silence_at else letter.sent_on
    waited = consult_reply(letter.sent_on, as_of=on).days_waiting
    return f"{letter.silence_by}决定{letter.silence_decision}（已等待{waited}天）：{letter.silence_reason}"
