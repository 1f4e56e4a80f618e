"""An application: the rule, the employer, the finding, supplements, withdrawal; and when the last one is settled."""

from __future__ import annotations

import threading
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from handlers.appointment.supplements import supplements
from processes import clock
from processes.errors import Conflict, Invalid, NotAllowed
from processes.notices import Notice
from processes.registers.appointments import Appointment, AppointmentStatus, end
from processes.registers.experts import expert_for
from processes.registers.history import changes_of
from processes.registers.rounds import Round
from tests.factories import make_person
from tests.handlers.stage import FULING, PRACTICAL, WANZHOU, Stage, application

MEETS, RECOGNISE, SUPPLEMENT, REFUSE = "符合一般条件", "建议按实践经验认定", "需补正", "不符合"


@pytest.fixture
def called(small_stage):
    """A round whose call is open."""
    small_stage.posts(万州区=1)
    small_stage.call()
    return small_stage


@pytest.mark.parametrize(
    ("facts", "result", "route", "missing"),
    [
        ({}, "MEETS_GENERAL", "A", []),
        ({"title_level": "副高级", "planner_cert": "注册城市规划师"}, "MEETS_GENERAL", "A", []),
        ({"title_level": "中级"}, "NOT_ELIGIBLE", "", ["title_level"]),
        ({"planner_cert": "无"}, "NOT_ELIGIBLE", "", ["planner_cert"]),
        (PRACTICAL, "NEEDS_RECOGNITION", "B", []),
        ({**PRACTICAL, "influence_evidence": []}, "INCOMPLETE", "B", ["influence_evidence"]),
        ({"volunteers": False}, "NOT_ELIGIBLE", "", ["volunteers"]),
        ({"duty_commitment": False}, "INCOMPLETE", "A", ["duty_commitment"]),
    ],
)
def test_the_rule_is_applied_to_what_was_sent(called, facts, result, route, missing):
    person = called.apply("欧阳喆", **facts)
    called.consent(person)
    assert (person.rule_result, person.route, person.missing) == (result, route, missing)
    assert person.ground.startswith("第四条")


def test_until_the_employer_answers_its_consent_is_what_is_missing(called):
    person = called.apply("欧阳喆")
    assert (person.status, person.rule_result, person.missing) == ("employer", "INCOMPLETE", ["employer_consent"])
    called.consent(person)
    assert (person.status, person.rule_result) == ("review", "MEETS_GENERAL")
    assert all(row["ok"] is None for row in called.variables["check_items"])


def test_the_register_keeps_no_identity_number(called):
    person = called.apply("欧阳喆")
    assert "id_no" not in person.answers
    assert person.answers["title_cert_no"] == "ZG-1"
    assert person.number == f"BM{clock.today().year}-0001"


def test_the_general_route_leads_to_the_library_and_the_practical_route_to_the_panel(called):
    general, practical = called.eligible("欧阳喆"), called.eligible("王堃", **PRACTICAL)
    assert (general.status, practical.status) == ("eligible", "recognition")
    assert expert_for(called.session, general.person_id).status == "candidate"
    assert expert_for(called.session, practical.person_id) is None
    called.run("appointment.close_call")
    called.run("appointment.build_book")
    assert [row["applicant"] for row in called.variables["route_b_rows"]] == [str(practical.id)]
    assert called.variables["route_b_rows"][0]["recognised"] is None


def test_whom_the_panel_does_not_recognise_is_not_eligible(called):
    called.eligible("王堃", **PRACTICAL)
    called.run("appointment.close_call")
    called.run("appointment.build_book")
    refused = [
        {**called.variables["route_b_rows"][0], "recognised": "不予认定", "reasons": "行业影响不足以认定", "votes": ""}
    ]
    called.deliberate({}, route_b=refused)
    person = called.people["王堃"]
    assert (person.status, person.recognised) == ("ineligible", False)
    assert changes_of(called.session, person)[-1].reason == "行业影响不足以认定"


def test_an_employer_s_refusal_ends_the_application_and_leaves_the_way_open(called):
    person = called.apply("欧阳喆")
    called.consent(person, "不同意", "工作任务繁重，无法保证时间")
    called.settle(person, "employer_refused")
    assert (person.status, person.employer_consent) == ("employer_refused", False)
    told = called.session.scalars(select(Notice).where(Notice.person_id == person.person_id)).one()
    assert "工作任务繁重" in str(told.message())
    called.check("application.complete", application("欧阳喆"), application_id=str(person.id))


