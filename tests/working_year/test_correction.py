"""记录更正: the old value is kept, what it touches is computed, who has to agree follows (第十二、十四条)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from processes import clock
from processes.documents.preview import letter_preview
from processes.errors import Invalid
from processes.notices import Notice
from processes.registers.activities import Activity, Scheme
from processes.registers.appointments import Appointment, AppointmentStatus
from processes.registers.appraisals import Appraisal, AppraisalEntry
from processes.registers.attendances import Attendance, OutcomeEntry, RecordState, Standing
from processes.registers.claims import TravelClaim
from processes.registers.corrections import Correction, RecordVersion
from processes.registers.dismissals import Dismissal
from processes.registers.ledger import absences_counted, visits_counted
from processes.registers.opinions import Opinion, OpinionItem, ReservedOpinion
from processes.registers.quarter_records import content_of
from processes.registers.quarter_reports import QuarterReport, QuarterSnapshot
from processes.registers.switches import readings_on
from processes.rules.quarters import Quarter
from tests.working_year.desk import WANZHOU, only, year_desk

BUREAU, LEADER = "bureau.clerk.500101", "bureau.leader.500101"
REASON = "登记时误选，与现场签到表不一致。"
SUMMARY = "现场踏勘滨江片区后听取方案汇报，就高度控制、视线通廊、公共空间衔接和消落区治理提出了意见，并与编制单位讨论。"


@pytest.fixture
def desk(sqlite_database, tmp_path):
    with year_desk(sqlite_database, tmp_path, "correction", "dismissal") as opened:
        opened.appointment_id = opened.planner("丁一")
        yield opened


@pytest.fixture
def both_desk(database, tmp_path):
    with year_desk(database, tmp_path, "correction", "dismissal") as opened:
        opened.appointment_id = opened.planner("丁一")
        yield opened


def served(desk, day, standing=Standing.ATTENDED, record=RecordState.CONFIRMED, mode="online", recorded=None):
    """An activity of a day as it stands in the registers; gives the attendance's id."""
    with desk.db.transaction() as session:
        at = datetime(day.year, day.month, day.day, 9, 30, tzinfo=clock.CITY)
        activity = Activity(
            status="closed", number=f"咨询-{day:%Y-%m%d}", host_kind="district_bureau", host_id=f"bureau:{WANZHOU}",
            unit_id=WANZHOU, kind="planning", mode=mode, title=f"滨江片区咨询{day:%m%d}", starts_at=at, starts_on=day,
            place="展览馆", sent_on=date(2026, 1, 5), created_at=clock.now(),
        )  # fmt: skip
        activity.schemes = [Scheme(place=1, name="滨江片区城市设计")]
        session.add(activity)
        session.flush()
        there = standing == Standing.ATTENDED
        made = Attendance(
            activity_id=activity.id, person_id=desk.person_id("丁一"), appointment_id=desk.appointment_id,
            standing=standing, record=record if there else RecordState.NONE, recorded_on=recorded or day,
            summary="旧的咨询情况" if there else "", travel_days=2, punctual=there or None,
            confirmed_on=day if there and record == RecordState.CONFIRMED else None,
        )  # fmt: skip
        session.add(made)
        session.flush()
        return made.id


def reported(desk, quarter, sent_on, *attendance_ids):
    """A district's report of a quarter that has gone out with some records."""
    with desk.db.transaction() as session:
        report = QuarterReport(
            status="accepted", unit_id=WANZHOU, quarter=quarter, due_on=sent_on, sent_on=sent_on,
        )  # fmt: skip
        session.add(report)
        session.flush()
        printed = [{"attendance_id": str(each)} for each in attendance_ids]
        session.add(
            QuarterSnapshot(report_id=report.id, version=1, at=clock.now(), sent_by="刘洋", totals=[], records=printed,
                            unconfirmed=[], supplements=[], corrections=[], texts={})
        )  # fmt: skip


