from __future__ import annotations

from types import SimpleNamespace

import pytest

from processes import clock
from processes.engine import definitions
from processes.identity.actor import SYSTEM
from tests.engine.test_work import MONDAY
from tests.factories import make_house, make_organizations, make_person


@pytest.fixture
def house(tmp_path):
    return make_house(tmp_path)


@pytest.fixture
def moving():
    """A clock that stands still on a Monday until it is moved."""
    found = clock.MovableClock(MONDAY)
    with clock.running_on(found):
        yield found


@pytest.fixture
def people(database):
    """An owner, a leader, two clerks of the city bureau, and a clerk of each of two district governments."""
    with database.transaction() as session:
        make_organizations(session)
        return SimpleNamespace(
            owner=make_person(session, "owner", ("process_owner", "city_bureau")),
            manager=make_person(session, "manager", ("manager", "city_bureau")),
            leader=make_person(session, "leader", ("city_bureau.leader", "city_bureau"), name="局领导"),
            clerk=make_person(session, "clerk", ("city_bureau.clerk", "city_bureau"), name="经办甲"),
            other=make_person(session, "other", ("city_bureau.clerk", "city_bureau"), name="经办乙"),
            wanzhou=make_person(session, "gov.500101", ("district_government.clerk", "gov:CQ-500101"), name="万州"),
            fuling=make_person(session, "gov.500102", ("district_government.clerk", "gov:CQ-500102"), name="涪陵"),
        )


@pytest.fixture
def deploy(database):
    def do(xml: str, key: str = "sample", **forms: bytes) -> None:
        files = {"process.bpmn": xml.encode(), **{f"forms/{name}.json": content for name, content in forms.items()}}
        with database.transaction() as session:
            definitions.deploy(session, SYSTEM, key, files)

    return do
