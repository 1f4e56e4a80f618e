"""The events of a story: what is not said in a field of its own is read from the sentence that tells it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from processes.errors import Invalid
from processes.messages import message
from processes.rules.years import add_years
from webapp.demo.year.catalogue import follower, units_named_in, units_served_throughout
from webapp.demo.year.story import Event

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
WITH_ANOTHER = ("leave", "conflict")
"""Kinds of events in which the planner of another unit comes instead."""


def events_of(told: Mapping[str, Any]) -> Iterator[Event]:
    """The events of the parameters, oldest first."""
    for row in sorted(told.get("events", ()), key=lambda each: str(each.get("on"))):
        try:
            yield _event(row)
        except (KeyError, ValueError, TypeError) as failure:
            text = str(row.get("text") or row.get("kind") or "")
            raise Invalid(message("事件“%(text)s”无法读取：%(why)s。", text=text, why=str(failure))) from failure


def _event(row: Mapping[str, Any]) -> Event:
    units, text, kind = tuple(row.get("units") or [row["unit"]]), str(row.get("text", "")), str(row["kind"])
    said = row.get("until") or next(iter(_DAY.findall(text)), None)
    others = [unit for unit in units_named_in(text) if unit not in units]
    by = row.get("by") or (others[0] if kind in WITH_ANOTHER and others else "")
    if kind == "boundary" and not by:
        by = follower(units[0])
    asks = row.get("asks") or ("优秀" if kind == "objection" and "优秀" in text else "")
    until = date.fromisoformat(said) if said else None
    return Event(date.fromisoformat(row["on"]), kind, units, text, until, by, asks)


def letters_of(told: Mapping[str, Any]) -> dict[str, Any]:
    """What became of the consultation letters, and the units that objected and kept silent."""
    found = dict(told)
    for name in ("object", "silent"):
        key = "objects" if name == "object" else name
        if key not in found or not isinstance(found[key], str):
            named = units_named_in(str(told.get(f"{name}_story", "")))
            found[key] = named[0] if named else ""
    return found


def moved(told: Mapping[str, Any], years: int) -> dict[str, Any]:
    """The parameters so many years later; what happened to units that are served no more is left out."""
    year = int(told["case_year"]) + years
    served = set(units_served_throughout(year))
    events = [_later(each, years) for each in told.get("events", ())]
    return {
        **told,
        "case_year": year,
        "seed": int(told.get("seed", 1)) + years,
        "timeline": _later(told["timeline"], years),
        "events": [each for each in events if each["kind"] != "boundary" and each.get("unit") in served],
        "vacant_posts": [each for each in told.get("vacant_posts", ()) if each[0] in served],
    }


def _later(value: Any, years: int) -> Any:
    """Every day in a value so many years later."""
    if isinstance(value, Mapping):
        return {key: _later(each, years) for key, each in value.items()}
    if isinstance(value, list):
        return [_later(each, years) for each in value]
    if isinstance(value, str):
        return _DAY.sub(lambda found: add_years(date.fromisoformat(found[0]), years).isoformat(), value)
    return value
