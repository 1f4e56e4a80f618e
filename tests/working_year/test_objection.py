"""考核异议: looked at again by others, never to the worse, and 优秀 only while there is room (第十、十四条)."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from processes import clock
from processes.documents.preview import letter_preview
from processes.errors import Invalid
from processes.registers.appraisals import Appraisal, AppraisalEntry, GradeVersion
from processes.registers.grading import take_out
from processes.registers.objections import Objection
from processes.rules.appraisal import Why
from tests.factories import make_person
from tests.working_year.desk import only, year_desk

STATEMENT = "本人全年实地指导十二次，其中两次未计入，意见采纳率较高，请求对考核等次予以复核。"
FACTS = "复核组调阅全年咨询记录、意见书和区县评价，逐项核对次数、质量与其他得分，并听取本人和区县局说明，数据准确无误。"
REASON = "复核组意见客观，市人力社保局同意，依据充分，予以决定。"
NAMES = ("丁一", "丁二", "丁三", "丁四")


@pytest.fixture
def desk(sqlite_database, tmp_path):
    with year_desk(sqlite_database, tmp_path, "objection") as opened:
        yield furnished(opened)


@pytest.fixture
def both_desk(database, tmp_path):
    with year_desk(database, tmp_path, "objection") as opened:
        yield furnished(opened)


def furnished(desk):
    """Three people who may review, beside the one who sat on the panel; messages that are sent are kept."""
    with desk.db.transaction() as session:
        for login, name in (("rev1", "甲复"), ("rev2", "乙复"), ("rev3", "丙复")):
            desk.actors[login] = make_person(session, login, ("panel.member", "city_bureau"), name=name)
    desk.sent, deliver = [], desk.background.handlers["message.deliver"]

    def delivered(session, job):
        desk.sent.append(job.args)
        deliver(session, job)

    desk.background.handlers["message.deliver"] = delivered
    return desk


def graded(desk, old="称职", excellent=0, told=date(2026, 2, 26), final=False):
    """A year's list of four with the grade of 丁一 and some 优秀; gives the entry of 丁一."""
    made = {}
    appointments = {name: desk.planner(name) for name in NAMES}
    with desk.db.transaction() as session:
        appraisal = Appraisal(status="told", year=2025, freeze_on=date(2025, 12, 31), readings_version=0)
        session.add(appraisal)
        session.flush()
        for place, name in enumerate(NAMES):
            grade = old if place == 0 else "优秀" if place <= excellent else "称职"
            entry = AppraisalEntry(
                appraisal_id=appraisal.id, person_id=desk.person_id(name), appointment_id=appointments[name],
                roll="GRADED", grade=grade, final=final, told_on=told, score_x100=7800, inputs={"visits": 10},
            )  # fmt: skip
            entry.versions = [GradeVersion(at=clock.now(), grade=grade, source="panel", by="吴评")]
            session.add(entry)
            session.flush()
            made[name] = entry.id
    return made["丁一"]


def filed(desk, entry_id, on=date(2026, 3, 2)):
    """The objection of 丁一 has come from the appraisal; gives the case."""
    desk.message("objection_filed", entry_id=str(entry_id), person_id=str(desk.person_id("丁一")), person_name="丁一",
                 year=2025, filed_on=on.isoformat(), statement=STATEMENT)  # fmt: skip
    return only(desk.cases_of("objection")).id


def accept(desk, case):
    desk.do("clerk", "accept", case, decision="受理", acceptance_reason="在期限内提出，予以受理。")


def people(desk, *logins):
    return [{"reviewer": str(desk.person_id(login)), "view": "同意复核意见"} for login in logins]


def review(desk, case, decision="维持", who="rev1", reviewers=("rev1", "rev2", "rev3"), **more):
    desk.do(who, "review", case, records="无误", facts=FACTS, reviewers=people(desk, *reviewers), decision=decision,
            **more)  # fmt: skip


def hear(desk, opinion="同意"):
    desk.message("hr_opinion", f"{objection(desk).number}-1", opinion=opinion, hr_reason="", matter_id="",
                 hr_silent=not opinion)  # fmt: skip


def reviewed(desk, decision="维持", **more):
    """Up to the leader's decision."""
    case = filed(desk, graded(desk, **{key: more.pop(key) for key in ("old", "excellent", "final") if key in more}))
    accept(desk, case)
    review(desk, case, decision, **more)
    hear(desk)
    return case


def objection(desk):
    return only(desk.read(lambda session: session.scalars(select(Objection)).all()))


def entry(desk):
    def found(session):
        one = session.scalars(select(AppraisalEntry).where(AppraisalEntry.person_id == desk.person_id("丁一"))).one()
        return one.grade, [(each.grade, each.source) for each in one.versions]

    return desk.read(found)


