"""An installation made for the torture alone: a data folder, a database, a few clerks with tokens, the procedures."""

from __future__ import annotations

import os
import socket
import sys
from dataclasses import dataclass, field
from pathlib import Path

from processes.db import Database
from processes.engine import definitions
from processes.identity import tokens
from processes.identity.actor import SYSTEM
from processes.migrations.running import migrate
from tests.factories import make_organizations, make_person
from tests.torture.diagrams import CLERK, PACKAGES
from webapp.desk import open_desk
from webapp.settings import Settings

ROOT = Path(__file__).parents[2]
CLERKS = 6
PROGRAM = ("-c", "from webapp.commands import main; main()")
"""The real `chief-planner`, as its console script starts it."""
SEAMS = ("-m", "tests.torture.serving")
"""The same program with a clock that can be moved, an operation that fails, and short leases."""
SECRET = "a secret of the torture alone"


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class Installation:
    """Where it is, and who may ask."""

    home: Path
    url: str
    port: int = field(default_factory=free_port)
    clerks: list[str] = field(default_factory=list)
    """Bearer tokens of the clerks."""
    manager: str = ""
    """Token of the one who retries what failed."""
    seams: bool = False
    more: dict[str, str] = field(default_factory=dict)
    """What its processes find in their environment besides."""

    @property
    def kind(self) -> str:
        return "sqlite" if self.url.startswith("sqlite") else "postgresql"

    @property
    def environment(self) -> dict[str, str]:
        """What its processes find in their environment."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CHIEF_PLANNER_")}
        own = {"CHIEF_PLANNER_HOME": str(self.home), "DATABASE_URL": self.url, "CHIEF_PLANNER_SECRET": SECRET}
        return kept | own | {"PYTHONPATH": str(ROOT)} | self.more

    def command(self, *arguments: str) -> list[str]:
        """How one of its processes is started."""
        return [sys.executable, *(SEAMS if self.seams else PROGRAM), *arguments]

    def database(self) -> Database:
        """A connection of the judge's own."""
        return Database(self.url)


def install(home: Path, url: str, *, seams: bool = False) -> Installation:
    """Make the tables, the people and the procedures; nothing serves yet."""
    home.mkdir(parents=True, exist_ok=True)
    made = Installation(home, url, seams=seams)
    desk = open_desk(
        Settings.from_environment(
            {"CHIEF_PLANNER_HOME": str(home), "DATABASE_URL": url, "CHIEF_PLANNER_SECRET": SECRET}
        )
    )
    migrate(desk.db)
    with desk.db.transaction() as session:
        make_organizations(session)
        for number in range(CLERKS):
            clerk = make_person(session, f"clerk{number}", (CLERK, "city_bureau"))
            made.clerks.append(tokens.create(session, clerk, "torture"))
        made.manager = tokens.create(session, make_person(session, "manager", ("manager", "city_bureau")), "torture")
        for key, content in PACKAGES.items():
            definitions.deploy(session, SYSTEM, key, {"process.bpmn": content})
    desk.db.close()
    return made
