"""Columns that many registers show alike."""

from __future__ import annotations

from typing import Any

from processes.forms.wording import Wording
from processes.identity.models import Person, Unit
from processes.registers.listing import Column, Kind


def column(key: str, zh: str, en: str, expression: Any, kind: Kind = "text", **more: Any) -> Column:
    """A column with its title in both languages."""
    return Column(key, Wording(zh, en), kind, expression, **more)


def id_column(key: str, expression: Any) -> Column:
    """A key for links and filters, not drawn."""
    return Column(key, Wording(key), "id", expression)


def ids(model: Any, *names: str) -> tuple[Column, ...]:
    """Several keys of one table, each under the name of its column."""
    return tuple(id_column(name, getattr(model, name)) for name in names)


def planner_column() -> Column:
    """The planner whom the row is about."""
    return column("name", "首席规划师", "Planner", Person.name, search=True)


def readings_column(expression: Any) -> Column:
    """The version of the switches with which the row was computed (第十六条)."""
    return column("readings_version", "口径版本", "Version of the switches", expression, "number")


def status_column(expression: Any, words: dict[str, Wording]) -> Column:
    """How the record stands."""
    return column("status", "状态", "Status", expression, "status", words=words)


def unit_columns(unit_id: Any = Unit.id) -> tuple[Column, Column]:
    """The unit served, by the column that names it in the register's own table."""
    return id_column("unit_id", unit_id), column("unit", "区县", "District", Unit.name, search=True)
