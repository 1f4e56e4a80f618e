"""A year's grades and what follows: objections, benefits, corrections, each with its own procedure (第十四条)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from handlers.annual_appraisal.words import points
from processes.registers.attendances import Attendance
from processes.registers.corrections import Correction
from processes.registers.objections import Objection
from tests.factories import make_person
from tests.working_year.appraised import DECEMBER, decide, entry, furnish, grade, hr, to_the_panel
from tests.working_year.desk import only, year_desk

STATEMENT = "本人全年实地指导十次，其中两次质量评分偏低，请求对考核等次予以复核。"
FACTS = "复核组调阅全年咨询记录、意见书和区县评价，逐项核对次数、质量与其他得分，并听取本人和区县局说明，认为理由成立。"
KEYS = ("annual_appraisal", "annual_report", "objection", "benefits", "correction")


@pytest.fixture
def desk(sqlite_database, tmp_path):
    with year_desk(sqlite_database, tmp_path, *KEYS, day=DECEMBER) as opened:
        with opened.db.transaction() as session:
            for login, name in (("rev1", "甲复"), ("rev2", "乙复"), ("rev3", "丙复")):
                opened.actors[login] = make_person(session, login, ("panel.member", "city_bureau"), name=name)
        yield opened


def decided(desk, *grades):
    furnish(desk)
    case = to_the_panel(desk, 98, 90, 80, 70)
    grade(desk, *grades)
    hr(desk, case)
    decide(desk, *grades)
    return case


def objected(desk, decision, **more):
    """丁一 objects in the appraisal; the objection is decided."""
    desk.do("丁一", "confirm_result", answer="有异议", statement=STATEMENT)
    case = only(desk.cases_of("objection")).id
    desk.do("clerk", "accept", case, decision="受理", acceptance_reason="在期限内提出，予以受理。")
    reviewers = [{"reviewer": str(desk.person_id(each)), "view": "同意"} for each in ("rev1", "rev2", "rev3")]
    desk.do("rev1", "review", case, records="无误", facts=FACTS, reviewers=reviewers, decision=decision, **more)
    made = only(desk.read(lambda session: session.scalars(select(Objection)).all()))
    assert made.statement == STATEMENT
    desk.message("hr_opinion", f"{made.number}-1", opinion="同意", hr_reason="", matter_id="", hr_silent=False)
    desk.do(
        "leader",
        "decide",
        case,
        decision=decision,
        reason="复核组意见客观，市人力社保局同意，依据充分，予以决定。",
        **more,
    )
    return case


def test_an_objection_changes_the_grade_and_the_appraisal_goes_on(desk):
    decided(desk, "称职", "称职", "称职", "称职")
    objected(desk, "变更", new_grade="优秀")
    found = entry(desk, "丁一")
    assert (found.grade, found.final) == ("优秀", True)
    assert found.versions[-1].source == "objection"


def test_a_grade_set_aside_is_given_again(desk):
    decided(desk, "称职", "称职", "称职", "称职")
    objected(desk, "撤销重评")
    assert "regrade" in desk.open()
    assert not entry(desk, "丁一").final


def test_who_is_graded_again_is_scored_from_the_records_as_corrected(desk):
    decided(desk, "称职", "称职", "称职", "称职")
    before = entry(desk, "丁一").score_x100
    with desk.db.transaction() as session:
        mine = select(Attendance).where(Attendance.person_id == desk.person_id("丁一"))
        session.scalars(mine).first().record = "submitted"
    objected(desk, "撤销重评")
    found = entry(desk, "丁一")
    assert found.score_x100 < before
    assert [each["score_x100"] for each in found.inputs["earlier_scores"]] == [before]
    (shown,) = desk.form("panel", "regrade").context.values["regrade_rows"]
    assert shown["total"] == points(found.score_x100)
    assert f"记录更正前{points(before)}" in shown["facts"]


def test_who_sat_on_the_panel_is_not_offered_as_a_reviewer(desk):
    decided(desk, "称职", "称职", "称职", "称职")
    desk.do("丁一", "confirm_result", answer="有异议", statement=STATEMENT)
    offered = desk.house.options["objection_reviewers"]
    variables = {"entry_id": str(entry(desk, "丁一").id)}
    named = [each.text("zh") for each in desk.read(lambda session: offered(session, variables))]
    assert "甲复" in named
    assert "吴评" not in named


def test_a_final_good_grade_lets_the_planner_ask_for_what_it_earned(desk):
    decided(desk, "优秀", "称职", "称职", "称职")
    desk.do("丁一", "confirm_result", answer="无异议")
    case = only(desk.cases_of("benefits"))
    assert case.title == "政策待遇：丁一"
    desk.do("丁一", "apply", case.id, kind="继续教育减免", application_year=2027, institution="市职称改革办公室",
            use="申报正高级规划师")  # fmt: skip
    assert "sign" in desk.open(case.id)


def test_a_record_behind_a_final_grade_is_corrected_by_the_leader(desk):
    decided(desk, "称职", "称职", "称职", "称职")
    desk.do("丁一", "confirm_result", answer="无异议")
    key = desk.read(
        lambda session: session.scalars(
            select(Attendance.id).where(Attendance.person_id == desk.person_id("丁一")).limit(1)
        ).one()
    )
    case = desk.start("丁一", "correction")
    desk.do("丁一", "choose_record", case, record=f"attendance:{key}")
    desk.do("丁一", "ask", case, field="方式", new_mode="线上", reason="当日因汛情改为线上进行。")
    touched = only(desk.read(lambda session: session.scalars(select(Correction)).all())).effects
    assert any("等次“称职”已生效" in row["effect"] for row in touched)