def graded(desk, year, grade, final, *more):
    """A year's appraisal with the planner's entry and others besides."""
    with desk.db.transaction() as session:
        appraisal = Appraisal(status="filed", year=year, freeze_on=date(year, 12, 31), readings_version=0)
        session.add(appraisal)
        session.flush()
        for name, given in (("丁一", grade), *more):
            appointment = session.scalars(
                select(Appointment).where(Appointment.person_id == desk.person_id(name))
            ).one()
            session.add(
                AppraisalEntry(appraisal_id=appraisal.id, person_id=appointment.person_id,
                               appointment_id=appointment.id, roll="GRADED", grade=given, final=final)
            )  # fmt: skip


def ask(desk, who, attendance_id, field, **new):
    """Somebody asks for a correction of one field."""
    case = desk.start(who, "correction")
    desk.do(who, "choose_record", case, record=f"attendance:{attendance_id}")
    desk.do(who, "ask", case, field=field, reason=REASON, **new)
    return case


def verified(desk, case, who=BUREAU, step="verify", decision="属实"):
    desk.do(who, step, case, decision=decision, finding="经核对签到表，情况清楚。")


def correction(desk):
    return only(desk.read(lambda session: session.scalars(select(Correction)).all()))


def attendance(desk, key):
    def found(session):
        one = session.get_one(Attendance, key)
        return one.standing, one.activity.mode, one.summary, one.activity.starts_on

    return desk.read(found)


def visits(desk):
    def counted(session):
        appointment = session.get_one(Appointment, desk.appointment_id)
        return visits_counted(session, appointment, 2026, readings_on(session)).count

    return desk.read(counted)


def absences(desk):
    def counted(session):
        appointment = session.get_one(Appointment, desk.appointment_id)
        return absences_counted(session, appointment, readings_on(session)).current_total

    return desk.read(counted)


def test_a_correction_keeps_the_old_value_and_counts_anew(both_desk):
    desk = both_desk
    key = served(desk, date(2026, 2, 10))
    case = ask(desk, "丁一", key, "方式", new_mode="实地")
    assert (attendance(desk, key)[1], visits(desk)) == ("online", 0)
    verified(desk, case)
    assert desk.case(case).outcome == "已更正"
    assert (attendance(desk, key)[1], visits(desk)) == ("on_site", 1)
    version = only(desk.read(lambda session: session.scalars(select(RecordVersion)).all()))
    assert (version.before, version.after) == ("线上", "实地")
    note = only(desk.documents("correction_note"))
    assert "线上" in desk.read(lambda session: letter_preview(desk.house.files.read(note.file_id)))


def test_an_old_value_cannot_be_changed_afterwards(both_desk):
    desk = both_desk
    verified(desk, ask(desk, "丁一", served(desk, date(2026, 2, 10)), "方式", new_mode="实地"))
    with pytest.raises(DBAPIError), desk.db.transaction() as session:
        session.execute(text("UPDATE record_version SET \"before\" = '实地'"))


def test_an_own_typing_error_is_mended_without_others(desk):
    key = served(desk, date(2026, 2, 27), record=RecordState.SUBMITTED)
    case = ask(desk, "丁一", key, "咨询情况", new_summary=SUMMARY)
    assert desk.case(case).outcome == "已更正"
    assert attendance(desk, key)[2] == SUMMARY
    assert correction(desk).self_service
    assert correction(desk).old == "旧的咨询情况"


@pytest.mark.parametrize(
    ("recorded", "record", "field", "new"),
    [
        (date(2026, 2, 20), RecordState.SUBMITTED, "咨询情况", {"new_summary": SUMMARY}),
        (date(2026, 2, 27), RecordState.CONFIRMED, "咨询情况", {"new_summary": SUMMARY}),
        (date(2026, 2, 27), RecordState.SUBMITTED, "方式", {"new_mode": "实地"}),
    ],
    ids=["after five working days", "confirmed", "no typing error"],
)
def test_everything_else_is_verified_by_the_district(desk, recorded, record, field, new):
    key = served(desk, date(2026, 2, 10), record=record, recorded=recorded)
    case = ask(desk, "丁一", key, field, **new)
    assert desk.open(case) == ["verify"]


def test_what_is_not_true_is_not_corrected(desk):
    key = served(desk, date(2026, 2, 10))
    case = ask(desk, "丁一", key, "方式", new_mode="实地")
    verified(desk, case, decision="不属实")
    assert desk.case(case).outcome == "不予更正"
    assert (attendance(desk, key)[1], correction(desk).status) == ("online", "refused")


