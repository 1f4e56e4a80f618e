"""Measuring: milliseconds of an act, processor time, and what it costs the database."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, event, text

from processes.db import Database
from webapp.bench.figures import Counts, middle

COUNTED_RUNS = 3
"""Counts hardly differ from run to run; they are taken apart from the timed runs, because counting takes time."""
Act = Callable[[], object]


def milliseconds(act: Act) -> float:
    """How long an act takes."""
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


@dataclass
class Tally:
    """Statements and commits since it was begun."""

    statements: int = 0
    commits: int = 0


@contextmanager
def tallied(engine: Engine) -> Iterator[Tally]:
    """Count the statements and commits of a block; `BEGIN` and `COMMIT` are no statements."""
    tally = Tally()

    def asked(connection: Connection, cursor: Any, statement: str, *more: Any) -> None:
        tally.statements += not statement.startswith("BEGIN")

    def committed(connection: Connection) -> None:
        tally.commits += 1

    event.listen(engine, "before_cursor_execute", asked)
    event.listen(engine, "commit", committed)
    try:
        yield tally
    finally:
        event.remove(engine, "before_cursor_execute", asked)
        event.remove(engine, "commit", committed)


class WrittenLog:
    """The write-ahead log of a database: how much an act adds to it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._file = f"{database.engine.url.database}-wal"

    def growth(self, act: Act) -> int:
        """Bytes that an act writes; SQLite's log is emptied first, for it would be used again from its beginning."""
        if self._database.dialect == "sqlite":
            self._empty()
        before = self._position()
        act()
        return self._position() - before

    def _empty(self) -> None:
        driver: Any = self._database.engine.raw_connection()
        try:
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            driver.close()

    def _position(self) -> int:
        if self._database.dialect == "sqlite":
            with open(self._file, "rb") as file:
                return file.seek(0, 2)
        with self._database.engine.connect() as connection:
            return int(connection.scalar(text("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')")) or 0)


def counted(database: Database, acts: Callable[[], Act], runs: int = COUNTED_RUNS) -> Counts:
    """The cost of an act, each time another one that `acts` prepares; the middle of a few."""
    log = WrittenLog(database)
    statements, commits, written = [], [], []
    for _ in range(runs):
        act = acts()

        def once(act: Act = act) -> None:
            with tallied(database.engine) as tally:
                act()
            statements.append(tally.statements)
            commits.append(tally.commits)

        written.append(log.growth(once))
    return Counts(round(middle(statements)), round(middle(commits)), round(middle(written)))
