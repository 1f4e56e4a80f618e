"""Whose a task is: what the diagram says of it and of its lanes, else where and by whom the case was started."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from processes.engine.language import evaluate
from processes.engine.models import Case
from processes.engine.packages import Package
from processes.engine.spiff import Element, Lane, OpenTask
from processes.identity.models import Organization
from processes.identity.routing import SINGLE_KINDS, Assignment, assign, assign_anybody, assign_by_name


def assignment(
    session: Session, case: Case, of: Package, task: OpenTask, element: Element,
    functions: Mapping[str, Callable[..., Any]], today: date,
) -> Assignment:  # fmt: skip
    """To whom a task of a case goes on a day; `Invalid` with the reason when there is nobody it could go to."""
    lanes = _lanes(of, element)
    role, unit, person = (_said(element, lanes, name) for name in ("role", "unit", "person"))
    who = evaluate(person, task.data, functions) if person else None
    where = evaluate(unit, task.data, functions) if unit else _home(session, case, task)
    if role or person:
        return assign(session, role, where, who, today)
    for each in lanes:
        named = assign_by_name(session, each.name, where, today)
        if named is not None:
            return named
    if unit:
        return assign_anybody(session, where, today)
    if case.started_by_id is not None:
        return Assignment(person_id=case.started_by_id)
    return assign(session, "process_owner", None, None, today)


def _lanes(of: Package, element: Element) -> list[Lane]:
    """The lanes around an element, from the inside out."""
    found = []
    lane = of.program.lanes.get(element.lane or "")
    while lane is not None:
        found.append(lane)
        lane = of.program.lanes.get(lane.parent or "")
    return found


def _said(element: Element, lanes: list[Lane], name: str) -> str:
    places = [element.properties, *(each.properties for each in lanes)]
    return next((place[name] for place in places if place.get(name)), "")


def _home(session: Session, case: Case, task: OpenTask) -> str | None:
    """Where a district's post is meant when no unit is said: what the case is about, else whence it was started."""
    if case.unit_id is not None:
        return case.unit_id
    starter = task.data.get("starter_organization")
    if not starter or starter in SINGLE_KINDS:
        return None
    found = session.get(Organization, str(starter))
    return found.unit_id if found is not None else None