def test_a_supplement_is_counted_and_its_finding_kept(called):
    person = called.apply("欧阳喆")
    called.consent(person)
    called.find(person, SUPPLEMENT, "职称证书扫描件不清晰，请重新上传。")
    case = called.case_of(person)
    called.send("application", application("欧阳喆", title_cert_no="ZG-2"), case=case)
    called.run("application.check", case, application_id=str(person.id))
    assert (person.supplement_rounds, person.title_cert_no, person.status) == (1, "ZG-2", "review")
    assert [each.to_status for each in changes_of(called.session, person)][-3:] == ["review", "supplement", "review"]


def test_who_must_supplement_something_is_said_from_the_finding_on(called):
    person = called.apply("欧阳喆")
    called.consent(person)
    asked = [{"item": "职称证书扫描件", "due": "2026-12-31"}]
    called.find(person, SUPPLEMENT, "职称证书扫描件不清晰，请重新上传。", supplement=asked)
    called.run("application.ask_supplement", called.case_of(person), application_id=str(person.id), rounds=0)
    assert (person.status, called.variables["rounds"]) == ("supplement", 1)
    listed = supplements(called.session, called.clerk)
    assert [(each.application.name, each.item, each.due) for each in listed] == [
        ("欧阳喆", "职称证书扫描件", "2026-12-31")
    ]


def test_an_application_that_was_not_supplemented_lapses(called):
    person = called.apply("欧阳喆")
    called.consent(person)
    called.find(person, SUPPLEMENT, "职称证书扫描件不清晰，请重新上传。")
    called.settle(person, "lapsed")
    assert person.status == "lapsed"


def test_a_reviewer_of_the_same_employer_is_shown(called):
    colleague = make_person(called.session, "colleague", ("employer.clerk", "employer:1"), name="同事")
    person = called.apply("欧阳喆")
    called.consent(person)
    given = {"conflict": "无", "certificate_false": False, "result": MEETS, "reasons": ""}
    called.send("qualification", given, colleague, called.case_of(person))
    called.settle(person, "eligible")
    assert (person.reviewer, person.same_employer) == ("同事", True)


def test_a_false_certificate_is_noted_in_the_library_and_told_to_the_hr_bureau(called):
    person = called.apply("欧阳喆")
    called.consent(person)
    case = called.case_of(person)
    reasons = "经核查职称证书编号不存在，系伪造。"
    called.run("application.note_false_certificate", case, application_id=str(person.id), reasons=reasons)
    given = {"conflict": "无", "certificate_false": True, "reasons": reasons}
    called.send("qualification", given, called.section, case)
    called.settle(person, "ineligible")
    expert = expert_for(called.session, person.person_id)
    assert (person.status, expert.status) == ("false_certificate", "inactive")
    assert reasons in expert.notes[0].text
    assert called.session.scalars(select(Notice).where(Notice.organization_id == "hr_bureau")).one()


def test_a_new_employer_who_refuses_ends_the_application(called):
    person = called.eligible("欧阳喆")
    case = called.case_of(person)
    called.send("employer_opinion", {"consent": "不同意", "reason": "新单位工作需要"}, case=case)
    told = called.run("application.record_employer", case, application_id=str(person.id), employer_id="employer:2")
    assert (told["consent_lost"], person.employer_id) == (True, "employer:2")
    called.run("application.withdraw", case, application_id=str(person.id), consent_lost=True)
    assert changes_of(called.session, person)[-1].reason == "新单位不同意"


@pytest.mark.parametrize(
    ("item", "result", "flags"),
    [(1, "MEETS_GENERAL", []), (3, "NEEDS_RECOGNITION", ["PRIOR_DISMISSAL"]), (5, "NOT_ELIGIBLE", [])],
)
def test_a_dismissed_person_who_applies_again_is_treated_by_the_ground(small_stage, item, result, flags):
    small_stage.to_deliberation("欧阳喆", 万州区=1)
    small_stage.deliberate({"万州区岗位1": ("欧阳喆",)})
    small_stage.reply(small_stage.letters()[WANZHOU])
    small_stage.decide()
    for appointee in small_stage.publish().values():
        small_stage.accept(appointee)
    served = small_stage.session.scalars(select(Appointment)).one()
    end(small_stage.session, small_stage.clerk, served, AppointmentStatus.DISMISSED, clock.today(), "第十五条", item)
    person = small_stage.people["欧阳喆"]
    case = small_stage.case_of(person)
    small_stage.send("application", application("欧阳喆"), case=case)
    person.status = "review"
    small_stage.run("application.check", case, application_id=str(person.id))
    assert (person.rule_result, person.flags) == (result, flags)


