"""Reading the input of a rule vector: plain JSON in, typed values out, `VectorError` for what cannot be read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum
from typing import TypeVar

from processes.rules.workdays import WorkCalendar

CITY_TIME = timezone(timedelta(hours=8))

Member = TypeVar("Member", bound=StrEnum)


class VectorError(ValueError):
    """The input of a vector lacks something or holds something of the wrong kind."""


class VectorInput:
    """One JSON object of a vector; a name that is absent or null takes the default, where there is one."""

    def __init__(self, source: object) -> None:
        if not isinstance(source, Mapping):
            raise VectorError("an input is a JSON object")
        self._source = source

    def has(self, name: str) -> bool:
        return self._source.get(name) is not None

    def names(self, name: str) -> bool:
        """Whether the name is written at all, even with null."""
        return name in self._source

    def maybe_text(self, name: str) -> str | None:
        value = self._source.get(name)
        if value is not None and not isinstance(value, str):
            raise VectorError(f"{name} is not a text")
        return value

    def text(self, name: str, default: str | None = None) -> str:
        value = self.maybe_text(name)
        if value is None:
            value = default
        if value is None:
            raise VectorError(f"{name} is missing")
        return value

    def maybe_whole(self, name: str) -> int | None:
        value = self._source.get(name)
        if value is not None and type(value) is not int:
            raise VectorError(f"{name} is not a whole number")
        return value

    def whole(self, name: str, default: int | None = None) -> int:
        value = self.maybe_whole(name)
        if value is None:
            value = default
        if value is None:
            raise VectorError(f"{name} is missing")
        return value

    def maybe_flag(self, name: str) -> bool | None:
        value = self._source.get(name)
        if value is not None and not isinstance(value, bool):
            raise VectorError(f"{name} is neither true nor false")
        return value

    def flag(self, name: str) -> bool:
        """True only where it is said; what is not said is not so."""
        return self.maybe_flag(name) or False

    def moment(self, name: str) -> datetime:
        """A moment in city time; a bare day is its midnight, one with an offset is turned to Chongqing's clocks."""
        return _moment(self.text(name))

    def maybe_day(self, name: str) -> date | None:
        return self.moment(name).date() if self.has(name) else None

    def day(self, name: str) -> date:
        return self.moment(name).date()

    def days(self, name: str) -> frozenset[date]:
        return frozenset(_moment(value).date() for value in self._list(name))

    def member(self, name: str, kind: type[Member], default: Member | None = None) -> Member:
        if default is not None and not self.has(name):
            return default
        return kind(self.text(name))

    def section(self, name: str) -> VectorInput:
        """An object inside the object; empty where there is none."""
        return VectorInput(self._source[name] if self.has(name) else {})

    def rows(self, name: str) -> list[VectorInput]:
        return [VectorInput(row) for row in self._list(name)]

    def calendar(self, default: WorkCalendar) -> WorkCalendar:
        """The calendar that the vector lists; `default` where it lists neither days off nor make-up days."""
        if not (self.names("holidays") or self.names("makeup_workdays")):
            return default
        return WorkCalendar(self.days("holidays"), self.days("makeup_workdays"))

    def _list(self, name: str) -> list[object]:
        value = self._source.get(name)
        if value is None:
            return []
        if not isinstance(value, list | tuple):
            raise VectorError(f"{name} is not a list")
        return list(value)


def _moment(value: object) -> datetime:
    if not isinstance(value, str):
        raise VectorError("a day is written as text")
    moment = datetime.fromisoformat(value.strip())
    return moment.astimezone(CITY_TIME).replace(tzinfo=None) if moment.tzinfo else moment
