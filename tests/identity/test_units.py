from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from processes.errors import NotFound
from processes.identity import units
from processes.identity.models import Organization, Unit

LAST_DAY_OF_JIANGBEI = date(2026, 1, 24)
FIRST_DAY_OF_LIANGJIANG = date(2026, 1, 25)


@pytest.fixture
def session(database):
    """One writing transaction, with all units."""
    with database.transaction() as session:
        units.load_units(session)
        yield session


@pytest.mark.parametrize(
    ("day", "count"),
    [(date(2025, 1, 1), 41), (LAST_DAY_OF_JIANGBEI, 41), (FIRST_DAY_OF_LIANGJIANG, 39), (date(2026, 11, 22), 39)],
)
def test_so_many_units_are_served_on_a_day(session, day, count):
    assert len(units.units_on(session, day)) == count


def test_units_are_listed_in_the_order_of_the_city(session):
    places = [unit.place for unit in units.units_on(session, date(2026, 11, 22))]
    assert places == sorted(places)


def test_every_unit_has_its_government_and_its_planning_bureau(session):
    pairs = select(Organization.unit_id, Organization.kind).where(Organization.unit_id.is_not(None))
    found = {tuple(row) for row in session.execute(pairs)}
    kinds = ("district_government", "district_bureau")
    assert found == {(unit_id, kind) for unit_id in session.scalars(select(Unit.id)) for kind in kinds}


def test_the_two_bureaus_of_the_city_are_organizations(session):
    assert session.get_one(Organization, "city_bureau").name == "重庆市规划和自然资源局"
    assert session.get_one(Organization, "hr_bureau").name == "重庆市人力资源和社会保障局"


def test_the_government_of_a_zone_is_its_management_committee(session):
    assert session.get_one(Organization, "gov:CQ-Z-GX").name == "重庆高新技术产业开发区管理委员会"


def test_loading_the_units_again_changes_nothing(session):
    counts = [session.scalar(select(func.count()).select_from(table)) for table in (Unit, Organization)]
    units.unit(session, "CQ-500101").name = "万州区（更名）"
    assert units.load_units(session) == 0
    assert [session.scalar(select(func.count()).select_from(table)) for table in (Unit, Organization)] == counts
    assert units.unit(session, "CQ-500101").name == "万州区（更名）"


@pytest.mark.parametrize("dissolved", ["CQ-500105", "CQ-500112", "CQ-Z-LJ"])
def test_a_dissolved_unit_is_followed_to_its_successor_from_the_day_after_its_last(session, dissolved):
    unit = units.unit(session, dissolved)
    assert units.successor(session, unit, LAST_DAY_OF_JIANGBEI) is unit
    assert units.successor(session, unit, FIRST_DAY_OF_LIANGJIANG).id == "CQ-500157"


def test_a_unit_that_does_not_exist_yet_has_nobody_in_its_place(session):
    assert units.successor(session, units.unit(session, "CQ-500157"), LAST_DAY_OF_JIANGBEI) is None


def test_two_units_that_follow_each_other_do_not_lead_round_and_round(session):
    first, second = units.unit(session, "CQ-500105"), units.unit(session, "CQ-500112")
    first.successor_id, second.successor_id = second.id, first.id
    session.flush()
    assert units.successor(session, first, date(2026, 11, 22)) is None


def test_the_last_day_of_a_unit_is_still_served(session):
    jiangbei = units.unit(session, "CQ-500105")
    assert units.is_served(jiangbei, LAST_DAY_OF_JIANGBEI)
    assert not units.is_served(jiangbei, FIRST_DAY_OF_LIANGJIANG)


def test_an_unknown_unit_is_not_found(session):
    with pytest.raises(NotFound, match="CQ-000000"):
        units.unit(session, "CQ-000000")