def test_a_district_does_not_verify_its_own_request(desk):
    key = served(desk, date(2026, 2, 10))
    case = ask(desk, BUREAU, key, "方式", new_mode="实地")
    assert desk.open(case) == ["verify_own"]
    verified(desk, case, LEADER, "verify_own")
    assert desk.case(case).outcome == "已更正"


def test_a_record_in_a_sent_report_needs_the_section(desk):
    key = served(desk, date(2025, 12, 10))
    reported(desk, "2025Q4", date(2026, 1, 8), key)
    case = ask(desk, "丁一", key, "方式", new_mode="实地")
    verified(desk, case)
    assert desk.open(case) == ["approve"]
    row = correction(desk).effects[0]
    assert row["kind"] == "季度报告"
    assert "2026年第一季度" in row["effect"]
    desk.do("section", "approve", case, decision="同意", finding="情况属实，同意更正。")
    assert desk.case(case).outcome == "已更正"


def test_a_report_that_did_not_print_it_is_not_touched(desk):
    key = served(desk, date(2025, 12, 10))
    reported(desk, "2025Q4", date(2026, 1, 8))
    case = ask(desk, "丁一", key, "方式", new_mode="实地")
    verified(desk, case)
    assert desk.case(case).outcome == "已更正"


def test_the_section_may_refuse(desk):
    key = served(desk, date(2025, 12, 10))
    reported(desk, "2025Q4", date(2026, 1, 8), key)
    case = ask(desk, "丁一", key, "方式", new_mode="实地")
    verified(desk, case)
    desk.do("section", "approve", case, decision="不同意", finding="证据不足，不予更正。")
    assert desk.case(case).outcome == "不予更正"


def test_where_the_district_is_silent_the_section_decides(desk):
    case = ask(desk, "丁一", served(desk, date(2026, 2, 10)), "方式", new_mode="实地")
    desk.until(date(2026, 3, 20))
    assert desk.open(case) == ["approve"]


def to_the_leader(desk, *more):
    """A final grade rests on the record: the HR bureau has been asked and has answered."""
    key = served(desk, date(2025, 12, 10))
    graded(desk, 2025, "称职", True, *more)
    case = ask(desk, "丁一", key, "方式", new_mode="实地")
    verified(desk, case)
    desk.do("section", "approve", case, decision="同意", finding="情况属实，同意更正。")
    assert desk.open(case) == []
    desk.message("hr_opinion", f"{correction(desk).number}-1", opinion="同意", hr_reason="", matter_id="",
                 hr_silent=False)  # fmt: skip
    assert desk.open(case) == ["decide"]
    return case


def test_a_final_grade_needs_the_leader_and_the_hr_bureau(desk):
    case = to_the_leader(desk)
    desk.do("leader", "decide", case, decision="同意", grade_effect="维持原等次", finding="不影响等次评定结论。")
    assert desk.case(case).outcome == "已更正"
    assert (correction(desk).opinion, correction(desk).grade_effect) == ("同意", "维持原等次")


def test_a_corrected_grade_keeps_the_ceiling(desk):
    case = to_the_leader(desk)
    with pytest.raises(Invalid) as refused:
        desk.do("leader", "decide", case, decision="同意", grade_effect="更正等次",
                grade_rows=[{"new_grade": "优秀"}], finding="按更正后的记录应为优秀。")  # fmt: skip
    assert set(refused.value.fields) == {"grade_rows.0.new_grade"}


def test_a_grade_is_corrected_where_there_is_room(desk):
    others = [f"丁{each}" for each in "二三四"]
    for name in others:
        desk.planner(name)
    case = to_the_leader(desk, *((name, "称职") for name in others))
    desk.do("leader", "decide", case, decision="同意", grade_effect="更正等次",
            grade_rows=[{"new_grade": "优秀"}], finding="按更正后的记录应为优秀。")  # fmt: skip
    entry = desk.read(
        lambda session: session.scalars(
            select(AppraisalEntry).where(AppraisalEntry.person_id == desk.person_id("丁一"))
        ).one()
    )
    assert (entry.grade, entry.final) == ("优秀", True)


