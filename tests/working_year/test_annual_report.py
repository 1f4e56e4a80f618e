"""年度工作报告: asked for or begun by hand, checked or not, disputed, returned, accepted (第七条(六))."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from processes import clock
from processes.documents.preview import letter_preview
from processes.errors import Invalid
from processes.registers.activities import Activity, Scheme
from processes.registers.annual_reports import AnnualReport
from processes.registers.attendances import Attendance
from processes.registers.catalogue import register
from processes.registers.corrections import CorrectionStatus, ask_for_correction
from tests.working_year.desk import FULING, only, year_desk

DECEMBER = date(2026, 12, 1)
BUREAU, OTHER = "bureau.clerk.500101", "bureau.clerk.500102"
DUTY = "全年参加技术咨询，逐项提出书面意见，现场踏勘并与编制单位当面讨论，按时反馈。"
REPORT = {
    "duties": [{"text": DUTY} for _ in range(6)],
    "tasks": [{"text": "按要求完成，详见附表所列记录。"} for _ in range(6)],
    "cases": [{"title": "滨江片区", "text": "优化天际线和视线通廊。"}],
    "plan": "下一年继续加强对重点片区的实地指导，每季度至少到区县三次，为区县人员举办两次专题培训，并形成技术指引。",
    "signed": True,
}


@pytest.fixture
def desk(sqlite_database, tmp_path):
    with year_desk(sqlite_database, tmp_path, "annual_report", day=DECEMBER) as opened:
        opened.appointment_id = opened.planner("丁一")
        yield opened


@pytest.fixture
def on_both(database, tmp_path):
    with year_desk(database, tmp_path, "annual_report", day=DECEMBER) as opened:
        opened.appointment_id = opened.planner("丁一")
        yield opened


def asked(desk):
    facts = {"appraisal_id": "", "entry_id": "", "year": 2026, "due": "2026-12-31"}
    desk.message("annual_report_due", person_id=str(desk.person_id("丁一")), person_name="丁一", **facts)
    return only(desk.cases_of("annual_report", "annual_report")).id


def corrected(desk, status=CorrectionStatus.CORRECTED):
    """A correction of a record of the planner; gives its number."""
    at = datetime(2026, 3, 9, 9, tzinfo=clock.CITY)
    with desk.db.transaction() as session:
        activity = Activity(
            status="closed", number="咨询-2026-0001", host_kind="district_bureau", host_id="bureau:CQ-500101",
            unit_id="CQ-500101", kind="planning", mode="on_site", title="滨江片区咨询", starts_at=at,
            starts_on=at.date(), sent_on=at.date(), created_at=at, schemes=[Scheme(place=1, name="城市设计")],
        )  # fmt: skip
        session.add(activity)
        session.flush()
        record = Attendance(
            activity_id=activity.id, person_id=desk.person_id("丁一"), appointment_id=desk.appointment_id,
            standing="attended", record="confirmed", actual_start=at,
        )  # fmt: skip
        session.add(record)
        session.flush()
        made = ask_for_correction(
            session, desk.actors["clerk"], status, case_id=uuid4(), attendance_id=record.id, unit_id="CQ-500101",
            reason="漏计一次，与签到表不一致。",
        )  # fmt: skip
        return made.number


def reports(desk):
    return desk.read(lambda session: session.scalars(select(AnnualReport)).all())


def test_the_appraisal_asks_for_a_report_which_is_checked_and_accepted(on_both):
    desk = on_both
    case = asked(desk)
    desk.do("丁一", "write_report", **REPORT)
    desk.do(BUREAU, "check_figures", numbers="数据一致")
    desk.do("clerk", "accept_report", decision="接收")
    assert (desk.case(case).status, desk.case(case).outcome) == ("completed", "已接收")
    report = only(reports(desk))
    assert (report.status, report.late, report.check_result) == ("accepted", False, "万州区：数据一致")
    assert report.statistics["visit_target"] == 10
    paper = desk.documents("annual_report")[-1]
    text = desk.read(lambda session: letter_preview(desk.house.files.read(paper.file_id)))
    assert paper.number == report.number
    assert DUTY in text
    assert "万州区首席规划师" in text


def test_a_silent_bureau_agrees_to_the_numbers_alone(desk):
    asked(desk)
    desk.do("丁一", "write_report", **REPORT)
    desk.until(desk.workdays(4) + timedelta(days=1))
    assert desk.open() == ["accept_report"]
    assert "视为对数据无异议" in only(reports(desk)).check_result


def test_each_item_of_the_duties_is_written_about_and_the_report_is_signed(desk):
    asked(desk)
    with pytest.raises(Invalid):
        desk.do("丁一", "write_report", **{**REPORT, "duties": [{"text": "太短"} for _ in range(6)]})
    with pytest.raises(Invalid):
        desk.do("丁一", "write_report", **{**REPORT, "signed": False})


@pytest.mark.parametrize("by_planner", [True, False])
def test_disputed_numbers_are_settled_before_the_report_is_accepted(desk, by_planner):
    asked(desk)
    said = {"disagree": "三月九日的咨询没有统计在内。"} if by_planner else {}
    desk.do("丁一", "write_report", **{**REPORT, **said})
    wrong = (
        {"numbers": "数据一致"}
        if by_planner
        else {"numbers": "数据有误", "numbers_note": "三月九日的咨询没有统计在内。"}
    )
    desk.do(BUREAU, "check_figures", **wrong)
    assert desk.open() == ["settle_dispute"]
    settled = {"dispute_result": "已更正", "dispute_note": "已按记录更正程序补记。"}
    with pytest.raises(Invalid):
        desk.do("clerk", "settle_dispute", **settled)
    desk.do("clerk", "settle_dispute", **settled, correction_number=corrected(desk))
    assert desk.open() == ["accept_report"]


@pytest.mark.parametrize("status", [CorrectionStatus.ASKED, CorrectionStatus.REFUSED, None])
def test_a_dispute_is_not_settled_with_a_correction_that_was_never_carried_out(desk, status):
    asked(desk)
    desk.do("丁一", "write_report", **REPORT, disagree="三月九日的咨询没有统计在内。")
    desk.do(BUREAU, "check_figures", numbers="数据一致")
    number = corrected(desk, status) if status else "更正-2026-0009"
    with pytest.raises(Invalid) as refused:
        desk.do("clerk", "settle_dispute", dispute_result="已更正", dispute_note="已按记录更正程序补记。",
                correction_number=number)  # fmt: skip
    assert set(refused.value.fields) == {"correction_number"}


def test_a_report_is_returned_with_reasons_and_keeps_what_was_written(desk):
    case = asked(desk)
    desk.do("丁一", "write_report", **REPORT)
    desk.do(BUREAU, "check_figures", numbers="数据一致")
    desk.do("clerk", "accept_report", decision="退回补充", return_reason="请补充第八条第五项培训情况。")
    assert desk.open() == ["write_report"]
    assert only(reports(desk)).duties[0]["text"] == DUTY
    desk.do("丁一", "write_report", **REPORT)
    desk.do(BUREAU, "check_figures", numbers="数据一致")
    desk.do("clerk", "accept_report", decision="接收")
    assert desk.case(case).status == "completed"


def test_a_leaver_in_mid_year_reports_within_twenty_working_days(desk):
    desk.start("丁一", "annual_report")
    desk.do("丁一", "choose_year", year=2026, leaving=True)
    report = only(reports(desk))
    assert report.leaving
    assert report.due_on == desk.house.calendar.add_workdays(clock.today(), 20)


@pytest.mark.parametrize("year", [2024, 2027])
def test_a_year_without_service_or_yet_to_come_needs_no_report(desk, year):
    desk.start("丁一", "annual_report")
    with pytest.raises(Invalid):
        desk.do("丁一", "choose_year", year=year, leaving=False)


def test_a_report_is_not_begun_twice(desk):
    asked(desk)
    desk.start("丁一", "annual_report")
    with pytest.raises(Invalid):
        desk.do("丁一", "choose_year", year=2026, leaving=False)


def test_both_bureaus_of_a_planner_with_two_districts_check_the_numbers(desk):
    desk.also_serves("丁一", FULING)
    asked(desk)
    desk.do("丁一", "write_report", **REPORT)
    desk.do(BUREAU, "check_figures", numbers="数据一致")
    assert desk.open() == ["check_figures"]
    desk.do(OTHER, "check_figures", numbers="数据一致")
    assert desk.open() == ["accept_report"]


def test_a_late_report_is_taken_and_marked(desk):
    asked(desk)
    desk.until(date(2027, 1, 6))
    desk.do("丁一", "write_report", **REPORT)
    assert only(reports(desk)).late


def test_the_register_shows_the_report(desk):
    asked(desk)
    rows, total = desk.read(lambda session: register("annual_reports").listing(session))
    assert (total, rows[0]["name"], rows[0]["status"]) == (1, "丁一", "owed")