def words(desk, key):
    document = only(desk.documents(key))
    return desk.read(lambda session: letter_preview(desk.house.files.read(document.file_id)))


def told(desk):
    """What the appraisal was told, with the entry it is about."""
    return [(each["correlation"], each["data"]["result"]) for each in desk.sent if each["name"] == "objection_decided"]


def test_a_grade_is_upheld_and_the_decision_served(both_desk):
    desk = both_desk
    case = reviewed(desk)
    desk.do("leader", "decide", case, decision="维持", reason=REASON)
    assert desk.case(case).outcome == "复核决定已送达"
    assert entry(desk) == ("称职", [("称职", "panel")])
    made = objection(desk)
    assert (made.status, made.opinion, len(made.reviewers)) == ("upheld", "同意", 3)
    text = words(desk, "objection_decision")
    assert "（称职）" in text
    assert "决定：维持" in text


def test_a_grade_is_changed_upwards_while_there_is_room(both_desk):
    desk = both_desk
    case = reviewed(desk, "变更", new_grade="优秀")
    desk.do("leader", "decide", case, decision="变更", new_grade="优秀", reason=REASON)
    assert entry(desk) == ("优秀", [("称职", "panel"), ("优秀", "objection")])
    assert objection(desk).status == "changed"
    assert "变更为优秀" in words(desk, "objection_decision")


def test_no_place_of_excellent_is_free(desk):
    case = reviewed(desk, "变更", new_grade="优秀", excellent=1)
    with pytest.raises(Invalid) as refused:
        desk.do("leader", "decide", case, decision="变更", new_grade="优秀", reason=REASON)
    assert "new_grade" in refused.value.fields
    assert entry(desk)[0] == "称职"


def test_an_incompetent_grade_becomes_competent_though_the_cap_is_full(desk):
    case = reviewed(desk, "变更", new_grade="称职", old="不称职", excellent=1)
    desk.do("leader", "decide", case, decision="变更", new_grade="称职", reason=REASON)
    assert entry(desk)[0] == "称职"


@pytest.mark.parametrize("grade", ["不称职", "称职"], ids=["worse", "the same"])
def test_an_objection_never_makes_it_worse(desk, grade):
    case = reviewed(desk)
    with pytest.raises(Invalid) as refused:
        desk.do("leader", "decide", case, decision="变更", new_grade=grade, reason=REASON)
    assert "new_grade" in refused.value.fields


def test_a_grade_that_is_set_aside_is_given_again_by_the_appraisal(desk):
    case = reviewed(desk, "撤销重评")
    desk.do("leader", "decide", case, decision="撤销重评", reason=REASON)
    assert (objection(desk).status, told(desk)) == ("again", [(str(objection(desk).entry_id), "again")])
    assert entry(desk) == ("称职", [("称职", "panel")])
    assert "撤销原结果，重新评议" in words(desk, "objection_decision")


@pytest.mark.parametrize(("decision", "more"), [("变更", {"new_grade": "称职"}), ("撤销重评", {})])
def test_who_is_not_graded_gets_no_grade_by_an_objection(desk, decision, more):
    entry_id = graded(desk)
    with desk.db.transaction() as session:
        made = session.get_one(AppraisalEntry, entry_id)
        take_out(session, desk.actors["clerk"], made, Why.LONG_LEAVE, "休假登记后超过半年")
    case = filed(desk, entry_id)
    accept(desk, case)
    with pytest.raises(Invalid) as refused:
        review(desk, case, decision, **more)
    assert "decision" in refused.value.fields
    review(desk, case)
    hear(desk)
    with pytest.raises(Invalid):
        desk.do("leader", "decide", case, decision=decision, reason=REASON, **more)
    desk.do("leader", "decide", case, decision="维持", reason=REASON)
    assert "（不确定等次）" in words(desk, "objection_decision")


def test_the_reviewers_read_why_the_grade_was_given_and_how_the_panel_voted(desk):
    entry_id = graded(desk)
    with desk.db.transaction() as session:
        session.add(
            GradeVersion(entry_id=entry_id, at=clock.now(), grade="称职", source="panel", by="吴评",
                         reason="并列合议：综合表现略逊。", votes="2票同意")
        )  # fmt: skip
    accept(desk, filed(desk, entry_id))
    shown = {row["item"]: row["value"] for row in desk.form("rev1", "review").context.values["input_rows"]}
    assert (shown["原评定理由"], shown["考核组表决"]) == ("并列合议：综合表现略逊。", "2票同意")


def test_a_final_grade_is_not_set_aside(desk):
    case = reviewed(desk, "撤销重评", final=True)
    with pytest.raises(Invalid):
        desk.do("leader", "decide", case, decision="撤销重评", reason=REASON)


