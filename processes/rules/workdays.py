"""Working days: weekends, published days off, make-up days (调休), counted as 民法典 第二百零一、二百零三条 do (D)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from processes.rules.years import DAY

SATURDAY = 5


@dataclass(frozen=True)
class WorkCalendar:
    """Which days are worked; a make-up day wins over a day off, a year not yet published has plain weekends.

    >>> autumn = WorkCalendar(frozenset({date(2026, 10, 1), date(2026, 10, 2)}), frozenset({date(2026, 10, 10)}))
    >>> autumn.is_workday(date(2026, 10, 1)), autumn.is_workday(date(2026, 10, 10))
    (False, True)
    """

    days_off: frozenset[date] = frozenset()
    make_up_workdays: frozenset[date] = frozenset()
    published_years: frozenset[int] = frozenset()

    def covers(self, year: int) -> bool:
        """Whether the holidays of a year are published; if not, a deadline in it may still move in people's diaries."""
        return year in self.published_years

    def is_workday(self, day: date) -> bool:
        """Whether offices are open on a day."""
        if day in self.make_up_workdays:
            return True
        return day.weekday() < SATURDAY and day not in self.days_off

    def add_workdays(self, day: date, count: int) -> date:
        """The day `count` working days after `day`, which is not counted itself; before it if `count` is negative.

        >>> WorkCalendar().add_workdays(date(2026, 11, 20), 1), WorkCalendar().add_workdays(date(2026, 11, 23), -1)
        (datetime.date(2026, 11, 23), datetime.date(2026, 11, 20))
        """
        step = DAY if count > 0 else -DAY
        left = abs(count)
        while left:
            day += step
            left -= self.is_workday(day)
        return day

    def workdays_between(self, first: date, last: date) -> int:
        """Working days after `first` up to and with `last`; 0 if `last` is not later.

        >>> WorkCalendar().workdays_between(date(2026, 11, 20), date(2026, 11, 23))
        1
        """
        return sum(self.is_workday(date.fromordinal(n)) for n in range(first.toordinal() + 1, last.toordinal() + 1))

    def roll_forward(self, day: date) -> date:
        """The day itself if it is worked, otherwise the next working day.

        >>> WorkCalendar().roll_forward(date(2027, 1, 10))
        datetime.date(2027, 1, 11)
        """
        while not self.is_workday(day):
            day += DAY
        return day


PLAIN_WEEKENDS = WorkCalendar()
"""The calendar of a year for which nothing has been published."""
