"""A reading that both bureaus have changed is obeyed by the selection from its day on; what was fixed stays."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from handlers.calendar import rounds_due
from handlers.lists import planner_certificates
from processes import clock
from processes.errors import Invalid
from processes.identity.actor import SYSTEM
from processes.identity.models import Person
from processes.registers.appointments import Appointment
from processes.registers.letters import consultation_letters
from processes.registers.nominations import nominations_of
from processes.registers.planner_posts import PlannerPost
from processes.registers.switches import interpret, set_switch
from tests.factories import make_person
from tests.handlers.stage import WANZHOU, application

REASON = "两局一致，自即日起执行"


def read_so(stage, code, value, day=None):
    """Both bureaus settle a reading."""
    number = f"解释-2026-{uuid4().hex[:6]}"
    ground = interpret(
        stage.session, SYSTEM, number=number, article="第十六条", question="该条文如何理解？",
        answer="按下列口径理解。", agreed_on=clock.today(), recorded_by="周流",
    )  # fmt: skip
    set_switch(stage.session, SYSTEM, code, value, day or clock.today(), ground, REASON)


@pytest.fixture
def called(small_stage):
    small_stage.posts(万州区=1)
    small_stage.call()
    return small_stage


def test_a_longer_time_to_reply_holds_for_new_letters_and_moves_no_old_one(stage):
    stage.to_deliberation("欧阳喆", "王堃", 万州区=1)
    stage.deliberate({"万州区岗位1": ("欧阳喆", "王堃")})
    stage.variables["party"] = stage.letters()[WANZHOU]
    add = stage.house.calendar.add_workdays
    read_so(stage, "reply.limit_wd", 15)
    old = consultation_letters(stage.session, stage.round.id)[0]
    assert old.due_on == add(clock.today(), 10)
    stage.reply(stage.variables["party"], "不同意", "希望另派专家")
    stage.run("appointment.use_reserve")
    told = stage.run("appointment.issue_reserve_letter")
    assert told["party"]["reply_due"] == add(clock.today(), 15).isoformat()
    assert old.due_on == add(clock.today(), 10)


def test_the_leader_is_offered_the_time_to_reply_that_is_read_now(small_stage):
    small_stage.to_deliberation("欧阳喆", 万州区=1)
    small_stage.deliberate({"万州区岗位1": ("欧阳喆",)})
    read_so(small_stage, "reply.limit_wd", 20)
    drafted = small_stage.run("appointment.draft_letters")
    assert drafted["reply_due"] == small_stage.house.calendar.add_workdays(clock.today(), 20).isoformat()


def test_a_reading_of_a_later_day_does_not_hold_yet(called):
    read_so(called, "employer.consent", "no", clock.today() + timedelta(days=1))
    person = called.apply("欧阳喆")
    assert person.missing == ["employer_consent"]


def test_a_certificate_that_is_accepted_anew_counts_and_is_offered(called):
    read_so(called, "eligibility.cert", ("注册城乡规划师", "国土空间规划师"))
    person = called.apply("欧阳喆", planner_cert="国土空间规划师")
    called.consent(person)
    assert person.rule_result == "MEETS_GENERAL"
    offered = [each.value for each in planner_certificates(called.session, {})]
    assert offered == ["注册城乡规划师", "国土空间规划师", "无"]


def test_a_certificate_that_is_accepted_no_longer_does_not_count(called):
    read_so(called, "eligibility.cert", ("注册城乡规划师",))
    old = {"planner_cert": "注册城市规划师"}
    person = called.apply("欧阳喆", **old)
    called.consent(person)
    assert (person.rule_result, person.missing) == ("NOT_ELIGIBLE", ["planner_cert"])
    with pytest.raises(Invalid):
        called.check("application.complete", application("欧阳喆", **old), application_id=str(person.id))


def test_without_the_need_of_consent_an_employer_who_refuses_stops_nobody(called):
    read_so(called, "employer.consent", "no")
    person = called.apply("欧阳喆")
    assert (called.variables["consent_needed"], person.rule_result) == (False, "MEETS_GENERAL")
    called.send("employer_opinion", {"consent": "不同意", "reason": "工作任务重"}, case=called.case_of(person))
    called.run("application.check", called.case_of(person), application_id=str(person.id))
    assert (person.status, person.rule_result) == ("review", "MEETS_GENERAL")
    told = called.run("application.record_employer", called.case_of(person), application_id=str(person.id))
    assert told["consent_lost"] is False


def test_influence_may_be_read_as_a_gate_for_both_routes(called):
    read_so(called, "eligibility.influence", "both_gate")
    without = called.apply("欧阳喆")
    called.consent(without)
    assert without.missing == ["influence_evidence"]
    with pytest.raises(Invalid) as refused:
        called.check("application.complete", application("欧阳喆"), application_id=str(without.id))
    assert set(refused.value.fields) == {"influence_evidence"}
    evident = called.apply("王堃", influence_evidence=[str(uuid4())])
    called.consent(evident)
    assert evident.rule_result == "MEETS_GENERAL"


def test_a_term_is_as_long_as_it_is_read(small_stage):
    small_stage.to_deliberation("欧阳喆", 万州区=1)
    small_stage.deliberate({"万州区岗位1": ("欧阳喆",)})
    read_so(small_stage, "term.years", 4)
    small_stage.letters()
    start, end = small_stage.round.term_start, small_stage.round.term_end
    assert end == start.replace(year=start.year + 4) - timedelta(days=1)


def test_the_next_round_is_named_after_the_term_that_is_read(small_stage):
    small_stage.posts(万州区=1)
    end = clock.today() + timedelta(days=90)
    post = small_stage.session.query(PlannerPost).first()
    for number in range(5):
        actor = make_person(small_stage.session, f"planner{number}", ("planner", None), name=f"规划师{number}")
        person = small_stage.session.get_one(Person, actor.person_id)
        small_stage.session.add(
            Appointment(
                status="in_office", person_id=person.id, unit_id=WANZHOU, post_id=post.id, term_start=date(2023, 1, 1),
                term_end=end, certificate_number=f"渝规首聘〔2023〕{number}号", issued_on=date(2023, 1, 1),
                created_at=clock.now(),
            )
        )  # fmt: skip
    small_stage.session.flush()
    read_so(small_stage, "term.years", 5)
    first = end + timedelta(days=1)
    last = first.replace(year=first.year + 5) - timedelta(days=1)
    named = f"{first.year}—{last.year - (last.month < 2)}聘期"
    assert [each.variables["round_name"] for each in rounds_due(small_stage.session, clock.today())] == [named]


def test_where_a_reply_is_always_waited_for_nobody_goes_on_without_one(small_stage):
    answers = {"decision": "视情推进", "reason": "已两次催办仍未复函"}
    small_stage.check("appointment.silence", answers)
    read_so(small_stage, "reply.silence", "wait")
    with pytest.raises(Invalid):
        small_stage.check("appointment.silence", answers)
    small_stage.check("appointment.silence", {**answers, "decision": "继续等待"})


def test_a_former_dismissal_is_treated_as_it_is_read(called):
    person = called.apply("欧阳喆")
    person.prior_dismissal_item = 2
    called.consent(person)
    person.prior_dismissal_item = 2
    read_so(called, "redismissed", {"1": "free", "2": "refuse", "3": "flag", "4": "flag", "5": "refuse"})
    told = called.run("application.record_employer", called.case_of(person), application_id=str(person.id))
    assert (told["consent_lost"], person.rule_result) == (False, "NOT_ELIGIBLE")


@pytest.fixture
def silent(stage):
    """A letter about one person to which nobody has replied; there is a reserve."""
    stage.to_deliberation("欧阳喆", "王堃", 万州区=1)
    stage.deliberate({"万州区岗位1": ("欧阳喆", "王堃")})
    stage.variables["party"] = stage.letters()[WANZHOU]
    return stage


@pytest.mark.parametrize(
    ("reading", "consents", "status"),
    [("wait", False, "consulting"), ("manager_decides", False, "consulting"), ("consent", True, "agreed")],
)
def test_what_silence_means_is_what_both_bureaus_read(silent, reading, consents, status):
    read_so(silent, "reply.silence", reading)
    told = silent.run("appointment.look_at_silence", actor=SYSTEM)
    assert told["silence_consents"] is consents
    assert nominations_of(silent.session, silent.round.id, status)[0].application.name == "欧阳喆"
    letter = consultation_letters(silent.session, silent.round.id)[0]
    assert (letter.status, letter.silence_decision) == (
        ("decided_without_reply", "视为同意") if consents else ("waiting", "")
    )
    assert ("outcome" in told) is consents


def test_who_is_agreed_to_by_silence_needs_no_further_decision_in_the_list(silent):
    read_so(silent, "reply.silence", "consent")
    silent.run("appointment.look_at_silence", actor=SYSTEM)
    summed = silent.run("appointment.sum_replies")
    assert (summed["agreed_total"], summed["silent_total"], summed["silent_rows"]) == (1, 0, [])


@pytest.mark.parametrize(("reading", "refused"), [("weigh", False), ("veto", True)])
def test_an_objection_is_a_veto_only_where_it_is_read_so(silent, reading, refused):
    silent.reply(silent.variables["party"], "不同意", "希望另派专家")
    read_so(silent, "district.objection", reading)
    back = {"agreement": "区县同意原人选", "reason": "经沟通，区县同意原人选。"}
    if refused:
        with pytest.raises(Invalid) as found:
            silent.check("appointment.mediation", back)
        assert set(found.value.fields) == {"agreement"}
    else:
        silent.check("appointment.mediation", back)
    silent.check("appointment.mediation", {**back, "agreement": "改派备选"})


@pytest.mark.parametrize(("reading", "refused"), [("weigh", False), ("veto", True)])
def test_a_person_objected_to_may_be_decided_on_only_where_the_objection_is_weighed(silent, reading, refused):
    silent.reply(silent.variables["party"], "不同意", "希望另派专家")
    silent.send("mediate", {"agreement": "岗位空缺", "reason": "暂无合适人选"}, silent.clerk)
    silent.run("appointment.record_mediation", agreement="岗位空缺", reason="暂无合适人选")
    read_so(silent, "district.objection", reading)
    rows = silent.run("appointment.sum_replies")["final_rows"]
    start, end = silent.round.term_start, silent.round.term_end
    chosen = {
        **rows[0], "settled": "聘任", "person": str(silent.people["欧阳喆"].id), "reason": "研究后仍聘任该人选",
        "term_start": max(start, clock.today()).isoformat(), "term_end": end.isoformat(), "next_step": None,
    }  # fmt: skip
    answers = {"final": [chosen], "silent_units": [], "meeting_date": clock.today().isoformat()}
    if not refused:
        silent.check("appointment.final_list", answers)
        return
    with pytest.raises(Invalid) as found:
        silent.check("appointment.final_list", answers)
    assert "不同意该人选" in str(found.value.fields["final.0.person"])
