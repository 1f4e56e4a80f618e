"""One application told on the diagram: from the form to the result of the round, and every way out before it."""

from __future__ import annotations

import pytest

from tests.procedures.diagram_operations import APPLICATION
from tests.procedures.diagram_story import PROGRAM, telling

BEGUN = {
    "round_id": "round-1", "round_name": "2026—2028聘期", "application_id": "application-1", "person_id": "person-1",
    "applicant_name": "周礼", "employer_id": "employer-0", "apply_until": "2026-04-03", "late": False,
}  # fmt: skip
MET = {"conflict": "无", "certificate_false": False, "result": "符合一般条件"}
BY_EXPERIENCE = {**MET, "result": "建议按实践经验认定"}
TO_SUPPLEMENT = {**MET, "result": "需补正", "supplement": [{"item": "职称证书", "due": "2026-03-20"}]}
NOT_MET = {**MET, "result": "不符合", "reasons": "…"}


def applying(late=False, **answers):
    return telling("application", {**APPLICATION, **answers}, **{**BEGUN, "late": late})


def reviewed(story, **finding):
    """Sent, with the employer's consent, and checked."""
    story.do("apply")
    story.do("employer_opinion", consent="同意")
    story.do("qualify", **finding)


def settled(story):
    """The status under which the application was settled last."""
    return PROGRAM.elements[story.called[-1]].properties["status"]


def awaits_result(story):
    return ("await_result", "round_result", "application-1") in story.waits()


def test_the_straight_way_ends_when_the_round_tells_its_result():
    with applying() as story:
        assert story.party("apply", "person") == "person-1"
        assert str(story.due("apply")) == "2026-04-03"
        story.do("apply")
        assert story.party("employer_opinion", "unit") == "employer-1"
        story.do("employer_opinion", consent="同意")
        assert story.called == ["check_rules", "check_again"]
        story.do("qualify", **MET)
        assert settled(story) == "eligible"
        assert awaits_result(story)
        assert story.told() == []
        assert story.hear("round_result", "application-1") == 1
        assert story.status == "completed"


def test_practical_experience_is_put_to_the_panel():
    with applying() as story:
        reviewed(story, **BY_EXPERIENCE)
        assert settled(story) == "recognition"
        assert story.status == "running"


@pytest.mark.parametrize("finding", [MET, BY_EXPERIENCE])
def test_the_last_application_to_be_settled_tells_the_round(finding):
    with applying(**{"application.settle": {"all_settled": True}}) as story:
        reviewed(story, **finding)
        assert story.told() == [("applications_settled", "round-1")]
        assert awaits_result(story)


def test_an_application_that_is_never_sent_ends_with_the_call():
    with applying() as story:
        story.wait_until("2026-04-02")
        assert story.open == ["apply"]
        story.wait_until("2026-04-03")
        assert (story.status, settled(story)) == ("completed", "lapsed")


def test_a_late_application_needs_the_process_owners_yes():
    with applying(late=True) as story:
        assert story.open == ["late_decision"]
        story.do("late_decision", decision="接受", reason="…")
        assert str(story.due("apply")) == "2026-03-04"
        story.wait_until("2026-03-03")
        story.do("apply")
        assert story.open == ["employer_opinion"]


def test_a_late_application_is_refused():
    with applying(late=True) as story:
        story.do("late_decision", decision="不接受", reason="…")
        assert (story.status, settled(story)) == ("completed", "too_late")


def test_the_employer_refuses():
    with applying(**{"application.settle": {"all_settled": True}}) as story:
        story.do("apply")
        story.do("employer_opinion", consent="不同意")
        assert (story.status, settled(story)) == ("completed", "employer_refused")
        assert story.told() == [("applications_settled", "round-1")]
        assert story.ended_on()[-2:] == ["not_selected", "application_done"]


def test_two_supplements_are_asked_for_and_the_third_time_the_application_lapses():
    with applying() as story:
        reviewed(story, **TO_SUPPLEMENT)
        assert story.title("supplement") == "补正材料（第1次）"
        assert story.task("supplement").data["supplement"][0]["item"] == "职称证书"
        story.do("supplement")
        story.do("qualify", **TO_SUPPLEMENT)
        assert story.title("supplement") == "补正材料（第2次）"
        story.do("supplement")
        story.do("qualify", **TO_SUPPLEMENT)
        assert (story.status, settled(story)) == ("completed", "lapsed")


