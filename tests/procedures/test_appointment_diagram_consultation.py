"""The consultation of one district told on the diagram: silence is never consent, an objection never the end."""

from __future__ import annotations

import pytest

from tests.procedures.diagram_operations import ROUND, WANZHOU, party
from tests.procedures.diagram_story import PROGRAM, telling


def consulting(**answers):
    """A letter has just gone out to 万州区, to be answered by 2026-03-16."""
    return telling("consultation", {**ROUND, **answers}, party=party(WANZHOU, "letter-1"))


def result(story):
    return story.run.data["outcome"]["result"]


@pytest.mark.parametrize("opinion", ["同意", "同意并提出建议"])
def test_a_district_agrees(opinion):
    with consulting() as story:
        assert story.party("reply", "unit") == WANZHOU
        assert story.title("reply") == f"征求意见函：区{WANZHOU}"
        assert story.due("reply") == "2026-03-16"
        story.do("reply", opinion=opinion)
        assert (story.status, result(story)) == ("completed", "agreed")
        assert story.ended_on()[-1] == "district_heard"


def test_people_are_reminded_before_on_and_after_the_day_and_the_leader_is_told():
    properties = PROGRAM.elements["reply"].properties
    assert properties["remind"] == "-3wd, 0wd, +3wd"
    assert properties["escalate"] == "city_bureau.leader@+5wd"


def test_silence_is_put_to_the_leader_and_never_becomes_consent_by_itself():
    with consulting() as story:
        story.wait_until("2026-03-20")
        assert story.open == ["reply"]
        story.wait_until("2026-03-23")
        assert story.open == ["reply", "silent_decision"]
        story.wait_until("2027-03-23")
        assert story.open == ["reply", "silent_decision"]
        assert "outcome" not in story.run.data


def test_silence_is_consent_only_where_both_bureaus_have_read_it_so():
    consent = {"silence_consents": True, "outcome": {"unit_id": WANZHOU, "result": "agreed"}}
    with consulting(**{"appointment.look_at_silence": consent}) as story:
        story.wait_until("2026-03-23")
        assert (story.status, result(story)) == ("completed", "agreed")
        assert "record_silence" not in story.called


def test_the_leader_waits_and_is_asked_again():
    with consulting() as story:
        story.wait_until("2026-03-23")
        story.do("silent_decision", decision="继续等待", reason="…")
        assert story.open == ["reply"]
        story.wait_until("2026-03-25")
        assert story.open == ["reply"]
        story.wait_until("2026-03-26")
        assert story.open == ["reply", "silent_decision"]


def test_the_leader_goes_on_without_a_reply():
    with consulting() as story:
        story.wait_until("2026-03-23")
        story.do("silent_decision", decision="视情推进", reason="…")
        assert (story.status, result(story)) == ("completed", "silent")
        assert "record_silence" in story.called


def test_the_leader_takes_the_reserve_of_a_silent_district():
    with consulting() as story:
        story.wait_until("2026-03-23")
        story.do("silent_decision", decision="改派备选", reason="…")
        assert story.open == ["sign_new_letter"]
        story.do("sign_new_letter", decision="签发")
        assert story.due("reply") == "2026-05-11"
        story.do("reply", opinion="同意")
        assert result(story) == "agreed"


def test_a_late_reply_still_counts_and_ends_the_leaders_task():
    with consulting() as story:
        story.wait_until("2026-03-23")
        story.do("reply", opinion="同意")
        assert (story.status, result(story)) == ("completed", "agreed")


def test_an_objection_after_the_day_leaves_nothing_of_the_silence():
    with consulting() as story:
        story.wait_until("2026-03-23")
        story.do("reply", opinion="不同意", advice="…")
        assert story.open == ["mediate"]
        assert story.run.timers() == []


@pytest.mark.parametrize(
    ("agreement", "status", "goes_on", "end"),
    [
        ("区县同意原人选", "completed", [], "agreed"),
        ("岗位空缺", "completed", [], "vacant"),
        ("改派备选", "running", ["sign_new_letter"], "reserve"),
    ],
)
def test_an_objection_is_mediated(agreement, status, goes_on, end):
    with consulting() as story:
        story.do("reply", opinion="不同意", advice="专业方向不符")
        assert story.task("mediate").data["advice"] == "专业方向不符"
        story.do("mediate", agreement=agreement, reason="…")
        assert (story.status, story.open, result(story)) == (status, goes_on, end)


def test_a_second_objection_to_the_same_post_is_talked_over_by_the_leaders():
    twice = {"outcome": {"unit_id": WANZHOU, "result": "objected"}, "objections": 2}
    with consulting(record_reply=twice) as story:
        story.do("reply", opinion="不同意", advice="…")
        assert story.open == ["leaders_talk"]
        story.do("leaders_talk", agreement="区县同意原人选", reason="…")
        assert result(story) == "agreed"


def test_the_reserve_needs_a_letter_of_its_own_to_this_district_only():
    with consulting() as story:
        story.do("reply", opinion="不同意", advice="…")
        story.do("mediate", agreement="改派备选", reason="…")
        story.do("sign_new_letter", decision="签发")
        assert story.task("reply").data["party"]["letter_id"] == "letter-2"
        assert ("nominee_withdraws", "nominee_withdrew", "letter-2") in story.waits()
        assert story.called.count("issue_reserve_letter") == 1
        story.wait_until("2026-05-17")
        assert story.open == ["reply"]
        story.wait_until("2026-05-18")
        assert story.open == ["reply", "silent_decision"]


@pytest.mark.parametrize("without", ["reserve", "signature"])
def test_the_post_stays_vacant_without_a_reserve_or_without_a_letter(without):
    with consulting(use_reserve={"has_reserve": without != "reserve", "moved_up": []}) as story:
        story.do("reply", opinion="不同意", advice="…")
        story.do("mediate", agreement="改派备选", reason="…")
        if without == "signature":
            story.do("sign_new_letter", decision="退回修改")
        assert (story.status, result(story)) == ("completed", "vacant")
        assert story.ended_on()[-1] == "district_vacant"


@pytest.mark.parametrize("step", ["reply", "silent_decision", "mediate"])
def test_a_nominee_who_withdraws_is_replaced_wherever_the_consultation_stands(step):
    with consulting() as story:
        if step == "silent_decision":
            story.wait_until("2026-03-23")
        if step == "mediate":
            story.do("reply", opinion="不同意", advice="…")
        assert step in story.open
        assert story.hear("nominee_withdrew", "letter-9") == 0
        assert story.hear("nominee_withdrew", "letter-1") == 1
        assert story.open == ["sign_new_letter"]


def test_a_letter_to_an_abolished_unit_goes_to_its_successor():
    successor = {"party": party("500199", "letter-3", "2026-04-13")}
    with consulting(reissue_to_successor=successor) as story:
        story.wait_until("2026-03-23")
        assert story.hear("unit_succeeded", WANZHOU, successor_unit_id="500199") == 1
        assert story.open == ["reply"]
        assert story.party("reply", "unit") == "500199"
        assert story.due("reply") == "2026-04-13"


def test_the_form_shows_the_nominees_of_the_letter():
    asked = {**party(WANZHOU), "nominee_rows": [{"post": "万州区岗位1", "name": "周礼"}]}
    with telling("consultation", ROUND, party=asked) as story:
        assert story.task("reply").data["nominee_rows"] == [{"post": "万州区岗位1", "name": "周礼"}]
