"""The round of P01 told on the diagram: the straight way and every exception up to the certificates."""

from __future__ import annotations

import pytest

from tests.procedures.diagram_operations import (
    FULING,
    ROUND,
    WANZHOU,
    answered,
    call,
    party,
    propose,
    publish,
    round_story,
    survey,
)
from tests.procedures.diagram_story import telling


def test_the_straight_way_leads_through_all_five_phases():
    with round_story() as story:
        assert story.open == ["draft_survey"]
        survey(story)
        call(story)
        assert story.open == ["deliberate"]
        propose(story)
        for unit in (WANZHOU, FULING):
            story.do("reply", unit, opinion="同意")
        publish(story)
        for one in ("nomination-1", "nomination-2"):
            assert story.party("accept", "person", one) == f"person-{one}"
            story.do("accept", one, accept="接受")
        assert story.status == "completed"
        assert story.told() == [("round_result", "application-1"), ("round_ended", "round-1")]
        assert story.ended_on()[-1] == "round_done"
        assert [each["result"] for each in story.run.data["receipts"].values()] == ["appointed", "appointed"]
        assert [each["result"] for each in story.run.data["replies"].values()] == ["agreed", "agreed"]


def test_a_notice_that_comes_back_is_drafted_again():
    with round_story() as story:
        story.do("draft_survey", reply_due="2026-03-16")
        story.do("sign_survey", decision="退回修改")
        assert story.open == ["draft_survey"]


# survey of needs


def surveying(story):
    story.do("draft_survey", reply_due="2026-03-16")
    story.do("sign_survey", decision="签发")


def test_each_district_states_its_need_at_its_own_pace():
    with round_story() as story:
        surveying(story)
        assert story.party("state_need", "unit", WANZHOU) == WANZHOU
        assert story.title("state_need", FULING) == f"填报需求：区{FULING}"
        assert story.due("state_need", WANZHOU) == "2026-03-16"
        story.do("state_need", WANZHOU, handling="直接填报")
        assert story.open == ["state_need"]
        story.do("state_need", FULING, handling="直接填报")
        assert story.open == ["fix_posts"]


def test_the_bureau_drafts_and_the_government_still_sends():
    with round_story() as story:
        surveying(story)
        story.do("state_need", WANZHOU, handling="交区县规划自然资源局起草")
        assert story.party("draft_need", "unit", WANZHOU) == WANZHOU
        story.do("draft_need", WANZHOU, draft_has_need="需要")
        assert story.task("state_need", WANZHOU).data["draft_has_need"] == "需要"
        assert "record_need" not in story.called


def test_an_unanswered_survey_is_closed_by_the_process_owner_and_never_by_itself():
    with round_story() as story:
        surveying(story)
        story.do("state_need", FULING, handling="直接填报")
        story.wait_until("2026-03-17")
        assert story.open == ["state_need"]
        story.wait_until("2026-03-18")
        assert story.open == ["call_unit", "state_need"]
        story.do("call_unit", next_step="继续等待")
        assert story.open == ["state_need"]
        story.wait_until("2026-03-23")
        story.do("call_unit", next_step="提请关闭")
        story.do("close_unanswered", decision="继续催办")
        story.wait_until("2026-06-30")
        assert story.open == ["call_unit", "state_need"]
        story.do("call_unit", next_step="提请关闭")
        story.do("close_unanswered", decision="关闭")
        assert story.open == ["fix_posts"]
        assert story.run.data["answers"][WANZHOU]["state"] == "closed"


def test_a_late_answer_ends_the_chasing():
    with round_story() as story:
        surveying(story)
        story.do("state_need", FULING, handling="直接填报")
        story.wait_until("2026-03-18")
        story.do("state_need", WANZHOU, handling="直接填报")
        assert story.open == ["fix_posts"]


@pytest.mark.parametrize(("refill", "goes_on"), [(True, ["state_need", "state_need"]), (False, ["state_need"])])
def test_a_unit_abolished_during_the_survey_hands_on_to_its_successor(refill, goes_on):
    merged = {"party": party("500199"), "refill": refill, **answered("merged")({"party": party(WANZHOU)})}
    with round_story(reissue_survey=merged) as story:
        surveying(story)
        assert story.hear("unit_succeeded", WANZHOU, successor_unit_id="500199") == 1
        assert story.open == ["merge_need", "state_need"]
        story.do("merge_need", successor="500199", decision="由承接单位填报", reason="区划调整")
        assert story.open == goes_on
        if refill:
            assert story.party("state_need", "unit", WANZHOU) == "500199"
        else:
            story.do("state_need", FULING, handling="直接填报")
            assert story.run.data["answers"][WANZHOU]["state"] == "merged"


def test_a_round_without_posts_ends():
    with round_story(create_posts={"posts_total": 0}) as story:
        survey(story)
        assert story.status == "completed"
        assert story.ended_on()[-1] == "no_posts"


# call and deliberation


