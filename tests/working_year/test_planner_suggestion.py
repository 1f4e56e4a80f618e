"""主动调研与工作建议: surveyed, confirmed, suggested, answered or not, carried out (第七条(二)、第八条(一)(六))."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from handlers.planner_suggestion.calendar import surveys_due
from handlers.planner_suggestion.pace import paces_due
from processes import clock
from processes.documents.preview import letter_preview
from processes.errors import Invalid
from processes.identity.actor import SYSTEM
from processes.notices import Notice
from processes.registers.appointments import Appointment
from processes.registers.catalogue import register
from processes.registers.ledger import attendance_log, totals, visits_counted
from processes.registers.suggestions import Measure, Suggestion, Survey, adoption, unanswered
from processes.registers.switches import readings_on
from tests.working_year.desk import FULING, WANZHOU, only, year_desk

BUREAU, GOVERNMENT = "bureau.clerk.500101", "gov.clerk.500101"
FINDINGS = (
    "现场踏勘滨江岸线三公里，走访两个街道和三个在建项目，查看步道断点、围挡和消落区，与施工单位核对了分期"
    "实施计划和交付时间。"
)
PROBLEM = (
    "滨江步道被三处施工围挡隔断，居民绕行超过一公里；三个项目的实施时序互不衔接，公共空间无法在汛期前连通"
    "，群众反映较多，需要区里统一研究。"
)
PROPOSAL = (
    "建议由区政府牵头建立岸线公共空间实施协调机制，统一三个项目的围挡退让标准和交付时间，并在汛期前完成临"
    "时通道，确保步道全线连通。"
)
SURVEY = {
    "doing": "登记调研并提出建议",
    "unit_id": WANZHOU,
    "kind": "规划实施",
    "subject": "滨江岸线公共空间调研",
    "start_at": "2026-02-27T09:00",
    "end_at": "2026-02-27T16:00",
    "place": "万州区滨江路",
    "people": [{"name": "刘洋", "body": "万州区规划和自然资源局"}],
    "findings": FINDINGS,
    "travel_days": 1,
    "asks_guidance": True,
    "photos": ["file:现场.pdf"],
}
SUGGESTION = {
    "subject": "滨江岸线公共空间连通",
    "unit_id": WANZHOU,
    "addressee": "区县规划自然资源局",
    "problem": PROBLEM,
    "proposal": PROPOSAL,
    "urgency": "一般",
}
REPLY = {
    "decision": "部分采纳",
    "reply": "经研究，岸线连通纳入年度实施计划，由规划科牵头协调三个项目的围挡退让和交付时间。",
    "replied_on": "2026-03-02",
    "measures": [{"measure": "制定岸线连通计划", "owner": "规划科", "due": "2026-06-30"}],
}


@pytest.fixture
def desk(sqlite_database, tmp_path):
    with year_desk(sqlite_database, tmp_path, "planner_suggestion") as opened:
        opened.appointment_id = opened.planner("丁一")
        yield opened


@pytest.fixture
def on_both(database, tmp_path):
    with year_desk(database, tmp_path, "planner_suggestion") as opened:
        opened.appointment_id = opened.planner("丁一")
        yield opened


def surveyed(desk, **more):
    case = desk.start("丁一", "planner_suggestion")
    desk.do("丁一", "record_survey", case, **{**SURVEY, **more})
    return case


def suggested(desk, doing="只提出建议", **more):
    """A suggestion that has been sent, without a survey unless one is asked for."""
    case = desk.start("丁一", "planner_suggestion")
    desk.do(
        "丁一", "record_survey", case, **({"doing": doing, "unit_id": WANZHOU} if doing == "只提出建议" else SURVEY)
    )
    desk.do("丁一", "write_suggestion", case, **{**SUGGESTION, **more})
    return case


def suggestion(desk):
    return only(desk.read(lambda session: list(session.scalars(select(Suggestion)))))


def survey(desk):
    return only(desk.read(lambda session: list(session.scalars(select(Survey)))))


def visits(desk):
    def counted(session):
        return visits_counted(session, session.get_one(Appointment, desk.appointment_id), 2026, readings_on(session))

    return desk.read(counted).count


def notices(desk, login):
    person = desk.person_id(login)
    return desk.read(
        lambda session: [each.text for each in session.scalars(select(Notice).where(Notice.person_id == person))]
    )


def test_a_survey_and_a_suggestion_run_to_their_end(on_both):
    desk = on_both
    case = surveyed(desk)
    desk.do("丁一", "write_suggestion", **SUGGESTION)
    desk.do(BUREAU, "confirm_guidance", guidance="确认为实地指导")
    desk.do(BUREAU, "receive_suggestion", handler="区县规划自然资源局")
    desk.do(BUREAU, "reply_bureau", **REPLY)
    desk.do("丁一", "rate_reply", rating="4", copy_to_city=True)
    desk.do(
        BUREAU, "report_measure", measure_state="推进中", note="计划已起草，正在征求意见。", measure_due="2026-07-31"
    )
    desk.do(BUREAU, "report_measure", measure_state="已落实", note="计划已印发并开始实施。")
    assert desk.case(case).status == "completed"
    found = suggestion(desk)
    assert (found.status, found.decision, found.rating, found.copied_to_city) == ("carried_out", "partly", 4, True)
    assert found.survey_id == survey(desk).id
    measure = only(desk.read(lambda session: list(session.scalars(select(Measure)))))
    assert (measure.state, measure.due_on) == ("done", date(2026, 7, 31))
    said = desk.read(lambda session: adoption(session, desk.person_id("丁一"), date(2026, 1, 1), date(2026, 12, 31)))
    assert said == (1, 1, 1)


def test_a_survey_counts_as_a_visit_when_the_district_confirms_on_site_guidance(on_both):
    desk = on_both
    surveyed(desk, doing="只登记调研")
    assert visits(desk) == 0
    desk.do(BUREAU, "confirm_guidance", guidance="确认为实地指导")
    assert (survey(desk).status, visits(desk)) == ("guidance", 1)
    row = only(desk.read(lambda session: totals(session, date(2026, 1, 1), date(2026, 3, 31), unit_id=WANZHOU)))
    assert (row.invited, row.attended, row.on_site) == (0, 1, 1)


def test_an_own_survey_never_enters_the_count_of_absences(desk):
    surveyed(desk, doing="只登记调研")
    desk.do(BUREAU, "confirm_guidance", guidance="确认为实地指导")
    own = desk.person_id("丁一")
    assert desk.read(lambda session: attendance_log(session, own, readings_on(session))) == []


def test_what_the_district_sees_as_a_survey_only_does_not_count(desk):
    case = surveyed(desk, doing="只登记调研")
    desk.do(
        BUREAU, "confirm_guidance", guidance="属于调研，不计实地指导", guidance_reason="当日未开展指导，仅走访居民。"
    )
    assert (survey(desk).status, visits(desk), desk.case(case).status) == ("no_guidance", 0, "completed")


def test_a_survey_that_nobody_is_asked_to_confirm_is_only_put_on_record(desk):
    case = surveyed(desk, doing="只登记调研", asks_guidance=False)
    assert (survey(desk).status, visits(desk), desk.case(case).status) == ("recorded", 0, "completed")


def test_the_city_bureau_confirms_after_ten_working_days(desk):
    surveyed(desk, doing="只登记调研")
    desk.until(desk.workdays(10) + timedelta(days=1))
    desk.do("clerk", "confirm_by_city", guidance="确认为实地指导")
    assert visits(desk) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"start_at": "2025-01-10T09:00", "end_at": "2025-01-10T16:00"},
        {"end_at": "2026-02-27T08:00"},
        {"start_at": "2026-03-02T08:30", "end_at": "2026-03-02T18:00"},
        {"photos": []},
        {"findings": "太短"},
    ],
)
def test_a_survey_that_cannot_be_is_refused(desk, wrong):
    with pytest.raises(Invalid):
        surveyed(desk, **wrong)


def test_one_survey_a_day_and_district(desk):
    surveyed(desk)
    with pytest.raises(Invalid):
        surveyed(desk)


def test_the_letter_names_addressee_problem_and_proposal(desk):
    suggested(desk)
    letter = only(desk.documents("suggestion"))
    printed = desk.read(lambda session: letter_preview(desk.house.files.read(letter.file_id)))
    assert letter.number == "建议〔2026〕1号"
    assert "关于滨江岸线公共空间连通的工作建议" in printed
    assert PROPOSAL in printed


@pytest.mark.parametrize(("urgency", "due"), [("一般", 20), ("紧急", 5)])
def test_the_reply_is_due_after_twenty_working_days_or_five(desk, urgency, due):
    suggested(desk, urgency=urgency)
    assert suggestion(desk).due_on == desk.workdays(due)


def test_the_district_bureau_passes_a_suggestion_on_to_the_government(desk):
    suggested(desk, addressee="区县政府")
    desk.do(BUREAU, "receive_suggestion", handler="区县政府")
    desk.do(GOVERNMENT, "reply_government", **{**REPLY, "decision": "不采纳", "measures": []})
    found = suggestion(desk)
    assert (found.status, found.decision, found.addressee_id) == ("replied", "rejected", f"gov:{WANZHOU}")


def test_a_refusal_needs_reasons_and_an_adoption_measures(desk):
    suggested(desk)
    desk.do(BUREAU, "receive_suggestion", handler="区县规划自然资源局")
    with pytest.raises(Invalid):
        desk.do(BUREAU, "reply_bureau", **{**REPLY, "decision": "不采纳", "reply": "不采纳。"})
    with pytest.raises(Invalid):
        desk.do(BUREAU, "reply_bureau", **{**REPLY, "measures": []})


def test_a_reply_that_nobody_rates_is_closed_by_itself(desk):
    case = suggested(desk)
    desk.do(BUREAU, "receive_suggestion", handler="区县规划自然资源局")
    desk.do(BUREAU, "reply_bureau", **{**REPLY, "decision": "留作研究", "measures": []})
    desk.until(desk.workdays(12))
    assert desk.case(case).status == "completed"
    assert suggestion(desk).rating is None


def test_without_a_reply_it_is_listed_for_the_quarter_report_and_may_still_be_answered(desk):
    case = suggested(desk)
    desk.do(BUREAU, "receive_suggestion", handler="区县规划自然资源局")
    desk.until(desk.house.calendar.add_workdays(suggestion(desk).due_on, 20) + timedelta(days=1))
    assert [each.number for each in desk.read(lambda session: unanswered(session, WANZHOU))] == [
        suggestion(desk).number
    ]
    desk.do("clerk", "chase", chase_decision="继续等待答复", chase_note="已电话督促，区局承诺一周内答复。")
    today = clock.today()
    desk.do(
        BUREAU, "reply_bureau", **{**REPLY, "decision": "留作研究", "measures": [], "replied_on": today.isoformat()}
    )
    desk.do("丁一", "rate_reply", rating="2")
    assert desk.case(case).status == "completed"
    assert desk.read(lambda session: list(unanswered(session))) == []


def test_the_district_leader_is_told_five_working_days_after_the_day_of_the_reply(desk):
    suggested(desk)
    desk.do(BUREAU, "receive_suggestion", handler="区县规划自然资源局")
    desk.until(desk.house.calendar.add_workdays(suggestion(desk).due_on, 6))
    told = select(Notice).where(Notice.role == "district_bureau.leader", Notice.organization_id == f"bureau:{WANZHOU}")
    assert desk.read(lambda session: session.scalars(told).all())


def test_a_suggestion_that_nobody_receives_goes_straight_to_its_addressee(desk):
    case = suggested(desk, addressee="区县政府")
    desk.until(desk.workdays(7))
    assert desk.open(case) == ["reply_government"]


def test_closing_without_a_reply_ends_the_wait(desk):
    case = suggested(desk)
    desk.do(BUREAU, "receive_suggestion", handler="区县规划自然资源局")
    desk.until(desk.house.calendar.add_workdays(suggestion(desk).due_on, 20) + timedelta(days=1))
    desk.do("clerk", "chase", chase_decision="未复关闭", chase_note="三次督促未复，列入季度通报后关闭。")
    assert (suggestion(desk).status, desk.open()) == ("closed", [])
    assert desk.case(case).status == "completed"


def test_about_another_district_only_the_city_bureau_is_written_to(desk):
    with pytest.raises(Invalid):
        suggested(desk, unit_id=FULING)
    desk.do("丁一", "write_suggestion", **{**SUGGESTION, "unit_id": FULING, "addressee": "市规划自然资源局"})
    assert desk.open() == ["reply_city"]
    desk.do("clerk", "reply_city", **{**REPLY, "decision": "留作研究", "measures": []})
    assert suggestion(desk).decision == "studied"


def test_the_own_district_is_written_to_itself(desk):
    with pytest.raises(Invalid):
        suggested(desk, addressee="市规划自然资源局")


def test_a_sensitive_suggestion_goes_straight_to_its_addressee_and_is_hidden_in_the_register(desk):
    case = suggested(desk, addressee="区县政府", sensitive=True)
    assert desk.open() == ["reply_government"]
    rows, _ = desk.read(lambda session: register("suggestions").listing(session))
    assert "敏感事项" in rows[0]["subject"]
    assert PROPOSAL not in str(rows)
    assert desk.read(lambda session: register("suggestions").listing(session, search="围挡"))[1] == 0
    assert desk.case(case).unit_id is None


def test_a_planner_without_a_survey_for_ninety_days_is_reminded_once(desk):
    day = date(2026, 3, 2)
    due = only(desk.read(lambda session: surveys_due(session, day)))
    assert (due.process_id, due.variables["days"]) == ("survey_reminder", 406)
    desk.actors["desk"] = SYSTEM
    desk.start("desk", "planner_suggestion", "survey_reminder", **due.variables)
    assert any("未登记调研" in each for each in notices(desk, "丁一"))
    surveyed(desk, doing="只登记调研", asks_guidance=False)
    assert desk.read(lambda session: surveys_due(session, day)) == []
    assert desk.read(lambda session: surveys_due(session, date(2026, 5, 28)))


def test_who_is_behind_the_pace_is_told_after_a_quarter_and_on_the_first_of_november(desk):
    desk.actors["desk"] = SYSTEM
    looks = {}
    for day in (date(2026, 3, 31), date(2026, 4, 1), date(2026, 5, 1), date(2026, 5, 2), date(2026, 11, 3)):
        looks[day] = [each.period for each in desk.read(lambda session, day=day: paces_due(session, day))]
    assert looks == {
        date(2026, 3, 31): [], date(2026, 4, 1): ["visit_pace:2026-04-01"], date(2026, 5, 1): ["visit_pace:2026-04-01"],
        date(2026, 5, 2): [], date(2026, 11, 3): ["visit_pace:2026-11-01"],
    }  # fmt: skip
    desk.clock.move_to(datetime(2026, 11, 2, 9, tzinfo=clock.CITY))
    due = only(desk.read(lambda session: paces_due(session, date(2026, 11, 2))))
    desk.start("desk", "planner_suggestion", "pace_reminder", **due.variables)
    told = desk.read(lambda session: [str(each.message()) for each in session.scalars(select(Notice))])
    assert [each for each in told if "实地指导0次，按进度应达9次，全年要求10次" in each]
    assert [each for each in told if "进度落后的首席规划师1人，其中不足8次的1人：丁一" in each]


def test_a_planner_out_of_office_neither_surveys_nor_suggests(desk):
    desk.planner("戊二", FULING, start=date(2023, 1, 20), end=date(2026, 1, 19))
    case = desk.start("戊二", "planner_suggestion")
    with pytest.raises(Invalid):
        desk.do("戊二", "record_survey", case, **SURVEY)
    with pytest.raises(Invalid):
        desk.do("戊二", "record_survey", case, doing="只提出建议", unit_id=FULING)
