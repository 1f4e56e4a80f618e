"""The governments and bureaus of the units, as letters name them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy.orm import Session

from processes.errors import NotFound
from processes.identity.models import Organization, Unit
from processes.identity.routing import office_of
from processes.identity.units import units_on
from processes.messages import message


def unit_of(session: Session, unit_id: str) -> Unit:
    """The unit, or `NotFound`."""
    found = session.get(Unit, unit_id)
    if found is None:
        raise NotFound(message("未找到该区县。"))
    return found


def government_of(session: Session, unit_id: str) -> Organization:
    """The government of a unit: letters go to it, never to the bureau (第六条(四))."""
    return _party(session, unit_id, "district_government")


def bureau_of(session: Session, unit_id: str) -> Organization:
    """The planning bureau of a unit."""
    return _party(session, unit_id, "district_bureau")


def addressees(session: Session, units: Iterable[Unit], day: date) -> str:
    """The governments of many units as one line of a notice; all of them have a common name."""
    wanted = {unit.id: unit for unit in units}
    if set(wanted) < {unit.id for unit in units_on(session, day)}:
        return "、".join(government_of(session, unit_id).name for unit_id in wanted)
    zones = [government_of(session, unit.id).name for unit in wanted.values() if unit.kind == "开发区"]
    return "，".join(["各区县（自治县）人民政府", *(["、".join(zones)] if zones else [])])


def _party(session: Session, unit_id: str, kind: str) -> Organization:
    found = office_of(session, kind, unit_id)
    if found is None:
        raise NotFound(message("“%(unit)s”没有登记相应的机构。", unit=unit_of(session, unit_id).name))
    return found
