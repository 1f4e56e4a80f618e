"""补考核: who served in a decided year and has no grade is appraised alone, within the same ceiling (第十四条)."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from handlers.annual_appraisal.supplementary import supplementary_planners
from processes import clock
from processes.errors import Invalid
from processes.registers.annual_reports import AnnualReport
from processes.registers.appraisals import appraisal_on
from processes.registers.grading import cap_standing
from processes.registers.leaves import Leave
from tests.working_year.appraised import (
    DECEMBER,
    NAMES,
    PANEL,
    REASON,
    YEAR,
    decide,
    entry,
    furnish,
    grade,
    hr,
    report,
    serve,
    to_the_panel,
    views,
)
from tests.working_year.desk import year_desk

WHY = "聘任登记补录后，本年度服务满九个月，应当参加考核。"
RECEIPT = {"filed_day": "2026-12-01", "archive_no": "人档-1", "receipt": ["file:回执.pdf"]}


@pytest.fixture
def desk(sqlite_database, tmp_path):
    with year_desk(sqlite_database, tmp_path, "annual_appraisal", "annual_report", day=DECEMBER) as opened:
        yield opened


@pytest.fixture
def on_both(database, tmp_path):
    with year_desk(database, tmp_path, "annual_appraisal", "annual_report", day=DECEMBER) as opened:
        yield opened


def decided_year(desk):
    furnish(desk)
    case = to_the_panel(desk, 98, 90, 80, 70)
    grade(desk, "优秀", "称职", "称职", "称职")
    hr(desk, case)
    decide(desk, "优秀", "称职", "称职", "称职")


def left_out(desk, name="辛五", reported=True, **facts):
    """A planner whose appointment was entered after the year's roll."""
    appointment_id = desk.planner(name, **facts)
    serve(desk, name, appointment_id, 10)
    if reported:
        report(desk, name)
    return appointment_id


def offered(desk):
    return {each.label: each.value for each in desk.read(lambda session: supplementary_planners(session, {}))}


def proposed(desk, name="辛五"):
    case = desk.start("section", "annual_appraisal", "supplementary")
    who = next(value for label, value in offered(desk).items() if name in str(label))
    desk.do("section", "propose_supplement", case, who=who, reason=WHY)
    return case


def graded(desk, case, name="辛五", chosen="称职"):
    """Report, views and quality, up to the panel's proposal."""
    desk.do("leader", "approve_supplement", case, decision="同意")
    views(desk)
    rated = {"concrete": 88, "founded": 88, "useful": 88, "timely": 88}
    desk.do("section", "assess", about=name, duties=85, sample=[rated] * 3)
    desk.do("panel", "grade_supplement", case, grades=[{"grade": chosen, "reason": REASON}], **PANEL)


def test_a_planner_left_off_the_roll_is_appraised_told_and_filed_alone(on_both):
    desk = on_both
    decided_year(desk)
    left_out(desk)
    assert [str(each) for each in offered(desk)] == ["辛五2026年度（未列入名册）"]
    case = proposed(desk)
    graded(desk, case)
    hr(desk, case)
    desk.do("leader", "decide_supplement", case, decision="审定")
    desk.do("辛五", "confirm_result", answer="无异议")
    desk.do("employer", "file_result", about="辛五", **RECEIPT)
    assert (desk.case(case).status, desk.case(case).outcome) == ("completed", "补考核结果已存档")
    found = entry(desk, "辛五")
    assert (found.grade, found.final, found.answer) == ("称职", True, "无异议")
    assert [each.source for each in found.versions] == ["decision"]
    assert found.score_x100 is not None
    standing = desk.read(lambda session: cap_standing(session, appraisal_on(session, YEAR)))
    assert (standing.n, standing.cap, standing.used) == (5, 1, 1)
    assert {name: entry(desk, name).grade for name in NAMES} == {
        "丁一": "优秀", "戊二": "称职", "己三": "称职", "庚四": "称职"
    }  # fmt: skip


def test_the_ceiling_of_the_year_holds_for_one_planner_too(desk):
    decided_year(desk)
    left_out(desk)
    case = proposed(desk)
    with pytest.raises(Invalid) as refused:
        graded(desk, case, chosen="优秀")
    assert "考核人数5人，上限1人，拟评优秀2人，超出1人" in str(refused.value.fields["grades"])


def test_the_report_is_asked_for_and_a_missing_one_needs_a_reason(desk):
    decided_year(desk)
    left_out(desk, reported=False)
    case = proposed(desk)
    desk.do("leader", "approve_supplement", case, decision="同意")
    assert desk.read(lambda session: session.scalars(select(AnnualReport.person_id)).all()).count(
        desk.person_id("辛五")
    )
    desk.until(date(2026, 12, 20))
    assert "view_of_bureau" in desk.open()


def test_who_served_too_short_a_time_is_refused_with_the_reason(desk):
    decided_year(desk)
    left_out(desk, start=date(2026, 9, 1))
    case = desk.start("section", "annual_appraisal", "supplementary")
    with pytest.raises(Invalid) as refused:
        desk.do("section", "propose_supplement", case, who=next(iter(offered(desk).values())), reason=WHY)
    assert "在岗月数不足" in str(refused.value.fields["who"])


def test_long_leave_that_was_corrected_makes_room_for_a_grade(desk):
    appointment_id = desk.planner("辛五")
    serve(desk, "辛五", appointment_id, 10)
    report(desk, "辛五")
    with desk.db.transaction() as session:
        away = Leave(appointment_id=appointment_id, first_day=date(2026, 1, 1), last_day=date(2026, 9, 30),
                     reason="进修", recorded_by="张明", recorded_at=clock.now())  # fmt: skip
        session.add(away)
    decided_year(desk)
    assert entry(desk, "辛五").roll == "NOT_GRADED"
    with desk.db.transaction() as session:
        session.delete(session.scalars(select(Leave)).one())
    case = proposed(desk)
    assert "参加考核，不确定等次" not in str(desk.case(case).title)
    graded(desk, case)
    assert entry(desk, "辛五").roll == "GRADED"


def test_the_leader_may_refuse_and_nobody_is_put_on_the_roll(desk):
    decided_year(desk)
    left_out(desk)
    case = proposed(desk)
    desk.do("leader", "approve_supplement", case, decision="不同意", finding="年度名册无误，不补考核。")
    assert desk.case(case).outcome == "不予补考核"
    with pytest.raises(StopIteration):
        entry(desk, "辛五")


def test_where_the_hr_bureau_disagrees_both_views_are_written_down(desk):
    decided_year(desk)
    left_out(desk)
    case = proposed(desk)
    graded(desk, case)
    hr(desk, case, "不同意", "依据不足。")
    with pytest.raises(Invalid) as refused:
        desk.do("leader", "decide_supplement", case, decision="审定")
    assert set(refused.value.fields) == {"both_views"}
    desk.do("leader", "decide_supplement", case, decision="退回重新评议", return_reason="请考核组补充说明依据。")
    assert desk.open(case) == ["grade_supplement"]


def test_nobody_with_a_grade_is_offered(desk):
    decided_year(desk)
    assert offered(desk) == {}
