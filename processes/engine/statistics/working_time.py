"""Working time: how long something lay on desks, in working days of the city's calendar (调休 included)."""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta

from processes import clock
from processes.rules.workdays import WorkCalendar
from processes.rules.years import DAY

WHOLE_DAY = timedelta(days=1).total_seconds()


class WorkingTime:
    """Measures between moments; a working day counts as one from midnight to midnight, any other day as none.

    Built for one range of days, so that each measurement is two look-ups however far the moments are apart. The city's
    clocks have not been set forward or back since 1991: a moment is found by what has passed since one midnight.
    """

    def __init__(self, calendar: WorkCalendar, first: date, last: date) -> None:
        self._calendar = calendar
        self._first = first
        self._midnight = datetime.combine(first, time.min, clock.CITY).astimezone(UTC)
        self._before = [0]
        for number in range((last - first).days + 1):
            self._before.append(self._before[-1] + calendar.is_workday(first + number * DAY))

    @classmethod
    def around(cls, calendar: WorkCalendar, first: datetime, last: datetime) -> WorkingTime:
        """For moments between two, in any order."""
        low, high = min(first, last), max(first, last)
        return cls(calendar, clock.local(low).date(), clock.local(high).date())

    def between(self, start: datetime, end: datetime) -> float:
        """Working days from a moment to a later one; 0 where it is not later."""
        return max(0.0, self._place(end) - self._place(start))

    def after(self, start: datetime, workdays: float) -> datetime:
        """The moment so many working days after another; days are added to the calendar as far as it takes."""
        wanted = self._place(start) + workdays
        while self._before[-1] < wanted:
            self._before.append(self._before[-1] + self._calendar.is_workday(self._day(len(self._before) - 1)))
        whole = max(bisect_left(self._before, wanted) - 1, 0)
        rest = timedelta(seconds=(wanted - self._before[whole]) * WHOLE_DAY)
        return max(start, datetime.combine(self._day(whole), time.min, clock.CITY) + rest)

    def day_of(self, moment: datetime) -> date:
        """The day of a moment in the city."""
        return self._day((moment - self._midnight).days)

    def _day(self, number: int) -> date:
        return self._first + number * DAY

    def _place(self, moment: datetime) -> float:
        since = moment - self._midnight
        number = since.days
        if number < 0:
            return 0.0
        while len(self._before) <= number + 1:
            self._before.append(self._before[-1] + self._calendar.is_workday(self._day(len(self._before) - 1)))
        worked = self._before[number + 1] - self._before[number]
        return self._before[number] + worked * (since.seconds + since.microseconds / 1e6) / WHOLE_DAY
