from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from handlers.calendar import rounds_due
from processes import clock
from processes.engine import deployment
from processes.engine.background import Background
from processes.engine.bundles import bundle_at
from processes.engine.calendar_starts import StartedPeriod
from processes.engine.models import Case
from processes.identity.actor import SYSTEM
from processes.identity.units import load_units
from webapp.demo.people import settle
from webapp.demo.planners import enter_planners
from webapp.desk import BPMN_FOLDER, Desk, make_house
from webapp.settings import Settings

END = date(2028, 1, 19)
"""The last day of the terms of the planners in office."""


@pytest.fixture
def desk(database, tmp_path):
    settings = Settings.from_environment({"CHIEF_PLANNER_HOME": str(tmp_path), "DATABASE_URL": "unused"})
    desk = Desk(settings=settings, db=database, house=make_house(settings))
    moving = clock.MovableClock(datetime(2026, 11, 2, 9, tzinfo=clock.CITY))
    with clock.running_on(moving), database.transaction() as session:
        load_units(session)
        deployment.deploy(session, desk.house, SYSTEM, bundle_at(BPMN_FOLDER / "appointment"), "appointment")
        settle(session)
        enter_planners(session)
    return desk


@pytest.mark.parametrize(
    ("days_before", "due"), [(181, []), (180, ["round:2028-01-19"]), (0, ["round:2028-01-19"]), (-1, [])]
)
def test_a_round_is_due_half_a_year_before_a_block_of_terms_ends(desk, days_before, due):
    with desk.db.reading() as session:
        assert [each.period for each in rounds_due(session, END - timedelta(days=days_before))] == due


def test_a_round_begins_by_itself_and_once(desk):
    moving = clock.MovableClock(datetime(2027, 7, 22, 9, tzinfo=clock.CITY))
    with clock.running_on(moving):
        for _ in range(3):  # each a worker that was started anew
            Background(desk.db, desk.house).work_off()
        moving.advance(days=1)
        worker = Background(desk.db, desk.house)
        worker.work_off()
        worker.work_off()
    with desk.db.reading() as session:
        begun = session.scalars(select(Case)).one()
        assert (begun.title, begun.status) == ("2028—2030聘期区县首席规划师选聘", "running")
        assert session.scalars(select(StartedPeriod.case_id)).all() == [begun.id]
