"""Who may read which register: those who run the procedure read all rows, a district those of its own unit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from processes.errors import Invalid, NotAllowed
from processes.identity.actor import Actor
from processes.messages import message
from processes.registers.catalogue import REGISTERS, register
from processes.registers.listing import Column, Register

READS_ALL = (
    *("city_bureau.clerk", "city_bureau.section", "city_bureau.leader", "city_bureau.finance"),
    *("hr_bureau.clerk", "hr_bureau.leader", "manager", "process_owner", "auditor"),
)
READS_OWN = (
    *("district_government.clerk", "district_government.leader"),
    *("district_bureau.clerk", "district_bureau.leader", "district_bureau.finance"),
)
FOR_DISTRICTS = ("needs", "posts", "letters", "appointments")
"""Registers with rows of a unit that its own government and bureau may read; candidates are not among them."""
READS_UNITS = ("administrator",)
"""Who reads the units that are served, and nothing about cases."""
FOR_ADMINISTRATORS = ("units",)
READS_SOME = (*READS_ALL, *READS_OWN, *READS_UNITS)
"""Who may open any register at all."""
UNIT = "unit_id"


def readable_registers(actor: Actor) -> list[Register]:
    """The registers that the actor may open."""
    return [each for each in REGISTERS.values() if _may_open(actor, each)]


def _may_open(actor: Actor, found: Register) -> bool:
    if actor.has(*READS_ALL) or (actor.has(*READS_UNITS) and found.name in FOR_ADMINISTRATORS):
        return True
    return actor.has(*READS_OWN) and found.name in FOR_DISTRICTS


def is_narrow(actor: Actor, found: Register) -> bool:
    """Whether the actor reads the rows of the own unit alone."""
    return not actor.has(*READS_ALL) and found.name in FOR_DISTRICTS


def readable_register(actor: Actor, name: str) -> Register:
    """A register that the actor may open, `NotAllowed` or `NotFound`."""
    found = register(name)
    if not _may_open(actor, found):
        raise NotAllowed(message("您的岗位不能查阅“%(title)s”。", title=found.title.zh))
    return found


def read(
    session: Session,
    actor: Actor,
    name: str,
    *,
    search: str = "",
    filters: Mapping[str, str] | None = None,
    sort: str = "",
    offset: int = 0,
    limit: int = 50,
) -> tuple[list[dict[str, Any]], int]:
    """Rows that the actor may read and how many there are; filters are texts as they came, by column."""
    found = readable_register(actor, name)
    wanted = _wanted(actor, found, filters or {})
    return found.listing(session, search=search, filters=wanted, sort=sort, offset=offset, limit=limit)


def _wanted(actor: Actor, found: Register, filters: Mapping[str, str]) -> dict[str, Any]:
    """The filters as the columns hold them; whoever reads the own unit alone gets no other."""
    wanted = {key: _value(found.column(key), text) for key, text in filters.items()}
    if is_narrow(actor, found):
        own = actor.units(*READS_OWN)
        asked = wanted.get(UNIT)
        wanted[UNIT] = sorted(own if asked is None else own & {asked})
    return wanted


def _value(column: Column, text: str) -> Any:
    """A filter as the column holds it."""
    try:
        kind = column.expression.type.python_type
        return _READERS[kind](text)
    except (KeyError, NotImplementedError, ValueError) as cause:
        problem = message("不能按“%(title)s”筛选此值。", title=column.title.zh)
        raise Invalid(problem, {column.key: problem}) from cause


def _truth(text: str) -> bool:
    return {"1": True, "true": True, "0": False, "false": False}[text.lower()]


def _whole(text: str) -> int:
    if len(text) > 15:
        raise ValueError(text)
    return int(text)


_READERS: Mapping[type, Any] = {str: str, UUID: UUID, int: _whole, bool: _truth, date: date.fromisoformat}