def entries(desk):
    """Grades by planner and year."""

    def read(session):
        found = session.scalars(select(AppraisalEntry).join(Appraisal))
        return {(each.person.name, each.appraisal.year): each.grade for each in found}

    return desk.read(read)


def between_two_years(desk, *more):
    """A day that is corrected from one final year into another."""
    key = served(desk, date(2026, 1, 5))
    graded(desk, 2025, "称职", True, *more)
    graded(desk, 2026, "优秀", True, *more)
    desk.until(date(2026, 3, 3))
    case = ask(desk, "丁一", key, "活动日期", new_day="2025-12-30")
    verified(desk, case)
    desk.do("section", "approve", case, decision="同意", finding="情况属实，同意更正。")
    desk.message("hr_opinion", f"{correction(desk).number}-1", opinion="同意", hr_reason="", matter_id="",
                 hr_silent=False)  # fmt: skip
    return case


def test_a_day_that_moves_between_two_final_years_corrects_the_grades_of_both(both_desk):
    desk = both_desk
    others = [(f"丁{each}", "称职") for each in "二三四"]
    for name, _ in others:
        desk.planner(name)
    case = between_two_years(desk, *others)
    listed = [(row["subject"], row["grade"]) for row in desk.form("leader", "decide").values["grade_rows"]]
    assert listed == [("丁一2025年度", "称职"), ("丁一2026年度", "优秀")]
    desk.do("leader", "decide", case, decision="同意", grade_effect="更正等次",
            grade_rows=[{"new_grade": "优秀"}, {"new_grade": "称职"}], finding="次数随日期计入上一年度。")  # fmt: skip
    found = entries(desk)
    assert (found["丁一", 2025], found["丁一", 2026]) == ("优秀", "称职")
    assert desk.case(case).outcome == "已更正"


def test_one_of_two_years_may_stay_as_it_was_but_not_both_where_grades_are_corrected(desk):
    case = between_two_years(desk)
    said = {"decision": "同意", "grade_effect": "更正等次", "finding": "次数随日期计入上一年度。"}
    with pytest.raises(Invalid) as refused:
        desk.do("leader", "decide", case, **said, grade_rows=[{}, {}])
    assert set(refused.value.fields) == {"grade_rows"}
    desk.do("leader", "decide", case, **said, grade_rows=[{}, {"new_grade": "称职"}])
    found = entries(desk)
    assert (found["丁一", 2025], found["丁一", 2026]) == ("称职", "称职")


def test_everybody_invited_whose_final_grade_is_touched_stands_before_the_leader(desk):
    desk.planner("丁二")
    key = served(desk, date(2025, 12, 10))
    with desk.db.transaction() as session:
        first = session.get_one(Attendance, key)
        appointment = session.scalars(select(Appointment).where(Appointment.person_id == desk.person_id("丁二"))).one()
        session.add(Attendance(activity_id=first.activity_id, person_id=appointment.person_id,
                               appointment_id=appointment.id, standing=Standing.ATTENDED,
                               record=RecordState.CONFIRMED))  # fmt: skip
    graded(desk, 2025, "称职", True, ("丁二", "称职"))
    case = ask(desk, "丁一", key, "方式", new_mode="实地")
    verified(desk, case)
    desk.do("section", "approve", case, decision="同意", finding="情况属实，同意更正。")
    desk.message("hr_opinion", f"{correction(desk).number}-1", opinion="同意", hr_reason="", matter_id="",
                 hr_silent=False)  # fmt: skip
    listed = {row["subject"] for row in desk.form("leader", "decide").values["grade_rows"]}
    assert listed == {"丁一2025年度", "丁二2025年度"}


def test_words_that_count_for_nothing_touch_no_grade(desk):
    key = served(desk, date(2025, 12, 10))
    graded(desk, 2025, "称职", True)
    case = ask(desk, "丁一", key, "地点", new_words="万州区规划展览馆")
    verified(desk, case)
    assert desk.case(case).outcome == "已更正"


def test_an_absence_found_otherwise_is_one_more_entry_of_the_log(desk):
    key = served(desk, date(2026, 2, 10), Standing.UNEXCUSED)
    assert absences(desk) == 1
    case = ask(desk, "丁一", key, "参加情况", new_outcome="有正当理由")
    assert any(row["kind"] == "缺席计次" for row in correction(desk).effects)
    verified(desk, case)
    entry = only(desk.read(lambda session: session.scalars(select(OutcomeEntry)).all()))
    assert (entry.standing, entry.reason_kind) == ("excused", "记录更正")
    assert absences(desk) == 0


