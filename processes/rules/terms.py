"""第五条(三): how long a term lasts and when its end is announced; the length is not in the text."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from processes.rules.dated import Ground
from processes.rules.switches import default_number
from processes.rules.years import DAY, add_years

TERM_YEARS = default_number("term.years")
"""Years of a term (D; 第十四条(二) speaks of three)."""

REMIND_DAYS = (90, 60, 30)
"""Natural days before the last day on which the end of a term is announced (D)."""


@dataclass(frozen=True)
class Term:
    """First and last day of a term and the days of its reminders."""

    start: date
    end: date
    remind: tuple[date, ...]
    ground: Ground = field(default=Ground("第五条(三)", regulation=False))


def term(start: date, years: int = TERM_YEARS) -> Term:
    """The term that begins on a day: it ends on the day before the anniversary (第五条(三), D).

    `ValueError` for less than a year.

    >>> term(date(2024, 2, 29)).end
    datetime.date(2027, 2, 27)
    """
    if years < 1:
        raise ValueError("a term lasts a year or more")
    end = add_years(start, years) - DAY
    return Term(start, end, tuple(end - timedelta(days=days) for days in REMIND_DAYS))
