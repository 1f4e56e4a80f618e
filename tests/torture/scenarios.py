"""The scenarios in their order: for each an installation of its own, what serves it, and the harm that is done."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from processes import clock
from tests.torture import harms, kills
from tests.torture.installation import Installation, install
from tests.torture.postgresql import Server
from tests.torture.running import Result, carried_out, scratch
from tests.torture.serving import CLOCK, FIRST_PERIOD

Tell = Callable[[str], None]
BOTH = ("sqlite", "postgresql")
DISK = 28
"""Megabytes of the small disk on which a database has to find its end."""
LEFT = 1_500_000
"""Bytes that are left on it."""


def knob(name: str, usual: float) -> float:
    """How often, or how many seconds; `TORTURE_<NAME>` in the environment changes it."""
    return float(os.environ.get(f"TORTURE_{name}") or usual)


@dataclass(frozen=True)
class Scenario:
    """One kind of harm on one database."""

    name: str
    database: str
    run: Callable[[Server | None, Tell], Result]
    needs_disk: bool = False
    """Only where a small disk can be mounted."""


@contextmanager
def installed(database: str, server: Server | None, *, seams: bool = False) -> Iterator[Installation]:
    """An installation on a database of its own."""
    with scratch() as folder:
        if database == "sqlite":
            url = kills.where(folder)
        else:
            assert server is not None
            url = server.new_database()
        yield install(folder, url, seams=seams)


def kill(database: str, count: int) -> Scenario:
    """`kill -9` of web server, web children and workers."""

    def run(server: Server | None, tell: Tell) -> Result:
        with installed(database, server) as made:
            return carried_out("kill -9", made, kills.commands(made), kills.kills(count), tell)

    return Scenario("kill -9", database, run)


def hang_up(database: str, seconds: float) -> Scenario:
    """Clients that disconnect in the middle of a request."""

    def run(server: Server | None, tell: Tell) -> Result:
        with installed(database, server) as made:
            harm = harms.hang_ups(seconds)
            return carried_out("clients hang up", made, kills.commands(made), harm, tell, cut=0.25)

    return Scenario("clients hang up", database, run)


def crash(count: int) -> Scenario:
    """The database crashes and comes back."""

    def run(server: Server | None, tell: Tell) -> Result:
        assert server is not None
        with installed("postgresql", server) as made:
            return carried_out("database restart", made, kills.commands(made), harms.crashes(server, count), tell)

    return Scenario("database restart", "postgresql", run)


def freeze(count: int) -> Scenario:
    """Workers that stop for longer than their lease."""

    def run(server: Server | None, tell: Tell) -> Result:
        with installed("postgresql", server) as made:
            load = {"line": 4, "timed": 2}
            commands = kills.commands(made)
            return carried_out("frozen workers", made, commands, harms.freezes(count), tell, load=load)

    return Scenario("frozen workers", "postgresql", run)


def fail(database: str, seconds: float) -> Scenario:
    """An operation that fails by chance."""

    def run(server: Server | None, tell: Tell) -> Result:
        with installed(database, server, seams=True) as made:
            return carried_out(
                "steps that fail", made, kills.commands(made), harms.failures(seconds), tell,
                load={"failing": 1}, mended=True, at_end=harms.effects_once,
            )  # fmt: skip

    return Scenario("steps that fail", database, run)


def jump(database: str, count: int) -> Scenario:
    """A clock that jumps."""

    def run(server: Server | None, tell: Tell) -> Result:
        with installed(database, server, seams=True) as made, scratch() as folder:
            harms.set_clock(folder / "clock", 0)
            today = clock.local(datetime.now(UTC)).date()
            made.more = {CLOCK: str(folder / "clock"), FIRST_PERIOD: (today - timedelta(days=1)).isoformat()}
            harm, load = harms.jumps(folder / "clock", count), {"timed": 2, "line": 1}
            return carried_out(
                "clock jumps", made, kills.commands(made), harm, tell, load=load, at_end=harms.periods_once
            )

    return Scenario("clock jumps", database, run)


def full_of_sqlite() -> Scenario:
    """A disk without room for the whole data folder; where none can be mounted, files that may not grow."""

    def run(server: Server | None, tell: Tell) -> Result:
        if not may_mount():
            tell("   no disk can be mounted here: files may not grow instead")
            with installed("sqlite", server) as made:
                harm = harms.full_disk(harms.limit(LEFT), files=True)
                return carried_out("full disk", made, kills.commands(made), harm, tell)
        with small_disk(DISK) as disk:
            made = install(disk / "home", kills.where(disk / "home"))
            harm = harms.full_disk(harms.ballast(disk, LEFT), files=True)
            return carried_out("full disk", made, kills.commands(made), harm, tell)

    return Scenario("full disk", "sqlite", run)


def full_of_postgresql() -> Scenario:
    """A disk without room for the tables."""

    def run(server: Server | None, tell: Tell) -> Result:
        assert server is not None
        with small_disk(2 * DISK) as disk, scratch() as folder, server.tablespace(disk) as place:
            made = install(folder, server.new_database(place))
            try:
                harm = harms.full_disk(harms.ballast(disk, LEFT), files=False)
                return carried_out("full disk", made, kills.commands(made), harm, tell)
            finally:
                server.drop_database(made.url)

    return Scenario("full disk", "postgresql", run, needs_disk=True)


@contextmanager
def small_disk(megabytes: int) -> Iterator[Path]:
    """A file system in memory that is soon full; it takes root to mount one."""
    with scratch() as folder:
        disk = folder / "disk"
        disk.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(disk)]
        subprocess.run(command, check=True, capture_output=True)
        try:
            folder.chmod(0o755)
            yield disk
        finally:
            subprocess.run(["umount", "--lazy", str(disk)], check=False, capture_output=True)


def may_mount() -> bool:
    """Whether a small disk can be had here."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        return False
    try:
        with small_disk(1):
            return True
    except subprocess.CalledProcessError:
        return False


def all_scenarios() -> list[Scenario]:
    """What `make torture` runs."""
    found = [
        kill("sqlite", int(knob("KILLS_SQLITE", 60))),
        kill("postgresql", int(knob("KILLS_POSTGRESQL", 145))),
        *(hang_up(each, knob("SECONDS", 12)) for each in BOTH),
        crash(int(knob("CRASHES", 10))),
        *(fail(each, knob("SECONDS", 12)) for each in BOTH),
        *(jump(each, int(knob("JUMPS", 10))) for each in BOTH),
        freeze(int(knob("FREEZES", 1))),
        full_of_sqlite(),
        full_of_postgresql(),
    ]
    only = os.environ.get("TORTURE_ONLY", "")
    return [each for each in found if only in f"{each.name} {each.database}"]
