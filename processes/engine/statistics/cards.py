"""红黄牌: how late an open task is, as the desk's supervision tells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_

from processes import clock
from processes.engine.deadlines import end_of
from processes.engine.models import WorkItem
from processes.rules.workdays import WorkCalendar
from processes.rules.years import DAY

SOON_DAYS = 2
"""Working days before the due day from which on a task is told to be near it (临期)."""
YELLOW_DAYS = 3
"""A task late by up to so many working days has the yellow card; later, the red one."""


class Card(StrEnum):
    """What an open task shows."""

    SOON = "soon"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True)
class Cards:
    """The moments that part the cards at one moment; due moments are the ends of due days."""

    now: datetime
    soon_until: datetime
    red_until: datetime

    @classmethod
    def at(cls, calendar: WorkCalendar, now: datetime | None = None) -> Cards:
        """The limits as they are now, or at another moment."""
        now = now or clock.now()
        today = clock.local(now).date()
        red = today
        while calendar.workdays_between(red, today) <= YELLOW_DAYS:
            red -= DAY
        return cls(now, end_of(calendar.add_workdays(today, SOON_DAYS)), end_of(red))

    def condition(self, card: Card) -> ColumnElement[bool]:
        """Open tasks that show a card."""
        due = WorkItem.due_at
        return {
            Card.SOON: and_(due >= self.now, due <= self.soon_until),
            Card.YELLOW: and_(due < self.now, due > self.red_until),
            Card.RED: due <= self.red_until,
        }[card]

    def of(self, due_at: datetime | None) -> Card | None:
        """The card of one task."""
        if due_at is None or due_at > self.soon_until:
            return None
        if due_at >= self.now:
            return Card.SOON
        return Card.RED if due_at <= self.red_until else Card.YELLOW
