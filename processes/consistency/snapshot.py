"""One moment of the database, held still while it is read from end to end; whoever works goes on meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from processes.db import Database

_NO_LIMITS = ("SET LOCAL statement_timeout = 0", "SET LOCAL idle_in_transaction_session_timeout = 0")


@contextmanager
def snapshot(database: Database) -> Iterator[Session]:
    """A reading transaction in which every query sees the same moment; nothing can be written in it."""
    if database.dialect == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with Session(database.engine.execution_options(**options), autoflush=False) as session:
            for statement in _NO_LIMITS:
                session.execute(text(statement))
            yield session
            return
    with (
        database.engine.execution_options(sqlite_begin="DEFERRED").connect() as connection,
        _only_reading(connection),
        Session(connection, autoflush=False) as session,
    ):
        yield session


@contextmanager
def _only_reading(connection: Connection) -> Iterator[None]:
    """Let a connection of SQLite refuse to write until it goes back to those who do."""
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA query_only = ON")
    try:
        yield
    finally:
        connection.rollback()
        driver.execute("PRAGMA query_only = OFF")
