"""The certificates of P01 told on the diagram: acceptance, the reserve, the vacancy, the withdrawal."""

from __future__ import annotations

import pytest

from tests.procedures.diagram_operations import FULING, WANZHOU, appointee, call, propose, publish, round_story, survey


def certifying(story):
    survey(story)
    call(story)
    propose(story)
    for unit in (WANZHOU, FULING):
        story.do("reply", unit, opinion="同意")
    publish(story)


def test_a_nominee_declines_and_the_reserve_takes_over_after_the_district_was_asked():
    with round_story() as story:
        certifying(story)
        story.do("accept", "nomination-2", accept="接受")
        story.do("accept", "nomination-1", accept="不接受")
        story.do("replace", choice="备选递补", reason="…")
        story.do("sign_reserve", decision="退回修改")
        story.do("replace", choice="备选递补", reason="…")
        story.do("sign_reserve", decision="签发")
        story.do("reply", opinion="同意")
        story.do("decide_reserve", decision="聘任")
        assert story.party("accept", "person") == "person-nomination-r"
        story.do("accept", accept="接受")
        assert story.status == "completed"
        assert story.run.data["receipts"]["nomination-1"]["nomination_id"] == "nomination-r"


@pytest.mark.parametrize("has_reserve", [True, False])
def test_a_post_stays_vacant_without_a_reserve_or_by_decision(has_reserve):
    with round_story(record_decline={"has_reserve": has_reserve, "moved_up": []}) as story:
        certifying(story)
        story.do("accept", "nomination-1", accept="不接受")
        story.do("replace", choice="岗位空缺" if has_reserve else "备选递补", reason="…")
        assert story.open == ["accept"]
        story.do("accept", "nomination-2", accept="接受")
        assert story.status == "completed"
        assert story.run.data["receipts"]["nomination-1"]["result"] == "vacant"


def test_the_leader_may_leave_the_post_vacant_after_the_district_has_agreed_to_the_reserve():
    with round_story() as story:
        certifying(story)
        story.do("accept", "nomination-1", accept="不接受")
        story.do("replace", choice="备选递补", reason="…")
        story.do("sign_reserve", decision="签发")
        story.do("reply", opinion="同意")
        story.do("decide_reserve", decision="不聘任", reason="…")
        assert "leave_vacant" in story.called
        assert story.open == ["accept"]


def test_no_certificate_is_made_where_the_district_is_left_without_a_person():
    with round_story() as story:
        certifying(story)
        story.do("accept", "nomination-1", accept="不接受")
        story.do("replace", choice="备选递补", reason="…")
        story.do("sign_reserve", decision="签发")
        story.do("reply", opinion="不同意", advice="…")
        story.do("mediate", agreement="岗位空缺")
        assert story.open == ["accept"]
        assert {"make_certificate", "decide_reserve", "leave_vacant"}.isdisjoint(story.called)
        assert "reserve_vacant" in story.ended_on()


def test_a_candidate_withdraws_before_the_certificate_is_signed_for():
    with round_story() as story:
        certifying(story)
        assert ("candidate_withdraws", "candidate_withdrew", "nomination-2") in story.waits()
        assert story.hear("candidate_withdrew", "nomination-2") == 1
        assert story.open == ["accept", "replace"]
        assert story.task("accept").instance_key == "nomination-1"


def test_the_receipt_shows_what_is_signed_for():
    certified = {**appointee("nomination-1"), "certificate_number": "渝规首聘〔2026〕1号", "term_start": "2026-05-01"}
    with round_story(make_certificates={"appointees": {"nomination-1": certified}}) as story:
        certifying(story)
        shown = story.task("accept").data
        assert (shown["certificate_number"], shown["unit_name"]) == ("渝规首聘〔2026〕1号", WANZHOU)
