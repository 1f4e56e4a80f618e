"""The office of the bench: a furnished desk on a scratch database, its clerks, and the server in front of it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from flask import Flask

from processes.engine import definitions
from processes.identity import passwords, people, tokens, units
from processes.identity.actor import SYSTEM, Actor
from processes.identity.models import Organization
from processes.migrations.running import migrate
from webapp.app import create_app
from webapp.bench.clients import Browser, DirectWire, HttpWire, Program, Wire, by_password, by_token
from webapp.bench.diagrams import DIAGRAMS, POST
from webapp.bench.floors import CommitFloor
from webapp.bench.server import Server
from webapp.desk import Desk, open_desk
from webapp.settings import Settings

CLERKS = 8
CITY = "city_bureau"


@dataclass(frozen=True)
class Clerk:
    """Somebody who works at the bench, and how a program acts in that name."""

    actor: Actor
    login: str
    password: str
    token: str

    def browser(self, wire: Wire) -> Browser:
        """This clerk at a page, logged in."""
        browser = Browser(wire)
        browser.log_in(self.login, self.password)
        return browser

    def by_token(self, wire: Wire) -> Program:
        """A program with this clerk's token."""
        return Program(wire, by_token(self.token))

    def by_password(self, wire: Wire) -> Program:
        """A program with this clerk's password."""
        return Program(wire, by_password(self.login, self.password))


@dataclass
class Office:
    """Everything a scenario needs."""

    desk: Desk
    clerks: list[Clerk]
    floor: CommitFloor
    workers: int

    @property
    def clerk(self) -> Clerk:
        """Who does what one person does."""
        return self.clerks[0]

    @property
    def database(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.desk.db.dialect

    @cached_property
    def app(self) -> Flask:
        """The application in this process, for counting."""
        return create_app(self.desk)

    @cached_property
    def direct(self) -> DirectWire:
        """To the application in this process."""
        return DirectWire(self.app)

    @cached_property
    def server(self) -> Server:
        """The desk as it is served, started when it is first needed."""
        server = Server(self.desk.settings, self.workers)
        server.wait()
        return server

    @cached_property
    def wire(self) -> HttpWire:
        """To the server."""
        return HttpWire(self.server.port)

    def close(self) -> None:
        """Stop the server and give the connections back."""
        if "server" in vars(self):
            self.wire.close()
            self.server.stop()
        self.desk.db.close()


@contextmanager
def open_office(folder: Path, url: str, workers: int) -> Iterator[Office]:
    """An office on an empty database; `workers` web processes serve it."""
    folder.mkdir(parents=True, exist_ok=True)
    desk = open_desk(Settings(home=folder, database_url=url, secret=secrets.token_hex()))
    office: Office | None = None
    try:
        migrate(desk.db)
        office = Office(desk, _clerks(desk), CommitFloor(desk.db), workers)
        yield office
    finally:
        office.close() if office is not None else desk.db.close()


def _clerks(desk: Desk) -> list[Clerk]:
    password = passwords.by_chance("bench", "bench")
    with desk.db.transaction() as session:
        units.load_units(session)
        for key, content in DIAGRAMS.items():
            definitions.deploy(session, SYSTEM, key, {"process.bpmn": content})
        city = session.get_one(Organization, CITY)
        found = []
        for number in range(CLERKS):
            login = f"bench{number}"
            who = people.create_person(session, SYSTEM, login, f"bench {number}", password, demonstration=True)
            people.hold(session, SYSTEM, who, POST, city)
            actor = people.actor_of(session, who, who.created_at.date())
            found.append(Clerk(actor, login, password, tokens.create(session, actor, "bench")))
    return found
