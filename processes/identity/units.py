"""Service units and their history: which districts and zones are served on a day, and who follows whom (第二条).

A unit's id is ours and never changes; its division code may be withdrawn or given to another, so it is never a key.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.errors import NotFound
from processes.identity.models import Organization, Unit
from processes.identity.validity import valid_on
from processes.messages import message

UNITS_FILE = Path(__file__).with_name("units.json")
CITY_BUREAUS = {
    "city_bureau": ("重庆市规划和自然资源局", "Chongqing Planning and Natural Resources Bureau"),
    "hr_bureau": ("重庆市人力资源和社会保障局", "Chongqing Human Resources and Social Security Bureau"),
}
"""The two bureaus of the city; each is an organization of a kind of its own."""


def units_on(session: Session, day: date) -> list[Unit]:
    """The units served on a day, in the order of lists."""
    query = select(Unit).where(valid_on(Unit, day)).order_by(Unit.place, Unit.id)
    return list(session.scalars(query))


def unit(session: Session, unit_id: str) -> Unit:
    """A unit, served or not, or `NotFound`."""
    found = session.get(Unit, unit_id)
    if found is None:
        raise NotFound(message("未找到服务单元“%(unit)s”。", unit=unit_id))
    return found


def is_served(unit: Unit, day: date) -> bool:
    """Whether a unit is one on a day; its first and last days included."""
    return (unit.valid_from is None or unit.valid_from <= day) and (unit.valid_to is None or day <= unit.valid_to)


def successor(session: Session, unit: Unit, day: date) -> Unit | None:
    """The unit that stands on a day where this one stood: itself, or whoever followed it; None if nobody does."""
    met: set[str] = set()
    at: Unit | None = unit
    while at is not None and at.id not in met:
        if is_served(at, day):
            return at
        met.add(at.id)
        has_ended = at.valid_to is not None and at.valid_to < day
        at = session.get(Unit, at.successor_id) if has_ended and at.successor_id else None
    return None


def load_units(session: Session) -> int:
    """Make the units and their organizations that are missing; how many units were made.

    What an office has changed since stays as it is.
    """
    _add_missing_bureaus(session)
    known = set(session.scalars(select(Unit.id)))
    missing = [entry for entry in unit_entries() if entry["id"] not in known]
    made = {entry["id"]: _unit(entry) for entry in missing}
    session.add_all(made.values())
    session.flush()  # a successor may come later in the file than the unit it follows
    for entry in missing:
        made[entry["id"]].successor_id = entry["successor"]
    _add_missing_organizations(session)
    session.flush()
    return len(made)


@cache
def unit_entries() -> tuple[Mapping[str, Any], ...]:
    """The units as the file that comes with the desk lists them."""
    return tuple(json.loads(UNITS_FILE.read_text(encoding="utf-8")))


def _unit(entry: Mapping[str, Any]) -> Unit:
    names = ("id", "division_code", "name", "short_name", "name_en", "kind", "zone", "place", "note")
    return Unit(
        **{name: entry[name] for name in names},
        valid_from=_day(entry["valid_from"]),
        valid_to=_day(entry["valid_to"]),
        successor_id=None,
    )


def _add_missing_bureaus(session: Session) -> None:
    for kind, (name, name_en) in CITY_BUREAUS.items():
        if session.get(Organization, kind) is None:
            session.add(Organization(id=kind, kind=kind, name=name, name_en=name_en, confirmed=True))


def _add_missing_organizations(session: Session) -> None:
    known = set(session.scalars(select(Organization.id)))
    for entry in unit_entries():
        kinds = (("gov", "district_government", "government"), ("bureau", "district_bureau", "bureau"))
        for prefix, kind, part in kinds:
            organization_id = f"{prefix}:{entry['id']}"
            if organization_id not in known:
                session.add(_organization(organization_id, kind, entry, part))


def _organization(organization_id: str, kind: str, entry: Mapping[str, Any], part: str) -> Organization:
    english = {"government": "Government of %s", "bureau": "Planning and Natural Resources Bureau of %s"}
    return Organization(
        id=organization_id,
        kind=kind,
        name=entry[part]["name"],
        name_en=english[part] % entry["name_en"],
        unit_id=entry["id"],
        valid_from=_day(entry["valid_from"]),
        valid_to=_day(entry["valid_to"]),
    )


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
