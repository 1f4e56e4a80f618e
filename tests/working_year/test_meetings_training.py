"""会议、培训: planned, called, answered, held, called off; training given and confirmed (第七、八、九、十一条)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from handlers.meetings_training.calendar import plans_due
from processes import clock
from processes.documents.preview import letter_preview
from processes.errors import Invalid
from processes.identity.actor import SYSTEM
from processes.notices import Notice
from processes.registers.activities import Activity
from processes.registers.appointments import Appointment
from processes.registers.ledger import absences_counted
from processes.registers.meetings import Meeting, MeetingAttendance, TrainingGiven, hours_of
from processes.registers.switches import readings_on
from tests.working_year.desk import FULING, WANZHOU, only, year_desk

BUREAU = "bureau.clerk.500101"
MINUTES = "会议部署了本年度首席规划师工作，明确季度报告和实地指导要求，听取了各区县意见建议。"
TRAINING = {
    "unit_id": WANZHOU,
    "kind": "业务培训",
    "topic": "城市设计方案审查要点",
    "day": "2026-02-27",
    "hours": 3.5,
    "place": "万州区规划展览馆",
    "participants": [{"name": name, "body": "万州区规划和自然资源局"} for name in ("刘洋", "陈石")],
    "content": "结合滨江片区案例讲解城市设计方案审查要点，重点是高度、视廊和公共空间衔接。",
}


@pytest.fixture
def desk(sqlite_database, tmp_path):
    with year_desk(sqlite_database, tmp_path, "meetings_training", "technical_consultation") as opened:
        yield furnished(opened)


@pytest.fixture
def on_both(database, tmp_path):
    with year_desk(database, tmp_path, "meetings_training", "technical_consultation") as opened:
        yield furnished(opened)


def furnished(desk):
    desk.appointment_id = desk.planner("丁一")
    desk.planner("戊二", FULING)
    return desk


def called(desk, **more):
    """A deployment meeting on 12 March, with both planners."""
    case = desk.start("clerk", "meetings_training", "meeting")
    given = {
        "kind": "工作部署",
        "title": "2026年首席规划师工作部署会",
        "start_at": "2026-03-12T09:30",
        "end_at": "2026-03-12T12:00",
        "place": "市规划展览馆",
        "agenda": "部署年度工作。",
        "invitees": [str(desk.person_id(name)) for name in ("丁一", "戊二")],
        "hours": 2.5,
        "reply_by": "2026-03-10",
        "contact": "张明",
        "phone": "023-60000000",
    }
    desk.do("clerk", "call_meeting", case, **{**given, **more})
    return case


def hold(desk, first="到会", second="线上"):
    shown = desk.read(lambda s: s.scalars(select(Meeting).where(Meeting.status == "called")).one().attendances)
    order = ["丁一", "戊二"][: len(shown)]
    told = dict(zip(order, (first, second), strict=False))
    desk.do(
        "clerk", "sign_in", held="举行", attendance_rows=[{"presence": told[name]} for name in order], hours=2.5,
        minutes=MINUTES, minutes_files=["file:纪要.pdf"],
    )  # fmt: skip


def meeting(desk):
    return only(desk.read(lambda session: list(session.scalars(select(Meeting)))))


def attendances(desk):
    return desk.read(lambda session: session.scalars(select(MeetingAttendance)).all())


def hours(desk, name="丁一"):
    return desk.read(lambda s: hours_of(s, desk.person_id(name), date(2026, 1, 1), date(2026, 12, 31)))


def given(desk):
    return only(desk.read(lambda session: list(session.scalars(select(TrainingGiven)))))


def test_a_meeting_is_called_answered_and_held(on_both):
    desk = on_both
    case = called(desk)
    desk.do("丁一", "answer_notice", answer="报名")
    desk.do("戊二", "answer_notice", answer="线上参加")
    desk.until(date(2026, 3, 12), hour=14)
    hold(desk)
    ended = desk.case(case)
    assert (ended.status, ended.outcome, meeting(desk).status) == ("completed", "会议已举行", "held")
    assert (hours(desk).meetings_attended, hours(desk).half_hours_learned) == (1, 5)
    assert {each.presence for each in attendances(desk)} == {"there", "online"}
    assert len(desk.documents("minutes")) == 1


def test_the_notice_names_time_place_and_everybody(desk):
    called(desk)
    printed = desk.read(lambda s: letter_preview(desk.house.files.read(only(desk.documents("meeting_notice")).file_id)))
    for words in ("关于召开2026年首席规划师工作部署会的通知", "2026年3月12日09:30", "丁一", "戊二"):
        assert words in printed
    assert meeting(desk).number == "渝规资会〔2026〕1号"


def test_every_planner_in_office_is_on_the_list_to_begin_with(desk):
    case = desk.start("clerk", "meetings_training", "meeting")
    listed = desk.case(case)
    assert listed.status == "running"
    invited = [str(desk.person_id("丁一"))]
    with pytest.raises(Invalid) as refused:
        called(desk, invitees=invited)
    assert "戊二" in str(refused.value.fields["warnings_known"])


def test_a_planner_is_left_out_only_with_a_reason(desk):
    called(desk, invitees=[str(desk.person_id("丁一"))], warnings_known=True, warning_note="戊二已参加同期上一班培训。")
    assert meeting(desk).left_out == "戊二已参加同期上一班培训。"


def test_short_notice_must_be_known(desk):
    when = {"start_at": "2026-03-04T09:30", "end_at": "2026-03-04T12:00", "reply_by": "2026-03-03"}
    with pytest.raises(Invalid):
        called(desk, **when)
    called(desk, **when, warnings_known=True, warning_note="急件部署，已逐一电话通知。")


def test_missing_a_meeting_is_never_an_absence(on_both):
    desk = on_both
    called(desk)
    desk.do("丁一", "answer_notice", answer="请假", reason_kind="单位紧急任务", reason="本单位有紧急任务不能参加。")
    desk.until(date(2026, 3, 12), hour=14)
    hold(desk, "请假", "未到")

    def counted(session):
        return absences_counted(session, session.get_one(Appointment, desk.appointment_id), readings_on(session))

    found = desk.read(counted)
    assert (found.level, found.current_total, found.pending) == ("none", 0, 0)
    assert hours(desk, "戊二").meetings_attended == 0


def test_who_does_not_answer_may_still_come(desk):
    called(desk)
    desk.until(date(2026, 3, 12), hour=14)
    assert desk.open() == ["sign_in"]
    hold(desk)
    assert all(each.answer == "" for each in attendances(desk))


def test_a_meeting_that_has_not_begun_has_no_minutes(desk):
    called(desk)
    with pytest.raises(Invalid):
        hold(desk)


def test_a_meeting_called_off_is_told_to_everybody(desk):
    case = called(desk)
    desk.do("clerk", "sign_in", held="取消", attendance_rows=[{}, {}], cancelled_why="与全市规划工作会议时间冲突。")
    assert (desk.case(case).status, desk.open(), meeting(desk).status) == ("terminated", [], "cancelled")
    told = select(Notice).where(Notice.person_id == desk.person_id("戊二"), Notice.kind == "result")
    assert len(desk.read(lambda s: s.scalars(told).all())) == 1


def test_a_topic_consultation_is_a_consultation_activity_too(desk):
    called(desk, kind="专题咨询", unit_id=WANZHOU, title="滨江片区专题咨询会")
    assert "invite" in desk.open()
    desk.do(
        "clerk", "invite", unit_id=WANZHOU, kind="规划编制", title="滨江片区专题咨询", mode="线上",
        planners=[str(desk.person_id("丁一"))], start_at="2026-03-12T09:30", classified=False,
        schemes=[{"name": "滨江片区城市设计"}], contact="张明", phone="023-60000000",
    )  # fmt: skip
    activity = only(desk.read(lambda s: list(s.scalars(select(Activity)))))
    assert (activity.meeting_id, activity.host_id) == (meeting(desk).id, "city_bureau")


def test_a_topic_consultation_names_the_district(desk):
    with pytest.raises(Invalid):
        called(desk, kind="专题咨询")


def test_training_given_counts_when_the_district_confirms_it(on_both):
    desk = on_both
    case = desk.start("丁一", "meetings_training", "training_given")
    desk.do("丁一", "register_training", case, **TRAINING)
    assert hours(desk).trainings_given == 0
    desk.do(BUREAU, "confirm_training", confirm="确认")
    assert desk.case(case).status == "completed"
    assert (hours(desk).trainings_given, hours(desk).people_trained, hours(desk).half_hours_given) == (1, 2, 7)
    proof = only(desk.documents("training_proof"))
    assert proof.number == given(desk).number
    assert "3.5学时" in desk.read(lambda s: letter_preview(desk.house.files.read(proof.file_id)))


def test_training_that_is_returned_is_recorded_again(desk):
    desk.start("丁一", "meetings_training", "training_given")
    desk.do("丁一", "register_training", **TRAINING)
    desk.do(BUREAU, "confirm_training", confirm="退回", return_reason="人员名单与签到表不一致，请核对。")
    assert given(desk).status == "rejected"
    desk.do("丁一", "register_training", **{**TRAINING, "hours": 3})
    desk.do(BUREAU, "confirm_training", confirm="确认")
    assert (given(desk).status, given(desk).half_hours) == ("confirmed", 6)


def test_the_city_bureau_confirms_training_after_ten_working_days(desk):
    desk.start("丁一", "meetings_training", "training_given")
    desk.do("丁一", "register_training", **TRAINING)
    desk.until(desk.workdays(10) + timedelta(days=1))
    desk.do("clerk", "confirm_training_by_city", confirm="确认")
    assert given(desk).status == "confirmed"


@pytest.mark.parametrize("day", ["2025-01-10", "2026-03-03"])
def test_training_outside_service_or_to_come_is_refused(desk, day):
    desk.start("丁一", "meetings_training", "training_given")
    with pytest.raises(Invalid):
        desk.do("丁一", "register_training", **{**TRAINING, "day": day})


def test_the_yearly_plan_has_deployment_and_summary_and_reminds_to_call(desk):
    due = only(desk.read(lambda s: plans_due(s, clock.today())))
    desk.actors["desk"] = SYSTEM
    desk.start("desk", due.key, due.process_id, **due.variables)
    rows = [
        {"kind": "工作部署", "title": "工作部署会", "planned_on": "2026-04-15"},
        {"kind": "培训", "title": "业务培训班", "planned_on": "2026-06-10"},
    ]
    with pytest.raises(Invalid):
        desk.do("clerk", "write_plan", plan_rows=rows)
    rows[1]["kind"] = "工作总结"
    desk.do("clerk", "write_plan", plan_rows=rows)
    planned = desk.read(lambda s: {each.title: str(each.id) for each in s.scalars(select(Meeting))})
    called(desk, planned_id=planned["工作部署会"], title="工作部署会")
    desk.until(date(2026, 6, 1))
    told = select(Notice).where(Notice.role == "city_bureau.section", Notice.kind == "reminder")
    assert [each.params["title"] for each in desk.read(lambda s: s.scalars(told).all())] == ["业务培训班"]


def test_a_consultation_on_the_day_of_a_meeting_presets_the_reason(desk):
    called(desk)
    desk.start(BUREAU, "technical_consultation")
    desk.do(
        BUREAU, "invite", unit_id=WANZHOU, kind="规划编制", title="滨江片区城市设计咨询", mode="线上",
        planners=[str(desk.person_id("丁一"))], start_at="2026-03-12T14:30", classified=False,
        schemes=[{"name": "滨江片区城市设计"}], contact="刘洋", phone="023-58000000",
    )  # fmt: skip
    assert desk.form("丁一", "answer_invitation").values["reason_kind"] == "与其他官方邀请冲突"