def test_who_has_accepted_a_certificate_leaves_by_another_procedure(small_stage):
    small_stage.to_deliberation("欧阳喆", 万州区=1)
    small_stage.deliberate({"万州区岗位1": ("欧阳喆",)})
    small_stage.reply(small_stage.letters()[WANZHOU])
    small_stage.decide()
    for appointee in small_stage.publish().values():
        small_stage.accept(appointee)
    person = small_stage.people["欧阳喆"]
    with pytest.raises(Conflict):
        small_stage.run("application.withdraw", small_stage.case_of(person), application_id=str(person.id))


# when the last application is settled


def test_the_round_is_told_once_when_the_last_application_is_settled(called):
    first, second = called.apply("欧阳喆"), called.apply("王堃")
    for person in (first, second):
        called.consent(person)
        called.find(person, MEETS)
    assert called.settle(first, "eligible") is False
    assert called.run("appointment.close_call")["pending"] == 1
    assert called.settle(second, "eligible") is True
    person = called.apply("钱赟", late=True)
    assert called.settle(person, "lapsed") is False


def test_a_withdrawal_may_be_what_the_round_waits_for(called):
    person = called.apply("欧阳喆")
    assert called.run("appointment.close_call")["pending"] == 1
    told = called.run("application.withdraw", called.case_of(person), application_id=str(person.id), reason="个人原因")
    assert (told["all_settled"], told["nomination_id"], told["letter_id"]) == (True, "", "")


def test_a_draft_that_was_never_sent_does_not_hold_the_round_up_for_ever(called):
    person = called.apply("欧阳喆")
    person.status = "draft"
    assert called.run("appointment.close_call")["pending"] == 1
    person.submitted_at = None
    assert called.settle(person, "lapsed") is True
    assert person.status == "lapsed"


def test_closing_the_call_and_settling_the_last_application_see_one_another(database, tmp_path):
    """Whoever comes second tells the round to go on: never nobody, never both."""
    with database.transaction() as session:
        stage = Stage(session, tmp_path)
        stage.posts(万州区=1)
        stage.call()
        person = stage.apply("欧阳喆")
        stage.consent(person)
        stage.find(person, MEETS)
        ids = (person.id, UUID(stage.variables["round_id"]))
        variables = dict(stage.variables)
    found: dict[str, object] = {}
    barrier = threading.Barrier(2)

    def close() -> None:
        with database.transaction() as session:
            other = _again(session, stage, variables)
            barrier.wait()
            found["pending"] = other.run("appointment.close_call")["pending"]

    def settle() -> None:
        barrier.wait()
        with database.transaction() as session:
            other = _again(session, stage, variables)
            from_register = session.get(type(person), ids[0])
            found["last"] = other.settle(from_register, "eligible")

    if database.dialect == "sqlite":  # one writer at a time: the barrier inside a transaction would wait for ever
        barrier = threading.Barrier(1)
    threads = [threading.Thread(target=close), threading.Thread(target=settle)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (found["pending"], found["last"]) in [(1, True), (0, False)]
    with database.reading() as session:
        assert session.get(Round, ids[1]).settled_at is not None


def _again(session, stage: Stage, variables: dict) -> Stage:
    """The same case in another transaction."""
    other = object.__new__(Stage)
    other.__dict__ = {**stage.__dict__, "session": session, "variables": dict(variables)}
    other.case = session.get(type(stage.case), stage.case.id)
    return other


# checks


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"volunteers": False}, "volunteers"),
        ({"duty_commitment": False}, "duty_commitment"),
        ({"title_level": "中级"}, "claimed_route"),
        ({"planner_cert": "无"}, "claimed_route"),
        ({**PRACTICAL, "practical_reasons": "字" * 49}, "practical_reasons"),
        ({**PRACTICAL, "experience_evidence": []}, "experience_evidence"),
        ({**PRACTICAL, "influence_evidence": []}, "influence_evidence"),
        ({"avoid_units": [{"unit": WANZHOU, "reason": "配偶任职"}]}, "units_wanted.0.unit"),
        ({"units_wanted": [{"unit": WANZHOU}, {"unit": FULING}, {"unit": WANZHOU}]}, "units_wanted.2.unit"),
        ({"units_wanted": [], "accept_assign": False}, "units_wanted"),
        ({"units_wanted": [{"unit": str(n)} for n in range(6)]}, "units_wanted"),
    ],
)
def test_an_application_that_its_facts_do_not_bear_cannot_be_sent(called, facts, field):
    person = called.apply("欧阳喆")
    with pytest.raises(Invalid) as refused:
        called.check("application.complete", application("欧阳喆", **facts), application_id=str(person.id))
    assert set(refused.value.fields) == {field}


