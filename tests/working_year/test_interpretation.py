"""条文解释与口径开关: agreed by both bureaus, foreseen, confirmed, obeyed from its day on (第十六条)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from handlers.hr_consultation.changes import FINDERS, changes_under
from processes import clock
from processes.documents.preview import letter_preview
from processes.engine.models import WorkItem
from processes.engine.task_forms import form_for
from processes.errors import Invalid
from processes.identity.actor import SYSTEM
from processes.identity.models import Unit
from processes.registers.activities import Activity
from processes.registers.appraisals import Appraisal
from processes.registers.attendances import Attendance
from processes.registers.letters import Letter
from processes.registers.matters import Matter
from processes.registers.switches import Interpretation, interpret, readings_on, set_switch, settings_of
from processes.rules.switches import SWITCHES
from tests.working_year.desk import WANZHOU, YUZHONG, only, year_desk

TEXT = "第十五条(三)中“一年内”按何种年度计算，条文未作规定，建议统一为自然年，便于与年度考核衔接。" * 2
MATTER = {"matter": "条文解释", "subject": "“一年内”的含义", "matter_text": TEXT, "reply_wd": 5}
ENTERED = {
    "article": "第十五条(三)",
    "question": "“一年内”按哪一种年度计算？",
    "answer": "按自然年计算，与年度考核一致。",
}
REASON = "两局一致，便于与年度考核衔接"


@pytest.fixture
def desk(database, tmp_path):
    with year_desk(database, tmp_path, "hr_consultation") as opened:
        yield opened


@pytest.fixture
def quick(sqlite_database, tmp_path):
    with year_desk(sqlite_database, tmp_path, "hr_consultation") as opened:
        yield opened


def agreed(desk, opinion="同意"):
    """Both bureaus agree on a question; gives the case of the interpretation."""
    desk.start("clerk", "hr_consultation")
    desk.do("clerk", "draft_matter", **MATTER)
    desk.do("leader", "sign_request", decision="签发")
    more = {} if opinion == "同意" else {"hr_reason": "建议同时明确跨年度的处理办法。"}
    desk.do("hr.clerk", "study", opinion=opinion, **more)
    desk.do("hr.leader", "sign_reply", decision="签发")
    if more:
        desk.do("clerk", "follow_up", handling="采纳", follow_up="已按建议补充跨年度的说明。")
    return desk.cases_of("hr_consultation", "interpretation")[-1].id


def matter_id(desk):
    return str(desk.read(lambda session: session.scalars(select(Matter.id).order_by(Matter.created_at.desc())).first()))


def enter(desk, case, code="absence.year_mode", valid_from=None, **more):
    given = {
        "matter_id": matter_id(desk),
        **ENTERED,
        "changes": "调整口径开关",
        "switch_code": code,
        "valid_from": (valid_from or clock.today()).isoformat(),
        "switch_reason": REASON,
        **more,
    }
    desk.do("owner", "record_interpretation", case, **given)


def put_in_force(desk, case):
    desk.do("owner", "look_at_changes", case, decision="提请确认")
    desk.do("leader", "confirm_interpretation", case, decision="确认")


def foreseen(desk, case):
    """The rows of the preview as the process owner reads them."""
    with desk.db.transaction() as session:
        item = session.scalars(
            select(WorkItem).where(
                WorkItem.case_id == case, WorkItem.element_id == "look_at_changes", WorkItem.status == "open"
            )
        ).one()
        return form_for(session, desk.house, desk.actors["owner"], item.id).values["change_rows"]


def absent(desk, appointment_id, *days):
    """Absences without good reason on some days."""
    with desk.db.transaction() as session:
        for number, day in enumerate(days, 1):
            starts = datetime(day.year, day.month, day.day, 9, tzinfo=clock.CITY)
            activity = Activity(
                number=f"活动-{day:%Y%m%d}-{number}", status="held", host_kind="district_bureau",
                host_id=f"bureau:{WANZHOU}", unit_id=WANZHOU, kind="规划编制", mode="on_site", title="规划咨询",
                starts_at=starts, starts_on=day, sent_on=day, created_at=clock.now(),
            )  # fmt: skip
            session.add(activity)
            session.flush()
            session.add(
                Attendance(activity_id=activity.id, person_id=desk.person_id("丁一"), appointment_id=appointment_id,
                           standing="unexcused")
            )  # fmt: skip


def test_what_both_bureaus_agree_on_goes_to_the_process_owner_and_changes_a_switch(desk):
    case = agreed(desk)
    assert desk.open(case) == ["record_interpretation"]
    enter(desk, case, valid_from=date(2026, 4, 1))
    desk.do("owner", "choose_reading", case, reading="calendar")
    put_in_force(desk, case)
    assert desk.case(case).outcome == "口径生效"
    made = only(desk.read(lambda session: session.scalars(select(Interpretation)).all()))
    assert (made.number, made.recorded_by, made.confirmed_by) == ("解释-2026-001", "周流", "李建国")
    before = desk.read(lambda session: readings_on(session, date(2026, 3, 31)))
    after = desk.read(lambda session: readings_on(session, date(2026, 4, 1)))
    assert (before.choice("absence.year_mode"), after.choice("absence.year_mode")) == ("rolling12", "calendar")
    paper = only(desk.documents("interpretation"))
    told = desk.read(lambda session: letter_preview(desk.house.files.read(paper.file_id)))
    assert paper.number == "解释-2026-001"
    assert "自2026年4月1日起由“任意连续十二个月”调整为“自然年”" in told


def test_the_preview_names_every_planner_whose_level_changes(desk):
    appointment = desk.planner("丁一")
    absent(desk, appointment, date(2025, 11, 20), date(2025, 12, 18), date(2026, 1, 15))
    case = agreed(desk)
    enter(desk, case)
    desk.do("owner", "choose_reading", case, reading="calendar")
    rows = {row["area"]: row for row in foreseen(desk, case)}
    assert rows["缺席计次"]["subject"] == "丁一（万州区）"
    assert rows["缺席计次"]["before"].startswith("达到解聘情形")
    assert rows["缺席计次"]["after"].startswith("关注")


def test_a_past_result_keeps_its_version(quick):
    case = agreed(quick)
    enter(quick, case, code="visits.prorate", article="第八条(六)")
    quick.do("owner", "choose_reading", case, reading="full")
    put_in_force(quick, case)
    now = quick.read(lambda session: readings_on(session))
    then = quick.read(lambda session: readings_on(session, version=0))
    assert (now.choice("visits.prorate"), now.version) == ("full", 1)
    assert (then.choice("visits.prorate"), then.version) == ("prorate", 0)


def test_an_interpretation_may_change_no_switch(quick):
    case = agreed(quick)
    quick.do("owner", "record_interpretation", case, matter_id=matter_id(quick), **ENTERED, changes="仅作解释")
    assert quick.open(case) == ["confirm_interpretation"]
    quick.do("leader", "confirm_interpretation", case, decision="确认")
    assert quick.read(lambda session: settings_of(session)) == []
    assert only(quick.read(lambda session: session.scalars(select(Interpretation)).all())).effects == []


def test_the_leader_returns_an_interpretation_with_a_reason(quick):
    case = agreed(quick)
    enter(quick, case)
    quick.do("owner", "choose_reading", case, reading="service")
    quick.do("owner", "look_at_changes", case, decision="提请确认")
    quick.do("leader", "confirm_interpretation", case, decision="退回修改", reason="请核对影响人员")
    assert quick.open(case) == ["record_interpretation"]
    enter(quick, case)
    quick.do("owner", "choose_reading", case, reading="calendar")
    put_in_force(quick, case)
    assert quick.read(lambda session: readings_on(session)).choice("absence.year_mode") == "calendar"


def test_the_process_owner_chooses_again_or_gives_up_after_the_preview(quick):
    case = agreed(quick)
    enter(quick, case)
    quick.do("owner", "choose_reading", case, reading="service")
    quick.do("owner", "look_at_changes", case, decision="重新取值")
    quick.do("owner", "choose_reading", case, reading="calendar")
    quick.do("owner", "look_at_changes", case, decision="重新登记")
    enter(quick, case)
    quick.do("owner", "choose_reading", case, reading="calendar")
    quick.do("owner", "look_at_changes", case, decision="不再办理")
    assert quick.case(case).outcome == "不再办理"
    assert quick.read(lambda session: settings_of(session)) == []


def test_advice_that_was_followed_up_leads_to_an_interpretation_too(quick):
    assert quick.open(agreed(quick, "同意并提出建议")) == ["record_interpretation"]


def test_a_disagreement_or_another_matter_leads_to_none(quick):
    quick.start("clerk", "hr_consultation")
    quick.do("clerk", "draft_matter", **{**MATTER, "matter": "评分办法"})
    quick.do("leader", "sign_request", decision="签发")
    quick.do("hr.clerk", "study", opinion="同意")
    quick.do("hr.leader", "sign_reply", decision="签发")
    assert quick.cases_of("hr_consultation", "interpretation") == []


def test_without_an_agreed_matter_there_is_no_interpretation(quick):
    case = quick.start("owner", "hr_consultation", "interpretation")
    with pytest.raises(Invalid) as refused:
        quick.do("owner", "record_interpretation", case, matter_id="", **ENTERED, changes="仅作解释")
    assert "matter_id" in refused.value.fields


def test_the_process_owner_may_enter_a_second_switch_for_the_same_agreement(quick):
    put = agreed(quick)
    enter(quick, put)
    quick.do("owner", "choose_reading", put, reading="calendar")
    put_in_force(quick, put)
    case = quick.start("owner", "hr_consultation", "interpretation")
    enter(quick, case, code="absence.excused_mode")
    quick.do("owner", "choose_reading", case, reading="neutral")
    put_in_force(quick, case)
    numbers = quick.read(lambda session: [each.interpretation.number for each in settings_of(session)])
    assert numbers == ["解释-2026-002", "解释-2026-001"]


def test_a_day_in_the_past_and_a_locked_reading_are_refused(quick):
    case = agreed(quick)
    with pytest.raises(Invalid) as past:
        enter(quick, case, valid_from=clock.today() - timedelta(days=1))
    assert "valid_from" in past.value.fields
    with pytest.raises(Invalid) as locked:
        enter(quick, case, code="excellent.rounding")
    assert "switch_code" in locked.value.fields


VALUES = [
    ("reply.limit_wd", {"number": 15}, 15),
    ("appraisal.weights", {"switch_parts": [{"number": each} for each in (25, 45, 15, 15)]},
     {"counts": 25, "quality": 45, "visits": 15, "duties": 15}),
    ("eligibility.cert", {"switch_entries": [{"entry": each} for each in ("注册城乡规划师", "国土空间规划师")]},
     ["注册城乡规划师", "国土空间规划师"]),
    ("redismissed", {"switch_keys": [{"reading": each} for each in ("flag", "flag", "flag", "refuse", "refuse")]},
     {"1": "flag", "2": "flag", "3": "flag", "4": "refuse", "5": "refuse"}),
]  # fmt: skip


@pytest.mark.parametrize(("code", "given", "kept"), VALUES, ids=[each[0] for each in VALUES])
def test_each_kind_of_switch_has_its_own_form(quick, code, given, kept):
    case = agreed(quick)
    enter(quick, case, code=code)
    quick.do("owner", "choose_reading", case, **given)
    put_in_force(quick, case)
    assert quick.read(lambda session: readings_on(session).values[code]) == kept


REFUSED = [
    ("reply.limit_wd", {"number": 31}, "number"),
    ("reply.limit_wd", {"number": 10}, "number"),
    ("appraisal.weights", {"switch_parts": [{"number": 25}] * 3 + [{"number": 26}]}, "switch_parts"),
    ("absence.year_mode", {"reading": "rolling12"}, "reading"),
]


@pytest.mark.parametrize(("code", "given", "field"), REFUSED)
def test_a_value_that_the_switch_does_not_accept_or_already_has_is_refused(quick, code, given, field):
    case = agreed(quick)
    enter(quick, case, code=code)
    with pytest.raises(Invalid) as refused:
        quick.do("owner", "choose_reading", case, **given)
    assert field in refused.value.fields


def changed(desk, code, **value):
    """The preview of one change, by area."""
    case = agreed(desk)
    enter(desk, case, code=code)
    desk.do("owner", "choose_reading", case, **value)
    return foreseen(desk, case)


def test_the_preview_shows_roll_and_cap_of_the_running_year(quick):
    quick.planner("丁一")
    quick.planner("戊二", start=date(2026, 9, 10))
    found = changed(quick, "appraisal.min_months", number=3)
    assert {
        "area": "2026年度考核名册",
        "subject": "戊二（万州区）",
        "before": "不确定等次",
        "after": "确定等次",
    } in found
    cap = next(row for row in found if row["area"] == "2026年度优秀名额")
    assert (cap["before"], cap["after"]) == (
        "全市统算：考核人数1人，优秀不超过0人",
        "全市统算：考核人数2人，优秀不超过0人",
    )


def test_the_preview_shows_whose_target_of_visits_changes(quick):
    quick.planner("丁一", end=date(2026, 6, 30))
    quick.planner("戊二")
    found = changed(quick, "visits.prorate", reading="full")
    rows = [row for row in found if row["area"] == "2026年实地指导"]
    assert rows == [
        {"area": "2026年实地指导", "subject": "丁一（万州区）", "before": "0次／应5次", "after": "0次／应10次"}
    ]


def test_the_preview_shows_whose_service_counts_no_longer_for_the_rights(quick):
    quick.planner("丁一")
    quick.planner("戊二", unit_id=YUZHONG)
    with quick.db.transaction() as session:
        session.get_one(Unit, YUZHONG).zone = "中心城区"
    found = changed(quick, "benefits.zone_filter", reading="outside_centre")
    assert [(row["subject"], row["after"]) for row in found if row["area"] == "政策待遇"] == [
        ("戊二（渝中区）", "无（服务年限不计）")
    ]


def test_an_appraisal_under_way_keeps_the_reading_it_began_with(quick):
    with quick.db.transaction() as session:
        session.add(Appraisal(status="grading", year=2026, freeze_on=date(2026, 12, 31), readings_version=0))
    found = changed(quick, "excellent.base", reading="in_office")
    assert {"area": "在办考核", "subject": "2026年度考核", "before": "启动时的口径（第0版）", "after": "不变"} in found


def test_the_preview_shows_the_next_due_days_of_a_quarter(quick):
    row = next(each for each in changed(quick, "quarter.district_day", number=15) if each["area"] == "季度报告期限")
    assert (row["subject"], row["before"], row["after"]) == ("2026Q1区县报告", "2026-04-10", "2026-04-15")


def test_letters_that_are_out_keep_their_day(quick):
    with quick.db.transaction() as session:
        session.add(
            Letter(
                status="waiting", number="渝规资函〔2026〕9号", kind="consultation", organization_id=f"gov:{WANZHOU}",
                addressee="万州区人民政府", unit_id=WANZHOU, subject="征求意见",
                   sent_on=date(2026, 3, 2),
                due_on=date(2026, 3, 16),
            )
        )  # fmt: skip
    found = changed(quick, "reply.limit_wd", number=15)
    letter = next(each for each in found if each["area"] == "待复函件")
    assert (letter["subject"], letter["before"], letter["after"]) == (
        "渝规资函〔2026〕9号（万州区）", "期限2026-03-16", "不变",
    )  # fmt: skip


def test_every_switch_but_the_locked_one_has_a_preview(quick):

    quick.planner("丁一")
    assert set(FINDERS) == {code for code, switch in SWITCHES.items() if not switch.locked}
    for code, switch in SWITCHES.items():
        if not switch.locked:
            found = quick.read(
                lambda session, code=code, value=switch.default: changes_under(
                    session, quick.house.calendar, code, value, clock.today()
                )
            )
            assert found[0].area == "口径"
            assert all(each.after or each.area == "其他" for each in found)


def test_a_switch_is_never_set_without_an_interpretation_and_a_reason(quick):
    with quick.db.transaction() as session:
        ground = interpret(
            session, SYSTEM, number="解释-2026-009", article="第十六条", question="问题", answer="口径",
            agreed_on=clock.today(), recorded_by="周流",
        )  # fmt: skip
        with pytest.raises(Invalid):
            set_switch(session, SYSTEM, "term.years", 4, clock.today(), ground, "太短")
