"""年度考核: every exceptional path (第九条(三)、第十条、第十四条、第十五条(四))."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from processes import clock
from processes.errors import Invalid
from processes.identity.actor import SYSTEM
from processes.registers.appointments import Appointment, AppointmentStatus
from processes.registers.appraisals import appraisal_on, entry_of
from processes.registers.district_views import mean_score, views_of
from processes.registers.experts import expert_for
from processes.registers.grading import Given, give_grades, take_out
from processes.registers.leaves import Leave
from processes.rules.appraisal import Why
from tests.working_year.appraised import (
    DECEMBER,
    LONG,
    NAMES,
    REASON,
    VIEW,
    YEAR,
    assess,
    decide,
    entry,
    furnish,
    grade,
    hr,
    report,
    serve,
    sign,
    start,
    to_the_panel,
    views,
)
from tests.working_year.desk import FULING, only, year_desk
from tests.working_year.test_annual_report import REPORT

STATEMENT = "三月九日的咨询意见书未纳入抽评，申请对意见质量重新评价，并核对实地指导次数的统计。"
OBJECTION = {"answer": "有异议", "statement": STATEMENT}
FOUR = ("优秀", "称职", "称职", "称职")
RECEIPT = {"filed_day": "2026-12-01", "receipt": ["file:回执.pdf"]}


@pytest.fixture
def desk(sqlite_database, tmp_path):
    with year_desk(sqlite_database, tmp_path, "annual_appraisal", day=DECEMBER) as opened:
        yield opened


@pytest.fixture
def on_both(database, tmp_path):
    with year_desk(database, tmp_path, "annual_appraisal", day=DECEMBER) as opened:
        yield opened


def told(desk, *grades, names=NAMES, qualities=(98, 90, 80, 70), reasons=None):
    """Everybody has been told the result."""
    furnish(desk, names)
    case = to_the_panel(desk, *qualities[: len(names)])
    grade(desk, *grades, reasons=reasons)
    hr(desk, case)
    decide(desk, *grades, reasons=reasons or {})
    return case


def settle(desk, name, result):
    """P11 tells what became of the objection."""
    desk.message("objection_decided", str(entry(desk, name).id), result=result)


# reports


def test_a_report_accepted_in_time_leads_on(sqlite_database, tmp_path):
    with year_desk(sqlite_database, tmp_path, "annual_appraisal", "annual_report", day=DECEMBER) as desk:
        furnish(desk, NAMES[:1], reports=False)
        start(desk)
        sign(desk)
        desk.do("丁一", "write_report", **REPORT)
        desk.do("bureau.clerk.500101", "check_figures", numbers="数据一致")
        assert "view_of_bureau" not in desk.open()
        desk.do("clerk", "accept_report", decision="接收")
        assert desk.open() == ["view_of_bureau", "view_of_government"]
        assert not entry(desk, "丁一").report_missing


def test_without_a_report_a_grade_needs_a_reason_and_is_not_incompetent_by_itself(desk):
    furnish(desk, NAMES[:1], reports=False)
    start(desk)
    sign(desk)
    assert desk.open() == []
    desk.until(date(2027, 1, 2))
    views(desk)
    assess(desk, 90)
    assert entry(desk, "丁一").report_missing
    assert entry(desk, "丁一").suggestion == "优秀候选"
    with pytest.raises(Invalid):
        grade(desk, "称职", reasons={0: ""})
    grade(desk, "称职", reasons={0: "未提交报告，已提醒三次，按记录评定。"})


# districts


def test_a_district_that_says_nothing_is_marked_and_holds_nobody_up(desk):
    furnish(desk, NAMES[:1])
    start(desk)
    sign(desk)
    desk.do("gov.clerk.500101", "view_of_government", **VIEW)
    desk.until(date(2027, 1, 18))
    assert desk.open() == ["assess"]
    found = desk.read(lambda session: [(each.body, each.score, each.missing) for each in _views(session)])
    assert sorted(found) == [("区县政府", 90, False), ("区县规划自然资源局", None, True)]


def _views(session):
    return views_of(session, only(appraisal_on(session, YEAR).entries).id)


def test_two_districts_give_two_views_and_weigh_alike(desk):
    furnish(desk, NAMES[:1])
    desk.also_serves("丁一", FULING)
    start(desk)
    sign(desk)
    for unit, scores in (("500101", (90, 80)), ("500102", (60, 70))):
        desk.do(f"gov.clerk.{unit}", "view_of_government", **{**VIEW, "score": scores[0]})
        desk.do(f"bureau.clerk.{unit}", "view_of_bureau", **{**VIEW, "score": scores[1]})
    assert desk.read(lambda session: mean_score(_views(session))) == 75
    assess(desk, 90)
    assert (entry(desk, "丁一").inputs["view_mean"], len(entry(desk, "丁一").inputs["views"])) == (75, 4)


# roll


def test_long_leave_is_not_graded_and_a_dismissal_is_not_on_the_list(desk):
    furnish(desk, NAMES[:3])
    with desk.db.transaction() as session:
        for name, change in (("戊二", "leave"), ("己三", "dismissed")):
            mine = session.scalars(select(Appointment).where(Appointment.person_id == desk.person_id(name))).one()
            if change == "leave":
                session.add(
                    Leave(appointment_id=mine.id, first_day=date(2026, 1, 5), last_day=date(2026, 7, 20), reason="病休",
                          recorded_by="张明", recorded_at=clock.now())
                )  # fmt: skip
            else:
                mine.status, mine.ended_on = AppointmentStatus.DISMISSED, date(2026, 10, 1)
    start(desk)
    assert [(entry(desk, name).roll, entry(desk, name).why) for name in NAMES[:3]] == [
        ("GRADED", ""),
        ("NOT_GRADED", "long_leave"),
        ("NOT_INCLUDED", "dismissed"),
    ]


def test_who_leaves_before_the_year_ends_is_taken_off_before_the_scores(desk):
    furnish(desk, NAMES[:2])
    start(desk)
    sign(desk)
    views(desk)
    with desk.db.transaction() as session:
        mine = session.scalars(select(Appointment).where(Appointment.person_id == desk.person_id("戊二"))).one()
        mine.status, mine.ended_on = AppointmentStatus.WITHDRAWN, date(2026, 12, 20)
    assess(desk, 90, 90)
    assert entry(desk, "戊二").roll == "NOT_INCLUDED"
    grade(desk, "称职")


# scores and grades


def test_the_assessors_do_not_see_a_reserved_opinion(desk):
    appointment_id = desk.planner("丁一")
    serve(desk, "丁一", appointment_id, 4, reserved="本人保留意见：不同意突破高度。")
    report(desk, "丁一")
    start(desk)
    sign(desk)
    views(desk)
    shown = str(desk.form("section", "assess").values)
    assert "高度突破控制" in shown
    assert "保留意见：" not in shown


def test_without_an_opinion_the_assessment_says_what_it_rests_on(desk):
    furnish(desk, NAMES[:1], visits=0)
    start(desk)
    sign(desk)
    views(desk)
    with pytest.raises(Invalid):
        desk.do("section", "assess", quality_given=70, duties=80)
    assess(desk, 70, sample=0)
    assert entry(desk, "丁一").inputs["quality"] == 70


def test_with_too_few_visits_excellent_is_not_suggested_but_people_may_name_with_a_reason(desk):
    furnish(desk, visits=9)
    to_the_panel(desk, 100, 90, 80, 70, duties=100)
    assert entry(desk, "丁一").suggestion == "称职"
    with pytest.raises(Invalid):
        grade(desk, *FOUR, reasons={0: ""})
    grade(desk, *FOUR, reasons={0: "实地九次，另有两次因汛情改为线上，考核组一致推荐。"})


def test_incompetent_needs_fifty_characters_at_every_step(desk):
    furnish(desk, NAMES[:1])
    case = to_the_panel(desk, 20)
    with pytest.raises(Invalid):
        grade(desk, "不称职")
    grade(desk, "不称职", reasons={0: LONG})
    hr(desk, case)
    with pytest.raises(Invalid):
        decide(desk, "不称职")


# objections


def test_an_open_objection_holds_up_nobody_else(on_both):
    desk = on_both
    case = told(desk, *FOUR)
    desk.do("戊二", "confirm_result", **OBJECTION)
    for name in ("丁一", "己三", "庚四"):
        desk.do(name, "confirm_result", answer="无异议")
        desk.do("employer", "file_result", about=name, **RECEIPT)
    assert [entry(desk, name).final for name in NAMES] == [True, False, True, True]
    assert all(entry(desk, name).filed_on for name in ("丁一", "己三", "庚四"))
    assert desk.case(case).status != "completed"
    settle(desk, "戊二", "upheld")
    desk.do("employer", "file_result", **RECEIPT)
    assert desk.case(case).status == "completed"


def test_silence_through_the_window_counts_as_no_objection(desk):
    told(desk, "称职", names=NAMES[:1])
    due = desk.workdays(10)
    desk.until(due, hour=20)
    assert desk.open() == ["confirm_result"]
    desk.until(due + timedelta(days=1))
    assert (entry(desk, "丁一").answer, entry(desk, "丁一").final) == ("期满未提出", True)


@pytest.mark.parametrize("result", ["upheld", "refused", "withdrawn", "changed"])
def test_a_settled_objection_makes_the_result_final(desk, result):
    told(desk, "称职", names=NAMES[:1])
    desk.do("丁一", "confirm_result", **OBJECTION)
    settle(desk, "丁一", result)
    assert entry(desk, "丁一").final


def test_an_objection_that_undoes_the_result_is_graded_again_and_told_again(desk):
    told(desk, "称职", *FOUR[1:])
    desk.do("丁一", "confirm_result", **OBJECTION)
    settle(desk, "丁一", "again")
    panel = {"panel_opinion": "重新抽评后，考核组意见一致。", "votes": "5票"}
    with pytest.raises(Invalid):
        desk.do("panel", "regrade", grades=[{"grade": "不称职", "reason": LONG}], **panel)
    desk.do("panel", "regrade", grades=[{"grade": "优秀", "reason": REASON}], **panel)
    desk.do("leader", "confirm_regrade", decision="审定")
    assert [each.source for each in entry(desk, "丁一").versions] == ["panel", "decision", "objection"]
    desk.do("丁一", "confirm_result", answer="无异议")
    assert (entry(desk, "丁一").grade, entry(desk, "丁一").final) == ("优秀", True)


def test_graded_again_stays_below_the_ceiling(desk):
    told(desk, *FOUR)
    desk.do("戊二", "confirm_result", **OBJECTION)
    settle(desk, "戊二", "again")
    panel = {"panel_opinion": "重新抽评后，考核组意见一致。", "votes": "5票"}
    with pytest.raises(Invalid):
        desk.do("panel", "regrade", grades=[{"grade": "优秀", "reason": REASON}], **panel)


def test_a_smaller_base_warns_the_leader_who_may_open_the_year_again(desk):
    told(desk, *FOUR)
    desk.do("庚四", "confirm_result", **OBJECTION)
    for name in ("丁一", "戊二", "己三"):
        desk.do(name, "confirm_result", answer="无异议")
    with desk.db.transaction() as session:
        mine = entry_of(session, entry(desk, "庚四").id)
        take_out(session, SYSTEM, mine, Why.LONG_LEAVE, "复核查明全年休假逾半年。")
    settle(desk, "庚四", "changed")
    assert entry(desk, "丁一").grade == "优秀"
    assert "look_at_cap" in desk.open()
    desk.do(
        "leader", "look_at_cap", decision="重新启动", reopened=[str(entry(desk, "丁一").id)],
        reason="考核人数减少后名额为零，须对原优秀人选重新评议。",
    )  # fmt: skip
    reference = f"{desk.cases_of('annual_appraisal', 'reopening')[0].number}-1"
    desk.message("hr_opinion", reference, opinion="同意", hr_reason="", matter_id="", hr_silent=False)
    desk.do("leader", "decide_reopening", decision="启动", reason="经征求意见，同意重新评议。")
    panel = {"panel_opinion": "名额为零，考核组意见一致。", "votes": "5票"}
    desk.do("panel", "regrade", grades=[{"grade": "称职", "reason": REASON}], **panel)
    desk.do("leader", "confirm_regrade", decision="审定")
    assert entry(desk, "丁一").versions[-1].source == "correction"
    desk.do("丁一", "confirm_result", answer="无异议")
    assert entry(desk, "丁一").final


def test_the_leader_may_leave_it_as_it_is_with_reasons(desk):
    told(desk, "称职", names=NAMES[:1])
    desk.do("丁一", "confirm_result", answer="无异议")
    case = desk.start("leader", "annual_appraisal", "reopening")
    desk.do("leader", "look_at_cap", decision="不重新启动", reason="经核查原结果依据充分、程序完整，不重新启动考核。")
    assert desk.case(case).outcome == "不重新启动"


def test_the_hr_bureau_is_heard_before_a_result_is_opened_again(desk):
    told(desk, "称职", names=NAMES[:1])
    desk.do("丁一", "confirm_result", answer="无异议")
    case = desk.start("leader", "annual_appraisal", "reopening")
    chosen = [str(entry(desk, "丁一").id)]
    with pytest.raises(Invalid):
        desk.do("leader", "look_at_cap", decision="重新启动", reopened=[], reason="记录更正后须重新评议该同志。")
    reason = "记录更正后实地次数增加，须重新评议该同志。"
    desk.do("leader", "look_at_cap", decision="重新启动", reopened=chosen, reason=reason)
    assert "decide_reopening" not in desk.open()
    desk.message("hr_opinion", f"{desk.case(case).number}-1", opinion="不同意", hr_reason="依据不足", matter_id="",
                 hr_silent=False)  # fmt: skip
    desk.do("leader", "decide_reopening", decision="维持原结果", reason="经研究，维持原考核结果。")
    assert desk.case(case).outcome == "维持原结果"


# what follows


def test_a_final_incompetent_goes_to_the_dismissal(sqlite_database, tmp_path):
    with year_desk(sqlite_database, tmp_path, "annual_appraisal", "dismissal", day=DECEMBER) as desk:
        told(desk, "不称职", names=NAMES[:1], qualities=(20,), reasons={0: LONG})
        assert desk.cases_of("dismissal") == []
        desk.do("丁一", "confirm_result", answer="无异议")
        assert len(desk.cases_of("dismissal", "dismissal")) == 1


def test_a_right_that_is_acquired_goes_to_the_benefits(sqlite_database, tmp_path):
    with year_desk(sqlite_database, tmp_path, "annual_appraisal", "benefits", day=DECEMBER) as desk:
        told(desk, "称职", names=NAMES[:1])
        desk.do("丁一", "confirm_result", answer="无异议")
        assert len(desk.cases_of("benefits", "benefits")) == 1


def test_nothing_is_filed_without_the_receipt(desk):
    told(desk, "称职", names=NAMES[:1])
    desk.do("丁一", "confirm_result", answer="无异议")
    with pytest.raises(Invalid):
        desk.do("employer", "file_result", filed_day="2026-12-01", archive_no="1")
    assert entry(desk, "丁一").filed_on is None


def test_where_no_employer_is_known_the_city_bureau_files(desk):
    furnish(desk, NAMES[:1])
    with desk.db.transaction() as session:
        expert_for(session, desk.person_id("丁一")).employer_id = None
    case = to_the_panel(desk, 90)
    grade(desk, "称职")
    hr(desk, case)
    decide(desk, "称职")
    desk.do("丁一", "confirm_result", answer="无异议")
    desk.do("clerk", "file_by_city", **RECEIPT)
    assert desk.case(case).status == "completed"


def test_a_grade_given_by_an_objection_keeps_the_ceiling(desk):
    told(desk, *FOUR)
    with desk.db.transaction() as session:
        mine = entry_of(session, entry(desk, "戊二").id)
        with pytest.raises(Invalid):
            give_grades(session, SYSTEM, mine.appraisal, {mine.id: Given("优秀", "复核变更")}, "objection")


def test_an_objection_is_looked_at_by_its_own_procedure_and_the_result_waits_for_it(sqlite_database, tmp_path):
    with year_desk(sqlite_database, tmp_path, "annual_appraisal", "objection", day=DECEMBER) as desk:
        told(desk, "称职", names=NAMES[:1])
        desk.do("丁一", "confirm_result", **OBJECTION)
        assert not entry(desk, "丁一").final
        desk.do("clerk", "accept", decision="受理", acceptance_reason="在期限内提出，予以受理。")
        desk.do("丁一", "take_back", take_back=True)
        assert entry(desk, "丁一").final