@pytest.mark.parametrize("facts", [{}, PRACTICAL, {"units_wanted": []}, {**PRACTICAL, "practical_reasons": "字" * 50}])
def test_an_application_that_its_facts_bear_can_be_sent(called, facts):
    person = called.apply("欧阳喆")
    called.check("application.complete", application("欧阳喆", **facts), application_id=str(person.id))


def test_nobody_applies_twice_in_a_round(called):
    first = called.apply("欧阳喆")
    with pytest.raises(Conflict):
        called.check("application.complete", application("欧阳喆"), application_id=str(_second(called, first).id))


def _second(stage: Stage, first):
    second = type(first)(
        number="BM-X", round_id=first.round_id, person_id=first.person_id, name=first.name, status="draft",
        created_at=clock.now(),
    )  # fmt: skip
    stage.session.add(second)
    stage.session.flush()
    return second


def test_after_the_last_day_an_application_is_too_late_unless_it_was_let_in(called):
    person = called.apply("欧阳喆")
    person.submitted_at = None
    moved = clock.MovableClock(clock.now() + timedelta(days=40))
    with clock.running_on(moved):
        with pytest.raises(Conflict, match="截止"):
            called.check("application.complete", application("欧阳喆"), application_id=str(person.id))
        person.late = True
        called.check("application.complete", application("欧阳喆"), application_id=str(person.id))


def test_a_withdrawn_application_cannot_be_sent(called):
    person = called.apply("欧阳喆")
    called.run("application.withdraw", called.case_of(person), application_id=str(person.id), reason="个人原因")
    with pytest.raises(Conflict, match="退出"):
        called.check("application.complete", application("欧阳喆"), application_id=str(person.id))


@pytest.mark.parametrize(
    ("facts", "allowed"),
    [
        ({}, {MEETS, RECOGNISE, SUPPLEMENT, REFUSE}),
        (PRACTICAL, {RECOGNISE, SUPPLEMENT, REFUSE}),
        ({**PRACTICAL, "influence_evidence": []}, {SUPPLEMENT, REFUSE}),
        ({"title_level": "中级"}, {SUPPLEMENT, REFUSE}),
    ],
)
@pytest.mark.parametrize("result", [MEETS, RECOGNISE, SUPPLEMENT, REFUSE])
def test_a_finding_is_never_better_than_the_rule(called, facts, allowed, result):
    person = called.apply("欧阳喆", **facts)
    called.consent(person)
    supplement = [{"item": "证书", "due": "2026-12-31"}]
    given = {"conflict": "无", "result": result, "reasons": "字" * 20, "supplement": supplement}
    if result in allowed:
        called.check("application.qualification", given, application_id=str(person.id))
        return
    with pytest.raises(Invalid) as refused:
        called.check("application.qualification", given, application_id=str(person.id))
    assert set(refused.value.fields) == {"result"}


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"result": REFUSE, "reasons": "字" * 19}, "reasons"),
        ({"result": SUPPLEMENT, "reasons": "字" * 20, "supplement": []}, "supplement"),
        ({"result": MEETS, "check_items": [{"ok": "符合"}, {"ok": "需补正"}]}, "check_items.1.ok"),
    ],
)
def test_a_finding_says_what_it_must(called, answers, field):
    person = called.apply("欧阳喆")
    called.consent(person)
    with pytest.raises(Invalid) as refused:
        called.check("application.qualification", {"conflict": "无", **answers}, application_id=str(person.id))
    assert set(refused.value.fields) == {field}


def test_a_reviewer_with_a_conflict_only_hands_on(called):
    person = called.apply("欧阳喆", title_level="中级")
    called.check("application.qualification", {"conflict": "有"}, application_id=str(person.id))
    called.consent(person)
    called.send("qualification", {"conflict": "有"}, called.section, called.case_of(person))
    called.settle(person, "ineligible")
    assert person.reviewer == ""


def test_nobody_reviews_the_own_application(called):
    person = called.apply("欧阳喆")
    mine = make_person(called.session, uuid4().hex)
    person.person_id = mine.person_id
    with pytest.raises(NotAllowed):
        called.check("application.qualification", {"conflict": "无"}, mine, application_id=str(person.id))
