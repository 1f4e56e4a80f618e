"""The worker: does what is due by itself, soon after it is due, until it is told to stop."""

from __future__ import annotations

import logging
import os
import socket
import threading
import traceback
from contextlib import suppress
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from processes import clock, notices, operation_keys
from processes.engine.background import Background
from processes.workers import Heartbeat
from webapp.deliveries.kinds import spread_notices
from webapp.desk import Desk

log = logging.getLogger(__name__)
POLL = 1.0
"""Seconds between two looks at most; another process may have written something."""
BUSY = 0.25
"""Seconds between two looks at what another worker has in hand."""
LONGEST_PAUSE = 4.0
"""Seconds after failures in a row, when the database cannot be reached for instance."""
TIDY_EVERY = timedelta(hours=1)
MOST_AT_ONCE = 100
"""Jobs and timers between two signs of life."""


class Worker:
    """One loop over the timers and jobs of a desk; several may run, each job is taken by one."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._stopped = threading.Event()
        self.background = Background(desk.db, desk.house, stopped=self._stopped.is_set)
        self.heartbeat = Heartbeat(desk.db.engine, f"{socket.gethostname()}:{os.getpid()}")
        self._wake = threading.Event()
        self._own: int | None = None
        """The thread that works: its own commits tell it nothing new."""
        self._thread: threading.Thread | None = None
        self._failures = 0
        self._tidied = clock.now() - TIDY_EVERY
        desk.db.after_commit.append(self.wake)

    def wake(self) -> None:
        """Look again now: somebody else has committed something."""
        if threading.get_ident() != self._own:
            self._wake.set()

    def run(self) -> None:
        """Work until `stop` is called."""
        self._own = threading.get_ident()
        while not self._stopped.is_set():
            self._wake.clear()
            self._wake.wait(self.step())
        with suppress(SQLAlchemyError):  # a database that is gone forgets the worker by itself
            self.heartbeat.end()

    def step(self) -> float:
        """Do all that is due; how many seconds may pass before the next look."""
        try:
            self.heartbeat.beat()
            self._spread()
            while self.background.work_off(MOST_AT_ONCE) >= MOST_AT_ONCE and not self._stopped.is_set():
                self.heartbeat.beat()
            self._tidy()
            pause = self._pause()
        except Exception as failure:  # whatever happens to one look, the next one is made
            self._failures += 1
            where = "".join(traceback.format_tb(failure.__traceback__))
            log.error("background work failed: %s\n%s", type(failure).__qualname__, where)
            return min(LONGEST_PAUSE, POLL * 2 ** min(self._failures, 10))
        self._failures = 0
        return pause

    def _spread(self) -> None:
        """Hand new notices to the ways out of the desk; a look that finds none writes nothing."""
        with self.desk.db.reading() as session:
            if not notices.any_to_spread(session):
                return
        with self.desk.db.transaction() as session:
            spread_notices(session, self.desk.house, self.desk.settings)

    def _tidy(self) -> None:
        if clock.now() - self._tidied >= TIDY_EVERY:
            self._tidied = clock.now()
            with self.desk.db.transaction() as session:
                operation_keys.sweep(session)

    def _pause(self) -> float:
        with self.desk.db.reading() as session:
            due = self.background.next_due(session)
        if due is None:
            return POLL
        left = (due - clock.now()).total_seconds()
        if left <= 0:  # what is due and was not done is in the hands of another worker
            return BUSY
        return max(0.01, min(POLL, left))

    def start(self) -> None:
        """Work in a thread of this process."""
        self._thread = threading.Thread(target=self.run, name="worker", daemon=True)
        self._thread.start()

    def stop(self, wait: float = 20.0) -> None:
        """Finish what is being done and stop; what is left is taken up at the next start."""
        self._stopped.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(wait)
        if self.wake in self.desk.db.after_commit:
            self.desk.db.after_commit.remove(self.wake)
