"""Doing what is due: each job in a transaction of its own, tried again after a pause when it fails."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from processes import clock
from processes.db import Database
from processes.errors import DeskError
from processes.jobs.table import Job
from processes.jobs.taking import AT_ONCE, LEASE, Hand, Taken, give_back, remove, take
from processes.messages import message

MOST_ATTEMPTS = 8
FIRST_PAUSE = timedelta(seconds=5)
"""Before the second attempt; doubled for each further one."""
MOST_TAKEN = 25
"""A job that was begun so often and never ended kills its workers: it is left to a person instead."""
HELD = 2.0
"""Seconds after which what was taken and not begun goes back, so that another worker may have it."""

Run = Callable[[Session, Taken], None]


@dataclass(frozen=True)
class Slow:
    """A job whose result takes time to make: made outside the writing transaction, then kept in it."""

    make: Callable[[Session, Taken], Any]
    keep: Callable[[Session, Taken, Any], None]


Handler = Run | Slow
Failed = Callable[[Session, Taken, Exception, bool], bool]
"""Told of a failure and whether it was the last attempt, in the transaction that puts the job back; True when it has
been taken care of and the job may go."""


class UnknownKind(DeskError):
    """This version of the program does not know the kind of a job; a newer one may."""

    status = 500
    code = "unknown-job"

    def __init__(self, kind: str) -> None:
        super().__init__(message("本版本的程序不认识后台工作“%(kind)s”，请核对各服务器的程序版本后重试。", kind=kind))


class Killing(DeskError):
    """A job that was begun many times and never came to an end."""

    status = 500
    code = "killing-job"

    def __init__(self) -> None:
        super().__init__(message("该后台工作多次中断了办理进程，已停止自动重试。"))


def leave_failed(session: Session, job: Taken, failure: Exception, last: bool) -> bool:
    """Take care of nothing: the job is tried again, and stays on the list when it was the last attempt."""
    return False


def run_all(
    database: Database, handlers: Mapping[str, Handler], failed: Failed = leave_failed, most: int = 10_000
) -> int:
    """Do everything that is due, and what follows from it; how many jobs that was."""
    done = 0
    while done < most and (step := do_some(database, handlers, failed, most=min(AT_ONCE, most - done))):
        done += step
    return done


def do_some(
    database: Database,
    handlers: Mapping[str, Handler],
    failed: Failed = leave_failed,
    *,
    most: int = AT_ONCE,
    lease: timedelta = LEASE,
    stopped: Callable[[], bool] = lambda: False,
) -> int:
    """Take a few jobs and do them one after the other; how many were taken up.

    Those left when it is `stopped`, or when the first took long, go back to be taken by others.
    """
    taken = take(database, most, lease)
    if not taken:
        return 0
    began, done = time.monotonic(), 0
    hand = Hand(database, taken, lease)
    with hand.kept():
        while hand.waiting and not stopped() and (not done or time.monotonic() - began < HELD):
            _do(hand, handlers, failed)
            done += 1
    give_back(database, hand.waiting)
    return done


def _do(hand: Hand, handlers: Mapping[str, Handler], failed: Failed) -> None:
    job = hand.waiting[0]
    try:
        handler = handlers.get(job.kind)
        if handler is None:
            raise UnknownKind(job.kind)
        if job.attempts > MOST_TAKEN:
            raise Killing
        if isinstance(handler, Slow):
            _do_slow(hand, job, handler)
            return
        hand.waiting.pop(0)
        with hand.database.transaction() as session:
            if remove(session, job):
                handler(session, job)
    except Exception as failure:
        if job in hand.waiting:
            hand.waiting.remove(job)
        _put_back(hand.database, job, failure, failed)


def _do_slow(hand: Hand, job: Taken, handler: Slow) -> None:
    """Make the result under a lease that is renewed, and keep it only if the job is still one's own."""
    with hand.database.reading() as session:
        made = handler.make(session, job)
    hand.waiting.pop(0)
    with hand.database.transaction() as session:
        if remove(session, job):
            handler.keep(session, job, made)


def _put_back(database: Database, job: Taken, failure: Exception, failed: Failed) -> None:
    """Try again later, each time after a longer pause; in the end leave it to a person."""
    last = job.attempts >= MOST_ATTEMPTS
    with database.transaction() as session:
        found = session.get(Job, job.id, with_for_update=True)
        if found is None or found.attempts != job.attempts:
            return  # somebody else's by now
        if failed(session, job, failure, last):
            session.delete(found)
            return
        found.error = "".join(traceback.format_exception_only(failure))[-2000:]
        found.leased_until = None
        if last:
            found.status = "failed"
        else:
            found.due_at = clock.now() + _pause(job)


def _pause(job: Taken) -> timedelta:
    """Longer each time, and a little different for each job: what failed together is not tried again together."""
    return FIRST_PAUSE * 2 ** (job.attempts - 1) * (0.75 + job.id.int % 1000 / 2000)
