"""Figures: what was measured of one scenario, beside the floors of the same run."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

COMMIT, REQUEST, READ = "insert and commit", "empty request", "reading the file"
WORK, LISTS, RACES, TIMERS, CHECKS = "work", "lists", "races", "timers", "checks"


def middle(values: Sequence[float]) -> float:
    """The median; nothing measured is nothing."""
    return statistics.median(values) if values else 0.0


def p95(values: Sequence[float]) -> float:
    """The value that 95 of 100 do not exceed.

    >>> p95([5.0, 1.0, 2.0, 4.0, 3.0])
    5.0
    """
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * 0.95) - 1)] if ordered else 0.0


@dataclass(frozen=True)
class Counts:
    """What one run costs the database, counted and not timed."""

    statements: int = 0
    commits: int = 0
    written_bytes: int = 0
    """Growth of the write-ahead log."""


@dataclass(frozen=True)
class Figure:
    """One scenario on one database: its times, its cost, and the floor under it."""

    scenario: str
    database: str
    taken: Sequence[float]
    """Milliseconds of each run."""
    floor: str
    """`COMMIT`, `REQUEST` or `READ`: what the ratio is reckoned in."""
    floors: Sequence[float]
    """Milliseconds of the floor, measured between the runs."""
    requests: Sequence[float] = ()
    """Milliseconds of an empty request, where the scenario goes through HTTP."""
    counts: Counts | None = None
    cpu_ms: float | None = None
    """Processor time of one run, in the process that does the work."""
    more: dict[str, Any] = field(default_factory=dict)
    """What this scenario alone has: lost, doubled, per second …"""
    kind: str = WORK
    """The table in which it is shown: `WORK`, `LISTS`, `RACES`, `TIMERS` or `CHECKS`."""

    @property
    def ratio(self) -> float:
        """How many floors the median run is worth."""
        return middle(self.taken) / max(middle(self.floors), 1e-6)

    def as_json(self) -> dict[str, Any]:
        """As `bench --json` prints it."""
        found: dict[str, Any] = {
            "scenario": self.scenario,
            "database": self.database,
            "n": len(self.taken),
            "median_ms": round(middle(self.taken), 3),
            "p95_ms": round(p95(self.taken), 3),
            "max_ms": round(max(self.taken, default=0.0), 3),
            "floor": self.floor,
            "floor_ms": round(middle(self.floors), 3),
            "ratio": round(self.ratio, 2),
        }
        if self.requests:
            found["request_ms"] = round(middle(self.requests), 3)
            found["request_ratio"] = round(middle(self.taken) / max(middle(self.requests), 1e-6), 2)
        if self.counts is not None:
            found |= vars(self.counts)
        if self.cpu_ms is not None:
            found["cpu_ms"] = round(self.cpu_ms, 2)
        return found | self.more
