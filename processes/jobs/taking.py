"""Leases: jobs are taken a few at a time, kept as long as their worker lives, and given back when it stops."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, delete, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from processes import clock
from processes.db import Database
from processes.jobs.table import Job, is_free, lease_now

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=60)
"""How long a job stays with a worker that gives no sign of life."""
AT_ONCE = 10
"""Jobs taken with one statement."""


@dataclass(frozen=True)
class Taken:
    """A job in the hand of a worker."""

    id: UUID
    kind: str
    args: Mapping[str, Any]
    key: str | None
    due_at: datetime
    attempts: int
    """Counts this attempt too; it is the proof that the lease is still one's own."""


def take(database: Database, most: int = AT_ONCE, lease: timedelta = LEASE) -> list[Taken]:
    """The jobs that have been due longest, now in the caller's hand; on PostgreSQL takers step round each other."""
    with database.reading() as session:
        if session.execute(_due(session, 1)).first() is None:
            return []
    with database.transaction() as session:
        due = _due(session, most).with_for_update(skip_locked=True).cte("due")
        taking = (
            update(Job)
            .where(Job.id == due.c.id)
            .values(leased_until=lease_now(session) + lease, attempts=Job.attempts + 1)
            .returning(Job.id, Job.kind, Job.args, Job.key, Job.due_at, Job.attempts)
            .execution_options(synchronize_session=False)
        )
        return sorted((Taken(*row) for row in session.execute(taking)), key=lambda each: each.due_at)


def _due(session: Session, most: int) -> Select[UUID]:
    return (
        select(Job.id)
        .where(Job.status == "waiting", Job.due_at <= clock.now(), is_free(lease_now(session)))
        .order_by(Job.due_at)
        .limit(most)
    )


def remove(session: Session, job: Taken) -> bool:
    """Take a job off the list as its effect is about to be written; False when it is no longer the caller's.

    The first statement of the transaction: until it ends nobody else can take the job, however long it lasts.
    """
    mine = delete(Job).where(Job.id == job.id, Job.attempts == job.attempts, Job.status == "waiting")
    gone = session.execute(mine.returning(Job.id).execution_options(synchronize_session=False))
    return gone.first() is not None  # never `rowcount`, which PostgreSQL's driver does not always know


def give_back(database: Database, jobs: Sequence[Taken]) -> None:
    """Let others have what was taken and not begun."""
    if not jobs:
        return
    with database.transaction() as session:
        session.execute(
            update(Job)
            .where(_any_of(jobs))
            .values(leased_until=None, attempts=Job.attempts - 1)
            .execution_options(synchronize_session=False)
        )


def _any_of(jobs: Sequence[Taken]) -> Any:
    return or_(*(and_(Job.id == each.id, Job.attempts == each.attempts) for each in jobs))


class Hand:
    """What one worker has in hand; the leases are renewed while it is still at them."""

    def __init__(self, database: Database, jobs: Sequence[Taken], lease: timedelta = LEASE) -> None:
        self.database = database
        self.lease = lease
        self.waiting = list(jobs)
        """Not begun, or being prepared outside a transaction; what is being written is locked and needs no lease."""

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Renew the leases for the length of a block."""
        done = threading.Event()
        renewing = threading.Thread(target=self._renew_until, args=(done,), name="leases", daemon=True)
        renewing.start()
        try:
            yield
        finally:
            done.set()
            renewing.join()

    def _renew_until(self, done: threading.Event) -> None:
        while not done.wait(self.lease.total_seconds() / 3):
            try:
                self._renew()
            except SQLAlchemyError as failure:  # what cannot be renewed runs out, and its worker commits nothing
                log.warning("leases not renewed: %s", type(failure).__name__)

    def _renew(self) -> None:
        jobs = list(self.waiting)
        if not jobs:
            return
        with self.database.transaction() as session:
            mine = select(Job.id).where(_any_of(jobs)).with_for_update(skip_locked=True).cte("mine")
            session.execute(
                update(Job)
                .where(Job.id == mine.c.id)
                .values(leased_until=lease_now(session) + self.lease)
                .execution_options(synchronize_session=False)
            )
