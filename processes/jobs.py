"""Work for later, kept in the same database and the same transaction as what it follows from.

A job is done at least once: a worker takes it under a lease, and its effect and its removal are one commit. A worker
that dies leaves the lease to run out, and another takes the job over.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Index, or_, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from processes import clock
from processes.db import Base, Database

LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 8
FIRST_PAUSE = timedelta(seconds=5)
"""Before the second attempt; doubled for each further one."""


class Job(Base):
    """One thing to be done; the row goes when it is done, and stays as `failed` when it cannot be."""

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
    """`waiting` or `failed`."""
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(default="")


Handler = Callable[[Session, Mapping[str, Any]], None]
Failed = Callable[[Session, str, Mapping[str, Any], Exception], bool]
"""Told of a failure, in a transaction of its own; True when it has been taken care of and the job may go."""


def leave_failed(session: Session, kind: str, args: Mapping[str, Any], failure: Exception) -> bool:
    """Take care of nothing: the job is tried again."""
    return False


def enqueue(
    session: Session, kind: str, args: Mapping[str, Any], *, due: datetime | None = None, key: str | None = None
) -> None:
    """Put something off until `due` (at once where none is given), in the caller's transaction.

    A key that is already waiting is not enqueued again.
    """
    if key is None or session.scalar(select(Job.id).where(Job.key == key)) is None:
        enqueue_new(session, kind, args, due=due, key=key)


def enqueue_new(
    session: Session, kind: str, args: Mapping[str, Any], *, due: datetime | None = None, key: str | None = None
) -> None:
    """As `enqueue`, for a key that cannot be waiting yet, which spares the look."""
    now = clock.now()
    session.add(Job(kind=kind, args=dict(args), key=key, created_at=now, due_at=due or now, status="waiting"))


def run_next(database: Database, handlers: Mapping[str, Handler], failed: Failed = leave_failed) -> bool:
    """Do the job that has been due longest; False when nothing is due."""
    taken = _take(database)
    if taken is None:
        return False
    job_id, kind, args = taken
    try:
        with database.transaction() as session:
            job = session.get(Job, job_id, with_for_update=True)
            if job is None or job.status != "waiting":
                return True  # done by whoever had the lease before
            handlers[kind](session, args)
            session.delete(job)
    except Exception as failure:
        _put_back(database, job_id, kind, args, failure, failed)
    return True


def run_all(
    database: Database, handlers: Mapping[str, Handler], failed: Failed = leave_failed, most: int = 10_000
) -> int:
    """Do everything that is due, and what follows from it."""
    done = 0
    while done < most and run_next(database, handlers, failed):
        done += 1
    return done


def _take(database: Database) -> tuple[UUID, str, dict[str, Any]] | None:
    now = clock.now()
    free = or_(Job.leased_until.is_(None), Job.leased_until < now)
    due = (
        select(Job.id, Job.kind, Job.args)
        .where(Job.status == "waiting", Job.due_at <= now, free)
        .order_by(Job.due_at, Job.created_at)
        .limit(1)
    )
    with database.reading() as session:
        if session.execute(due).first() is None:
            return None
    with database.transaction() as session:
        found = session.execute(due.with_for_update(skip_locked=True)).first()
        if found is None:
            return None
        session.execute(
            update(Job).where(Job.id == found.id).values(leased_until=now + LEASE, attempts=Job.attempts + 1)
        )
        return found.id, found.kind, found.args


def _put_back(
    database: Database, job_id: UUID, kind: str, args: Mapping[str, Any], failure: Exception, failed: Failed
) -> None:
    """Try again later, each time after a longer pause; in the end leave it to a person."""
    with database.transaction() as session:
        job = session.get(Job, job_id, with_for_update=True)
        if job is None:
            return
        if failed(session, kind, args, failure):
            session.delete(job)
            return
        job.error = "".join(traceback.format_exception_only(failure))[-2000:]
        job.leased_until = None
        if job.attempts >= MOST_ATTEMPTS:
            job.status = "failed"
        else:
            job.due_at = clock.now() + FIRST_PAUSE * 2 ** (job.attempts - 1)
