"""What is said of many durations: how many, the middle one, the ninetieth of a hundred, how many were late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True)
class Measure:
    """Durations in working days; without any, nothing is said of them."""

    n: int
    median: float | None
    p90: float | None
    late: int = 0
    """How many were done past their day."""
    dated: int = 0
    """How many had a day to be done by."""

    @property
    def late_share(self) -> float | None:
        """The part of those with a due day that were late, between 0 and 1."""
        return self.late / self.dated if self.dated else None


def measure(durations: Sequence[float], late: int = 0, dated: int = 0) -> Measure:
    """The figures of some durations.

    >>> measure([1.0, 2.0, 10.0])
    Measure(n=3, median=2.0, p90=10.0, late=0, dated=0)
    """
    found = sorted(durations)
    return Measure(len(found), quantile(found, 0.5), quantile(found, 0.9), late, dated)


def quantile(ordered: Sequence[float], part: float) -> float | None:
    """The smallest value that at least this part of the values do not exceed (nearest rank); None of no values.

    >>> quantile([1.0, 2.0, 3.0, 4.0], 0.5), quantile([], 0.5)
    (2.0, None)
    """
    if not ordered:
        return None
    return ordered[max(ceil(part * len(ordered)) - 1, 0)]
