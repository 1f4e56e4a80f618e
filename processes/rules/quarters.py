"""第十二条 and 第十三条: the quarter of a record, and the days on which report and notification are due."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from processes.rules.dated import Ground
from processes.rules.switches import default_choice, default_number
from processes.rules.workdays import PLAIN_WEEKENDS, WorkCalendar
from processes.rules.years import DAY

DISTRICT_DAY = default_number("quarter.district_day")
CITY_DAY = default_number("quarter.city_day")


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter of a calendar year, 1 to 4."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if self.number not in (1, 2, 3, 4):
            raise ValueError("a year has four quarters")

    @classmethod
    def of(cls, day: date) -> Quarter:
        """The quarter a day lies in.

        >>> str(Quarter.of(date(2026, 3, 31)))
        '2026Q1'
        """
        return cls(day.year, (day.month - 1) // 3 + 1)

    @property
    def start(self) -> date:
        return date(self.year, self.number * 3 - 2, 1)

    @property
    def end(self) -> date:
        return self.next().start - DAY

    def next(self) -> Quarter:
        """The quarter after this one."""
        return Quarter(self.year + 1, 1) if self.number == 4 else Quarter(self.year, self.number + 1)

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"


@dataclass(frozen=True)
class QuarterDays:
    """A quarter with the due days of the district's report (第十二条) and the city's notification (第十三条)."""

    quarter: Quarter
    district_due: date
    city_due: date
    ground: Ground = field(default=Ground("第十二条、第十三条"))


class RecordMark(StrEnum):
    """How a record enters the quarterly reports."""

    NORMAL = "NORMAL"
    SUPPLEMENT = "SUPPLEMENT"
    REOPEN = "REOPEN"


class LateRecord(StrEnum):
    """What happens to a record entered after its report went out (switch `quarter.late_record`)."""

    SUPPLEMENT = "supplement"
    REOPEN = "reopen"


DEFAULT_LATE = LateRecord(default_choice("quarter.late_record"))


@dataclass(frozen=True)
class RecordQuarter:
    """The year and quarter a record belongs to, and the report that carries it."""

    annual_year: int
    activity_quarter: Quarter
    report_quarter: Quarter
    mark: RecordMark
    ground: Ground = field(default=Ground("第十二条", regulation=False))


def quarter_days(
    day: date,
    district_day: int = DISTRICT_DAY,
    city_day: int = CITY_DAY,
    calendar: WorkCalendar = PLAIN_WEEKENDS,
) -> QuarterDays:
    """The quarter of an activity and its due days in the month after, moved on to a working day (quarter R, days D).

    `ValueError` for a day that a month may not have (above 28).

    >>> quarter_days(date(2026, 12, 31)).district_due   # 10 January is a Sunday
    datetime.date(2027, 1, 11)
    """
    if not (1 <= district_day <= 28 and 1 <= city_day <= 28):
        raise ValueError("a due day lies between 1 and 28")
    quarter = Quarter.of(day)
    month = quarter.next().start
    return QuarterDays(
        quarter,
        calendar.roll_forward(month.replace(day=district_day)),
        calendar.roll_forward(month.replace(day=city_day)),
    )


def record_quarter(
    activity_day: date,
    entered_on: date,
    report_submitted_on: date | None = None,
    late: LateRecord = DEFAULT_LATE,
) -> RecordQuarter:
    """Where a record counts: year and quarter by the activity, the report by the day of entry (第十二条, D).

    Entered after its report went out, it is a supplement of the quarter of entry; on the very day it is still normal.

    >>> str(record_quarter(date(2026, 12, 30), date(2027, 1, 20), date(2027, 1, 8)).report_quarter)
    '2027Q1'
    """
    quarter = Quarter.of(activity_day)
    if report_submitted_on is None or entered_on <= report_submitted_on:
        return RecordQuarter(quarter.year, quarter, quarter, RecordMark.NORMAL)
    if late is LateRecord.REOPEN:
        return RecordQuarter(quarter.year, quarter, quarter, RecordMark.REOPEN)
    return RecordQuarter(quarter.year, quarter, Quarter.of(entered_on), RecordMark.SUPPLEMENT)