def test_what_is_late_is_refused(desk):
    case = filed(desk, graded(desk, told=date(2026, 1, 20)))
    with pytest.raises(Invalid) as refused:
        accept(desk, case)
    assert "force_majeure_found" in refused.value.fields
    desk.do("clerk", "accept", case, decision="不予受理", acceptance_reason="已逾期，且无不可抗力情形。")
    assert desk.case(case).outcome == "不予受理"
    assert (objection(desk).status, told(desk)) == ("refused", [(str(objection(desk).entry_id), "refused")])
    assert "不予受理" in words(desk, "objection_refused")


def test_force_majeure_excuses_what_is_late(desk):
    case = filed(desk, graded(desk, told=date(2026, 1, 20)))
    desk.do("clerk", "accept", case, decision="受理", force_majeure_found=True,
            acceptance_reason="因洪灾通信中断，经核实属实。")  # fmt: skip
    assert desk.open(case) == ["review", "take_back"]


def test_what_is_in_time_is_not_refused(desk):
    case = filed(desk, graded(desk))
    with pytest.raises(Invalid):
        desk.do("clerk", "accept", case, decision="不予受理", acceptance_reason="理由不充分，不予受理。")


def test_a_late_objection_is_filed_by_hand(desk):
    entry_id = graded(desk, told=date(2026, 1, 20), final=True)
    case = desk.start("丁一", "objection")
    desk.do("丁一", "file", case, entry_id=str(entry_id), statement=STATEMENT, force_majeure="洪灾致通信中断半月有余。")
    assert desk.open(case) == ["accept"]
    assert objection(desk).late


def test_within_the_days_allowed_the_task_of_the_appraisal_is_the_place(desk):
    entry_id = graded(desk)
    case = desk.start("丁一", "objection")
    with pytest.raises(Invalid):
        desk.do("丁一", "file", case, entry_id=str(entry_id), statement=STATEMENT)


@pytest.mark.parametrize(
    ("who", "reviewers"),
    [
        ("rev1", ("rev1", "rev2")),
        ("rev1", ("rev1", "rev2", "panel")),
        ("rev1", ("rev1", "rev2", "rev2")),
        ("panel", ("rev1", "rev2", "rev3")),
    ],
    ids=["two", "one of the first panel", "one named twice", "sent by one of the first panel"],
)
def test_three_others_review(desk, who, reviewers):
    case = filed(desk, graded(desk))
    accept(desk, case)
    with pytest.raises(Invalid):
        review(desk, case, who=who, reviewers=reviewers)


def test_who_rated_the_opinions_does_not_review(desk):
    entry_id = graded(desk)
    with desk.db.transaction() as session:
        session.get_one(AppraisalEntry, entry_id).inputs = {"visits": 10, "quality_by": "丙复"}
    case = filed(desk, entry_id)
    accept(desk, case)
    offered = {each.text("zh") for each in desk.form("rev1", "review").context.options["objection_reviewers"]}
    assert {"甲复", "乙复"} <= offered
    assert "丙复" not in offered
    with pytest.raises(Invalid) as refused:
        review(desk, case)
    assert "reviewers.2.reviewer" in refused.value.fields
    with pytest.raises(Invalid):
        review(desk, case, who="rev3", reviewers=("rev1", "rev2", "clerk"))


def test_wrong_records_are_corrected_first(desk):
    case = filed(desk, graded(desk))
    accept(desk, case)
    desk.do("rev1", "review", case, records="有误，先办理更正", facts=FACTS)
    assert desk.open(case) == ["see_corrected", "take_back"]
    desk.do("clerk", "see_corrected", case, corrected="更正-2026-0001已办结，补计实地指导一次。")
    review(desk, case)
    hear(desk)
    assert objection(desk).corrected.startswith("更正-2026-0001")
    assert "decide" in desk.open(case)


def test_until_the_decision_the_planner_may_take_it_back(both_desk):
    desk = both_desk
    case = filed(desk, graded(desk))
    accept(desk, case)
    desk.do("丁一", "take_back", case, take_back=True)
    assert desk.case(case).outcome == "异议已撤回"
    assert desk.open(case) == []
    assert (objection(desk).status, told(desk)) == ("withdrawn", [(str(objection(desk).entry_id), "withdrawn")])


def test_a_silent_hr_bureau_is_told_to_the_leader(desk):
    case = filed(desk, graded(desk))
    accept(desk, case)
    review(desk, case)
    hear(desk, "")
    desk.do("leader", "decide", case, decision="维持", reason=REASON)
    assert objection(desk).opinion == ""


def test_the_review_is_due_in_twenty_working_days(desk):
    case = filed(desk, graded(desk))
    accept(desk, case)
    assert objection(desk).review_due == desk.workdays(20)
