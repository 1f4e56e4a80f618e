"""Values and grounds that carry the article they come from and the day from which they hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

Value = TypeVar("Value")

IN_FORCE = date.min
"""First day of the present text: open until an installation records it, since the source bears no date (第十七条)."""


@dataclass(frozen=True)
class Ground:
    """The article on which a decision rests; `regulation` is False where the text is silent and a reading chosen."""

    article: str
    regulation: bool = True

    def __str__(self) -> str:
        return self.article


class Dated(Generic[Value]):
    """A legal value by the day from which it holds.

    >>> share = Dated({date(2014, 1, 1): 20, date(2026, 1, 1): 30}, article="第十四条")
    >>> share.on(date(2025, 12, 31)), share.on(date(2026, 1, 1)), share.on()
    (20, 30, 30)
    """

    def __init__(self, by_day: Mapping[date, Value], article: str, *, regulation: bool = True) -> None:
        if not by_day:
            raise ValueError("a dated value needs at least one day")
        self._by_day = dict(sorted(by_day.items()))
        self.ground = Ground(article, regulation)

    def on(self, day: date | None = None) -> Value:
        """The value in force on `day`, or as the text stands last; `LookupError` before the first day."""
        found = [value for start, value in self._by_day.items() if day is None or start <= day]
        if not found:
            raise LookupError(f"no value of {self.ground} was in force on {day}")
        return found[-1]

    def amended(self, start: date, value: Value) -> Dated[Value]:
        """The same value with a change that holds from `start`; what held before stays as it was."""
        return Dated({**self._by_day, start: value}, self.ground.article, regulation=self.ground.regulation)