def test_a_supplement_that_does_not_come_lapses():
    with applying() as story:
        reviewed(story, **TO_SUPPLEMENT)
        story.wait_until("2026-03-10")
        assert story.open == ["supplement"]
        story.wait_until("2026-03-11")
        assert (story.status, settled(story)) == ("completed", "lapsed")


def test_a_reviewer_with_a_conflict_hands_on():
    with applying() as story:
        reviewed(story, conflict="有")
        assert story.open == ["qualify_other"]
        story.do("qualify_other", conflict="有")
        assert story.open == ["qualify_other"]
        story.do("qualify_other", **MET)
        assert settled(story) == "eligible"


def test_a_false_certificate_ends_the_application_and_is_noted():
    with applying() as story:
        reviewed(story, conflict="无", certificate_false=True, reasons="…")
        assert story.called[-2:] == ["note_false_certificate", "settle_false"]
        assert (story.status, settled(story)) == ("completed", "ineligible")


def test_not_eligible_is_final_when_the_applicant_accepts_it():
    with applying() as story:
        reviewed(story, **NOT_MET)
        assert story.open == ["second_look"]
        assert story.called[-1] == "check_again"
        story.do("second_look", choice="接受")
        assert (story.status, settled(story)) == ("completed", "ineligible")


def test_not_eligible_is_final_when_the_applicant_says_nothing():
    with applying() as story:
        reviewed(story, **NOT_MET)
        story.wait_until("2026-03-10")
        assert (story.status, settled(story)) == ("completed", "ineligible")


@pytest.mark.parametrize(("again", "status"), [(NOT_MET, "ineligible"), (MET, "eligible")])
def test_a_second_look_is_taken_once_by_somebody_else(again, status):
    with applying() as story:
        reviewed(story, **NOT_MET)
        story.do("second_look", choice="申请复核")
        assert story.open == ["qualify_other"]
        story.do("qualify_other", **again)
        assert story.open == []
        assert settled(story) == status


@pytest.mark.parametrize("step", ["apply", "employer_opinion", "qualify", "supplement", "second_look", "await_result"])
def test_an_applicant_may_withdraw_at_any_time(step):
    way = {
        "employer_opinion": [("apply", {})],
        "qualify": [("apply", {}), ("employer_opinion", {"consent": "同意"})],
    }
    finding = {"supplement": TO_SUPPLEMENT, "second_look": NOT_MET, "await_result": MET}
    if step in finding:
        way[step] = [*way["qualify"], ("qualify", finding[step])]
    with applying() as story:
        for element, answers in way.get(step, []):
            story.do(element, **answers)
        assert story.hear("withdraw", "application-1", reason="个人原因") == 1
        assert (story.status, story.called[-1]) == ("completed", "record_withdrawal")
        assert story.ended_on() == ["withdrawn_early"]
        assert story.told() == []


def test_the_last_unsettled_applicant_who_withdraws_lets_the_round_go_on():
    with applying(record_withdrawal={"nomination_id": "", "letter_id": "", "all_settled": True}) as story:
        story.hear("withdraw", "application-1")
        assert story.told() == [("applications_settled", "round-1")]


def test_a_nominee_who_withdraws_is_told_to_consultation_and_certificate():
    nominated = {"nomination_id": "nomination-1", "letter_id": "letter-1", "all_settled": False}
    with applying(record_withdrawal=nominated) as story:
        reviewed(story, **MET)
        story.hear("withdraw", "application-1")
        assert story.told() == [("nominee_withdrew", "letter-1"), ("candidate_withdrew", "nomination-1")]
        assert story.ended_on() == ["withdrawn"]


def test_a_new_employer_is_asked_while_the_application_goes_on():
    with applying() as story:
        reviewed(story, **MET)
        assert story.hear("employer_changed", "application-1", employer_id="employer-7") == 1
        assert story.party("employer_again", "unit") == "employer-7"
        story.do("employer_again", consent="同意")
        assert awaits_result(story)
        story.hear("employer_changed", "application-1", employer_id="employer-8")
        story.do("employer_again", consent="同意")
        story.hear("round_result", "application-1")
        assert story.status == "completed"
        assert "record_withdrawal" not in story.called


def test_a_new_employer_who_refuses_ends_the_application():
    with applying() as story:
        story.do("apply")
        story.hear("employer_changed", "application-1", employer_id="employer-7")
        assert story.open == ["employer_again", "employer_opinion"]
        story.do("employer_again", consent="不同意")
        assert story.called[-1] == "record_withdrawal"
        assert story.status == "completed"
