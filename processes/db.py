"""The database: one declarative base, and the two recipes that keep SQLite and PostgreSQL from losing work.

SQLite runs in WAL mode with `synchronous=FULL`; a writing transaction begins with `BEGIN IMMEDIATE` and queues on
a lock inside the process, so that writers wait their turn instead of failing with «database is locked». Reading
transactions are deferred and never wait for a writer.
"""

from __future__ import annotations

import json
import math
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Connection, DateTime, Engine, MetaData, create_engine, event
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

try:  # a SQLite of 3.51.3 or later, where the platform has a wheel: an older one may corrupt a WAL database (0002)
    from pysqlite3 import dbapi2 as sqlite_driver
except ImportError:
    sqlite_driver = sqlite3

TRUSTED = 1.0
"""Seconds for which a connection to PostgreSQL that has answered is taken to be alive."""
WRITE_WAIT = 30.0
"""Seconds a writer waits for its turn before it gives up."""


@dataclass(frozen=True)
class Pool:
    """How many connections to PostgreSQL one process may have."""

    kept: int = 10
    """Stay open."""
    extra: int = 20
    """May be opened besides, and are closed after use."""
    wait: float = 30.0
    """Seconds that somebody waits for one when all are in use."""


_PRAGMAS = ("busy_timeout=15000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "trusted_schema=OFF")

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Moment(TypeDecorator[datetime]):
    """A moment in UTC; SQLite keeps no offset, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its offset")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base of all tables."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Moment(),
        dict[str, Any]: JSON(),
        list[Any]: JSON(),
        list[str]: JSON(),
    }


class WriteQueue:
    """One writer at a time inside this process; SQLite's own busy wait is unfair and may take seconds."""

    def __init__(self) -> None:
        self._turn = threading.Lock()

    def enter(self) -> None:
        if not self._turn.acquire(timeout=WRITE_WAIT):
            raise sqlite_driver.OperationalError("write queue: timed out")

    def leave(self) -> None:
        self._turn.release()


class QueuedConnection(sqlite_driver.Connection):
    """A connection whose writing transactions take their turn."""

    queue: WriteQueue | None = None
    writing = False

    def begin_writing(self) -> None:
        """Wait for the turn and take the database's write lock."""
        assert self.queue is not None
        self.queue.enter()
        self.writing = True
        try:
            self.execute("BEGIN IMMEDIATE")
        except BaseException:
            self._leave()
            raise

    def commit(self) -> None:
        super().commit()
        self._leave()

    def rollback(self) -> None:
        try:
            super().rollback()
        finally:
            self._leave()

    def close(self) -> None:
        try:
            super().close()
        finally:
            self._leave()

    def _leave(self) -> None:
        if self.writing and self.queue is not None:
            self.writing = False
            self.queue.leave()


class Database:
    """One database: reading and writing transactions, each a `Session`."""

    def __init__(self, url: str, pool: Pool | None = None) -> None:
        self.url = url
        self.engine = _sqlite_engine(url) if url.startswith("sqlite") else _postgresql_engine(url, pool or Pool())
        self._reading = self.engine.execution_options(sqlite_begin="DEFERRED")
        self.before_commit: list[Callable[[Session], None]] = []
        """Called, in order, as the last statements of every writing transaction (the audit trail)."""
        self.after_commit: list[Callable[[], None]] = []
        """Called after every writing transaction that was committed (wakes the worker)."""

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A writing transaction: committed at the end of the block, rolled back when anything is raised."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session
            for last in self.before_commit:
                last(session)
        for call in self.after_commit:
            call()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A reading transaction; whatever is changed in it is lost."""
        with Session(self._reading, expire_on_commit=False, autoflush=False) as session:
            try:
                yield session
            finally:
                session.expunge_all()  # what was read stays readable
                session.rollback()

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def _sqlite_engine(url: str) -> Engine:
    engine = create_engine(
        url,
        module=sqlite_driver,
        json_serializer=_json,
        hide_parameters=True,  # an error that is logged must not carry what somebody typed
        connect_args={"check_same_thread": False, "timeout": 15, "factory": QueuedConnection},
        pool_size=20,
        max_overflow=20,
    )
    queue = WriteQueue()

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, record: Any) -> None:
        connection.queue = queue
        connection.isolation_level = None  # the driver must not begin by itself
        for setting in _PRAGMAS:
            connection.execute(f"PRAGMA {setting}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection
        if connection.get_execution_options().get("sqlite_begin") == "DEFERRED":
            driver.execute("BEGIN DEFERRED")
        else:
            driver.begin_writing()

    return engine


def _postgresql_engine(url: str, pool: Pool) -> Engine:
    for scheme in ("postgresql://", "postgres://"):
        if url.startswith(scheme):
            url = "postgresql+psycopg://" + url.removeprefix(scheme)
    options = "-c statement_timeout=30000 -c lock_timeout=10000 -c idle_in_transaction_session_timeout=60000"
    engine = create_engine(
        url,
        pool_size=pool.kept,
        max_overflow=pool.extra,
        pool_timeout=pool.wait,
        json_serializer=_json,
        hide_parameters=True,
        connect_args={
            "connect_timeout": 3,
            "keepalives_idle": 5,
            "keepalives_interval": 2,
            "keepalives_count": 3,
            "tcp_user_timeout": 6000,  # milliseconds
            "options": options,
        },
    )
    _ask_whether_alive(engine)
    return engine


def _ask_whether_alive(engine: Engine) -> None:
    """Ask a connection that has rested whether it is alive; one that has just answered is spared the journey."""

    @event.listens_for(engine, "checkin")
    def rest(connection: Any, record: Any) -> None:
        record.info["rests_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def ask(connection: Any, record: Any, fairy: Any) -> None:
        if time.monotonic() - record.info.get("rests_since", math.inf) < TRUSTED:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as cause:
            raise InvalidatePoolError from cause  # it is opened anew, and so are all that are older


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
