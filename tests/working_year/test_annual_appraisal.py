"""年度考核: from the roll to the file of every planner (第十四条)."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from handlers.annual_appraisal.calendar import appraisals_due
from processes.documents.preview import letter_preview
from processes.engine.tracking import documents
from processes.errors import Invalid
from processes.registers.appraisals import appraisal_on
from processes.registers.attendances import Attendance
from processes.registers.catalogue import register
from processes.registers.grading import cap_standing
from tests.working_year.appraised import (
    DECEMBER,
    NAMES,
    YEAR,
    assess,
    decide,
    entry,
    furnish,
    grade,
    hr,
    sign,
    start,
    to_the_panel,
    views,
)
from tests.working_year.desk import only, year_desk

RECEIPT = {"filed_day": "2026-12-01", "archive_no": "人档-1", "receipt": ["file:回执.pdf"]}


@pytest.fixture
def desk(sqlite_database, tmp_path):
    with year_desk(sqlite_database, tmp_path, "annual_appraisal", "annual_report", day=DECEMBER) as opened:
        yield opened


@pytest.fixture
def on_both(database, tmp_path):
    with year_desk(database, tmp_path, "annual_appraisal", "annual_report", day=DECEMBER) as opened:
        yield opened


def paper(desk, key, place=-1):
    found = desk.documents(key)[place]
    return desk.read(lambda session: letter_preview(desk.house.files.read(found.file_id)))


def decided(desk, *grades):
    """A decided year: four planners, one place of 优秀."""
    furnish(desk)
    case = to_the_panel(desk, 98, 90, 80, 70)
    grade(desk, *grades)
    hr(desk, case)
    decide(desk, *grades)
    return case


def test_a_year_is_appraised_told_and_filed(on_both):
    desk = on_both
    case = decided(desk, "优秀", "称职", "称职", "称职")
    for name in NAMES:
        desk.do(name, "confirm_result", answer="无异议")
        desk.do("employer", "file_result", **RECEIPT)
    assert (desk.case(case).status, desk.case(case).outcome) == ("completed", "全部生效并存档")
    first = entry(desk, "丁一")
    assert (first.grade, first.final, first.answer) == ("优秀", True, "无异议")
    assert [each.source for each in first.versions] == ["panel", "decision"]
    assert first.filed_on is not None
    assert desk.read(lambda session: appraisal_on(session, YEAR).status) == "filed"
    rows, total = desk.read(lambda session: register("appraisal_entries").listing(session, filters={"grade": "优秀"}))
    assert (total, rows[0]["name"]) == (1, "丁一")


def test_the_papers_say_the_ceiling_and_each_planner_reads_the_own_result_alone(desk):
    decided(desk, "优秀", "称职", "称职", "称职")
    assert "考核人数4人，优秀不超过1人" in paper(desk, "notice")
    assert "考核人数4人，优秀名额上限1人，已用1人" in paper(desk, "grades_table")
    letters = [paper(desk, "result", place) for place in range(4)]
    assert sum("考核结果为：优秀" in each for each in letters) == 1
    assert all(sum(name in each for name in NAMES) == 1 for each in letters)
    sheet = paper(desk, "sheet", 0)
    assert "■优秀" in sheet or "■称职" in sheet
    assert "同意" in sheet


def test_the_table_of_all_grades_is_read_by_the_bureaus_alone(desk):
    case = decided(desk, "优秀", "称职", "称职", "称职")

    def codes(login):
        return desk.read(lambda session: {each.code for each in documents(session, desk.actors[login], case)})

    assert "T09b" in codes("leader") & codes("hr.leader")
    assert codes("丁一") == {"T16", "T09", "T10"}


def test_scores_are_computed_from_both_inputs_and_frozen_with_the_switches(desk):
    furnish(desk)
    to_the_panel(desk, 98, 90, 80, 70)
    found = entry(desk, "丁一")
    assert found.score_x100 == 30 * 100 + 40 * 98 + 15 * 100 + 15 * 90
    assert (found.inputs["attended"], found.inputs["visits"], found.inputs["visit_target"]) == (10, 10, 10)
    assert len(found.inputs["records"]) == 10
    assert (len(found.inputs["sample"]), found.inputs["view_mean"], found.inputs["readings_version"]) == (3, 90, 0)
    assert found.suggestion == "优秀候选"


def test_the_panel_cannot_save_more_than_the_ceiling(desk):
    furnish(desk)
    to_the_panel(desk, 98, 90, 80, 70)
    with pytest.raises(Invalid) as refused:
        grade(desk, "优秀", "优秀", "称职", "称职")
    assert "考核人数4人，上限1人，拟评优秀2人，超出1人" in str(refused.value.fields["grades"])
    grade(desk, "优秀", "称职", "称职", "称职")


def test_a_place_may_stay_empty(desk):
    decided(desk, "称职", "称职", "称职", "称职")
    assert entry(desk, "丁一").grade == "称职"


def test_ties_at_the_line_are_settled_by_votes_alone(desk):
    furnish(desk)
    case = to_the_panel(desk, 95, 95, 80, 70)
    with pytest.raises(Invalid):
        grade(desk, "优秀", "称职", "称职", "称职")
    grade(desk, "称职", "称职", "称职", "称职")
    assert desk.open(case) == ["settle_ties"]
    votes = {"tie_votes": "3比2", "tie_reason": "在消落区治理中的意见被全部采纳。"}
    with pytest.raises(Invalid):
        desk.do("panel", "settle_ties", ties=[{"chosen": "评为优秀", **votes}] * 2)
    desk.do("panel", "settle_ties", ties=[{"chosen": "不评优秀", **votes}, {"chosen": "评为优秀", **votes}])
    graded = {name: entry(desk, name).grade for name in NAMES[:2]}
    assert sorted(graded.values()) == ["优秀", "称职"]
    chosen = next(name for name, each in graded.items() if each == "优秀")
    assert entry(desk, chosen).versions[-1].votes == "3比2"


def test_tied_planners_may_all_be_left_without(desk):
    furnish(desk)
    to_the_panel(desk, 95, 95, 80, 70)
    grade(desk, "称职", "称职", "称职", "称职")
    votes = {"tie_votes": "2比3", "tie_reason": "两人成绩相当，名额空缺。"}
    desk.do("panel", "settle_ties", ties=[{"chosen": "不评优秀", **votes}] * 2)
    assert {entry(desk, name).grade for name in NAMES} == {"称职"}


def test_three_planners_have_no_place_of_excellent_and_may_be_praised(desk):
    furnish(desk, NAMES[:3])
    to_the_panel(desk, 98, 98, 98)
    standing = desk.read(lambda session: cap_standing(session, appraisal_on(session, YEAR)))
    assert (standing.n, standing.cap) == (3, 0)
    assert "名额为0" in standing.sentence
    with pytest.raises(Invalid):
        grade(desk, "优秀", "称职", "称职")
    grade(desk, "称职", "称职", "称职")


def test_the_leader_sends_the_list_back_with_reasons(desk):
    furnish(desk)
    case = to_the_panel(desk, 98, 90, 80, 70)
    grade(desk, "优秀", "称职", "称职", "称职")
    hr(desk, case)
    decide(desk, "优秀", "称职", "称职", "称职", decision="退回重新评议", return_reason="请补充对己三的评议理由。")
    assert desk.open(case) == ["grade"]
    grade(desk, "称职", "称职", "称职", "称职")
    hr(desk, case, round=2)
    decide(desk, "称职", "称职", "称职", "称职")
    assert entry(desk, "丁一").grade == "称职"


def test_a_disagreement_of_the_hr_bureau_needs_both_views(desk):
    furnish(desk)
    case = to_the_panel(desk, 98, 90, 80, 70)
    grade(desk, "优秀", "称职", "称职", "称职")
    hr(desk, case, "不同意", "建议补充说明优秀人选的理由。")
    with pytest.raises(Invalid):
        decide(desk, "优秀", "称职", "称职", "称职")
    decide(desk, "优秀", "称职", "称职", "称职", both_views="两局会商，市人力社保局保留意见，市局按原名单审定。")


def test_the_leader_gives_reasons_for_another_grade_than_the_panels(desk):
    furnish(desk)
    case = to_the_panel(desk, 98, 90, 80, 70)
    grade(desk, "优秀", "称职", "称职", "称职")
    hr(desk, case)
    listed = [{"grade": "称职"}, {"grade": "优秀"}, {"grade": "称职"}, {"grade": "称职"}]
    with pytest.raises(Invalid):
        desk.do("leader", "decide", decision="审定", grades=listed)


def test_the_reason_of_the_panel_is_not_the_leaders_reason_for_another_grade(desk):
    furnish(desk)
    case = to_the_panel(desk, 98, 90, 80, 70)
    grade(desk, "优秀", "称职", "称职", "称职")
    hr(desk, case)
    with pytest.raises(Invalid) as refused:
        decide(desk, "称职", "优秀", "称职", "称职")
    assert set(refused.value.fields) == {"grades.0.reason", "grades.1.reason"}
    own = "经研究，全年带队解决了跨区县难题。"
    decide(desk, "称职", "优秀", "称职", "称职", reasons={0: own, 1: own})
    assert entry(desk, "戊二").versions[-1].reason == own


def test_the_leader_reads_that_the_panel_has_voted_on_a_tie(desk):
    furnish(desk)
    case = to_the_panel(desk, 95, 95, 80, 70)
    marked = [row["mark"] for row in desk.form("panel", "grade").context.values["grade_rows"]]
    assert marked == ["并列，须合议", "并列，须合议", "—", "—"]
    grade(desk, "称职", "称职", "称职", "称职")
    votes = {"tie_votes": "3比2", "tie_reason": "在消落区治理中的意见被全部采纳。"}
    desk.do("panel", "settle_ties", ties=[{"chosen": "不评优秀", **votes}, {"chosen": "评为优秀", **votes}])
    hr(desk, case)
    form = desk.form("leader", "decide")
    marked = [row["mark"] for row in form.context.values["grade_rows"]]
    assert marked == ["并列，已合议", "并列，已合议", "—", "—"]
    told = desk.counted("leader", "decide", grades=form.context.values["grade_rows"])
    assert told.remarks == []


def test_where_the_panel_gave_the_place_to_another_the_equals_are_not_said_to_be_voted_on(desk):
    furnish(desk)
    case = to_the_panel(desk, 95, 95, 90, 70)
    grade(desk, "称职", "称职", "优秀", "称职")
    hr(desk, case)
    marked = [row["mark"] for row in desk.form("leader", "decide").context.values["grade_rows"]]
    assert marked == ["并列", "并列", "—", "—"]


def test_a_record_that_nobody_confirmed_is_told_to_the_panel(desk):
    furnish(desk)
    with desk.db.transaction() as session:
        mine = select(Attendance).where(Attendance.person_id == desk.person_id("丁一"))
        session.scalars(mine).first().record = "submitted"
    to_the_panel(desk, 98, 90, 80, 70)
    row = next(row for row in desk.form("panel", "grade").context.values["grade_rows"] if row["person"] == "丁一")
    assert "有1条记录未确认，未计入" in row["mark"]


def test_a_notice_is_returned_and_the_roll_is_built_again(desk):
    furnish(desk, NAMES[:1])
    start(desk)
    desk.do("leader", "sign_notice", decision="退回修改", return_reason="请核对新聘人员")
    furnish(desk, NAMES[1:2])
    desk.do("clerk", "mend_notice", notice_note="已补充新聘人员聘任登记。")
    sign(desk)
    assert entry(desk, "戊二").roll == "GRADED"


def test_who_came_in_mid_year_reports_and_is_not_graded(desk):
    furnish(desk, NAMES[:2])
    desk.planner("辛五", start=date(2026, 9, 10))
    case = start(desk)
    sign(desk)
    assert entry(desk, "辛五").roll == "NOT_GRADED"
    assert "write_report" in desk.open()
    desk.until(date(2027, 1, 2))
    views(desk)
    assess(desk, 90, 90)
    grade(desk, "称职", "称职")
    hr(desk, case)
    decide(desk, "称职", "称职")
    desk.do("辛五", "confirm_result", answer="无异议")
    assert any("不确定等次" in paper(desk, "result", place) for place in range(3))
    assert entry(desk, "辛五").grade == ""
    sheets = [paper(desk, "sheet", place) for place in range(3)]
    assert any("■不确定等次，原因：在岗月数不足）" in each for each in sheets)


def test_the_sheet_has_the_numbers_of_the_score_whatever_is_confirmed_later(desk):
    furnish(desk, NAMES[:1])
    with desk.db.transaction() as session:
        late = session.scalars(select(Attendance)).first()
        late.record = "submitted"
        late_id = late.id
    case = to_the_panel(desk, 90)
    with desk.db.transaction() as session:
        session.get_one(Attendance, late_id).record = "confirmed"
    grade(desk, "称职")
    hr(desk, case)
    decide(desk, "称职")
    assert "9／10次" in paper(desk, "sheet")


def test_the_calendar_begins_it_once_from_december_on(desk):
    furnish(desk, NAMES[:1])
    assert desk.read(lambda session: appraisals_due(session, date(2026, 11, 30))) == []
    assert only(desk.read(lambda session: appraisals_due(session, DECEMBER))).period == "appraisal:2026"
    start(desk)
    assert desk.read(lambda session: appraisals_due(session, date(2027, 1, 4))) == []
