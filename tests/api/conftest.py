from __future__ import annotations

from types import SimpleNamespace

import pytest

from processes import audit
from processes.engine import definitions
from processes.engine.background import Background
from processes.identity import passwords
from processes.identity.actor import SYSTEM
from processes.identity.models import Person
from tests.api.programs import Program
from tests.engine.test_work import LETTER, REPLY
from tests.factories import make_house, make_organizations, make_person
from webapp.app import create_app
from webapp.desk import Desk
from webapp.settings import Settings

PASSWORD_HASH = passwords.hashed("demo")
PEOPLE = {
    "owner": ("process_owner", "city_bureau"),
    "manager": ("manager", "city_bureau"),
    "admin": ("administrator", "city_bureau"),
    "auditor": ("auditor", "city_bureau"),
    "leader": ("city_bureau.leader", "city_bureau"),
    "clerk": ("city_bureau.clerk", "city_bureau"),
    "other": ("city_bureau.clerk", "city_bureau"),
    "wanzhou": ("district_government.clerk", "gov:CQ-500101"),
    "wanzhou2": ("district_government.clerk", "gov:CQ-500101"),
    "fuling": ("district_government.clerk", "gov:CQ-500102"),
    "planner": ("planner", None),
}
UNITS = {"CQ-500101": "CQ-500101", "CQ-500102": "CQ-500102"}


@pytest.fixture
def desk(database, tmp_path):
    """A desk with one person a post, and the consultation letter deployed."""
    settings = Settings(home=tmp_path, database_url=database.url, secret="a secret of the tests alone")
    audit.keep_trail(database, settings.audit_key)
    with database.transaction() as session:
        make_organizations(session)
        for login, post in PEOPLE.items():
            actor = make_person(session, login, post)
            session.get_one(Person, actor.person_id).password_hash = PASSWORD_HASH
        definitions.deploy(session, SYSTEM, "letter", {"process.bpmn": LETTER.encode(), "forms/reply.json": REPLY})
    return Desk(settings=settings, db=database, house=make_house(tmp_path))


@pytest.fixture
def app(desk):
    app = create_app(desk)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


@pytest.fixture
def programs(app):
    """A program for each person, and one of nobody."""
    return SimpleNamespace(nobody=Program(app), **{login: Program(app, login) for login in PEOPLE})


@pytest.fixture
def work_off(desk):
    """Do what the worker would do now."""
    return Background(desk.db, desk.house).work_off


@pytest.fixture
def letter(programs):
    """A running letter to two districts: its case."""
    response = programs.clerk.post("/cases", {"process": "letter", "variables": {"units": UNITS, "round": "首轮"}})
    assert response.status_code == 201, response.text
    return response.json
