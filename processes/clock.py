"""What time it is: one source, so that a test, a demonstration or a rehearsal can run a whole year in seconds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

CITY = ZoneInfo("Asia/Shanghai")
"""Dates and office hours are those of Chongqing; the database holds UTC."""


class Clock(Protocol):
    """Anything that tells the time in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class MovableClock:
    """A clock that stands still until it is moved."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def move_to(self, moment: datetime) -> None:
        """Set the clock; it may be set back, as real clocks are."""
        self._now = moment.astimezone(UTC)

    def advance(self, **delta: float) -> None:
        """Move by a `timedelta(**delta)`."""
        self._now += timedelta(**delta)


_installed: list[Clock] = [SystemClock()]
_here: ContextVar[Clock | None] = ContextVar("clock", default=None)
"""The clock of one thread or request alone."""


def now() -> datetime:
    """The present moment in UTC."""
    return (_here.get() or _installed[-1]).now()


def local(moment: datetime) -> datetime:
    """A moment as the city's clocks show it."""
    return moment.astimezone(CITY)


def today() -> date:
    """The present day in Chongqing."""
    return local(now()).date()


@contextmanager
def running_on(clock: Clock) -> Iterator[None]:
    """Let the whole process take its time from `clock` for the length of a block."""
    _installed.append(clock)
    try:
        yield
    finally:
        _installed.remove(clock)


@contextmanager
def here(clock: Clock) -> Iterator[None]:
    """Let this thread alone take its time from `clock` for the length of a block; all others go on as they are."""
    token = _here.set(clock)
    try:
        yield
    finally:
        _here.reset(token)
