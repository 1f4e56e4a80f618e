"""Who may read which register: those who run the procedure read all rows, a district those of its own unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
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
FOR_DISTRICTS = (
    *("corrections", "annual_reports", "district_views"),
    *("needs", "posts", "letters", "appointments"),
    *("activities", "attendances", "opinions", "opinion_items", "leaves"),
    *("quarter_reports", "quarter_snapshots", "planner_summaries"),
    *("surveys", "suggestions", "measures", "material_requests", "deliveries", "trainings_given"),
    *("travel_claims", "claim_lines"),
)
"""Registers with rows of a unit that its own government and bureau may read; candidates are not among them."""
READS_PERSONAL = ("planner",)
FOR_PLANNERS = (
    "attendances",
    "opinions",
    "opinion_items",
    "surveys",
    "suggestions",
    "trainings_given",
    "meeting_attendances",
    "law_readings",
    "assignments",
)
"""Registers with rows of one planner, who may read the own ones."""
NOT_FOR_PLANNERS = ("quality",)
"""Columns that a planner does not see: the rating of the opinions is told with the result of the year."""
READS_UNITS = ("administrator",)
"""Who reads the units that are served, and nothing about cases."""
FOR_ADMINISTRATORS = ("units",)
READS_SOME = (*READS_ALL, *READS_OWN, *READS_PERSONAL, *READS_UNITS)
"""Who may open any register at all."""
UNIT, PERSON = "unit_id", "person_id"


def readable_registers(actor: Actor) -> list[Register]:
    """The registers that the actor may open."""
    return [_for(actor, each) for each in REGISTERS.values() if _may_open(actor, each)]


def _for(actor: Actor, found: Register) -> Register:
    """The register without the columns that are restricted to other posts."""
    hidden = NOT_FOR_PLANNERS if is_personal(actor, found) else ()
    shown = tuple(each for each in found.columns if each.key not in hidden)
    kept = tuple(each for each in shown if not each.readers or actor.has(*each.readers))
    return found if len(kept) == len(found.columns) else replace(found, columns=kept)


def _may_open(actor: Actor, found: Register) -> bool:
    if actor.has(*READS_ALL) or (actor.has(*READS_UNITS) and found.name in FOR_ADMINISTRATORS):
        return True
    if actor.has(*READS_OWN) and found.name in FOR_DISTRICTS:
        return True
    return actor.has(*READS_PERSONAL) and found.name in FOR_PLANNERS


def is_personal(actor: Actor, found: Register) -> bool:
    """Whether the actor reads the own rows alone."""
    wider = actor.has(*READS_ALL) or (actor.has(*READS_OWN) and found.name in FOR_DISTRICTS)
    return actor.has(*READS_PERSONAL) and not wider and found.name in FOR_PLANNERS


def own_rows(actor: Actor, found: Register) -> dict[str, Any]:
    """Nothing for those who read all; the rows of their own unit for districts, their own for planners."""
    if is_personal(actor, found):
        return {PERSON: [actor.person_id]}
    return {UNIT: sorted(actor.units(*READS_OWN))} if is_narrow(actor, found) else {}


def is_narrow(actor: Actor, found: Register) -> bool:
    """Whether the actor reads the rows of the own unit alone."""
    return not actor.has(*READS_ALL) and found.name in (*FOR_DISTRICTS, *FOR_PLANNERS)


def readable_register(actor: Actor, name: str) -> Register:
    """A register that the actor may open, `NotAllowed` or `NotFound`."""
    found = register(name)
    if not _may_open(actor, found):
        raise NotAllowed(message("您的岗位不能查阅“%(title)s”。", title=found.title.zh))
    return _for(actor, found)


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
    wanted = {key: filter_value(found.column(key), text) for key, text in (filters or {}).items()}
    for key, own in own_rows(actor, found).items():
        wanted[key] = [each for each in own if each == wanted.get(key, each)]
    return found.listing(session, search=search, filters=wanted, sort=sort, offset=offset, limit=limit)


def filter_value(column: Column, text: str) -> Any:
    """A filter as the column holds it; `Invalid` for a value it cannot hold, and for what is shown in part only."""
    try:
        if column.masked:
            raise ValueError(column.key)
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