def three_absences(desk):
    days = (date(2026, 1, 12), date(2026, 2, 9), date(2026, 2, 25))
    return [served(desk, day, Standing.UNEXCUSED) for day in days]


def test_a_dismissal_case_that_rested_on_it_falls_away(desk):
    keys = three_absences(desk)
    desk.message("absence_trigger", appointment_id=str(desk.appointment_id), kind="consecutive",
                 trigger_event=str(keys[-1]), attendance_ids=[str(each) for each in keys])  # fmt: skip
    case = ask(desk, "丁一", keys[1], "参加情况", new_outcome="有正当理由")
    verified(desk, case)
    assert any(row["kind"] == "解聘案" for row in correction(desk).effects)
    desk.do("section", "approve", case, decision="同意", finding="证明材料齐全，同意更正。")
    assert only(desk.cases_of("dismissal")).outcome == "缺席不再构成"
    assert only(desk.read(lambda session: session.scalars(select(Dismissal)).all())).status == "unfounded"


def test_an_absence_found_anew_may_open_a_case(desk):
    keys = three_absences(desk)[:2]
    third = served(desk, date(2026, 2, 26), Standing.EXCUSED)
    with desk.db.transaction() as session:
        last = session.scalars(select(Attendance).join(Activity).where(Activity.starts_on == date(2026, 2, 25))).one()
        last.standing = Standing.ATTENDED
    case = ask(desk, BUREAU, last.id, "参加情况", new_outcome="无正当理由")
    verified(desk, case, LEADER, "verify_own")
    assert desk.case(case).outcome == "已更正"
    assert len(desk.cases_of("dismissal")) == 1
    assert correction(desk).attendance_id not in (*keys, third)


def reserved(desk):
    key = served(desk, date(2026, 2, 10))
    with desk.db.transaction() as session:
        scheme = session.scalars(select(Scheme)).first()
        opinion = Opinion(attendance_id=key, scheme_id=scheme.id, number="意见-1", overall="feasible",
                          signed_on=date(2026, 2, 10), signed_at=clock.now())  # fmt: skip
        opinion.reserved = ReservedOpinion(text="本人对高度控制持保留意见。", person="丁一", at=clock.now())
        session.add(opinion)
        session.flush()
        return opinion.id


def test_a_reserved_view_is_nobodys_to_correct(desk):
    opinion_id = reserved(desk)
    case = desk.start("丁一", "correction")
    desk.do("丁一", "choose_record", case, record=f"opinion:{opinion_id}")
    assert desk.open(case) == ["add_note"]
    desk.do("丁一", "add_note", case, note="补充：依据为城市设计导则第三章。")
    assert desk.case(case).outcome == "已附说明，原记录不变"
    assert correction(desk).status == "noted"
    view = only(desk.read(lambda session: session.scalars(select(ReservedOpinion)).all()))
    assert view.text == "本人对高度控制持保留意见。"


def test_to_the_record_of_who_was_dismissed_only_a_note_is_added(desk):
    key = served(desk, date(2026, 2, 10))
    with desk.db.transaction() as session:
        session.get_one(Appointment, desk.appointment_id).status = AppointmentStatus.DISMISSED
    case = desk.start("clerk", "correction")
    desk.do("clerk", "choose_record", case, record=f"attendance:{key}")
    assert desk.open(case) == ["add_note"]


def test_a_planner_and_a_district_correct_only_what_is_theirs(desk):
    desk.planner("丁二")
    key = served(desk, date(2026, 2, 10))
    for who in ("丁二", "bureau.clerk.500102"):
        case = desk.start(who, "correction")
        with pytest.raises(Invalid):
            desk.do(who, "choose_record", case, record=f"attendance:{key}")


