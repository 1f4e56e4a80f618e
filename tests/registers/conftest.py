from __future__ import annotations

from types import SimpleNamespace

import pytest

from processes.identity.models import Organization, Person
from processes.registers import applications, needs, planner_posts, rounds
from tests.factories import UNITS, make_organizations, make_person


@pytest.fixture
def session(database):
    with database.transaction() as session:
        make_organizations(session)
        session.add(Organization(id="employer:1", kind="employer", name="重庆大学"))
        session.flush()
        yield session


@pytest.fixture
def clerk(session):
    return make_person(session, "clerk", ("city_bureau.clerk", "city_bureau"), name="张明")


@pytest.fixture
def world(session, clerk):
    """A round with the first unit's post and an applicant who has begun."""
    opened = rounds.open_round(session, clerk, "2025—2027聘期")
    needs.ask(session, clerk, opened, list(UNITS))
    need = needs.needs_of(session, opened.id)[0]
    needs.answer(session, clerk, need, has_need=True, posts=1, specialties=["城市设计"])
    (post,) = planner_posts.create_posts(session, clerk, need, 1)
    actor = make_person(session, "applicant", ("applicant", None), name="阿依努尔·买买提")
    person = session.get(Person, actor.person_id)
    application = applications.apply(session, actor, opened, person, employer_id="employer:1", mobile="13800001234")
    return SimpleNamespace(round=opened, need=need, post=post, person=person, actor=actor, application=application)
