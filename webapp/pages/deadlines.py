"""How much time is left for a task, in the words of the desk: working days, overdue first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from processes import clock
from processes.rules.workdays import WorkCalendar

SOON = 2
"""Working days from which on a task counts as urgent."""

Urgency = Literal["none", "late", "today", "soon", "later"]


@dataclass(frozen=True)
class Remaining:
    """Working days left until the due day, or past it when the task is late."""

    urgency: Urgency
    days: int = 0
    day: date | None = None


def remaining(due_at: datetime | None, calendar: WorkCalendar, now: datetime | None = None) -> Remaining:
    """How a task stands that is due at the end of a day; the day itself is in time."""
    if due_at is None:
        return Remaining("none")
    now = now or clock.now()
    today, day = clock.local(now).date(), due_day(due_at)
    if now > due_at:
        return Remaining("late", calendar.workdays_between(day, today), day)
    if day == today:
        return Remaining("today", 0, day)
    left = calendar.workdays_between(today, day)
    return Remaining("soon" if left <= SOON else "later", left, day)


def due_day(due_at: datetime) -> date:
    """The day that ends at a moment: midnight belongs to the day before it."""
    return clock.local(due_at - timedelta(microseconds=1)).date()


def days_waiting(since: datetime, calendar: WorkCalendar, now: datetime | None = None) -> int:
    """Working days that something has lain since the day it came in."""
    return calendar.workdays_between(clock.local(since).date(), clock.local(now or clock.now()).date())
