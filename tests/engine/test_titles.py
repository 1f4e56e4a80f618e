"""The title of a case follows the variables that it names, so that a case begun by hand is told from the others."""

from __future__ import annotations

import pytest

from tests.working_year.desk import BEGIN, year_desk


@pytest.fixture
def desk(sqlite_database, tmp_path):
    with year_desk(sqlite_database, tmp_path, "withdrawal", "planner_duties", day=BEGIN) as opened:
        opened.planner("丁一")
        yield opened


def test_a_title_is_told_once_its_variables_are_known(desk):
    case = desk.start("丁一", "withdrawal")
    assert desk.case(case).title == "退出：丁一"


def test_a_title_of_a_case_begun_blank_is_told_when_somebody_has_filled_it_in(desk):
    case = desk.start("clerk", "planner_duties", "city_assignment")
    assert desk.case(case).title == "交办"
    desk.do("clerk", "assign", case, title="梳理城市设计需求", content="请梳理所服务区县的城市设计编制需求，报市局。",
            people=[str(desk.person_id("丁一"))], due="2026-03-13")  # fmt: skip
    assert desk.case(case).title == "交办：梳理城市设计需求"
