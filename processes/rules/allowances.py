"""第九条(五): what a trip may cost: allowances and lodging by the standards of each day, in whole fen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from processes.rules.dated import IN_FORCE, Dated
from processes.rules.years import DAY


class Standard(StrEnum):
    """What a standard is for."""

    MEAL = "meal"
    LOCAL = "local"
    LODGING = "lodging"


Standards = Mapping[Standard, Dated[int]]
USUAL: Standards = {
    Standard.MEAL: Dated({IN_FORCE: 100_00}, "第九条(五)", regulation=False),
    Standard.LOCAL: Dated({IN_FORCE: 80_00}, "第九条(五)", regulation=False),
    Standard.LODGING: Dated({IN_FORCE: 370_00}, "第九条(五)", regulation=False),
}
"""Fen a day or night until the bureau enters its own; the text names no amount (D)."""


@dataclass(frozen=True)
class Night:
    """Some nights in a hotel from a day on, and what they cost in all, in fen."""

    first: date
    nights: int
    fen: int


def days_between(first: date, last: date) -> list[date]:
    """The days of a trip, both ends included.

    >>> len(days_between(date(2026, 3, 9), date(2026, 3, 10)))
    2
    """
    return [first + count * DAY for count in range((last - first).days + 1)]


def allowance(days: Iterable[date], standard: Dated[int], given_by_host: bool = False) -> int:
    """The allowance of some days, each by the standard of its own day; 0 where the host provided it. Units: fen.

    >>> raised = USUAL[Standard.MEAL].amended(date(2026, 3, 10), 120_00)
    >>> allowance(days_between(date(2026, 3, 9), date(2026, 3, 10)), raised)
    22000
    """
    return 0 if given_by_host else sum(standard.on(day) for day in days)


def lodging_limit(night: Night, standard: Dated[int]) -> int:
    """The most that some nights may cost, each by the standard of its own day. Units: fen."""
    return sum(standard.on(night.first + count * DAY) for count in range(night.nights))


def over_limit(nights: Sequence[Night], standard: Dated[int]) -> list[int]:
    """The places of the stays that cost more than the standard allows.

    >>> over_limit([Night(date(2026, 3, 9), 2, 740_00), Night(date(2026, 3, 11), 1, 370_01)], USUAL[Standard.LODGING])
    [1]
    """
    return [place for place, night in enumerate(nights) if night.fen > lodging_limit(night, standard)]
