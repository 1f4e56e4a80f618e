from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from processes.identity import people, units
from processes.identity.actor import SYSTEM
from processes.identity.models import Organization, Person
from tests.webapp.visiting import Visitor
from webapp.app import create_app
from webapp.desk import Desk, open_desk
from webapp.settings import Settings

PEOPLE = {
    "city.clerk": ("王海燕", "city_bureau.clerk", "city_bureau"),
    "city.leader": ("周建国", "city_bureau.leader", "city_bureau"),
    "owner": ("李程", "process_owner", "city_bureau"),
    "manager": ("孙敏", "manager", "city_bureau"),
    "admin": ("赵管", "administrator", "city_bureau"),
    "auditor": ("钱审", "auditor", "city_bureau"),
    "hr.clerk": ("吴莉", "hr_bureau.clerk", "hr_bureau"),
    "gov.500101": ("郑万", "district_government.clerk", "gov:CQ-500101"),
    "gov.500102": ("冯涪", "district_government.clerk", "gov:CQ-500102"),
    "bureau.500101": ("陈州", "district_bureau.clerk", "bureau:CQ-500101"),
}
"""Log-in, name, post and organization; every password is `demo`."""


SECRET = "a secret of the tests alone"


@pytest.fixture(scope="session")
def peopled_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all units and one person for each kind of post; made once, because passwords take their time."""
    home = tmp_path_factory.mktemp("peopled")
    shutil.copy(sqlite_template, home / "desk.db")
    settings = Settings(home=home, database_url=f"sqlite:///{home / 'desk.db'}", secret=SECRET)
    desk = open_desk(settings)
    with desk.db.transaction() as session:
        units.load_units(session)
        for login, (name, role, organization) in PEOPLE.items():
            who = people.create_person(session, SYSTEM, login, name, "demo", demonstration=True)
            people.hold(session, SYSTEM, who, role, session.get_one(Organization, organization))
    with desk.db.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    desk.db.close()
    return home / "desk.db"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, database_url=f"sqlite:///{tmp_path / 'desk.db'}", secret=SECRET)


@pytest.fixture
def desk(settings: Settings, peopled_template: Path) -> Iterator[Desk]:
    """A desk with all units and one person for each kind of post."""
    shutil.copy(peopled_template, settings.home / "desk.db")
    desk = open_desk(settings)
    yield desk
    desk.db.close()


@pytest.fixture
def app(desk: Desk) -> Flask:
    app = create_app(desk)
    app.testing = True
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


@pytest.fixture
def visit(app: Flask) -> Callable[..., Visitor]:
    """Somebody who has logged in, or with no name a stranger."""

    def make(login: str | None = None, **options: str) -> Visitor:
        visitor = Visitor(app, **options)
        if login is not None:
            assert visitor.log_in(login).status_code == 303
        return visitor

    return make


@pytest.fixture
def person_of(desk: Desk) -> Callable[[str], Person]:
    """Whose log-in name it is."""

    def find(login: str) -> Person:
        with desk.db.transaction() as session:
            return people.person_by_login(session, login)

    return find
