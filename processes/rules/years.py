"""Years counted from a day: anniversaries, full years, periods of a year (the text gives no way of counting, D)."""

from __future__ import annotations

from datetime import date, timedelta

DAY = timedelta(days=1)


def add_years(day: date, years: int) -> date:
    """The same day of another year; 29 February becomes 28 February where the year has none.

    >>> add_years(date(2024, 2, 29), 1), add_years(date(2024, 2, 29), 4)
    (datetime.date(2025, 2, 28), datetime.date(2028, 2, 29))
    """
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        if (day.month, day.day) != (2, 29):
            raise
        return day.replace(year=day.year + years, day=28)


def within_one_year(first: date, last: date) -> bool:
    """Whether two days lie in one year: the anniversary itself is the first day outside.

    >>> within_one_year(date(2026, 3, 10), date(2027, 3, 9)), within_one_year(date(2026, 3, 10), date(2027, 3, 10))
    (True, False)
    """
    return add_years(first, 1) > last


def year_of_service(start: date, day: date) -> int:
    """Which year since `start` a day lies in, the first being 0; days before `start` are negative.

    >>> year_of_service(date(2025, 1, 20), date(2026, 1, 19)), year_of_service(date(2025, 1, 20), date(2026, 1, 20))
    (0, 1)
    """
    years = day.year - start.year
    return years - 1 if add_years(start, years) > day else years


def full_years(start: date, through: date, suspended_days: int = 0) -> int:
    """Whole years served from `start` through a day, both included, less the days suspended (第十四条(一)(二), D).

    Units: days and years. A service that has not begun gives 0.

    >>> full_years(date(2026, 3, 1), date(2027, 2, 28)), full_years(date(2024, 2, 29), date(2025, 2, 26))
    (1, 0)
    """
    if suspended_days < 0:
        raise ValueError("suspended days cannot be negative")
    reached = through + DAY - timedelta(days=suspended_days)
    return max(0, year_of_service(start, reached))


def months_in_service(start: date, end: date | None, year: int) -> int:
    """Months of a calendar year whose 15th lies in service, both end days included (第八条(六), D).

    >>> months_in_service(date(2026, 1, 15), None, 2026), months_in_service(date(2026, 1, 16), None, 2026)
    (12, 11)
    """
    middles = (date(year, month, 15) for month in range(1, 13))
    return sum(start <= middle and (end is None or middle <= end) for middle in middles)
