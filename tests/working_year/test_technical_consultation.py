"""技术咨询: invited, served, written, confirmed, adopted; and every way of not coming (第七、八、九、十二、十五条)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from processes import clock
from processes.documents.preview import letter_preview
from processes.errors import Invalid
from processes.messages import Message
from processes.registers.activities import Activity
from processes.registers.appointments import Appointment
from processes.registers.attendances import Attendance
from processes.registers.leaves import Leave
from processes.registers.ledger import absences_counted, totals, visits_counted
from processes.registers.opinions import ReservedOpinion
from processes.registers.switches import readings_on
from tests.working_year.desk import FULING, WANZHOU, only, year_desk

BUREAU = "区县规划自然资源局"
HOST = "bureau.clerk.500101"
SCHEMES = [{"name": "滨江片区城市设计", "type": "城市设计", "compiler": "山城设计中心"}]
ITEM = {
    "issue": "沿江建筑高度突破天际线控制要求。",
    "basis": "控制性详细规划",
    "suggestion": "前排建筑高度控制在二十四米以内。",
    "level": "必须",
}
SUMMARY = (
    "现场踏勘滨江片区后听取方案汇报，就高度控制、视线通廊、公共空间衔接和消落区治理提出了意见，并与编制单位逐项讨论。"
)
RATED = {"concrete": 90, "founded": 80, "useful": 90, "timely": 100}


@pytest.fixture
def desk(sqlite_database, tmp_path):
    with year_desk(sqlite_database, tmp_path, "technical_consultation") as opened:
        opened.appointment_id = opened.planner("丁一")
        yield opened


def invite(desk, day=date(2026, 3, 9), host=HOST, **more):
    """An invitation of 丁一 for half past nine of a day."""
    case = desk.start(host, "technical_consultation")
    given = {
        "unit_id": WANZHOU,
        "kind": "规划编制",
        "title": f"滨江片区城市设计咨询{day:%m%d}",
        "planners": [str(desk.person_id("丁一"))],
        "mode": "实地",
        "start_at": f"{day.isoformat()}T09:30",
        "place": "万州区规划展览馆",
        "classified": False,
        "schemes": SCHEMES,
        "contact": "刘洋",
        "phone": "023-58000000",
        "warnings_known": True,
        "warning_note": "已与首席规划师沟通。",
    }
    desk.do(host, "invite", case, **{**given, **more})
    return case


def serve(desk, day=date(2026, 3, 9), reserved=""):
    """The planner comes, records and writes."""
    desk.do("丁一", "answer_invitation", answer="参加")
    desk.until(day, hour=18)
    record(desk, day)
    desk.do("丁一", "write_opinion", overall="修改后可行", items=[ITEM], reserved=reserved, signed=True)


def record(desk, day):
    desk.do(
        "丁一",
        "record_service",
        attended="按时参加",
        actual_start=f"{day.isoformat()}T09:30",
        actual_end=f"{day.isoformat()}T12:00",
        attendees=[{"name": "刘洋", "body": "万州区规划和自然资源局"}],
        summary=SUMMARY,
        sign_in=["file:签到.pdf"],
        travel_days=1,
    )


def attendance(desk):
    found = select(Attendance).join(Attendance.activity).order_by(Activity.starts_at.desc()).limit(1)
    return desk.read(lambda session: session.scalars(found).one())


def absences(desk):
    def counted(session):
        appointment = session.get_one(Appointment, desk.appointment_id)
        return absences_counted(session, appointment, readings_on(session))

    return desk.read(counted)


def visits(desk, year=2026):
    def counted(session):
        appointment = session.get_one(Appointment, desk.appointment_id)
        return visits_counted(session, appointment, year, readings_on(session))

    return desk.read(counted)


def stay_away(desk, day, finding="无正当理由"):
    """Invited in time, accepted, not there, explained badly."""
    invite(desk, day)
    desk.do("丁一", "answer_invitation", answer="参加")
    desk.until(day, hour=18)
    desk.do("丁一", "record_service", attended="未参加", record_note="未能到场。")
    desk.do("丁一", "explain_absence", reason_kind="其他", reason="当日有其他安排未能参加。")
    desk.do(
        HOST,
        "find_absence",
        outcome=finding,
        basis="经核实无证明材料，不属于正当理由。",
        decided_by="区县规划自然资源局",
    )


@pytest.fixture
def on_both(database, tmp_path):
    with year_desk(database, tmp_path, "technical_consultation") as opened:
        opened.appointment_id = opened.planner("丁一")
        yield opened


def test_a_visit_counts_when_the_district_has_confirmed_it(on_both):
    desk = on_both
    case = invite(desk)
    serve(desk)
    assert visits(desk).count == 0
    desk.do(HOST, "confirm_record", confirm="确认", **RATED)
    assert visits(desk).count == 1
    rows = [{"adopted": "采纳"}]
    desk.do(HOST, "give_adoption", adoption_rows=rows)
    assert desk.case(case).status == "completed"
    row = only(desk.read(lambda session: totals(session, date(2026, 1, 1), date(2026, 3, 31), unit_id=WANZHOU)))
    assert (row.invited, row.attended, row.on_site, row.opinions, row.items, row.adopted) == (1, 1, 1, 1, 1, 1)
    assert attendance(desk).quality == 90


def test_the_invitation_and_the_opinion_are_documents(desk):
    invite(desk)
    serve(desk)
    letter, opinion = only(desk.documents("invitation")), only(desk.documents("opinion"))
    assert letter.number.startswith("咨询邀请〔2026〕")
    printed = desk.read(lambda session: letter_preview(desk.house.files.read(opinion.file_id)))
    assert "沿江建筑高度突破天际线控制要求" in printed
    assert "必须" in printed, "how binding each point is (第七条(三))"
    assert "实地（" in printed


def test_a_reserved_opinion_is_printed_in_full_and_nobody_can_change_it(on_both):
    desk = on_both
    invite(desk)
    serve(desk, reserved="反对突破滨江天际线控制，保留个人意见。")
    kept = desk.read(lambda session: session.scalars(select(ReservedOpinion)).one())
    assert kept.text == "反对突破滨江天际线控制，保留个人意见。"
    printed = desk.read(lambda session: letter_preview(desk.house.files.read(only(desk.documents("opinion")).file_id)))
    assert kept.text in printed
    for act in ("UPDATE reserved_opinion SET text = 'x'", "DELETE FROM reserved_opinion"):
        with pytest.raises(DBAPIError, match="written once"), desk.db.transaction() as session:
            session.execute(text(act))


def test_a_returned_record_goes_back_to_the_planner(desk):
    invite(desk)
    serve(desk)
    desk.do(HOST, "confirm_record", confirm="退回", return_reason="请补充与会人员名单和踏勘情况。")
    assert desk.open() == ["record_service"]
    assert attendance(desk).record == "rejected"
    record(desk, date(2026, 3, 9))
    desk.do("丁一", "write_opinion", overall="修改后可行", items=[ITEM], signed=True)
    desk.do(HOST, "confirm_record", confirm="确认", **RATED)
    assert only(attendance_opinions(desk)).number


def test_what_was_signed_before_a_return_is_not_signed_otherwise(desk):
    invite(desk)
    serve(desk, reserved="不赞成会议结论，建议另行比选。")
    desk.do(HOST, "confirm_record", confirm="退回", return_reason="请补充与会人员名单和踏勘情况。")
    record(desk, date(2026, 3, 9))
    with pytest.raises(Invalid) as refused:
        desk.do("丁一", "write_opinion", overall="可行", items=[ITEM], reserved="改为赞成会议结论。", signed=True)
    assert set(refused.value.fields) == {"overall", "reserved"}
    kept = desk.form("丁一", "write_opinion").values
    assert (kept["overall"], kept["reserved"]) == ("修改后可行", "不赞成会议结论，建议另行比选。")


def attendance_opinions(desk):
    return desk.read(lambda session: list(session.scalars(select(Attendance)).one().opinions))


def test_an_unconfirmed_record_may_be_confirmed_by_the_city_bureau_after_ten_working_days(desk):
    invite(desk)
    serve(desk)
    desk.until(desk.workdays(10) + timedelta(days=1))
    desk.do("clerk", "confirm_by_city", confirm="确认", **RATED)
    assert attendance(desk).record == "confirmed"


def test_leave_that_the_host_agrees_to_is_an_absence_with_good_reason(desk):
    case = invite(desk)
    desk.do("丁一", "answer_invitation", answer="请假", reason_kind="疾病", reason="因病住院治疗，附诊断证明。")
    desk.do(HOST, "handle_leave", leave_decision="同意")
    assert attendance(desk).standing == "excused"
    assert desk.case(case).status == "completed"
    assert absences(desk).current_total == 0


def test_leave_that_is_refused_is_told_before_the_activity_and_an_absence_is_found_by_people(desk):
    invite(desk)
    desk.do("丁一", "answer_invitation", answer="请假", reason_kind="其他", reason="个人事务需要处理，申请请假。")
    desk.do(HOST, "handle_leave", leave_decision="不同意", leave_reason="项目时间紧，请调整个人安排。")
    assert attendance(desk).standing == "accepted"
    desk.until(date(2026, 3, 9), hour=18)
    assert desk.open() == ["record_service"]


def test_a_written_opinion_that_the_host_accepts_counts_as_taking_part_but_not_as_a_visit(desk):
    invite(desk)
    desk.do(
        "丁一",
        "answer_invitation",
        answer="改为书面意见",
        reason_kind="与其他官方邀请冲突",
        reason="当日参加市级评审会议。",
    )
    desk.do(HOST, "handle_leave", leave_decision="同意")
    desk.do("丁一", "write_opinion", overall="可行", items=[ITEM], signed=True)
    desk.do(HOST, "confirm_record", confirm="确认", **RATED)
    row = only(desk.read(lambda session: totals(session, date(2026, 1, 1), date(2026, 3, 31))))
    assert (row.attended, row.on_site, row.written) == (1, 0, 1)
    assert visits(desk).count == 0, "who wrote instead of coming made no visit (第八条(六))"


def test_a_record_goes_to_the_district_without_an_opinion_that_was_never_written(desk):
    two = [*SCHEMES, {"name": "消落区治理方案", "type": "实施方案", "compiler": "山城设计中心"}]
    invite(desk, schemes=two)
    desk.do("丁一", "answer_invitation", answer="参加")
    desk.until(date(2026, 3, 9), hour=18)
    record(desk, date(2026, 3, 9))
    desk.do("丁一", "write_opinion", about="滨江", overall="修改后可行", items=[ITEM], signed=True)
    due = desk.house.calendar.add_workdays(date(2026, 3, 9), 5)
    desk.until(desk.house.calendar.add_workdays(due, 9))
    assert desk.open() == ["write_opinion"]
    desk.until(desk.house.calendar.add_workdays(due, 10))
    assert desk.open() == ["confirm_record"]
    rows = desk.form(HOST, "confirm_record").values["opinion_rows"]
    assert [(row["scheme"], row["overall"]) for row in rows] == [
        ("滨江片区城市设计", "修改后可行"),
        ("消落区治理方案", "书面意见缺失"),
    ]
    desk.do(HOST, "confirm_record", confirm="确认", **RATED)
    assert (visits(desk).count, visits(desk).missing_opinions) == (1, 1)


def test_other_statutory_plans_may_be_declined_and_nothing_else(desk):
    invite(desk)
    with pytest.raises(Invalid):
        desk.do("丁一", "answer_invitation", answer="婉拒")
    desk.do("丁一", "answer_invitation", answer="参加")
    case = invite(desk, date(2026, 3, 16), kind="其他法定规划")
    desk.do("丁一", "answer_invitation", answer="婉拒")
    assert attendance(desk).standing == "declined"
    assert desk.case(case).status == "completed"


def test_two_absences_in_a_row_warn_and_the_third_opens_a_case(on_both):
    desk = on_both
    stay_away(desk, date(2026, 3, 9))
    assert absences(desk).level == "watch"
    stay_away(desk, date(2026, 3, 23))
    assert absences(desk).level == "warning"
    warning = only(desk.documents("absence_warning"))
    assert "连续缺席2次" in desk.read(lambda session: letter_preview(desk.house.files.read(warning.file_id)))
    stay_away(desk, date(2026, 4, 13))
    counted = absences(desk)
    assert (counted.level, counted.kind) == ("trigger", "consecutive3")
    assert counted.trigger_event == str(attendance(desk).id)


def test_an_absence_after_short_notice_never_counts(desk):
    invite(desk, date(2026, 3, 4))
    desk.until(date(2026, 3, 4), hour=18)
    desk.do("丁一", "record_service", attended="未参加", record_note="未收到通知。")
    desk.do("丁一", "explain_absence", reason_kind="通知过迟", reason="活动前两日才收到邀请。")
    with pytest.raises(Invalid):
        desk.do(HOST, "find_absence", outcome="无正当理由", basis="经核实未说明理由的。", decided_by=BUREAU)
    desk.do(
        HOST,
        "find_absence",
        outcome="不计（通知过迟或活动取消）",
        basis="通知不足三个工作日。",
        decided_by="区县规划自然资源局",
    )
    assert absences(desk).current_total == 0


def test_a_short_notice_must_be_known_to_the_host(desk):
    with pytest.raises(Invalid) as refused:
        invite(desk, date(2026, 3, 4), warnings_known=False)
    warned = refused.value.fields["warnings_known"]
    assert "不足3个，缺席不计次（第七条(三)、第十五条(三)）" in str(warned)
    assert isinstance(warned.params["warnings"], Message), "each reader reads the warning in the own language"


def test_an_absence_that_nobody_explains_waits_for_a_person(desk):
    invite(desk)
    desk.do("丁一", "answer_invitation", answer="参加")
    desk.until(date(2026, 3, 9), hour=18)
    desk.do("丁一", "record_service", attended="未参加", record_note="未能到场。")
    desk.until(desk.workdays(6) + timedelta(days=1))
    assert desk.open() == ["find_absence"]
    assert absences(desk).pending == 1
    desk.until(desk.workdays(10) + timedelta(days=1))
    assert desk.open() == ["find_by_city"]


def test_a_planner_who_neither_answers_nor_records_is_stated_by_the_district(desk):
    invite(desk)
    desk.until(desk.house.calendar.add_workdays(date(2026, 3, 9), 10) + timedelta(days=1))
    assert desk.open() == ["state_attendance"]
    desk.do(HOST, "state_attendance", attended="已参加，请本人补记录", record_note="当日到场，签到表在案。")
    assert desk.open() == ["record_service"]


def test_what_was_called_off_counts_for_nobody(desk):
    case = invite(desk)
    desk.do("丁一", "answer_invitation", answer="参加")
    desk.until(date(2026, 3, 9), hour=18)
    desk.do("丁一", "record_service", attended="活动延期", record_note="主办方通知改期。")
    assert desk.case(case).status == "completed"
    assert attendance(desk).standing == "postponed"
    assert absences(desk).level == "none"


def test_registered_leave_excuses_by_itself_with_a_line_in_the_log(desk):
    with desk.db.transaction() as session:
        session.add(
            Leave(
                appointment_id=desk.appointment_id,
                first_day=date(2026, 3, 1),
                last_day=date(2026, 3, 31),
                reason="病休",
                recorded_by="张明",
                recorded_at=clock.now(),
            )
        )
    with pytest.raises(Invalid):
        invite(desk, warnings_known=False)
    case = invite(desk, date(2026, 3, 10))
    assert desk.case(case).status == "completed"
    assert attendance(desk).standing == "excused"


def test_a_planner_outside_office_cannot_be_invited(desk):
    with pytest.raises(Invalid) as refused:
        invite(desk, date(2028, 1, 20))
    assert str(refused.value.fields["planners"]) == "丁一在活动当日不在聘期内，不能邀请。"


def test_the_same_activity_is_not_entered_twice(desk):
    invite(desk)
    with pytest.raises(Invalid):
        invite(desk)


def test_a_conflict_of_interest_is_known_to_the_host_and_said_in_the_opinion(desk):
    own = [{"name": "滨江片区城市设计", "compiler": "渝江规划设计研究院（虚构）"}]
    with pytest.raises(Invalid):
        invite(desk, schemes=own, warnings_known=False)
    invite(desk, date(2026, 3, 10), schemes=own)
    desk.do("丁一", "answer_invitation", answer="参加")
    desk.until(date(2026, 3, 10), hour=18)
    record(desk, date(2026, 3, 10))
    with pytest.raises(Invalid):
        desk.do("丁一", "write_opinion", overall="可行", items=[ITEM], signed=True)
    desk.do(
        "丁一", "write_opinion", overall="可行", items=[ITEM], signed=True, conflict_note="本单位编制，已回避评分。"
    )


def test_several_planners_have_each_an_outcome_of_their_own(desk):
    desk.planner("戊二", FULING)
    both = [str(desk.person_id("丁一")), str(desk.person_id("戊二"))]
    case = invite(desk, planners=both)
    desk.do("戊二", "answer_invitation", answer="请假", reason_kind="疾病", reason="因病住院治疗，附诊断证明。")
    desk.do(HOST, "handle_leave", leave_decision="同意")
    serve(desk)
    desk.do(HOST, "confirm_record", confirm="确认", **RATED)
    desk.do(HOST, "give_adoption", adoption_rows=[{"adopted": "部分采纳"}])
    assert desk.case(case).status == "completed"


def test_of_a_classified_project_only_a_number_is_kept(desk):
    invite(desk, classified=True)
    activity = desk.read(lambda session: session.scalars(select(Activity)).one().schemes[0].name)
    assert activity == "涉密项目1"


def test_material_for_an_activity_is_asked_for_with_the_answer(sqlite_database, tmp_path):
    with year_desk(sqlite_database, tmp_path, "technical_consultation", "material_request") as desk:
        desk.appointment_id = desk.planner("丁一")
        invite(desk)
        desk.do("丁一", "answer_invitation", answer="参加", wants_material=True)
        asked = only(desk.cases_of("material_request"))
        form = desk.form("丁一", "ask_material")
        assert (form.values["unit_id"], form.values["activity_id"]) == (WANZHOU, str(attendance(desk).activity_id))
        items = [{"name": "国土空间分区规划文本", "purpose": "核对高度控制要求"}]
        desk.do("丁一", "ask_material", asked.id, unit_id=WANZHOU, activity_id=form.values["activity_id"], items=items,
                classified="否", due="2026-03-06")  # fmt: skip
        assert "reply_open" in desk.open(asked.id)
        assert desk.case(asked.id).unit_id == WANZHOU


def test_nobody_is_asked_for_material_that_is_not_wanted(sqlite_database, tmp_path):
    with year_desk(sqlite_database, tmp_path, "technical_consultation", "material_request") as desk:
        desk.appointment_id = desk.planner("丁一")
        invite(desk)
        desk.do("丁一", "answer_invitation", answer="参加")
        assert desk.cases_of("material_request") == []
