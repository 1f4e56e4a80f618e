"""复函: what a district answers, what is decided where it does not, what follows from an objection (第六条(四))."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.answers import answers, day, file_id, identified, identified_all, sent, text
from handlers.registry import operation
from processes import clock
from processes.engine.house import Call
from processes.registers import letters
from processes.registers.letters import Letter, LetterStatus
from processes.registers.nominations import (
    CURRENT,
    Nomination,
    NominationStatus,
    for_post,
    move_up,
    stand,
)
from processes.registers.planner_posts import PlannerPost, declare_vacant
from processes.registers.switches import readings_on

Variables = dict[str, Any]
AGREE, OBJECT = "同意", "不同意"
GO_ON, USE_RESERVE = "视情推进", "改派备选"
CONSENTED = "视为同意"
AGREED_AFTER_TALKS, LEAVE_VACANT = "区县同意原人选", "岗位空缺"
HEARD = frozenset({NominationStatus.AGREED, NominationStatus.SILENT, NominationStatus.CONFIRMED})
"""The district has been heard about the person, or a leader has decided without it."""


def _letter(call: Call) -> Letter:
    return letters.letter_of(call.session, identified(call.data["party"]["letter_id"]))


def _outcome(call: Call, result: str) -> Variables:
    return {"outcome": {"unit_id": call.data["party"]["unit_id"], "result": result}}


@operation("appointment.record_reply", zh="登记复函", en="Record the reply")
def record_reply(call: Call) -> Variables:
    """Write down the district's opinion; it may object to one person of a letter and agree to another."""
    given = answers(call)
    letter = _letter(call)
    letters.receive_reply(call.session, call.actor, letter, **_reply(given))
    objects = given.get("opinion") == OBJECT
    named = set(identified_all(given.get("objected"))) or {each.nomination_id for each in letter.nominations}
    for place in letter.nominations:
        place.objected = objects and place.nomination_id in named
        place.nomination.district_reason = text(given, "advice")
        if place.nomination.status in CURRENT:
            status = NominationStatus.OBJECTED if place.objected else NominationStatus.AGREED
            stand(call.session, call.actor, place.nomination, status, text(given, "advice"))
    call.session.flush()
    objected = [place.nomination.post_id for place in letter.nominations if place.objected]
    times = max((letters.objections_to(call.session, post_id) for post_id in objected), default=0)
    return {**_outcome(call, "objected" if objected else "agreed"), "objections": times}


def _reply(given: Mapping[str, Any]) -> Variables:
    return {
        "opinion": text(given, "opinion"),
        "advice": text(given, "advice"),
        "other_wish": text(given, "other_wish"),
        "reply_no": text(given, "reply_no"),
        "replied_on": day(given.get("reply_date")) or clock.today(),
        "reply_file_id": file_id(given.get("scan")),
    }


@operation("appointment.look_at_silence", zh="按口径核对未复函", en="Read what silence means")
def look_at_silence(call: Call) -> Variables:
    """Where both bureaus read silence as consent, the people asked about are agreed to, and the letter says why.

    Under any other reading nothing follows by itself (switch `reply.silence`).
    """
    readings = readings_on(call.session)
    if readings.choice("reply.silence") != "consent":
        return {"silence_consents": False}
    letter = _letter(call)
    why = f"逾期未复函，按解释口径视为同意（口径版本{readings.version}）"
    letters.decide_silence(call.session, call.actor, letter, CONSENTED, why, ends=True)
    for place in letter.nominations:
        if place.nomination.status == NominationStatus.CONSULTING:
            stand(call.session, call.actor, place.nomination, NominationStatus.AGREED, why)
    return {"silence_consents": True, **_outcome(call, "agreed")}


