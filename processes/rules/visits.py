"""第八条(六): at least ten on-site visits a year, and a written opinion on every scheme looked at."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from processes.rules.dated import IN_FORCE, Dated, Ground
from processes.rules.switches import default_choice
from processes.rules.years import DAY, add_years, months_in_service

VISITS_A_YEAR = Dated({IN_FORCE: 10}, article="第八条(六)")
"""On-site visits owed in a full year (R)."""

MONTHS_A_YEAR = 12


class VisitMode(StrEnum):
    """How a consultation was held; only `on_site` is a visit."""

    ON_SITE = "on_site"
    ONLINE = "online"
    WRITTEN = "written"


class RecordStatus(StrEnum):
    """Where the record of a visit stands; only `confirmed` by the district counts."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class Prorate(StrEnum):
    """Whether part of a year owes fewer visits (switch `visits.prorate`)."""

    PRORATE = "prorate"
    FULL = "full"


class Dedupe(StrEnum):
    """What one visit is (switch `visits.dedupe`)."""

    DATE_UNIT = "date_unit"
    RECORD = "record"


class VisitYear(StrEnum):
    """Which year «每年» is (switch `visits.year`)."""

    CALENDAR = "calendar"
    SERVICE = "service"


DEFAULT_YEAR = VisitYear(default_choice("visits.year"))
DEFAULT_PRORATE = Prorate(default_choice("visits.prorate"))
DEFAULT_DEDUPE = Dedupe(default_choice("visits.dedupe"))


@dataclass(frozen=True)
class Service:
    """The days a planner is in office, both included; no end while the end is open."""

    start: date
    end: date | None = None

    def covers(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day <= self.end)


@dataclass(frozen=True)
class Visit:
    """A consultation record: its first day, the unit served, schemes looked at and opinions written.

    `mode` and `status` are kept as written: what is not on site and confirmed does not count, whatever it is called.
    """

    day: date
    unit: str
    mode: str
    status: str
    schemes: int = 0
    opinions: int = 0

    @property
    def counts(self) -> bool:
        return self.mode == VisitMode.ON_SITE and self.status == RecordStatus.CONFIRMED


@dataclass(frozen=True)
class VisitCount:
    """Visits made and owed in a year; too few visits are no ground of dismissal (第十五条)."""

    count: int
    target: int
    met: bool
    shortfall: int
    missing_opinions: int
    by_unit: tuple[tuple[str, int], ...] = ()
    ground: Ground = field(default=VISITS_A_YEAR.ground)


def visit_target(months: int, prorate: Prorate = DEFAULT_PRORATE, on: date | None = None) -> int:
    """Visits owed for `months` in service, a fraction counting as one (ten a year R; part of a year D).

    >>> [visit_target(months) for months in (12, 11, 6, 0)]
    [10, 10, 5, 0]
    """
    if not 0 <= months <= MONTHS_A_YEAR:
        raise ValueError("a year has twelve months")
    full = VISITS_A_YEAR.on(on)
    return full if prorate is Prorate.FULL else -(-full * months // MONTHS_A_YEAR)


def count_visits(
    visits: Iterable[Visit],
    service: Service,
    year: int,
    prorate: Prorate = DEFAULT_PRORATE,
    dedupe: Dedupe = DEFAULT_DEDUPE,
    year_mode: VisitYear = DEFAULT_YEAR,
) -> VisitCount:
    """Count a planner's confirmed on-site visits of a year against the target (R; which year, one a day and unit D).

    A year of service is named after the calendar year in which it begins.

    Opinions are owed for every counted record, also for those merged into one visit.
    """
    first, last = _year(service, year, year_mode)
    counted = [one for one in visits if one.counts and first <= one.day <= last and service.covers(one.day)]
    trips: dict[Hashable, str] = {
        (one.day, one.unit) if dedupe is Dedupe.DATE_UNIT else number: one.unit for number, one in enumerate(counted)
    }
    units = sorted(set(trips.values()))
    target = visit_target(_months(service, first, last), prorate, last)
    return VisitCount(
        count=len(trips),
        target=target,
        met=len(trips) >= target,
        shortfall=max(0, target - len(trips)),
        missing_opinions=sum(max(0, one.schemes - one.opinions) for one in counted),
        by_unit=tuple((unit, list(trips.values()).count(unit)) for unit in units),
    )


def _year(service: Service, year: int, mode: VisitYear) -> tuple[date, date]:
    """First and last day of the year that is looked at."""
    if mode is VisitYear.CALENDAR:
        return date(year, 1, 1), date(year, 12, 31)
    first = add_years(service.start, year - service.start.year)
    return first, add_years(first, 1) - DAY


def _months(service: Service, first: date, last: date) -> int:
    """R05: months whose 15th lies in the year and in service."""
    until = last if service.end is None else min(last, service.end)
    years = range(first.year, last.year + 1)
    return sum(months_in_service(max(first, service.start), until, each) for each in years)


def visits_expected(service: Service, year: int, as_of: date) -> int:
    """Visits due by a day if they are spread evenly over the months in service, a fraction counting as one (pace, D).

    >>> [visits_expected(Service(date(2025, 1, 20)), 2026, day) for day in (date(2026, 3, 31), date(2026, 9, 30))]
    [3, 8]
    """
    until = as_of if service.end is None else min(as_of, service.end)
    return visit_target(months_in_service(service.start, until, year), on=as_of)
