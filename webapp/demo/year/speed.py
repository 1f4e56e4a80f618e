"""Playing fast: nobody works at the desk meanwhile, so SQLite need not wait for the disk after each act."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from processes.db import Database


@contextmanager
def unhurried(database: Database) -> Iterator[None]:
    """Let the disk take its time for the length of a block; afterwards everything is on it.

    A demonstration that is cut off has no mark and is made again in another folder; nothing else is at stake.
    """
    if database.dialect != "sqlite":
        yield
        return

    def loosen(connection: Any, record: Any) -> None:
        connection.execute("PRAGMA synchronous=OFF")

    database.engine.dispose()
    event.listen(database.engine, "connect", loosen)
    try:
        yield
    finally:
        event.remove(database.engine, "connect", loosen)
        database.engine.dispose()  # connections opened from now on wait for the disk again
        _write_through(database)


def _write_through(database: Database) -> None:
    """Bring the log into the database file, and the file to the disk."""
    connection = database.engine.raw_connection()
    try:
        driver: Any = connection.driver_connection
        driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
