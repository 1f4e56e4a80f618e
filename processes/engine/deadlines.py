"""When a task is due, when people are reminded of it and when it is told to others: reckoned once, then stored."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from processes import clock
from processes.engine.spiff import timing
from processes.errors import Invalid
from processes.messages import message
from processes.rules.workdays import WorkCalendar

WORKDAYS = re.compile(r"(\d{1,3})\s*wd", re.ASCII | re.IGNORECASE)
OFFSET = re.compile(r"([+-]?\d{1,3})\s*(wd|d)?", re.ASCII | re.IGNORECASE)
END_OF_DAY = time(23, 59, 59)
OFFICE_OPENS = time(9)
"""Reminders go out when offices open."""


@dataclass(frozen=True)
class Offset:
    """Days before (negative) or after the due day."""

    count: int
    workdays: bool

    @property
    def text(self) -> str:
        return f"{self.count:+d}{'wd' if self.workdays else 'd'}"


def due_moment(text: str, now: datetime, calendar: WorkCalendar, work_out: Callable[[str], Any]) -> datetime | None:
    """The end of the due day: from `10wd`, from an ISO duration, or from an expression giving a day or a moment."""
    text = text.strip()
    if not text:
        return None
    counted = WORKDAYS.fullmatch(text)
    if counted:
        return end_of(calendar.add_workdays(clock.local(now).date(), int(counted[1])))
    value = text if timing.is_literal(text) else work_out(text)
    if value in (None, ""):
        return None
    if isinstance(value, timedelta) or (isinstance(value, str) and value.upper().startswith("P")):
        return timing.span(value).after(now)
    if isinstance(value, str) and (counted := WORKDAYS.fullmatch(value.strip())):
        return end_of(calendar.add_workdays(clock.local(now).date(), int(counted[1])))
    if isinstance(value, str) and len(value.strip()) == 10:
        value = date.fromisoformat(value.strip())
    if isinstance(value, date) and not isinstance(value, datetime):
        return end_of(value)
    return timing.moment(value)


def end_of(day: date) -> datetime:
    """The last second of a day in the city; the due day itself is in time."""
    return datetime.combine(day, END_OF_DAY, clock.CITY)


def reminders(text: str) -> list[Offset]:
    """The offsets of a comma list such as `-3wd, 0wd, +3wd`."""
    return [offset(part) for part in text.replace("，", ",").split(",") if part.strip()]


def escalations(text: str) -> list[tuple[str, Offset]]:
    """Posts and offsets of a comma list such as `city_bureau.leader@+5wd`; without an offset, the due day."""
    found = []
    for part in text.replace("，", ",").split(","):
        role, _, when = part.strip().partition("@")
        if role:
            found.append((role.strip(), offset(when or "0wd")))
    return found


def offset(text: str) -> Offset:
    """One offset; `Invalid` if it is none."""
    found = OFFSET.fullmatch(text.strip())
    if found is None:
        raise Invalid(message("“%(text)s”不是有效的提醒时间，请写成 -3wd、0wd、+3wd 一类的形式。", text=text))
    return Offset(int(found[1]), (found[2] or "wd").lower() == "wd")


def offset_moment(due: datetime, by: Offset, calendar: WorkCalendar) -> datetime:
    """The morning of the day an offset names; after the due day it is the morning after which it is late."""
    day = clock.local(due).date()
    day = calendar.add_workdays(day, by.count) if by.workdays else day + timedelta(days=by.count)
    return datetime.combine(day, OFFICE_OPENS, clock.CITY)
