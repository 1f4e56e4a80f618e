"""季度报告与通报: collected, written, sent, checked; the notification in time whoever is late."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from handlers.quarterly_reporting.calendar import quarters_due
from handlers.quarterly_reporting.words import attention
from processes import clock
from processes.documents.preview import letter_preview
from processes.errors import Invalid
from processes.identity.actor import SYSTEM
from processes.identity.models import Unit
from processes.registers.activities import Activity, Scheme
from processes.registers.attendances import Attendance, RecordState, Standing, stand
from processes.registers.catalogue.all_registers import REGISTERS
from processes.registers.matters import Matter
from processes.registers.opinions import Opinion, OpinionItem
from processes.registers.quarter_reports import (
    PlannerSummary,
    QuarterNotification,
    quarter_named,
    report_on,
)
from processes.registers.switches import Interpretation, set_switch
from processes.rules.quarters import Quarter
from tests.working_year.desk import FULING, WANZHOU, YUZHONG, only, year_desk

SITUATION = "本季度围绕滨江片区城市设计、消落区治理和重要公共建筑方案，邀请首席规划师开展规划编制和建筑设计咨询，" * 3
APRIL = date(2026, 4, 1)
DUE = date(2026, 4, 10)
CITY_DUE = date(2026, 4, 20)
Q1, Q2 = Quarter(2026, 1), Quarter(2026, 2)
KEYS = ("quarterly_reporting", "hr_consultation")


def opened(database, tmp_path, *planners):
    return year_desk(database, tmp_path, *KEYS, day=date(2026, 3, 31))


@pytest.fixture
def desk(sqlite_database, tmp_path):
    with opened(sqlite_database, tmp_path) as made:
        begin(made)
        yield made


@pytest.fixture
def on_both(database, tmp_path):
    with opened(database, tmp_path) as made:
        begin(made)
        yield made


def begin(desk):
    """Two districts have a planner; the third has none."""
    desk.house.calendars = (quarters_due,)
    desk.appointments = {"丁一": desk.planner("丁一"), "戊二": desk.planner("戊二", FULING)}


def record(desk, day, planner="丁一", unit=WANZHOU, state=RecordState.CONFIRMED, confirmed=None, **more):
    """A record in the registers, as the consultation leaves it; gives the attendance."""
    standing = more.get("standing", Standing.ATTENDED)
    with desk.db.transaction() as session:
        starts = datetime.combine(day, time(9, 30), clock.CITY)
        activity = Activity(
            number=f"咨询-{day.year}-{day:%m%d}-{planner}", status="closed", host_kind="district_bureau",
            host_id=f"bureau:{unit}", unit_id=unit, kind="planning", mode=more.get("mode", "on_site"),
            title=f"咨询{day:%m%d}", starts_at=starts, starts_on=day, sent_on=day - timedelta(days=9),
            created_at=starts,
        )  # fmt: skip
        session.add(activity)
        session.flush()
        scheme = Scheme(activity_id=activity.id, place=1, name="滨江片区城市设计")
        made = Attendance(
            activity_id=activity.id, person_id=desk.person_id(planner), appointment_id=desk.appointments[planner],
            standing=standing, record=state, confirmed_on=confirmed or day + timedelta(days=3),
        )  # fmt: skip
        if state != RecordState.CONFIRMED:
            made.confirmed_on = None
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
        return made.id


def to(desk, day, hour=9):
    """Time passes day by day, as the worker sweeps."""
    while clock.today() < day:
        desk.until(min(day, clock.today() + timedelta(days=1)), hour)


def unit_case(desk, unit=WANZHOU):
    cases = desk.cases_of("quarterly_reporting", "district_report")
    return [each for each in cases if each.unit_id == unit][-1].id


def city_case(desk):
    return desk.cases_of("quarterly_reporting", "quarterly_reporting")[-1].id


def write(desk, unit=WANZHOU, **more):
    given = {"situation": SITUATION, "problems": "无", **more}
    desk.do(f"bureau.clerk.{unit[3:]}", "write_report", unit_case(desk, unit), **given)


def sign(desk, unit=WANZHOU):
    desk.do(
        f"bureau.leader.{unit[3:]}", "sign_report", unit_case(desk, unit), decision="签发报送", signer="王局长",
        scan="file:盖章件.pdf",
    )  # fmt: skip


def report(desk, unit=WANZHOU, accept=True, **more):
    """A district writes, signs and sends; the city bureau accepts."""
    if zero(desk, unit):
        more.setdefault("zero_note", "本季度没有需要咨询的项目。")
    write(desk, unit, **more)
    sign(desk, unit)
    if accept:
        desk.do("clerk", "check_report", unit_case(desk, unit), decision="接收")


def zero(desk, unit):
    def asked(session):
        found = select(Attendance.id).join(Attendance.activity).where(
            Activity.unit_id == unit, Activity.starts_on.between(Q1.start, Q1.end)
        )  # fmt: skip
        return session.scalars(found.limit(1)).first() is None

    return desk.read(asked)


def notify_city(desk):
    desk.do("clerk", "write_notification", highlights="咨询质量稳步提高，采纳率上升。", next_steps="督促未报区县补报。")
    desk.do("leader", "sign_notification", decision="签发")


def report_row(desk, unit=WANZHOU, quarter=Q1):
    def found(session):
        row = report_on(session, unit, quarter)
        assert row is not None
        _ = [each.totals for each in row.snapshots]
        return row

    return desk.read(found)


def notification(desk, quarter=Q1):
    def found(session):
        row = session.scalars(select(QuarterNotification).where(QuarterNotification.quarter == str(quarter))).one()
        _ = row.content
        return row

    return desk.read(found)


def printed(desk, key):
    letter = desk.documents(key)[-1]
    return desk.read(lambda session: letter_preview(desk.house.files.read(letter.file_id)))


def test_a_quarter_is_reported_accepted_and_notified(on_both):
    desk = on_both
    record(desk, date(2026, 2, 3))
    to(desk, APRIL)
    assert len(desk.cases_of("quarterly_reporting", "district_report")) == 3
    assert len(desk.cases_of("quarterly_reporting", "planner_summary")) == 2
    for unit in (WANZHOU, FULING, YUZHONG):
        report(desk, unit)
    sent = report_row(desk)
    assert (sent.status, sent.sent_on, sent.zero, sent.late(DUE).days_late) == ("accepted", APRIL, False, 0)
    assert report_row(desk, YUZHONG).zero
    assert desk.case(unit_case(desk)).outcome == "按时报送，已接收"
    notify_city(desk)
    desk.do("hr.clerk", "receive_notification", receipt="签收")
    told = notification(desk)
    assert (told.sent_on, told.received_by, told.content.gaps) == (APRIL, "赵昇", [])
    wanzhou = told.content.totals[0]
    assert (wanzhou["attended"], wanzhou["on_site"], wanzhou["items"], wanzhou["adopted"]) == (1, 1, 1, 1)
    assert desk.case(city_case(desk)).outcome == "已通报"
    assert "其中实地指导1次" in printed(desk, "notification")


def test_the_report_prints_numbers_that_nobody_typed_and_its_own_series(desk):
    record(desk, date(2026, 2, 3))
    record(desk, date(2026, 2, 10), standing=Standing.UNEXCUSED, state=RecordState.NONE)
    to(desk, APRIL)
    report(desk)
    words = printed(desk, "district_report")
    assert "邀请首席规划师参加技术咨询2次，实际参加1次，其中实地指导1次" in words
    assert "无正当理由缺席1次（丁一（2026-02-10，咨询0210））" in words
    assert desk.documents("district_report")[-1].number == "万州规资季报〔2026〕1号"


def test_what_was_sent_is_never_changed(on_both):
    desk = on_both
    record(desk, date(2026, 2, 3))
    to(desk, APRIL)
    report(desk)
    to(desk, CITY_DUE)
    notify_city(desk)
    for table in ("quarter_snapshot", "notification_snapshot"):
        for act in (f"UPDATE {table} SET sent_by = 'x'", f"DELETE FROM {table}"):
            with pytest.raises(DBAPIError, match="written once"), desk.db.transaction() as session:
                session.execute(text(act))
    before = only(report_row(desk).snapshots).totals
    record(desk, date(2026, 3, 30), confirmed=date(2026, 4, 25))
    assert only(report_row(desk).snapshots).totals == before


def test_a_zero_report_says_why_and_a_report_with_service_has_no_such_note(desk):
    record(desk, date(2026, 2, 3))
    to(desk, APRIL)
    with pytest.raises(Invalid) as refused:
        write(desk, FULING)
    assert "zero_note" in refused.value.fields
    with pytest.raises(Invalid):
        write(desk, WANZHOU, zero_note="没有项目需要咨询。")
    report(desk, FULING)
    assert report_row(desk, FULING).zero
    assert "本季度未开展技术咨询活动，原因是" in printed(desk, "district_report")


def test_two_planners_of_a_unit_are_two_lines_of_one_report(desk):
    desk.appointments["己三"] = desk.planner("己三")
    record(desk, date(2026, 2, 3))
    to(desk, APRIL)
    report(desk)
    rows = only(report_row(desk).snapshots).totals
    assert [(row["person"], row["attended"]) for row in rows] == [("丁一", 1), ("己三", 0)]


def test_the_planner_collects_and_the_report_shows_it(desk):
    record(desk, date(2026, 2, 3))
    to(desk, APRIL)
    desk.do("丁一", "write_summary", summary="本季度滨江片区城市设计咨询较集中，消落区治理项目需要提前介入论证研究。")
    given = desk.read(lambda session: session.scalars(select(PlannerSummary)).one())
    assert given.quarter == "2026Q1"
    report(desk, planner_view=f"丁一：{given.text}")
    assert given.text in printed(desk, "district_report")
    to(desk, date(2026, 4, 16))
    outcomes = {each.outcome for each in desk.cases_of("quarterly_reporting", "planner_summary")}
    assert outcomes == {"已提交", "未提交小结"}


def test_open_records_are_settled_first_or_go_along_as_an_annex_on_the_due_day(desk):
    record(desk, date(2026, 3, 25), state=RecordState.SUBMITTED)
    to(desk, APRIL)
    case = unit_case(desk)
    assert "settle_records" in desk.open(case)
    clerk = "bureau.clerk.500101"
    with pytest.raises(Invalid):
        desk.do(clerk, "settle_records", case, handling="列入未确认附件")
    desk.do(clerk, "settle_records", case, handling="已办理，重新汇总")
    assert desk.open(case) == ["settle_records"]
    to(desk, DUE)
    assert desk.open(case) == ["write_report"]
    write(desk)
    sign(desk)
    kept = only(report_row(desk).snapshots)
    assert only(kept.unconfirmed)["state"] == "待确认"
    assert kept.totals[0]["attended"] == 0
    assert "咨询0325（丁一，待确认）" in printed(desk, "district_report")


def test_open_records_may_go_along_earlier_with_a_reason(desk):
    record(desk, date(2026, 3, 25), state=RecordState.SUBMITTED)
    to(desk, APRIL)
    desk.do(
        "bureau.clerk.500101", "settle_records", handling="列入未确认附件", open_note="首席规划师出差，意见书未交。"
    )
    assert desk.open(unit_case(desk)) == ["write_report"]


def test_a_missing_district_is_counted_from_its_records_named_and_urged(desk):
    record(desk, date(2026, 2, 3))
    record(desk, date(2026, 2, 4), "戊二", FULING)
    to(desk, APRIL)
    for unit in (FULING, YUZHONG):
        report(desk, unit)
    to(desk, date(2026, 4, 18))
    case = unit_case(desk)
    assert "urge_government" in desk.open(case)
    with pytest.raises(Invalid):
        desk.do("clerk", "urge_government", case, new_due="2026-04-18")
    desk.do("clerk", "urge_government", case, new_due="2026-04-23")
    assert "重庆市万州区人民政府" in printed(desk, "urging")
    assert "已逾期8日" in printed(desk, "urging")
    to(desk, CITY_DUE)
    notify_city(desk)
    told = notification(desk)
    assert told.sent_on == told.due_on == CITY_DUE
    assert [(gap["unit"], gap["days"]) for gap in told.content.gaps] == [("万州区", 10)]
    assert told.content.totals[0]["attended"] == 1
    assert told.content.totals[0]["status"] == "未报送"
    assert "万州区（逾期10天）" in printed(desk, "notification")
    assert report_row(desk).status == "missing"


def test_the_notification_is_never_later_than_its_day_though_nobody_has_written_it(desk):
    to(desk, CITY_DUE, hour=13)
    assert desk.open(city_case(desk)) == ["write_notification"]
    desk.until(CITY_DUE, hour=15)
    assert desk.open(city_case(desk)) == ["sign_notification"]
    desk.do("leader", "sign_notification", decision="签发")
    told = notification(desk)
    assert told.sent_on == CITY_DUE
    assert len(told.content.gaps) == 3


def test_a_report_after_the_notification_is_a_supplement_of_the_next_one_with_both_days(desk):
    record(desk, date(2026, 2, 3))
    to(desk, APRIL)
    to(desk, CITY_DUE)
    notify_city(desk)
    to(desk, date(2026, 4, 24))
    report(desk)
    late = report_row(desk)
    assert (late.status, late.sent_on, late.late(clock.today()).days_late) == ("accepted", date(2026, 4, 24), 14)
    assert desk.case(unit_case(desk)).outcome == "逾期报送，已接收"
    assert notification(desk).content.gaps
    to(desk, date(2026, 7, 20))
    notify_city(desk)
    row = only(notification(desk, Q2).content.supplements)
    assert (row["sent_on"], row["notified_on"], row["attended"]) == ("2026-04-24", "2026-04-20", 1)
    to(desk, date(2026, 10, 20))
    notify_city(desk)
    assert notification(desk, Quarter(2026, 3)).content.supplements == []


def test_a_record_entered_after_the_report_is_a_supplement_of_the_quarter_of_entry(desk):
    record(desk, date(2026, 2, 3))
    to(desk, APRIL)
    report(desk)
    to(desk, date(2026, 4, 25))
    late = record(desk, date(2026, 3, 30), confirmed=date(2026, 4, 25))
    to(desk, date(2026, 7, 1))
    write(desk, zero_note="本季度没有需要咨询的项目。")
    sign(desk)
    kept = only(report_row(desk, WANZHOU, Q2).snapshots)
    row = only(kept.supplements)
    assert (row["attendance_id"], row["quarter"], row["entered_on"]) == (str(late), "2026Q1", "2026-04-25")
    assert kept.totals[0]["attended"] == 0
    assert "2026Q1补报：2026-03-30 咨询0330" in printed(desk, "district_report")


def test_a_record_corrected_after_acceptance_is_told_once_and_the_old_version_stays(desk):
    absent = record(desk, date(2026, 2, 10), standing=Standing.UNEXCUSED, state=RecordState.NONE)
    to(desk, APRIL)
    report(desk)
    to(desk, date(2026, 5, 6))
    with desk.db.transaction() as session:
        stand(session, SYSTEM, session.get_one(Attendance, absent), Standing.EXCUSED, reason="补交住院证明")
    to(desk, date(2026, 7, 1))
    write(desk, zero_note="本季度没有需要咨询的项目。")
    sign(desk)
    row = only(only(report_row(desk, WANZHOU, Q2).snapshots).corrections)
    assert (row["quarter"], row["before"], row["now"]) == ("2026Q1", "无正当理由", "有正当理由")
    assert only(report_row(desk).snapshots).totals[0]["unexcused"] == 1
    desk.do("clerk", "check_report", unit_case(desk), decision="接收")
    to(desk, date(2026, 10, 1))
    write(desk, zero_note="本季度没有需要咨询的项目。")
    sign(desk)
    assert only(report_row(desk, WANZHOU, Quarter(2026, 3)).snapshots).corrections == []


def test_a_report_is_returned_twice_at_most_and_each_version_is_kept(desk):
    record(desk, date(2026, 2, 3))
    to(desk, APRIL)
    for _ in range(2):
        report(desk, accept=False)
        desk.do("clerk", "check_report", decision="退回", return_reason="请补充重要建筑设计咨询情况。")
    report(desk, accept=False)
    with pytest.raises(Invalid):
        desk.do("clerk", "check_report", decision="退回", return_reason="请再补充人员培训情况说明。")
    desk.do("clerk", "check_report", decision="电话沟通后接收", phone_note="电话沟通，培训情况下季度一并报告。")
    found = report_row(desk)
    assert (found.status, found.returns, [each.version for each in found.snapshots]) == ("accepted", 2, [1, 2, 3])


def test_the_leader_of_the_district_sends_a_draft_back(desk):
    record(desk, date(2026, 2, 3))
    to(desk, APRIL)
    write(desk)
    desk.do("bureau.leader.500101", "sign_report", decision="退回修改", return_reason="请补充存在问题和具体建议。")
    assert desk.open(unit_case(desk)) == ["write_report"]
    assert report_row(desk).status == "drafting"


def test_what_never_came_is_closed_by_the_next_quarter_with_a_reason_and_may_still_be_sent(desk):
    record(desk, date(2026, 2, 3))
    to(desk, date(2026, 7, 1))
    first = desk.cases_of("quarterly_reporting", "district_report")[0].id
    assert "close_missing" in desk.open(first)
    desk.do("clerk", "close_missing", first, missing_reason="多次催报未报，机构调整期间无人办理。")
    assert desk.case(first).outcome == "未报送"
    assert report_row(desk).status == "missing"
    clerk = "bureau.clerk.500101"
    case = desk.start(clerk, "quarterly_reporting", "district_report")
    with pytest.raises(Invalid):
        desk.do(clerk, "choose_quarter", case, quarter="2026Q2")
    desk.do(clerk, "choose_quarter", case, quarter="2026Q1")
    assert desk.open(case) == ["write_report"]
    desk.do(clerk, "write_report", case, situation=SITUATION, problems="无")
    desk.do("bureau.leader.500101", "sign_report", case, decision="签发报送", signer="王局长", scan="file:盖章件.pdf")
    desk.do("clerk", "check_report", case, decision="接收")
    assert report_row(desk).status == "accepted"
    assert desk.case(case).outcome == "逾期报送，已接收"


def test_an_accepted_report_is_reopened_only_where_the_switch_says_so(desk):
    record(desk, date(2026, 2, 3))
    to(desk, APRIL)
    report(desk)
    clerk = "bureau.clerk.500101"
    with pytest.raises(Invalid):
        desk.do(clerk, "choose_quarter", desk.start(clerk, "quarterly_reporting", "district_report"), quarter="2026Q1")
    with desk.db.transaction() as session:
        ground = Interpretation(
            number="解释-2026-001", article="第十二条", question="报后记录如何处理", answer="重新报送",
            agreed_on=APRIL, recorded_by="周流", recorded_at=clock.now(),
        )  # fmt: skip
        session.add(ground)
        session.flush()
        set_switch(session, SYSTEM, "quarter.late_record", "reopen", APRIL, ground, "两局商定报后记录重新报送。")
    desk.do(clerk, "choose_quarter", quarter="2026Q1")
    record(desk, date(2026, 3, 30), confirmed=APRIL)
    report(desk)
    given_up = desk.start(clerk, "quarterly_reporting", "district_report")
    desk.do(clerk, "choose_quarter", given_up, quarter="2026Q1")
    to(desk, date(2026, 7, 1))
    desk.do("clerk", "close_missing", given_up, missing_reason="区县不再重新报送，原报告继续有效。")
    found = report_row(desk)
    assert found.status == "accepted"
    assert [each.totals[0]["attended"] for each in found.snapshots] == [1, 2]
    assert found.sent_on == APRIL


def test_the_old_bureau_reports_until_its_last_day_and_the_successor_afterwards_with_a_line_each(desk):
    with desk.db.transaction() as session:
        session.get_one(Unit, FULING).valid_to = date(2026, 3, 20)
        session.get_one(Unit, FULING).successor_id = YUZHONG
    record(desk, date(2026, 2, 4), "戊二", FULING)
    to(desk, APRIL)
    old = unit_case(desk, FULING)
    desk.do("bureau.clerk.500103", "write_report", old, situation=SITUATION, problems="无")
    desk.do("bureau.leader.500103", "sign_report", old, decision="签发报送", signer="王局长", scan="file:盖章件.pdf")
    desk.do("clerk", "check_report", old, decision="接收")
    to(desk, CITY_DUE)
    notify_city(desk)
    rows = {row["unit"]: row["attended"] for row in notification(desk).content.totals}
    assert rows == {"万州区": 0, "涪陵区": 1, "渝中区": 0}
    to(desk, date(2026, 7, 1))
    units = {each.unit_id for each in desk.cases_of("quarterly_reporting", "district_report")[3:]}
    assert units == {WANZHOU, YUZHONG}


def test_the_hr_bureau_may_ask_back_and_is_answered_by_way_of_article_ten(desk):
    to(desk, CITY_DUE)
    notify_city(desk)
    desk.do("hr.clerk", "receive_notification", receipt="签收并询问", question="三个区县未报送的原因是什么？")
    desk.do(
        "clerk", "explain_to_hr", explanation="三个区县正值机构改革，市局已发催报函，预计本月底前补报，下季度通报列明。"
    )
    matter = {"matter": "其他", "subject": "2026年第一季度通报有关情况", "reply_wd": 5}
    desk.do(
        "clerk", "draft_matter", **matter, matter_text="三个区县正值机构改革，市局已发催报函，预计本月底前补报。" * 3
    )
    desk.do("leader", "sign_request", decision="签发")
    desk.do("hr.clerk", "study", opinion="同意")
    desk.do("hr.leader", "sign_reply", decision="签发")
    assert desk.case(city_case(desk)).outcome == "已通报并答复询问"
    assert only(desk.read(lambda session: session.scalars(select(Matter)).all())).status == "closed"


def test_absences_and_slow_visits_are_told_to_the_hr_bureau(desk):
    for day in (date(2026, 2, 10), date(2026, 3, 10)):
        record(desk, day, standing=Standing.UNEXCUSED, state=RecordState.NONE)
    for day in (date(2026, 1, 20), date(2026, 2, 20), date(2026, 3, 20)):
        record(desk, day, "戊二", FULING)
    to(desk, CITY_DUE)
    notify_city(desk)
    told = [(row["kind"], row["person"]) for row in notification(desk).content.attention]
    assert told == [("缺席预警", "丁一"), ("实地次数进度不足", "丁一")]


def test_quarters_that_were_missed_are_caught_up_with_and_none_from_before_the_desk(desk):
    def due(day):
        return [each.period for each in desk.read(lambda session: quarters_due(session, day))]

    assert due(date(2026, 3, 31)) == []
    assert due(date(2026, 4, 1)) == ["quarter:2026Q1"]
    assert due(date(2026, 12, 31)) == ["quarter:2026Q1", "quarter:2026Q2", "quarter:2026Q3"]
    assert len(due(date(2028, 1, 1))) == 4


def test_the_registers_show_reports_and_notifications(desk):
    record(desk, date(2026, 2, 3))
    to(desk, APRIL)
    report(desk)
    to(desk, CITY_DUE)
    notify_city(desk)

    def listed(name):
        return desk.read(lambda session: REGISTERS[name].listing(session))[0]

    first = next(row for row in listed("quarter_reports") if row["unit_id"] == WANZHOU)
    assert (first["status"], first["days_late"]) == ("accepted", 0)
    assert only(listed("quarter_notifications"))["missing"] == 2
    assert only(listed("quarter_snapshots"))["version"] == 1


def test_a_name_that_is_no_quarter_is_refused():
    assert quarter_named("2026Q3") == Quarter(2026, 3)
    for name in ("2026", "2026Q5", "Q1", "2026Q11"):
        with pytest.raises(Invalid):
            quarter_named(name)


def test_a_report_that_is_being_written_is_not_begun_a_second_time(desk):
    to(desk, APRIL)
    to(desk, CITY_DUE)
    notify_city(desk)
    clerk = "bureau.clerk.500101"
    case = desk.start(clerk, "quarterly_reporting", "district_report")
    with pytest.raises(Invalid) as refused:
        desk.do(clerk, "choose_quarter", case, quarter="2026Q1")
    assert "正在办理" in str(refused.value.fields["quarter"])


def test_the_notification_names_each_kind_once_with_all_whom_it_is_about():
    slow = {"kind": "实地次数进度不足", "unit": "万州区", "text": "3次，按进度应为5次"}
    rows = [
        {**slow, "person": "丁一"},
        {**slow, "kind": "缺席预警", "person": "丁一", "text": "连续2次"},
        {**slow, "person": "丁二"},
    ]
    assert attention(rows) == (
        "实地次数进度不足：万州区丁一，3次，按进度应为5次；万州区丁二，3次，按进度应为5次。缺席预警：万州区丁一，连续2次"
    )
