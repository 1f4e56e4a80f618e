"""A desk with a crowd in its database, one for each kind of database: 2,000 tasks to do and 18,000 done."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event
from werkzeug.test import TestResponse

from processes import clock
from processes.db import Database
from processes.identity import log_in, people, tokens
from processes.identity.actor import Actor
from processes.identity.models import Organization, Person, PostHolding
from tests.conftest import _administer, _at
from webapp.app import create_app
from webapp.bench import crowd
from webapp.desk import Desk, open_desk
from webapp.settings import Settings

OPEN, FINISHED = 2_000, 18_000
OTHERS = {"owner": "process_owner", "manager": "manager", "auditor": "auditor", "admin": "administrator"}
Asked = tuple[str, object]
"""A statement and its parameters."""
_numbers = itertools.count(1)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk whose lists are long."""
    home = tmp_path_factory.mktemp("lists")
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), home / "desk.db")
        with _opened(home, f"sqlite:///{home / 'desk.db'}") as found:
            yield found
        return
    url, template = request.getfixturevalue("postgresql_url"), request.getfixturevalue("postgresql_template")
    name = f"lists_{os.getpid()}_{next(_numbers)}"
    _administer(url, f"CREATE DATABASE {name} TEMPLATE {template}")
    with _opened(home, _at(url, name)) as found:
        yield found
    _administer(url, f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def _opened(home: Path, url: str) -> Iterator[Desk]:
    desk = open_desk(Settings(home=home, database_url=url, secret="a secret of the tests alone"))
    crowd.fill(desk.db, OPEN, FINISHED)
    with desk.db.transaction() as session:
        now = clock.now()
        for login, role in OTHERS.items():
            who = Person(login=login, name=login, password_hash="-", created_at=now, password_set_at=now)
            session.add(who)
            session.flush()
            city = session.get_one(Organization, "city_bureau")
            session.add(PostHolding(person_id=who.id, role=role, organization_id=city.id))
    yield desk
    desk.db.close()


@pytest.fixture(scope="module")
def app(desk: Desk) -> Flask:
    made = create_app(desk)
    made.testing = True
    return made


@pytest.fixture
def actor(desk: Desk) -> Callable[[str], Actor]:
    """Somebody as the desk sees him today."""

    def found(login: str) -> Actor:
        with desk.db.reading() as session:
            return people.actor_of(session, people.person_by_login(session, login), clock.today())

    return found


@pytest.fixture(scope="module")
def ask(desk: Desk, app: Flask) -> Callable[[str, str], TestResponse]:
    """Open a page, or call the API, as somebody; each logs in once."""
    entered: dict[str, tuple[str, str]] = {}

    def answered(login: str, path: str) -> TestResponse:
        if login not in entered:
            entered[login] = _enter(desk, login)
        client, (token, session) = app.test_client(), entered[login]
        if path.startswith("/api/"):
            return client.get(path, headers={"Authorization": f"Bearer {token}"})
        with client.session_transaction() as cookie:
            cookie["log_in"] = session
        return client.get(path)

    return answered


def _enter(desk: Desk, login: str) -> tuple[str, str]:
    """A token for the API, and a session of a browser."""
    with desk.db.transaction() as session:
        who = people.person_by_login(session, login)
        actor = people.actor_of(session, who, clock.today())
        return tokens.create(session, actor, "lists"), log_in.open_session(session, who.id)


@contextmanager
def listening(database: Database) -> Iterator[list[Asked]]:
    """The questions that the database is asked inside a block; beginning a transaction is none."""
    seen: list[Asked] = []

    def note(connection, cursor, statement, parameters, context, many):
        if not statement.startswith("BEGIN"):
            seen.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
