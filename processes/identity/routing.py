"""To whom a task goes: a post at an organization, anybody of an organization, or one person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from processes.errors import Invalid
from processes.identity.models import Organization, Person, Unit
from processes.identity.posts import POSTS
from processes.messages import message

DISTRICT_KINDS = frozenset({"district_government", "district_bureau"})
SINGLE_KINDS = frozenset({"city_bureau", "hr_bureau"})
"""There is one organization of such a kind, which is named as the kind is and is of no district."""
OFFICES = "offices"
MOST_SUCCESSORS = 10


@dataclass(frozen=True)
class Assignment:
    """Whose task it is; an empty role means anybody of the organization."""

    role: str = ""
    organization_id: str | None = None
    unit_id: str | None = None
    person_id: UUID | None = None


def assign(session: Session, role: str, unit: Any, person: Any, day: date) -> Assignment:
    """Find whose task it is on a day; a unit that has been dissolved is followed to its successor.

    Raises `Invalid` with the reason when there is nobody it could go to.
    """
    if person not in (None, ""):
        found = person_named(session, person)
        return Assignment(role=role, unit_id=_unit_id(session, unit), person_id=found.id)
    post = POSTS.get(role)
    if post is None:
        raise Invalid(message("没有“%(role)s”这个岗位。", role=role))
    if post.organization_kind is None:
        raise Invalid(message("岗位“%(post)s”的任务须指明办理人。", post=post.zh))
    if post.organization_kind in SINGLE_KINDS:
        return Assignment(role, post.organization_kind, _unit_id(session, unit))
    organization = _organization(session, post.organization_kind, unit, day)
    return Assignment(role, organization.id, organization.unit_id)


def assign_by_name(session: Session, name: str, unit: Any, day: date) -> Assignment | None:
    """Whose lane a plain diagram means by a name: a post's, an organization's or a person's; None if nobody's.

    The name of a post of the districts says enough together with a unit.
    """
    wanted = name.strip()
    for role, post in POSTS.items():
        if wanted in (role, post.zh, post.en) and (
            post.organization_kind in SINGLE_KINDS or (unit and post.organization_kind in DISTRICT_KINDS)
        ):
            return assign(session, role, unit, None, day)
    organization = session.get(Organization, wanted) or next(
        (each for each in session.scalars(select(Organization)) if usual_name(each.name) == usual_name(wanted)), None
    )
    if organization is not None:
        return Assignment("", organization.id, organization.unit_id)
    people = session.scalars(select(Person).where(or_(Person.login == wanted, Person.name == wanted)).limit(2)).all()
    return Assignment(person_id=people[0].id) if len(people) == 1 else None


def usual_name(organization: str) -> str:
    """The name of an organization as people shorten it: «万州区政府» for «重庆市万州区人民政府»."""
    return organization.removeprefix("重庆市").replace("人民政府", "政府").replace("规划和自然资源", "规划自然资源")


def assign_anybody(session: Session, unit: Any, day: date) -> Assignment:
    """Anybody of an organization, or of the government of a district, where only the unit is said."""
    direct = session.get(Organization, unit) if isinstance(unit, str) and unit else None
    organization = direct or _organization(session, "district_government", unit, day)
    return Assignment("", organization.id, organization.unit_id)


def read_offices(session: Session) -> None:
    """Read all units and organizations at once, for whoever is about to ask for many."""
    if OFFICES not in session.info:
        units = session.scalars(select(Unit)).all()
        found = session.scalars(select(Organization).order_by(Organization.id.desc())).all()
        session.info[OFFICES] = units, {(each.kind, each.unit_id): each for each in found}


def office_of(session: Session, kind: str, unit_id: str) -> Organization | None:
    """The government or bureau of a unit; None where it has none."""
    if OFFICES in session.info:
        known: Organization | None = session.info[OFFICES][1].get((kind, unit_id))
        return known
    query = select(Organization).where(Organization.kind == kind, Organization.unit_id == unit_id)
    return session.scalars(query.order_by(Organization.id).limit(1)).first()


def person_named(session: Session, value: Any) -> Person:
    """Whom a diagram means by an id or a log-in; `Invalid` where there is nobody."""
    found = None
    try:
        found = session.get(Person, value if isinstance(value, UUID) else UUID(str(value)))
    except ValueError:
        found = session.scalars(select(Person).where(Person.login == str(value))).one_or_none()
    if found is None:
        raise Invalid(message("找不到办理人“%(person)s”。", person=str(value)[:60]))
    return found


def _unit_id(session: Session, value: Any) -> str | None:
    if not isinstance(value, str) or not value:
        return None
    return value if session.get(Unit, value) is not None else None


def _organization(session: Session, kind: str, value: Any, day: date) -> Organization:
    if not isinstance(value, str) or not value:
        raise Invalid(message("任务没有指明由哪个单位办理。"))
    direct = session.get(Organization, value)
    if direct is not None and direct.kind == kind:
        return direct
    if direct is not None:
        value = direct.unit_id or direct.name
    unit = (
        session.get(Unit, value)
        or session.scalars(
            select(Unit).where(or_(Unit.division_code == value, Unit.name == value, Unit.short_name == value)).limit(1)
        ).first()
    )
    for _ in range(MOST_SUCCESSORS):
        if unit is None or unit.valid_to is None or unit.valid_to >= day or unit.successor_id is None:
            break
        unit = session.get(Unit, unit.successor_id)
    if unit is None or kind not in DISTRICT_KINDS:
        raise Invalid(message("找不到单位“%(unit)s”。", unit=value[:60]))
    found = office_of(session, kind, unit.id)
    if found is None:
        raise Invalid(message("“%(unit)s”没有登记相应的机构。", unit=unit.name))
    return found
