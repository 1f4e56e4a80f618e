"""The living year that `make run` opens on: what was before, as records that agree with the story, and who serves."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import func, select

from processes import clock
from processes.migrations.running import migrate
from processes.registers.activities import Activity
from processes.registers.appointments import Appointment
from processes.registers.planner_posts import PlannerPost
from processes.registers.quarter_reports import QuarterReport
from processes.registers.scheme_year import year_figures
from processes.registers.switches import readings_on
from processes.registers.warnings import planners
from processes.registers.warnings.scope import Scope
from webapp.commands.installing import install
from webapp.demo.living import PLAYED, Living
from webapp.demo.people import settle
from webapp.demo.planners import enter_planners
from webapp.demo.year.outcome import Outcome
from webapp.demo.year.reading import own_story
from webapp.demo.year.story import ATTENDED, ON_SITE
from webapp.desk import open_desk
from webapp.settings import Settings

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def entered(tmp_path_factory):
    """A desk on 22 November 2026 with everything that was before; what is played afterwards is not."""
    desk = open_desk(Settings.from_environment({"CHIEF_PLANNER_HOME": str(tmp_path_factory.mktemp("living"))}))
    migrate(desk.db)
    with clock.running_on(clock.MovableClock(datetime.combine(TODAY, time(9), clock.CITY))):
        install(desk)
        with desk.db.transaction() as session:
            settle(session)
            living = Living(own_story(), enter_planners(session), TODAY)
            living.enter(session, desk.house.calendar)
        yield desk, living
    desk.db.close()


@pytest.fixture
def session(entered):
    with entered[0].db.reading() as reading:
        yield reading


def test_the_records_of_the_year_before_say_what_the_story_says(session):
    assert Outcome(session, own_story()).differences() == []


def test_forty_four_serve_and_three_posts_are_vacant(session):
    assert len(planners.serving(session, Scope(), TODAY)) == 44
    by_status = dict(session.execute(select(PlannerPost.status, func.count()).group_by(PlannerPost.status)).all())
    assert by_status == {"filled": 44, "vacant": 3, "closed": 4}


def test_planners_of_the_abolished_units_serve_the_one_that_follows(session):
    served = select(Appointment).where(Appointment.unit_id == "CQ-500157")
    assert [each.term_start for each in session.scalars(served)] == [date(2026, 1, 25)] * 4


def test_certificates_for_the_unit_that_follows_make_nobody_come_or_leave(session):
    figures = year_figures(session, 2026, readings_on(session, TODAY))
    assert (figures.appointed, figures.left) == (1, 1)  # the one dismissed in March, and who came for the one before
    assert "江北区" not in figures.never


def test_two_planners_are_one_absence_from_a_case_and_are_invited_again(entered, session):
    _, living = entered
    running = planners.serving(session, Scope(), TODAY)
    near = planners.absences(session, running, readings_on(session), TODAY)
    assert [str(each.count.level) for each in near] == ["warning", "warning"]
    for planner in living.warned:
        assert any(row.planner == planner and row.day > TODAY for row in living.played)


def test_this_year_has_been_as_busy_as_the_year_of_the_story(entered, session):
    _, living = entered
    so_far = select(func.count()).select_from(Activity).where(Activity.starts_on >= date(2026, 1, 1))
    assert session.scalar(so_far) == len(living.before)
    assert len(living.before) + sum(row.day <= TODAY for row in living.played) == 431
    assert min(row.day for row in living.played) >= TODAY - PLAYED > max(row.day for row in living.before)


def test_nine_planners_had_fewer_than_eight_visits_on_the_first_of_november(entered):
    _, living = entered
    told = (*living.before, *living.played)
    held = {(row.planner, row.day, row.unit) for row in told if (row.outcome, row.mode) == (ATTENDED, ON_SITE)}
    made = Counter(planner for planner, day, _ in held if day <= date(2026, 11, 1))
    assert sum(made[each.planner] < 8 for each in living.serving) == 9


def test_all_quarters_but_the_last_have_their_reports(entered, session):
    quarters = set(session.scalars(select(QuarterReport.quarter)))
    assert quarters == {*(f"2025Q{number}" for number in (1, 2, 3, 4)), "2026Q1", "2026Q2"}
    assert str(entered[1].quarter) == "2026Q3"


@pytest.mark.parametrize("days", [40, 130, 400])
def test_the_living_year_can_be_told_of_other_days(entered, days):
    later = TODAY + timedelta(days=days)
    living = Living(own_story(), entered[1].services, later)
    assert any(row.day <= later for row in living.played)
    assert max(row.day for row in living.before) < later - PLAYED
    assert len({row.id for row in (*living.before, *living.played)}) == len(living.before) + len(living.played)
