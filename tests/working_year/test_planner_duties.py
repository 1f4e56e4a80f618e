"""法规学习、市局交办事项: laws are read and acknowledged, tasks of the city bureau done (第七条(一)、第八条(四))."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from handlers.planner_duties.laws import own_unread_laws
from processes.errors import Invalid
from processes.registers.appointments import Appointment
from processes.registers.assignments import Assignment
from processes.registers.laws import Law, LawReading, LawStatus, read_in
from processes.registers.ledger import absences_counted
from processes.registers.planner_year import planner_year
from processes.registers.switches import readings_on
from tests.working_year.desk import FULING, only, year_desk

LAW = {
    "title": "城市国土空间监测评估规程",
    "kind": "standard",
    "number": "TD/T 1090—2026",
    "issuer": "自然资源部",
    "in_force_on": "2026-05-01",
    "summary": "明确了监测评估的指标、频次和成果要求，涉及实施评估的咨询意见应当据此提出。",
    "source": "自然资源部网站",
    "required": "true",
    "read_by": "2026-03-20",
}
TASK = {
    "title": "梳理区县城市设计需求",
    "content": "请各位首席规划师梳理所服务区县本年度城市设计编制需求，形成清单报市局。",
    "due": "2026-03-13",
}


@pytest.fixture
def desk(sqlite_database, tmp_path):
    with year_desk(sqlite_database, tmp_path, "planner_duties") as opened:
        yield furnished(opened)


@pytest.fixture
def on_both(database, tmp_path):
    with year_desk(database, tmp_path, "planner_duties") as opened:
        yield furnished(opened)


def furnished(desk):
    desk.appointment_id = desk.planner("丁一")
    desk.planner("戊二", FULING)
    return desk


def published(desk, **more):
    case = desk.start("clerk", "planner_duties", "law_publication")
    given = {**LAW, **more}
    if given["required"] == "false":
        del given["read_by"]
    desk.do("clerk", "enter_law", case, **given)
    return case


def readings(desk):
    return desk.read(lambda s: {each.person.name: each.read_on for each in s.scalars(select(LawReading))})


def test_every_planner_in_office_has_a_new_law_on_the_list_and_acknowledges_it(on_both):
    desk = on_both
    case = published(desk)
    desk.do("丁一", "read_law", has_read="true", reading_note="实施评估的意见据此提出。")
    assert readings(desk) == {"丁一": date(2026, 3, 2), "戊二": None}
    desk.until(date(2026, 4, 25))
    assert (desk.case(case).status, desk.open()) == ("completed", [])
    year = desk.read(lambda s: read_in(s, desk.person_id("戊二"), date(2026, 1, 1), date(2026, 12, 31)))
    assert (year.listed, year.read) == (1, 0)


def test_a_law_that_need_not_be_read_is_in_the_library_at_once(desk):
    case = published(desk, required="false")
    assert (desk.case(case).outcome, readings(desk)) == ("已列入法规库", {})


def test_who_comes_later_reads_on_own_motion(desk):
    published(desk, required="false")
    assert [each.value for each in desk.read(lambda s: own_unread_laws(s, {"started_by": str(desk.person_id("丁一"))}))]
    law_id = desk.read(lambda s: str(s.scalars(select(Law.id)).one()))
    case = desk.start("丁一", "planner_duties", "own_law_reading")
    desk.do("丁一", "choose_law", case, law_id=law_id, has_read="true")
    assert readings(desk) == {"丁一": date(2026, 3, 2)}
    assert desk.read(lambda s: own_unread_laws(s, {"started_by": str(desk.person_id("丁一"))})) == []


def test_a_text_that_replaces_another_ends_it(desk):
    published(desk, required="false")
    old = desk.read(lambda s: str(s.scalars(select(Law.id)).one()))
    published(desk, title="新规程", number="TD/T 2000—2026", required="false", replaces=old)
    found = desk.read(lambda s: {each.title: each.status for each in s.scalars(select(Law))})
    assert found == {LAW["title"]: LawStatus.REPEALED, "新规程": LawStatus.IN_FORCE}


@pytest.mark.parametrize(("more", "field"), [({"source": ""}, "source"), ({}, "title"), ({"summary": "短"}, "summary")])
def test_a_text_is_entered_once_and_can_be_found(desk, more, field):
    if not more:
        published(desk, required="false")
    with pytest.raises(Invalid) as refused:
        published(desk, **more)
    assert field in refused.value.fields


def test_a_task_of_the_city_bureau_is_done_returned_done_again_and_closed(on_both):
    desk = on_both
    case = desk.start("clerk", "planner_duties", "city_assignment")
    desk.do("clerk", "assign", case, **TASK, people=[str(desk.person_id(name)) for name in ("丁一", "戊二")])
    desk.do("丁一", "do_assignment", doing="已完成", report="已梳理三项城市设计需求，形成清单，详见附件材料。")
    desk.do("clerk", "check_assignment", about="丁一", decision="退回", remark="请补充投资估算。")
    assert desk.form("丁一", "do_assignment").context.values["return_remark"] == "请补充投资估算。"
    desk.do("丁一", "do_assignment", doing="已完成", report="已补充各项投资估算，清单（第二版）详见附件材料。")
    desk.do("clerk", "check_assignment", about="丁一", decision="办结")
    desk.do("戊二", "do_assignment", doing="不能办理", report="本月参加援派工作，无法按期完成，建议改期到下月办理。")
    desk.do("clerk", "check_assignment", about="戊二", decision="办结")
    assert desk.case(case).outcome == "交办事项办结"
    found = desk.read(lambda s: {each.person.name: each.status for each in s.scalars(select(Assignment))})
    assert found == {"丁一": "accepted", "戊二": "excused"}


def test_tasks_and_laws_stand_in_the_year_of_a_planner_and_never_count_as_absences(desk):
    published(desk)
    case = desk.start("clerk", "planner_duties", "city_assignment")
    desk.do("clerk", "assign", case, **TASK, people=[str(desk.person_id("丁一"))])
    desk.until(date(2026, 4, 25))
    year = desk.read(lambda s: planner_year(s, desk.person_id("丁一"), 2026, readings_on(s)))
    assert (year.laws_listed, year.laws_read, year.assignments, year.assignments_done) == (1, 0, 1, 0)

    count = desk.read(lambda s: absences_counted(s, s.get_one(Appointment, desk.appointment_id), readings_on(s)))
    assert (count.current_total, count.pending) == (0, 0)


def test_nobody_out_of_office_is_given_a_task(desk):
    case = desk.start("clerk", "planner_duties", "city_assignment")
    with pytest.raises(Invalid):
        desk.do("clerk", "assign", case, **TASK, people=[str(desk.person_id("clerk"))])
    assert only([desk.case(case)]).status == "running"
