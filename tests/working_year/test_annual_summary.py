"""年度总结: counted, written, approved, sent; grades only where they are final (第一、十一、十三条)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from handlers.annual_summary.calendar import summaries_due
from processes import clock
from processes.documents.preview import letter_preview
from processes.errors import Invalid
from processes.identity.actor import SYSTEM
from processes.identity.models import Unit
from processes.registers.activities import Activity, Scheme
from processes.registers.appointments import Appointment, AppointmentStatus, end
from processes.registers.appraisals import Appraisal, AppraisalEntry
from processes.registers.attendances import Attendance, RecordState, Standing
from processes.registers.catalogue.all_registers import REGISTERS
from processes.registers.opinions import Opinion, OpinionItem
from processes.registers.scheme_year import rate, year_figures
from processes.registers.summaries import AnnualSummary
from processes.registers.switches import readings_on
from tests.working_year.desk import FULING, WANZHOU, only, year_desk

BEGUN = date(2027, 1, 15)
WORDS = {
    "overview": "全年围绕重点片区、重要公共建筑和乡村规划开展技术咨询，意见采纳率稳步提高，区县规划编制质量得到提升。"
    * 3,
    "support": "各区县按要求提供资料、支付差旅费。",
    "problems": "个别区县季度报告逾期。",
    "plan": "完善意见采纳跟踪，开展联合咨询。",
}


@pytest.fixture
def desk(sqlite_database, tmp_path):
    with year_desk(sqlite_database, tmp_path, "annual_summary", day=date(2026, 12, 1)) as opened:
        begin(opened)
        yield opened


@pytest.fixture
def on_both(database, tmp_path):
    with year_desk(database, tmp_path, "annual_summary", day=date(2026, 12, 1)) as opened:
        begin(opened)
        yield opened


def begin(desk):
    """Two planners; one visit in Wanzhou this year, two the year before."""
    desk.house.calendars = (summaries_due,)
    desk.appointments = {"丁一": desk.planner("丁一"), "戊二": desk.planner("戊二", FULING)}
    for day in (date(2025, 5, 6), date(2025, 6, 9), date(2026, 3, 9)):
        visit(desk, day)


def visit(desk, day):
    """A confirmed visit of 丁一 with an opinion that was adopted."""
    with desk.db.transaction() as session:
        starts = datetime.combine(day, time(9, 30), clock.CITY)
        activity = Activity(
            number=f"咨询-{day.isoformat()}", status="closed", host_kind="district_bureau", host_id=f"bureau:{WANZHOU}",
            unit_id=WANZHOU, kind="architecture", mode="on_site", title="滨江片区咨询", starts_at=starts, starts_on=day,
            sent_on=day - timedelta(days=9), created_at=starts,
        )  # fmt: skip
        session.add(activity)
        session.flush()
        scheme = Scheme(activity_id=activity.id, place=1, name="滨江片区城市设计")
        made = Attendance(
            activity_id=activity.id, person_id=desk.person_id("丁一"), appointment_id=desk.appointments["丁一"],
            standing=Standing.ATTENDED, record=RecordState.CONFIRMED, confirmed_on=day, support_note="资料提供及时。",
        )  # fmt: skip
        session.add_all([scheme, made])
        session.flush()
        opinion = Opinion(
            attendance_id=made.id, scheme_id=scheme.id, overall="feasible", signed_on=day, signed_at=starts
        )
        session.add(opinion)
        session.flush()
        session.add(
            OpinionItem(
                opinion_id=opinion.id, place=1, issue="高度", suggestion="降低", level="must", adoption="adopted"
            )
        )


def graded(desk, final):
    """The appraisal of 2026: 丁一 优秀, 戊二 称职; the second may not be final."""
    with desk.db.transaction() as session:
        appraisal = Appraisal(
            year=2026, status="told" if not final else "filed", freeze_on=date(2026, 12, 31), readings_version=0
        )
        session.add(appraisal)
        session.flush()
        for name, grade, over in (("丁一", "优秀", True), ("戊二", "称职", final)):
            session.add(
                AppraisalEntry(
                    appraisal_id=appraisal.id,
                    person_id=desk.person_id(name),
                    roll="GRADED",
                    grade=grade,
                    final=over,
                    appointment_id=desk.appointments[name],
                )
            )


def play(desk):
    """Written, approved, sent, received; gives the words of the paper."""
    desk.until(BEGUN)
    desk.do("clerk", "write_summary", **WORDS)
    desk.do("leader", "approve_summary", decision="审定")
    desk.do("clerk", "hand_out", meeting_on="2027-02-03")
    with pytest.raises(Invalid):
        desk.do("hr.clerk", "receive_summary", received=False)
    desk.do("hr.clerk", "receive_summary", received=True)
    paper = desk.documents("annual_summary")[-1]
    return desk.read(lambda session: letter_preview(desk.house.files.read(paper.file_id)))


def summary(desk):
    def found(session):
        row = session.scalars(select(AnnualSummary)).one()
        _ = row.content
        return row

    return desk.read(found)


def test_the_year_is_counted_written_approved_and_sent(on_both):
    desk = on_both
    words = play(desk)
    made = summary(desk)
    assert (made.status, made.year, made.meeting_on, made.received_by) == ("sent", 2026, date(2027, 2, 3), "赵昇")
    figures = made.content.figures
    assert (figures["sums"]["on_site"], figures["before"]["on_site"], figures["in_office"]) == (1, 2, 2)
    assert figures["never"] == ["涪陵区", "渝中区"]
    assert [row["attended"] for row in figures["quarters"]] == [1, 0, 0, 0]
    assert {row["kind"]: row["attended"] for row in figures["kinds"]}["重要建筑设计"] == 1
    assert made.number.startswith("渝规资发〔2027〕")
    assert "全年未邀请首席规划师的区县：涪陵区、渝中区" in words
    assert "丁一" not in words
    assert desk.case(made.case_id).outcome == "已印发"
    for act in ("UPDATE summary_snapshot SET sent_by = 'x'", "DELETE FROM summary_snapshot"):
        with pytest.raises(DBAPIError, match="written once"), desk.db.transaction() as session:
            session.execute(text(act))


def test_grades_are_left_out_while_one_is_not_final(desk):
    graded(desk, final=False)
    words = play(desk)
    assert "等次从略" in words
    assert "优秀1名" not in words
    assert summary(desk).content.grades is None


def test_final_grades_are_printed(desk):
    graded(desk, final=True)
    assert "参加考核2名，优秀1名、称职1名、不称职0名" in play(desk)
    assert summary(desk).content.grades["考核人数"] == 2


def test_a_dissolved_unit_is_not_blamed_and_its_planner_has_neither_left_nor_come(desk):
    ids = desk.planner("丁三", FULING), desk.also_serves("丁三", WANZHOU, date(2026, 6, 1))
    with desk.db.transaction() as session:
        before, after = (session.get_one(Appointment, each) for each in ids)
        end(session, SYSTEM, before, AppointmentStatus.EXPIRED, date(2026, 5, 31), "服务单元撤并，换发聘书")
        after.predecessor_id = before.id
        session.get_one(Unit, FULING).valid_to = date(2026, 5, 31)
    figures = desk.read(lambda session: year_figures(session, 2026, readings_on(session)))
    assert (figures.appointed, figures.left) == (0, 0)
    assert "涪陵区" in [row["unit"] for row in figures.units]
    assert "涪陵区" not in figures.never


def test_the_leader_sends_a_draft_back_and_its_words_are_kept(desk):
    desk.until(BEGUN)
    desk.do("clerk", "write_summary", **WORDS)
    desk.do("leader", "approve_summary", decision="退回修改", return_reason="请补充区县覆盖情况。")
    assert desk.open() == ["write_summary"]
    assert summary(desk).status == "writing"


def test_the_summary_is_begun_on_15_january_and_for_no_year_before_the_desk(desk):
    def due(day):
        return [each.period for each in desk.read(lambda session: summaries_due(session, day))]

    assert due(date(2027, 1, 14)) == []
    assert due(date(2027, 1, 15)) == due(date(2027, 8, 1)) == ["summary:2026"]
    assert due(date(2026, 1, 15)) == []


def test_the_register_lists_the_summary(desk):
    play(desk)
    row = only(desk.read(lambda session: REGISTERS["annual_summaries"].listing(session))[0])
    assert (row["year"], row["status"]) == (2026, "sent")


@pytest.mark.parametrize(
    ("part", "whole", "said"), [(3453, 4957, "69.6%"), (1, 1, "100.0%"), (0, 5, "0.0%"), (0, 0, "—")]
)
def test_a_share_is_cut_not_rounded_up(part, whole, said):
    assert rate(part, whole) == said
