"""When a timer is due: ISO 8601 texts and values, reckoned on the city's calendar and kept in UTC."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from processes.clock import CITY
from processes.errors import Invalid
from processes.messages import message

_DURATION = re.compile(
    r"P(?:(?P<years>\d{1,4})Y)?(?:(?P<months>\d{1,4})M)?(?:(?P<weeks>\d{1,5})W)?(?:(?P<days>\d{1,6})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,7})H)?(?:(?P<minutes>\d{1,8})M)?(?:(?P<seconds>\d{1,9}(?:[.,]\d{1,6})?)S)?)?",
    re.ASCII | re.IGNORECASE,
)
_LITERAL = re.compile(r"(?:P(?=[\dT])|R\d*/|\d{4}-\d{2}-\d{2}(?:$|T))[\w:.,/+-]*", re.ASCII | re.IGNORECASE)
SHORTEST_CYCLE = timedelta(seconds=1)
MOST_MADE_UP = 100
"""Rounds of a repeated timer; of more, those that were missed count as one."""


def is_literal(text: str) -> bool:
    """Whether a timer's text is ISO 8601 itself and not an expression."""
    return bool(_LITERAL.fullmatch(text.strip()))


@dataclass(frozen=True)
class Span:
    """A length of time; months are calendar months."""

    months: int
    rest: timedelta

    def after(self, moment: datetime, times: int = 1) -> datetime:
        """The moment `times` spans later, at the same time of the day in the city."""
        here = moment.astimezone(CITY)
        months = here.year * 12 + here.month - 1 + self.months * times
        year, month = divmod(months, 12)
        if year > 9000:
            raise Invalid(message("定时器的时长过长。"))
        here = here.replace(year=year, month=month + 1, day=min(here.day, monthrange(year, month + 1)[1]))
        return here.astimezone(UTC) + self.rest * times


def span(value: Any) -> Span:
    """A duration: `P1Y2M3W4DT5H6M7S` or a timedelta; never negative."""
    if isinstance(value, timedelta):
        if value < timedelta(0):
            raise Invalid(message("定时器的时长不能为负。"))
        return Span(0, value)
    found = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None or not any(found.groups()):
        raise Invalid(message("“%(value)s”不是有效的时长，请写成 P3D、PT1H 一类的形式。", value=value))
    part = {name: float((text or "0").replace(",", ".")) for name, text in found.groupdict().items()}
    rest = timedelta(**{name: part[name] for name in ("weeks", "days", "hours", "minutes", "seconds")})
    return Span(int(part["years"]) * 12 + int(part["months"]), rest)


def moment(value: Any) -> datetime:
    """A point in time in UTC; without an offset it is the city's, and a day means its beginning."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError as cause:
            text = message("“%(value)s”不是有效的日期时间，请写成 2026-03-01T09:00:00+08:00 一类的形式。", value=value)
            raise Invalid(text) from cause
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time(), CITY)
    if not isinstance(value, datetime):
        raise Invalid(message("定时器需要日期时间，得到的是 %(type)s。", type=type(value).__name__))
    return (value if value.tzinfo else value.replace(tzinfo=CITY)).astimezone(UTC)


@dataclass(frozen=True)
class Cycle:
    """A repeated timer: first due, the span between two, and how many are left (-1: without end)."""

    due: datetime
    every: str
    left: int

    def following(self, now: datetime) -> Cycle | None:
        """The cycle after it has fired; None when it is used up.

        Missed rounds are made up for where the diagram says how many there are; else all due by `now` have been one.
        """
        length, due, count = span(self.every), self.due, 1
        if 0 <= self.left <= MOST_MADE_UP:
            due = length.after(self.due)
        elif not length.months:
            count = max(1, (now - self.due) // length.rest + 1)
            due = length.after(self.due, count)
        else:
            due = length.after(self.due)
            while due <= now:
                count += 1
                due = length.after(self.due, count)
        left = self.left if self.left < 0 else self.left - count
        return None if self.left >= 0 and left <= 0 else Cycle(due, self.every, left)


def cycle(value: Any, now: datetime) -> Cycle:
    """A cycle: `R3/PT1H`, `R/2026-01-01T00:00:00+08:00/P1M`; the first is one span from now where no start is given."""
    parts = value.strip().split("/") if isinstance(value, str) else []
    if len(parts) not in (2, 3) or not re.fullmatch(r"R\d{0,6}", parts[0], re.IGNORECASE | re.ASCII):
        raise Invalid(message("“%(value)s”不是有效的周期，请写成 R3/PT24H 一类的形式。", value=value))
    every = parts[-1]
    length = span(every)
    if not length.months and length.rest < SHORTEST_CYCLE:
        raise Invalid(message("周期定时器的间隔不能短于一秒。"))
    due = moment(parts[1]) if len(parts) == 3 else length.after(now)
    return Cycle(due, every, int(parts[0][1:]) if parts[0][1:] else -1)
