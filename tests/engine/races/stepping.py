"""Two or more acts at once, each going exactly as far as the test says: no sleeps, no luck.

    first = race.begin("first", lambda session: work.complete(session, …), until=COMMIT)
    second = race.begin("second", lambda session: work.claim(session, …))
    first.outcome(), second.outcome()

`begin` runs an act in a transaction and a thread of its own and comes back when the act has come to the point where it
is to stop, has ended, or can only wait for another one; `outcome` lets it go on to its end.

Who waits is not guessed from the time that passes. On SQLite a writer takes its turn before its first statement, so it
waits as long as one that has begun is stopped; PostgreSQL is asked for the lock it waits for (`pg_blocking_pids`).
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.orm import Session

from processes.db import Database
from processes.errors import DeskError

COMMIT = "commit"
"""Everything is done and nothing is committed."""
LOCK = "lock"
"""What is to be done has been read; the next statement is the first that locks or writes."""
PATIENCE = 20.0
"""Seconds after which a race is given up: something waits that should not."""
LOCKING = re.compile(r"FOR (NO KEY )?UPDATE|^\s*(INSERT|UPDATE|DELETE)|advisory", re.IGNORECASE)

Point = str | int | None
"""Where an act stops: `COMMIT`, `LOCK`, before its nth statement, or nowhere."""
Act = Callable[[Session], Any]


@dataclass(frozen=True)
class Outcome:
    """What became of an act: its result, or the error that the person at the desk is told."""

    value: Any = None
    error: DeskError | None = None

    @property
    def done(self) -> bool:
        return self.error is None

    @property
    def status(self) -> int:
        return self.error.status if self.error is not None else 200

    @property
    def told(self) -> str:
        return str(self.error.text) if self.error is not None else ""


class Runner:
    """One act, in a thread of its own."""

    def __init__(self, race: Race, name: str, act: Callable[[], Any], until: Point) -> None:
        self.race, self.name, self.until = race, name, until
        self.statements = 0
        self.entering = False
        """It is about to begin a writing transaction."""
        self.writing = False
        self.locked = False
        """It has come to its first statement that locks or writes."""
        self.stopped = False
        self.pid: int | None = None
        """The process that works for it on a PostgreSQL server."""
        self._act = act
        self._go = threading.Event()
        self._outcome: Outcome | None = None
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @property
    def ended(self) -> bool:
        return not self._thread.is_alive()

    def start(self) -> None:
        self._thread.start()
        self.race.wait_for(self, lambda: self.ended or self.stopped or self.race.holds_up(self))

    def outcome(self) -> Outcome:
        """Let it go on to its end; any error but those meant for the desk, a deadlock above all, fails the test."""
        self.until, self.stopped = None, False
        self._go.set()
        self._thread.join(PATIENCE)
        assert self.ended, f"{self.name} waits for ever"
        if self._failure is not None:
            raise AssertionError(f"{self.name} failed: {self._failure!r}") from self._failure
        assert self._outcome is not None
        return self._outcome

    def come_to(self, point: Point) -> None:
        """In its own thread: stop here if this is the place."""
        if point == self.until:
            self.until, self.stopped = None, True
            self.race.tell()
            assert self._go.wait(PATIENCE * 2), f"{self.name} was never let go on"

    def _run(self) -> None:
        self.race.own.runner = self
        try:
            self._outcome = Outcome(self._act())
        except DeskError as error:
            self._outcome = Outcome(error=error)
        except BaseException as failure:
            self._failure = failure
        finally:
            self.writing = self.entering = False
            self.race.tell()


class Race:
    """Acts on one database that are stepped past each other."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.runners: list[Runner] = []
        self.own = threading.local()
        """The runner of the present thread."""
        self._news = threading.Condition()
        engine = database.engine
        self._listeners = (
            (
                Engine,
                "begin",
                self._begins,
            ),  # those of all engines are told before those of one, which may have to wait
            (engine, "begin", self._has_begun),
            (engine, "before_cursor_execute", self._states),
            (engine, "commit", self._commits),
        )
        for listener in self._listeners:
            event.listen(*listener)

    def close(self) -> None:
        for listener in self._listeners:
            event.remove(*listener)

    def begin(self, name: str, act: Act, until: Point = None) -> Runner:
        """Begin an act in a writing transaction."""

        def in_transaction() -> Any:
            with self.database.transaction() as session:
                return act(session)

        return self.begin_whole(name, in_transaction, until)

    def begin_whole(self, name: str, act: Callable[[], Any], until: Point = None) -> Runner:
        """Begin an act that opens its transactions itself."""
        runner = Runner(self, name, act, until)
        self.runners.append(runner)
        runner.start()
        return runner

    # who waits

    def holds_up(self, runner: Runner) -> bool:
        """Whether it can only wait until another one goes on."""
        if self.database.dialect == "sqlite":
            return runner.entering and any(other.stopped and other.writing for other in self.runners)
        if runner.pid is None:
            return False
        with self.database.reading() as session:
            return bool(session.scalar(text("SELECT cardinality(pg_blocking_pids(:pid)) > 0"), {"pid": runner.pid}))

    def wait_for(self, runner: Runner, reached: Callable[[], bool]) -> None:
        """Look again whenever a runner has news, and on PostgreSQL, which tells nobody, every hundredth of a second."""
        with self._news:
            for _ in range(int(PATIENCE * 100)):
                if reached():
                    return
                self._news.wait(0.01)
        raise AssertionError(f"{runner.name} neither stops nor ends nor waits for anybody")

    def tell(self) -> None:
        with self._news:
            self._news.notify_all()

    # what the engine tells, in the thread of the act

    def _runner(self) -> Runner | None:
        return getattr(self.own, "runner", None)

    def _begins(self, connection: Connection) -> None:
        runner = self._runner()
        if runner is not None and not _only_reads(connection):
            runner.writing, runner.entering = False, True
            self.tell()

    def _has_begun(self, connection: Connection) -> None:
        runner = self._runner()
        if runner is None or _only_reads(connection):
            return
        if self.database.dialect == "postgresql":
            driver: Any = connection.connection.driver_connection
            runner.pid = driver.info.backend_pid
        runner.entering, runner.writing = False, True

    def _states(self, connection: Connection, cursor: Any, statement: str, *rest: Any) -> None:
        runner = self._runner()
        if runner is None or _only_reads(connection):
            return
        runner.statements += 1
        runner.come_to(runner.statements)
        if not runner.locked and LOCKING.search(statement):
            runner.locked = True
            runner.come_to(LOCK)

    def _commits(self, connection: Connection) -> None:
        runner = self._runner()
        if runner is not None and not _only_reads(connection):
            runner.come_to(COMMIT)


def _only_reads(connection: Connection) -> bool:
    return connection.get_execution_options().get("sqlite_begin") == "DEFERRED"


@dataclass(frozen=True)
class Order:
    """Which of two acts comes to its point first, and which point that is."""

    race: Race
    first: int
    at: Point

    def meet(self, one: Act, other: Act) -> tuple[Outcome, Outcome]:
        """Let both meet: the second goes as far as it can before the first goes on. Outcomes as the acts were given."""
        acts = (one, other)
        leader = self.race.begin("the first", acts[self.first], self.at)
        follower = self.race.begin("the second", acts[1 - self.first])
        outcomes = {self.first: leader.outcome(), 1 - self.first: follower.outcome()}
        return outcomes[0], outcomes[1]

    @property
    def winner(self) -> int:
        """Who comes through first: on PostgreSQL the second overtakes one that has only read so far."""
        overtaken = self.at == LOCK and self.race.database.dialect == "postgresql"
        return 1 - self.first if overtaken else self.first


def in_order(order: Order, outcomes: tuple[Outcome, Outcome]) -> tuple[Outcome, Outcome]:
    """The outcomes, that of the winner first."""
    return outcomes[order.winner], outcomes[1 - order.winner]
