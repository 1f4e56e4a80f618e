"""The service units by name, as the desk's own list of units has them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from processes.identity.units import UNITS_FILE


@cache
def _listed() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(UNITS_FILE.read_text(encoding="utf-8"))
    return sorted(found, key=lambda row: row["place"])


@cache
def short_names() -> Mapping[str, str]:
    """Short name by unit."""
    return {row["id"]: row["short_name"] for row in _listed()}


def follower(unit: str) -> str:
    """The unit that follows one that is abolished."""
    return next((row["successor"] or "" for row in _listed() if row["id"] == unit), "")


def units_named_in(text: str) -> list[str]:
    """The units whose names a sentence says, in the order in which it says them."""
    found = [(text.index(name), -len(name), unit) for unit, name in short_names().items() if name in text]
    return [unit for _, _, unit in sorted(found)]


def units_served_throughout(year: int) -> list[str]:
    """The units served from the first day of a year to its last: one that is dissolved in it invites nobody after."""
    last = set(units_served(date(year, 12, 31)))
    return [unit for unit in units_served(date(year, 1, 1)) if unit in last]


def units_served(day: date) -> list[str]:
    """The units served on a day, in the order of lists."""
    on = day.isoformat()
    return [row["id"] for row in _listed() if (row["valid_from"] or on) <= on <= (row["valid_to"] or on)]
