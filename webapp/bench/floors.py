"""Floors: what no program can go below on this machine, measured between the runs of a scenario."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from uuid import uuid4

from sqlalchemy import Column, LargeBinary, MetaData, Table, Uuid

from processes.db import Database
from webapp.bench.clients import Wire
from webapp.bench.measuring import milliseconds

ROW_BYTES = 1000
FLOOR = Table("bench_floor", MetaData(), Column("id", Uuid, primary_key=True), Column("content", LargeBinary))
EMPTY = "/healthz"
"""Answers without looking at anything."""


class CommitFloor:
    """One INSERT of a small row and one COMMIT, through the desk's own connections."""

    def __init__(self, database: Database) -> None:
        self._engine = database.engine
        FLOOR.create(self._engine, checkfirst=True)

    def measure(self) -> float:
        """Milliseconds of one."""
        return milliseconds(self._insert)

    def measure_driver(self) -> float:
        """Milliseconds of one that the bare driver makes: what SQLAlchemy adds is left out."""
        raw = self._engine.raw_connection()
        sqlite = self._engine.dialect.name == "sqlite"
        place = "?, ?" if sqlite else "%s, %s"
        content = secrets.token_bytes(ROW_BYTES)
        try:
            cursor = raw.cursor()

            def insert() -> None:
                if sqlite:
                    cursor.execute("BEGIN IMMEDIATE")
                cursor.execute(f"INSERT INTO bench_floor VALUES ({place})", (secrets.token_hex(16), content))  # noqa: S608 # the places alone
                raw.commit()

            return milliseconds(insert)
        finally:
            raw.close()

    def _insert(self) -> None:
        with self._engine.begin() as connection:
            connection.execute(FLOOR.insert(), {"id": uuid4(), "content": secrets.token_bytes(ROW_BYTES)})


def request_floor(wire: Wire) -> Callable[[], float]:
    """Milliseconds of one empty request through the same server and connection."""

    def measure() -> float:
        return milliseconds(lambda: wire.exchange("GET", EMPTY))

    return measure
