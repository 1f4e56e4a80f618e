"""What a switch may be set to: one of some readings, a number, parts of a whole, a list, a reading for each key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

Setting = str | int | tuple[str, ...] | Mapping[str, int] | Mapping[str, str]
"""The value of a switch: a reading, a number, a list, numbers by part, or readings by key."""


@dataclass(frozen=True)
class Choice:
    """One reading of an open question, with its wording for the screen."""

    value: str
    zh: str
    en: str


class Unit(StrEnum):
    """What a number of a switch counts."""

    WORKDAYS = "workdays"
    DAY_OF_MONTH = "day_of_month"
    MONTHS = "months"
    YEARS = "years"
    TERMS = "terms"
    SERVICE_UNITS = "service_units"
    PERCENT = "percent"


@dataclass(frozen=True)
class OneOf:
    """A question with named readings."""

    choices: tuple[Choice, ...]

    def accepts(self, value: object) -> bool:
        return isinstance(value, str) and value in {choice.value for choice in self.choices}


@dataclass(frozen=True)
class Span:
    """A whole number, both ends allowed."""

    low: int
    high: int
    unit: Unit

    def accepts(self, value: object) -> bool:
        return type(value) is int and self.low <= value <= self.high


@dataclass(frozen=True)
class Parts:
    """Several numbers of one span, by name; they add up to `total` where there is one."""

    names: tuple[str, ...]
    each: Span
    total: int | None = None

    def accepts(self, value: object) -> bool:
        if not isinstance(value, Mapping) or set(value) != set(self.names):
            return False
        return all(map(self.each.accepts, value.values())) and self.total in (None, sum(value.values()))


@dataclass(frozen=True)
class Entries:
    """A list that the bureaus extend; every entry is a name, none twice."""

    at_least: int = 1

    def accepts(self, value: object) -> bool:
        if not isinstance(value, tuple | list) or len(value) < self.at_least:
            return False
        names = [entry for entry in value if isinstance(entry, str) and entry.strip()]
        return len(set(names)) == len(value)


@dataclass(frozen=True)
class PerKey:
    """A reading for each key, such as an item of 第十五条."""

    keys: tuple[str, ...]
    each: OneOf

    def accepts(self, value: object) -> bool:
        return (
            isinstance(value, Mapping) and set(value) == set(self.keys) and all(map(self.each.accepts, value.values()))
        )


@dataclass(frozen=True)
class Switch:
    """A place where the text is silent or open; both bureaus settle the reading (第十六条) and the desk obeys it.

    `locked` marks a reading that the text itself settles: it is shown with the others but cannot be changed.
    """

    code: str
    article: str
    question_zh: str
    question_en: str
    options: OneOf | Span | Parts | Entries | PerKey
    default: Setting
    locked: bool = False

    def accepts(self, value: object) -> bool:
        """Whether the switch may be set to `value`; a locked one only to its default."""
        return self.options.accepts(value) and (not self.locked or value == self.default)