@pytest.mark.parametrize(
    ("standing", "field", "new", "told_at"),
    [
        (Standing.ATTENDED, "方式", {"new_mode": "线上"}, "new_mode"),
        (Standing.ATTENDED, "活动日期", {"new_day": "2025-01-02"}, "new_day"),
        (Standing.EXCUSED, "出差天数", {"new_days": 2}, "field"),
    ],
    ids=["the same value", "before the term", "no record of an absence"],
)
def test_what_cannot_be_is_refused(desk, standing, field, new, told_at):
    key = served(desk, date(2026, 2, 10), standing)
    with pytest.raises(Invalid) as refused:
        ask(desk, "丁一", key, field, **new)
    assert told_at in refused.value.fields


def test_one_request_for_a_field_at_a_time(desk):
    key = served(desk, date(2026, 2, 10))
    ask(desk, "丁一", key, "方式", new_mode="实地")
    with pytest.raises(Invalid):
        ask(desk, BUREAU, key, "方式", new_mode="书面")


def test_another_day_moves_the_record_to_its_quarter(desk):
    key = served(desk, date(2026, 1, 10))
    with desk.db.transaction() as session:
        came = session.get_one(Attendance, key)
        came.actual_start, came.actual_end = (datetime(2026, 1, 10, hour, 30, tzinfo=clock.CITY) for hour in (9, 17))
    reported(desk, "2025Q4", date(2026, 1, 8))
    case = ask(desk, "丁一", key, "活动日期", new_day="2025-12-30")
    assert any("2025年第四季度" in row["subject"] for row in correction(desk).effects)
    verified(desk, case)
    desk.do("section", "approve", case, decision="同意", finding="情况属实，同意更正。")
    assert attendance(desk, key)[3] == date(2025, 12, 30)
    came = desk.read(lambda session: session.get_one(Attendance, key))
    assert clock.local(came.actual_start) == datetime(2025, 12, 30, 9, 30, tzinfo=clock.CITY)
    assert clock.local(came.actual_end) == datetime(2025, 12, 30, 17, 30, tzinfo=clock.CITY)


def test_a_claim_for_the_trip_is_named_and_the_finance_office_told(desk):
    key = served(desk, date(2026, 2, 27), record=RecordState.SUBMITTED)
    with desk.db.transaction() as session:
        session.add(
            TravelClaim(status="paid", number="差旅-2026-0001", case_id=uuid4(), person_id=desk.person_id("丁一"),
                        trip="consultation", trip_key=f"attendance:{key}", trip_title="滨江",
                        payer="district_bureau",
                        payer_unit_id=WANZHOU, payer_ground="第九条(五)", readings_version=0,
                        first_day=date(2026, 2, 27), last_day=date(2026, 2, 27), submitted_on=date(2026, 2, 28))
        )  # fmt: skip
    case = ask(desk, "丁一", key, "出差天数", new_days=2)
    assert desk.open(case) == ["verify"]
    assert correction(desk).effects[0]["subject"] == "差旅-2026-0001"
    verified(desk, case)
    told = desk.read(lambda session: session.scalars(select(Notice.role)).all())
    assert "district_bureau.finance" in told


def test_what_is_said_of_the_activity_is_told_to_everybody_invited(desk):
    key = served(desk, date(2026, 2, 10))
    other = desk.planner("丁二")
    with desk.db.transaction() as session:
        activity_id = session.get_one(Attendance, key).activity_id
        session.add(Attendance(activity_id=activity_id, person_id=desk.person_id("丁二"), appointment_id=other,
                               standing=Standing.ATTENDED, record=RecordState.CONFIRMED))  # fmt: skip
    sent, deliver = [], desk.background.handlers["message.deliver"]

    def delivered(session, job):
        sent.append(job.args)
        deliver(session, job)

    desk.background.handlers["message.deliver"] = delivered
    verified(desk, ask(desk, "丁一", key, "方式", new_mode="实地"))
    assert [each["name"] for each in sent] == ["record_corrected"] * 2
    assert str(key) in {each["correlation"] for each in sent}
    people = desk.read(lambda session: session.scalars(select(Notice.person_id)).all())
    assert desk.person_id("丁二") in people


