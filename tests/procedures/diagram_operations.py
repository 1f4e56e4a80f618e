"""Short answers of the operations: two districts, one of them with a reserve, everybody content."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from tests.procedures.diagram_story import Answer, Story, telling

Data = dict[str, Any]
WANZHOU, FULING = "500101", "500102"


def party(unit: str, letter: str = "", due: str = "2026-03-16") -> Data:
    """A unit as the case carries it."""
    return {"unit_id": unit, "unit_name": f"区{unit}", "letter_id": letter or f"letter-{unit}", "reply_due": due}


def appointee(nomination: str, unit: str = WANZHOU) -> Data:
    """A nominee who gets a certificate."""
    person = f"person-{nomination}"
    return {"nomination_id": nomination, "person_id": person, "name": nomination, "unit_id": unit, "unit_name": unit}


def outcome(result: str) -> Answer:
    """What an operation of a consultation leaves."""
    return lambda data: {"outcome": {"unit_id": data["party"]["unit_id"], "result": result}}


def answered(state: str) -> Answer:
    """What the survey of a unit leaves."""
    return lambda data: {"answer": {"unit_id": data["party"]["unit_id"], "state": state}}


def _replied(data: Data) -> Data:
    result = "objected" if data["opinion"] == "不同意" else "agreed"
    return {"outcome": {"unit_id": data["party"]["unit_id"], "result": result}, "objections": 1}


def _silence(data: Data) -> Data:
    result = {"视情推进": "silent", "改派备选": "reserve"}[data["decision"]]
    return {"outcome": {"unit_id": data["party"]["unit_id"], "result": result}}


def _mediated(data: Data) -> Data:
    result = {"区县同意原人选": "agreed", "改派备选": "reserve", "岗位空缺": "vacant"}[data["agreement"]]
    return {"outcome": {"unit_id": data["party"]["unit_id"], "result": result}}


def _receipt(result: str) -> Answer:
    return lambda data: {"receipt": {"nomination_id": data["appointee"]["nomination_id"], "result": result}}


ROUND: dict[str, Answer] = {
    "appointment.open_round": {
        "round_id": "round-1", "hr_rounds": 0, "survey": {unit: party(unit) for unit in (WANZHOU, FULING)},
    },
    "appointment.open_short_round": {"round_id": "round-9", "round_name": "万州区增补", "hr_rounds": 0},
    "appointment.record_need": answered("answered"),
    "appointment.record_unanswered": answered("closed"),
    "appointment.collect_needs": {"need_rows": []},
    "appointment.create_posts": {"posts_total": 2, "units_total": 2, "no_need_total": 0},
    "appointment.open_call": lambda data: {"apply_until": data["apply_until"]},
    "appointment.close_call": {"pending": 0},
    "appointment.build_book": {"candidates_total": 3, "conflicts_total": 0, "post_rows": [], "route_b_rows": []},
    "appointment.record_deliberation": {"second_call": False, "nominees_total": 2, "vacant_total": 0},
    "appointment.apply_hr_objection": lambda data: {"hr_rounds": data["hr_rounds"] + 1},
    "appointment.draft_letters": {"letter_rows": []},
    "appointment.issue_letters": {"consultations": {unit: party(unit, due="2026-04-20") for unit in (WANZHOU, FULING)}},
    "appointment.record_reply": _replied,
    "appointment.look_at_silence": {"silence_consents": False},
    "appointment.record_silence": _silence,
    "appointment.record_mediation": _mediated,
    "appointment.use_reserve": {"has_reserve": True, "moved_up": ["nomination-r"]},
    "appointment.issue_reserve_letter": {"party": party(WANZHOU, "letter-2", "2026-05-11")},
    "appointment.record_vacancy": outcome("vacant"),
    "appointment.sum_replies": {"agreed_total": 2, "vacant_total": 0, "silent_total": 0},
    "appointment.record_decision": {"unconsulted": {}},
    "appointment.make_certificates": {"appointees": {one: appointee(one) for one in ("nomination-1", "nomination-2")}},
    "appointment.enter_registers": _receipt("appointed"),
    "appointment.leave_vacant": _receipt("vacant"),
    "appointment.record_decline": {"has_reserve": True, "moved_up": ["nomination-r"]},
    "appointment.make_certificate": {"appointee": appointee("nomination-r")},
    "appointment.close_round": {"appointed_total": 2, "vacant_total": 0, "open_applications": ["application-1"],
                               "ended_for": "round-1"},
}  # fmt: skip
APPLICATION: dict[str, Answer] = {
    "application.check": {"rule_result": "MEETS_GENERAL", "check_items": [], "employer_id": "employer-1"},
    "application.ask_supplement": lambda data: {"rounds": data["rounds"] + 1},
    "application.settle": {"all_settled": False},
    "application.record_employer": lambda data: {"consent_lost": data["consent"] == "不同意"},
    "application.withdraw": {"nomination_id": "", "letter_id": "", "all_settled": False},
}


def survey(story: Story) -> None:
    """From the start to the posts: both districts have a need."""
    story.do("draft_survey", reply_due="2026-03-16")
    story.do("sign_survey", decision="签发")
    for unit in (WANZHOU, FULING):
        story.do("state_need", unit, handling="直接填报")
    story.do("fix_posts")


def call(story: Story) -> None:
    """The call, until the book lies on the table."""
    story.do("publish_call", apply_until="2026-04-03")
    story.wait_until("2026-04-03")


def propose(story: Story) -> None:
    """Deliberation, the HR bureau's consent, letters."""
    story.do("deliberate")
    story.do("hr_confirm", opinion="同意")
    story.do("sign_letters", decision="签发")


def publish(story: Story) -> None:
    """From the replies to the certificates."""
    story.do("decide_list")
    story.do("publish_list")


def round_story(**answers: Answer) -> AbstractContextManager[Story]:
    """A round in which some elements answer otherwise."""
    return telling("appointment", {**ROUND, **answers}, round_name="2026—2028聘期")