def test_the_book_waits_until_every_application_is_settled():
    with round_story(close_call={"pending": 2}) as story:
        survey(story)
        story.do("publish_call", apply_until="2026-04-03")
        story.wait_until("2026-04-02")
        assert "close_call" not in story.called
        story.wait_until("2026-04-03")
        assert story.open == []
        assert story.waits() == [("wait_settled", "applications_settled", "round-1")]
        assert story.hear("applications_settled", "another round") == 0
        assert story.hear("applications_settled", "round-1") == 1
        assert story.open == ["deliberate"]


def test_a_post_without_applicant_is_called_a_second_time():
    held = []

    def deliberated(data):
        held.append(1)
        return {"second_call": len(held) == 1, "call_until": "2026-04-20"}

    with round_story(record_deliberation=deliberated) as story:
        survey(story)
        call(story)
        story.do("deliberate")
        assert story.open == ["publish_call"]
        assert story.task("publish_call").data["call_until"] == "2026-04-20"
        story.do("publish_call", apply_until="2026-04-20")
        story.wait_until("2026-04-20")
        story.do("deliberate")
        assert story.open == ["hr_confirm"]


def test_the_hr_bureau_disagrees_once_and_the_panel_meets_again():
    with round_story() as story:
        survey(story)
        call(story)
        story.do("deliberate")
        story.do("hr_confirm", opinion="不同意")
        assert "apply_hr_objection" in story.called
        assert story.open == ["deliberate"]
        propose(story)
        assert story.open == ["reply", "reply"]


@pytest.mark.parametrize(
    ("result", "goes_on"), [("keep", "sign_letters"), ("reserve", "sign_letters"), ("apart", "deliberate")]
)
def test_the_hr_bureau_disagrees_twice_and_both_leaders_give_their_views(result, goes_on):
    with round_story(record_leaders={"leaders_result": result}) as story:
        survey(story)
        call(story)
        for _ in range(2):
            story.do("deliberate")
            story.do("hr_confirm", opinion="不同意")
        assert story.open == ["city_leader_view", "hr_leader_view"]
        story.do("hr_leader_view", hr_view="改用备选人选", hr_reason="…")
        assert story.open == ["city_leader_view"]
        story.do("city_leader_view", city_view="维持建议名单", city_reason="…")
        assert story.run.data["hr_view"] == "改用备选人选"
        assert story.open == [goes_on]


def test_advice_of_the_hr_bureau_is_consent():
    with round_story() as story:
        survey(story)
        call(story)
        story.do("deliberate")
        story.do("hr_confirm", opinion="同意并提出建议")
        assert story.open == ["sign_letters"]


# letters and list


def test_letters_that_are_not_signed_go_back_to_the_panel():
    with round_story() as story:
        survey(story)
        call(story)
        story.do("deliberate")
        story.do("hr_confirm", opinion="同意")
        story.do("sign_letters", decision="退回合议")
        assert story.open == ["deliberate"]
        assert "issue_letters" not in story.called


def test_one_districts_waiting_never_stops_another():
    with round_story() as story:
        survey(story)
        call(story)
        propose(story)
        story.do("reply", FULING, opinion="不同意", advice="…")
        story.do("mediate", FULING, agreement="改派备选")
        story.do("sign_new_letter", FULING, decision="签发")
        assert story.open == ["reply", "reply"]
        story.do("reply", FULING, opinion="同意")
        assert story.open == ["reply"]
        assert story.task("reply").instance_key == WANZHOU
        story.do("reply", opinion="同意")
        assert story.open == ["decide_list"]


def test_a_person_the_district_was_not_asked_about_goes_to_that_district_first():
    decided = iter([{"unconsulted": {WANZHOU: "万州区"}}, {"unconsulted": {}}])
    letters = iter([{WANZHOU: party(WANZHOU), FULING: party(FULING)}, {WANZHOU: party(WANZHOU, "letter-7")}])
    with round_story(
        record_decision=lambda data: next(decided), issue_letters=lambda data: {"consultations": next(letters)}
    ) as story:
        survey(story)
        call(story)
        propose(story)
        for unit in (WANZHOU, FULING):
            story.do("reply", unit, opinion="同意")
        story.do("decide_list")
        assert story.open == ["sign_letters"]
        story.do("sign_letters", decision="签发")
        assert story.open == ["reply"]
        assert story.task("reply").data["party"]["letter_id"] == "letter-7"
        story.do("reply", opinion="同意")
        publish(story)
        assert story.open == ["accept", "accept"]


def test_a_single_vacancy_takes_the_short_form_and_skips_only_the_survey():
    with telling("appointment", ROUND, "vacancy_arises", post_id="post-1", reason="解聘") as story:
        assert story.open == ["publish_call"]
        assert story.called == ["open_short_round"]
        call(story)
        propose(story)
        for unit in (WANZHOU, FULING):
            story.do("reply", unit, opinion="同意")
        publish(story)
        assert story.open == ["accept", "accept"]