def test_the_next_report_lists_what_was_corrected_in_one_that_was_sent(desk):
    key = served(desk, date(2025, 12, 10))
    quarter = Quarter(2025, 4)
    with desk.db.transaction() as session:
        content = content_of(session, WANZHOU, quarter, readings_on(session))
        report = QuarterReport(status="accepted", unit_id=WANZHOU, quarter=str(quarter), due_on=date(2026, 1, 12),
                               sent_on=date(2026, 1, 8))  # fmt: skip
        report.snapshots.append(
            QuarterSnapshot(version=1, at=clock.now(), sent_by="刘洋", totals=[], records=content.records,
                            unconfirmed=[], supplements=[], corrections=[], texts={})
        )  # fmt: skip
        session.add(report)
    case = ask(desk, "丁一", key, "方式", new_mode="实地")
    verified(desk, case)
    desk.do("section", "approve", case, decision="同意", finding="情况属实，同意更正。")
    following = desk.read(lambda session: content_of(session, WANZHOU, quarter.next(), readings_on(session)))
    row = only(following.corrections)
    assert (row["what"], row["before"], row["now"]) == ("方式", "线上", "实地")


def signed_opinion(desk, day=date(2026, 1, 20), reserved=""):
    """A confirmed record with one signed opinion of two points; gives the ids of opinion and points."""
    attendance_id = served(desk, day)
    with desk.db.transaction() as session:
        attendance = session.get_one(Attendance, attendance_id)
        made = Opinion(
            attendance_id=attendance_id, scheme_id=attendance.activity.schemes[0].id, number="意见-2026-0001",
            overall="feasible", signed_on=day, signed_at=clock.now(),
        )  # fmt: skip
        made.items = [
            OpinionItem(place=1, issue="高度突破控制", suggestion="降低高度", level="advice", adoption="rejected"),
            OpinionItem(place=2, issue="视廊受阻", suggestion="留出视廊", level="must", adoption="adopted"),
        ]
        session.add(made)
        session.flush()
        if reserved:
            session.add(ReservedOpinion(opinion_id=made.id, text=reserved, person="丁一", at=clock.now()))
        return made.id, [each.id for each in made.items]


def ask_about(desk, who, opinion_id, item, part, **new):
    """Somebody asks for a correction of a part of an opinion."""
    case = desk.start(who, "correction")
    desk.do(who, "choose_record", case, record=f"paper:{opinion_id}")
    desk.do(who, "ask_opinion", case, item=str(item), part=part, reason=REASON, **new)
    return case


def opinion(desk, opinion_id):
    def read(session):
        found = session.get_one(Opinion, opinion_id)
        assert found.items is not None
        return found

    return desk.read(read)


def test_a_point_of_an_opinion_is_corrected_beside_its_old_words(both_desk):
    desk = both_desk
    opinion_id, (first, _) = signed_opinion(desk)
    case = ask_about(desk, "丁一", opinion_id, first, "建议", new_words="前排建筑高度控制在二十四米以内。")
    assert "已签发的意见书保持原样" in str(desk.form(BUREAU, "verify").context.values["effect_rows"])
    desk.do(BUREAU, "verify", case, decision="属实", finding="与现场记录一致，应予更正。")
    assert desk.case(case).outcome == "已更正"
    assert opinion(desk, opinion_id).items[0].suggestion == "前排建筑高度控制在二十四米以内。"
    kept = only(desk.read(lambda session: session.scalars(select(RecordVersion)).all()))
    assert (kept.field, kept.before, kept.after) == ("意见1·建议", "降低高度", "前排建筑高度控制在二十四米以内。")
    assert len(desk.documents("correction_note")) == 1


def test_what_was_adopted_is_corrected_by_the_district_and_counted_anew(desk):
    opinion_id, (first, _) = signed_opinion(desk)
    case = ask_about(desk, BUREAU, opinion_id, first, "采纳情况", new_adoption="部分采纳")
    desk.do(LEADER, "verify_own", case, decision="属实", finding="方案修改稿已部分采纳该意见。")
    assert opinion(desk, opinion_id).items[0].adoption == "partly"
    counted = desk.read(lambda s: content_of(s, WANZHOU, Quarter.of(date(2026, 1, 20)), readings_on(s)))
    assert (counted.sums["items"], counted.sums["adopted"]) == (2, 2)


