"""Who does the background work: every worker writes down now and then that it is alive."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from processes import clock
from processes.db import Base

BEAT_EVERY = timedelta(seconds=15)
RECENT = timedelta(seconds=90)
"""A worker that has written nothing for so long is taken for dead, or stuck."""
FORGET_AFTER = timedelta(days=1)


class WorkerSeen(Base):
    """One worker, from its start to its end; a dead one leaves its row for a day."""

    __tablename__ = "worker_seen"

    name: Mapped[str] = mapped_column(primary_key=True)
    """Machine and process."""
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class Heartbeat:
    """The sign of life of one worker."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine = engine
        self._name = name
        self._started_at = clock.now()
        self._seen_at: datetime | None = None

    def beat(self) -> None:
        """Write down that the worker is alive, unless it has done so a moment ago.

        In a transaction of its own, which wakes nobody and leaves no audit entry.
        """
        now = clock.now()
        if self._seen_at is not None and timedelta(0) <= now - self._seen_at < BEAT_EVERY:
            return
        insert = postgresql.insert if self._engine.dialect.name == "postgresql" else sqlite.insert
        row = insert(WorkerSeen).values(name=self._name, started_at=self._started_at, seen_at=now)
        row = row.on_conflict_do_update(index_elements=["name"], set_={"seen_at": now, "started_at": self._started_at})
        with self._engine.begin() as connection:
            connection.execute(row)
            if self._seen_at is None:
                connection.execute(delete(WorkerSeen).where(WorkerSeen.seen_at < now - FORGET_AFTER))
        self._seen_at = now

    def end(self) -> None:
        """Write down that the worker has stopped."""
        if self._seen_at is not None:
            self._seen_at = None
            with self._engine.begin() as connection:
                connection.execute(delete(WorkerSeen).where(WorkerSeen.name == self._name))


def last_seen(session: Session) -> datetime | None:
    """When any worker was last alive."""
    return session.scalar(select(func.max(WorkerSeen.seen_at)))


def alive(session: Session) -> int:
    """How many workers there are."""
    recent = clock.now() - RECENT
    return session.scalar(select(func.count()).select_from(WorkerSeen).where(WorkerSeen.seen_at > recent)) or 0
