"""Whose a task is: what the diagram says of it and of its lanes, else where and by whom the case was started."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from processes.engine.language import LanguageError, evaluate
from processes.engine.models import Case
from processes.engine.packages import Package
from processes.engine.spiff import Element, Lane, OpenTask
from processes.engine.spiff.signing import SIGNER, signing
from processes.identity.models import Organization
from processes.identity.people import holders
from processes.identity.posts import POSTS
from processes.identity.routing import SINGLE_KINDS, Assignment, assign, assign_anybody, assign_by_name


def assignment(
    session: Session, case: Case, of: Package, task: OpenTask, element: Element,
    functions: Mapping[str, Callable[..., Any]], today: date,
) -> Assignment:  # fmt: skip
    """To whom a task of a case goes on a day; `Invalid` with the reason when there is nobody it could go to."""
    lanes = _lanes(of, element)
    role, unit, person = (_said(element, lanes, name) for name in ("role", "unit", "person"))
    who = evaluate(person, task.data, functions) if person else None
    where = evaluate(unit, task.data, functions) if unit else _home(session, case, task.data)
    if not person and SIGNER not in unit and is_signed_by_name(element):
        who = task.data.get(SIGNER)
    if role or person or who:
        return assign(session, role, where, who, today)
    named = _foreign_worker(session, task, element, where, functions, today)
    if named is not None:
        return named
    for each in lanes:
        named = assign_by_name(session, each.name, where, today)
        if named is not None:
            return named
    if unit:
        return assign_anybody(session, where, today)
    if case.started_by_id is not None:
        return Assignment(person_id=case.started_by_id)
    return assign(session, "process_owner", None, None, today)


def _foreign_worker(
    session: Session, task: OpenTask, element: Element, where: Any,
    functions: Mapping[str, Callable[..., Any]], today: date,
) -> Assignment | None:  # fmt: skip
    """The post, organization or person that a diagram of another tool names for a task, where there is one."""
    for written in element.workers:
        name = written
        if written.startswith(("${", "#{")):
            try:
                name = str(evaluate(written, task.data, functions))
            except LanguageError:
                continue  # e.g. a service of another engine
        found = assign_by_name(session, name, where, today) if name.strip() else None
        if found is not None:
            return found
    return None


def is_signed_by_name(element: Element) -> bool:
    """Whether several people sign a task that the diagram draws once: each instance is one person's."""
    return not element.multi_instance and signing(element.properties) is not None


def signed_by(of: Package, element: Element) -> str:
    """What each of those is who sign a task together: a `person` or a `unit`; empty where the diagram alone knows."""
    if signing(element.properties) is None:
        return ""
    lanes, items = _lanes(of, element), of.program.items(element.id)
    unit, person = (_said(element, lanes, name).strip() for name in ("unit", "person"))
    if person in items or (not person and SIGNER not in unit and is_signed_by_name(element)):
        return "person"
    return "unit" if not person and unit in items else ""


def signers(
    session: Session, case: Case, of: Package, element: Element, data: Mapping[str, Any],
    functions: Mapping[str, Callable[..., Any]], today: date,
) -> list[str]:  # fmt: skip
    """Who signs a task that names no signers: all who hold its post, or all of its organization, by log-in."""
    lanes = _lanes(of, element)
    role, unit = _said(element, lanes, "role"), _said(element, lanes, "unit")
    where = evaluate(unit, data, functions) if unit else _home(session, case, data)
    found: Assignment | None = None
    if role:
        found = assign(session, role, where, None, today)
    else:
        named = (assign_by_name(session, each.name, where, today) for each in lanes)
        found = next((each for each in named if each is not None), None)
        if found is None and unit:
            found = assign_anybody(session, where, today)
    if found is None:
        return []
    if found.person_id is not None:
        return [str(found.person_id)]
    roles = [found.role] if found.role else list(POSTS)
    people = [each for post in roles for each in holders(session, post, found.organization_id, today)]
    return list(dict.fromkeys(str(each.id) for each in people))


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


def _home(session: Session, case: Case, data: Mapping[str, Any]) -> str | None:
    """Where a district's post is meant when no unit is said: what the case is about, else whence it was started."""
    if case.unit_id is not None:
        return case.unit_id
    starter = data.get("starter_organization")
    if not starter or starter in SINGLE_KINDS:
        return None
    found = session.get(Organization, str(starter))
    return found.unit_id if found is not None else None