@pytest.mark.parametrize(
    ("who", "item", "part", "new", "field"),
    [
        ("丁一", 0, "采纳情况", {"new_adoption": "采纳"}, "part"),
        (BUREAU, 0, "建议", {"new_words": "改写意见内容。"}, "part"),
        ("丁一", 0, "建议", {"new_words": "降低高度"}, "new_words"),
        ("丁一", 0, "总体评价", {"new_overall": "不建议"}, "item"),
        ("丁一", None, "建议", {"new_words": "另一意见。"}, "item"),
    ],
)
def test_each_side_corrects_its_own_words_alone(desk, who, item, part, new, field):
    opinion_id, points = signed_opinion(desk)
    with pytest.raises(Invalid) as refused:
        ask_about(desk, who, opinion_id, "whole" if item is None else points[item], part, **new)
    assert field in refused.value.fields


def test_a_reserved_view_is_shown_in_full_and_stays_whatever_is_corrected_beside_it(both_desk):
    desk = both_desk
    reserved = "本人保留意见：滨江首排高度仍应控制在十八米以内，理由见附件第三页。"
    opinion_id, (first, _) = signed_opinion(desk, reserved=reserved)
    case = desk.start("丁一", "correction")
    desk.do("丁一", "choose_record", case, record=f"paper:{opinion_id}")
    shown = desk.form("丁一", "ask_opinion")
    assert shown.values["reserved_text"] == reserved
    assert "保留意见" not in [option.value for option in shown.form.field("part").options]
    desk.do("丁一", "ask_opinion", case, item=str(first), part="等级", new_level="必须", reason=REASON)
    desk.do(BUREAU, "verify", case, decision="属实", finding="与现场记录一致，应予更正。")
    assert desk.read(lambda s: s.scalars(select(ReservedOpinion.text)).one()) == reserved
    for change in ("UPDATE reserved_opinion SET text = 'x'", "DELETE FROM reserved_opinion"):
        with pytest.raises(DBAPIError), desk.db.transaction() as session:
            session.execute(text(change))


def test_an_opinion_that_a_final_grade_rests_on_needs_the_leader(desk):
    opinion_id, (first, _) = signed_opinion(desk)
    graded(desk, 2026, "称职", True)
    with desk.db.transaction() as session:
        session.scalars(select(AppraisalEntry)).one().inputs = {"sample": [str(opinion_id)]}
    case = ask_about(desk, "丁一", opinion_id, first, "依据", new_words="控制性详细规划")
    desk.do(BUREAU, "verify", case, decision="属实", finding="与现场记录一致，应予更正。")
    desk.do("section", "approve", case, decision="同意", finding="情况属实，同意更正。")
    reference = f"{only(desk.read(lambda s: s.scalars(select(Correction.number)).all()))}-1"
    desk.message("hr_opinion", reference, opinion="同意", hr_reason="", matter_id="", hr_silent=False)
    assert desk.open(case) == ["decide"]


def test_a_corrected_day_that_leaves_too_short_a_notice_lifts_absence_and_dismissal(both_desk):
    desk = both_desk
    days = (date(2026, 1, 8), date(2026, 1, 20), date(2026, 2, 3))
    first, *_ = [served(desk, day, Standing.UNEXCUSED) for day in days]
    with desk.db.transaction() as session:
        for each in session.scalars(select(Attendance)):
            each.countable = True
    desk.message("absence_trigger", str(desk.appointment_id), appointment_id=str(desk.appointment_id),
                 kind="consecutive3", trigger_event=str(first), attendance_ids=[str(first)])  # fmt: skip
    assert "check_ground" in desk.open()
    case = ask(desk, "clerk", first, "活动日期", new_day="2026-01-06")
    said = str(desk.form(BUREAU, "verify").context.values["effect_rows"])
    assert "通知期改为1个工作日，缺席不计次" in said
    assert "连续3次、一年内合计3次 → 连续2次、一年内合计2次" in said
    desk.do(BUREAU, "verify", case, decision="属实", finding="会议记录显示活动提前举行。")
    desk.do("section", "approve", case, decision="同意", finding="情况属实，同意更正。")

    def after(session):
        found = session.get_one(Attendance, first)
        return found.countable, found.standing, session.scalars(select(Dismissal.status)).one()

    assert desk.read(after) == (False, "late_notice", "unfounded")
    assert "check_ground" not in desk.open()