@operation("appointment.record_silence", zh="登记未复函的处理", en="Record the decision without a reply")
def record_silence(call: Call) -> Variables:
    """Silence is no consent: a leader decides, with the reason, and the desk keeps who, when and why."""
    given = answers(call)
    letter, decision, reason = _letter(call), text(given, "decision"), text(given, "reason")
    ends = decision in (GO_ON, USE_RESERVE)
    letters.decide_silence(call.session, call.actor, letter, decision, reason, ends=ends)
    if decision != GO_ON:
        return _outcome(call, "reserve" if decision == USE_RESERVE else "waiting")
    for place in letter.nominations:
        if place.nomination.status == NominationStatus.CONSULTING:
            stand(call.session, call.actor, place.nomination, NominationStatus.SILENT, reason)
    return _outcome(call, "silent")


@operation("appointment.record_mediation", zh="登记协调结果", en="Record what the talks came to")
def record_mediation(call: Call) -> Variables:
    """After an objection the district agrees after all, or the reserve is used, or the post stays vacant."""
    submission = sent(call)
    agreement, reason = text(submission.answers, "agreement"), text(submission.answers, "reason")
    letter = _letter(call)
    letter.mediation = f"{agreement}：{reason}（{submission.person}）"
    if agreement != AGREED_AFTER_TALKS:
        return _outcome(call, "vacant" if agreement == LEAVE_VACANT else "reserve")
    for place in letter.nominations:
        if place.nomination.status == NominationStatus.OBJECTED:
            stand(call.session, call.actor, place.nomination, NominationStatus.AGREED, letter.mediation)
    return _outcome(call, "agreed")


@operation("appointment.use_reserve", zh="启用备选人选", en="Use the reserve")
def use_reserve(call: Call) -> Variables:
    """The next reserve moves up at each post of the letter that has nobody.

    Whoever of the same letter has still to be answered about is asked about again, together with the reserve.
    """
    asked: list[Nomination] = []
    without: list[PlannerPost] = []
    for post in _unheard(call):
        standing = _still_asked_about(call, post) or move_up(call.session, call.actor, post, "启用备选人选")
        if standing is None:
            without.append(post)
        else:
            asked.append(standing)
    for post in without if asked else ():
        declare_vacant(call.session, call.actor, post, _why_vacant(call, post))
    return {"has_reserve": bool(asked), "moved_up": [str(each.id) for each in asked]}


def _unheard(call: Call) -> list[PlannerPost]:
    """The posts of the letter about whose person the district has not been heard, or that lost their person."""
    posts = {place.nomination.post_id: place.nomination.post for place in _letter(call).nominations}
    return [post for post_id, post in posts.items() if not for_post(call.session, post_id, *HEARD)]


def _still_asked_about(call: Call, post: PlannerPost) -> Nomination | None:
    """The person of an open question; dropped where a leader has decided to wait no longer and to use the reserve."""
    standing = for_post(call.session, post.id, *CURRENT)
    if standing and _letter(call).status == LetterStatus.DECIDED_WITHOUT_REPLY:
        stand(call.session, call.actor, standing[0], NominationStatus.DROPPED, "未复函，改派备选")
        return None
    return standing[0] if standing else None


@operation("appointment.record_vacancy", zh="登记岗位空缺", en="Record the vacancy")
def record_vacancy(call: Call) -> Variables:
    """The posts of the letter that have nobody stay vacant, with the reason; a person once asked about still stands."""
    for post in _unheard(call):
        for nomination in for_post(call.session, post.id, NominationStatus.PROPOSED):
            stand(call.session, call.actor, nomination, NominationStatus.DROPPED, "未另行发函")
        if not for_post(call.session, post.id, *CURRENT):
            declare_vacant(call.session, call.actor, post, _why_vacant(call, post))
    return _outcome(call, "vacant")


def _why_vacant(call: Call, post: PlannerPost) -> str:
    letter = _letter(call)
    if letter.mediation:
        return letter.mediation
    if letter.opinion == OBJECT:
        return f"区县不同意：{letter.advice}"
    if letter.status == LetterStatus.DECIDED_WITHOUT_REPLY:
        return f"区县未复函：{letter.silence_reason}"
    named = for_post(call.session, post.id, NominationStatus.WITHDRAWN, NominationStatus.DECLINED)
    return "人选退出，无备选人选" if named else "无备选人选"
