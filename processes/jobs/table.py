"""The jobs that wait, and putting one there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Index, func, or_, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from processes import clock
from processes.db import Base

_INSERT: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


class Job(Base):
    """One thing to be done; the row goes with the commit that does it."""

    __tablename__ = "job"
    __table_args__ = (
        Index(
            "ix_job_due", "due_at", sqlite_where=text("status = 'waiting'"), postgresql_where=text("status = 'waiting'")
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    kind: Mapped[str]
    args: Mapped[dict[str, Any]]
    key: Mapped[str | None] = mapped_column(unique=True)
    """Makes a job that is enqueued twice one job."""
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    status: Mapped[str]
    """`waiting`, or `failed` where nobody takes care of what fails for good."""
    attempts: Mapped[int] = mapped_column(default=0)
    """How often it has been taken; whoever took it may finish it only while the number is the one he was given."""
    leased_until: Mapped[datetime | None]
    """By the database's own clock where it has one: leases are between machines, never moved with the desk's clock."""
    error: Mapped[str] = mapped_column(default="")


def enqueue(
    session: Session, kind: str, args: Mapping[str, Any], *, due: datetime | None = None, key: str | None = None
) -> None:
    """Put something off until `due` (at once where none is given), in the caller's transaction.

    A key that is already waiting is not enqueued again, also when two transactions try it at once.
    """
    if key is None:
        enqueue_new(session, kind, args, due=due)
        return
    row = {"id": uuid4(), **_row(kind, args, due, key), "attempts": 0, "error": ""}
    session.execute(_INSERT[session.get_bind().dialect.name](Job).values(row).on_conflict_do_nothing())


def enqueue_new(
    session: Session, kind: str, args: Mapping[str, Any], *, due: datetime | None = None, key: str | None = None
) -> None:
    """As `enqueue`, for a key that cannot be waiting yet: many such jobs are inserted with one statement."""
    session.add(Job(**_row(kind, args, due, key)))


def _row(kind: str, args: Mapping[str, Any], due: datetime | None, key: str | None) -> dict[str, Any]:
    now = clock.now()
    return {
        "kind": kind, "args": dict(args), "key": key, "created_at": now, "due_at": due or now, "status": "waiting",
    }  # fmt: skip


def is_free(lease_now: Any) -> ColumnElement[bool]:
    """Whether nobody has a job in hand; `lease_now` is the time that leases run by."""
    return or_(Job.leased_until.is_(None), Job.leased_until < lease_now)


def lease_now(session: Session) -> Any:
    """The time that leases run by: the database server's, which all machines share, else this machine's."""
    return func.now() if session.get_bind().dialect.name == "postgresql" else clock.SystemClock().now()


def next_due(session: Session) -> datetime | None:
    """When the next job that nobody has in hand is due, if there is any."""
    return session.scalar(select(func.min(Job.due_at)).where(Job.status == "waiting", is_free(lease_now(session))))
