from __future__ import annotations

from datetime import timedelta

import pytest

from processes import clock
from processes.identity.actor import SYSTEM
from processes.identity.models import Organization
from processes.identity.people import hold, person
from processes.identity.stand_ins import colleagues
from tests.engine.costs import Cost
from tests.factories import make_person


@pytest.fixture
def clerk_of_city(session):
    return make_person(session, "city.clerk", ("city_bureau.clerk", "city_bureau"), name="经办甲")


def test_colleagues_are_those_who_work_at_ones_own_organization_today(session, clerk_of_city):
    make_person(session, "leader", ("city_bureau.leader", "city_bureau"), name="局领导")
    make_person(session, "auditor", ("auditor", "city_bureau"), name="监督员")
    make_person(session, "hr", ("hr_bureau.clerk", "hr_bureau"), name="人社经办")
    gone = make_person(session, "gone", name="调离")
    yesterday = clock.today() - timedelta(days=1)
    who = person(session, gone.person_id)
    city = session.get_one(Organization, "city_bureau")
    hold(session, SYSTEM, who, "city_bureau.clerk", city, valid_from=yesterday, valid_to=yesterday)
    assert [each.name for each in colleagues(session, clerk_of_city.person_id, clock.today())] == ["局领导"]


def test_the_list_of_colleagues_costs_the_same_for_a_large_office(session, database, clerk_of_city):
    costs = []
    for group in range(2):
        for number in range(20 * group + 2):
            make_person(session, f"clerk{group}.{number}", ("city_bureau.clerk", "city_bureau"))
        session.flush()
        session.expire_all()
        with Cost(database) as cost:
            found = colleagues(session, clerk_of_city.person_id, clock.today())
        costs.append(len(cost.statements))
    assert len(found) == 24
    assert costs[0] == costs[1]
