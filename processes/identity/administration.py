"""What the administrator does to accounts: each act checks the post, and what it changes is in the audit trail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session, selectinload

from processes import audit, clock
from processes.errors import Conflict, Invalid, NotFound
from processes.identity import log_in, passwords, people
from processes.identity.actor import Actor
from processes.identity.models import Organization, Person, PostHolding
from processes.identity.validity import valid_on
from processes.messages import message

MAY_ADMINISTER = ("administrator",)
SORTS = {"login": Person.login, "name": Person.name, "created": Person.created_at}
"""How the list of people may be sorted; a minus before the name turns the order around."""


@dataclass(frozen=True)
class PeopleFilter:
    """Which people a list shows; posts and organizations are those of today."""

    search: str = ""
    role: str = ""
    organization_id: str = ""
    state: str = ""
    """`usable`, `disabled`, `without_post` or empty for all."""


def listing(
    session: Session, actor: Actor, narrowed: PeopleFilter, *, sort: str = "", offset: int = 0, limit: int = 20
) -> tuple[Sequence[Person], int]:
    """People with the posts they hold or have held, and how many there are in all."""
    actor.need(*MAY_ADMINISTER)
    wanted = select(Person).where(*_conditions(narrowed, clock.today()))
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    column = SORTS.get(sort.lstrip("-"), Person.login)
    rows = session.scalars(
        wanted.options(selectinload(Person.holdings).joinedload(PostHolding.organization))
        .order_by(column.desc() if sort.startswith("-") else column, Person.login)
        .offset(offset)
        .limit(limit)
    ).all()
    return rows, total


def _conditions(narrowed: PeopleFilter, day: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if narrowed.search:
        text = narrowed.search
        found.append(or_(Person.name.icontains(text, autoescape=True), Person.login.icontains(text, autoescape=True)))
    holding = [
        PostHolding.person_id == Person.id,
        valid_on(PostHolding, day),
    ]
    held = [PostHolding.role == narrowed.role] if narrowed.role else []
    held += [PostHolding.organization_id == narrowed.organization_id] if narrowed.organization_id else []
    if held:
        found.append(exists().where(*holding, *held))
    if narrowed.state == "without_post":
        found.append(~exists().where(*holding))
    elif narrowed.state in ("usable", "disabled"):
        found.append(Person.disabled.is_(narrowed.state == "disabled"))
    return found


def organizations(session: Session, actor: Actor, kind: str | None = None) -> Sequence[Organization]:
    """Organizations that exist today, those of the city first; of one kind or all."""
    actor.need(*MAY_ADMINISTER)
    day = clock.today()
    query = select(Organization).where(
        valid_on(Organization, day),
    )
    if kind is not None:
        query = query.where(Organization.kind == kind)
    return session.scalars(query.order_by(Organization.unit_id.is_not(None), Organization.kind, Organization.id)).all()


def account(session: Session, actor: Actor, person_id: UUID) -> Person:
    """One person with all posts, or `NotFound`."""
    actor.need(*MAY_ADMINISTER)
    found = session.scalar(
        select(Person)
        .where(Person.id == person_id)
        .options(selectinload(Person.holdings).joinedload(PostHolding.organization))
    )
    if found is None:
        raise NotFound(message("未找到该人员。"))
    return found


def add_person(
    session: Session, actor: Actor, login: str, name: str, *, email: str = "", mobile: str = ""
) -> tuple[Person, str]:
    """Let somebody log in from now on, with a password by chance that is told once and good for one change of it."""
    actor.need(*MAY_ADMINISTER)
    password = passwords.by_chance(login, name)
    who = people.create_person(session, actor, login, name, password, email=email, mobile=mobile)
    who.password_once = True
    return who, password


def renew_password(session: Session, actor: Actor, person_id: UUID) -> tuple[Person, str]:
    """Give somebody a password by chance, told once and to be changed first of all, and end all of the sessions."""
    who = _other(session, actor, person_id)
    password = passwords.by_chance(who.login, who.name)
    people.set_password(session, actor, who, password)
    who.password_once = True
    return who, password


def give_first_passwords(session: Session, actor: Actor) -> list[tuple[Person, str]]:
    """Give every account without a password one by chance, told once and to be changed first of all; by log-in."""
    actor.need(*MAY_ADMINISTER)
    without = select(Person).where(Person.password_hash == people.NO_PASSWORD).order_by(Person.login)
    return [renew_password(session, actor, each.id) for each in session.scalars(without).all()]


def end_sessions(session: Session, actor: Actor, person_id: UUID) -> Person:
    """Log somebody out everywhere."""
    who = _other(session, actor, person_id)
    log_in.end_all_sessions(session, who.id)
    audit.record(session, actor, "person.end_sessions", f"person:{who.login}")
    return who


def disable(session: Session, actor: Actor, person_id: UUID) -> Person:
    """Let somebody in no longer."""
    who = _other(session, actor, person_id)
    people.disable(session, actor, who)
    return who


def enable(session: Session, actor: Actor, person_id: UUID) -> Person:
    """Let somebody in again."""
    who = account(session, actor, person_id)
    people.enable(session, actor, who)
    return who


def give_post(
    session: Session,
    actor: Actor,
    person_id: UUID,
    role: str,
    organization_id: str,
    valid_from: date | None,
    valid_to: date | None,
) -> PostHolding:
    """Let somebody hold a further post at an organization of its kind."""
    who = account(session, actor, person_id)
    organization = session.get(Organization, organization_id) if organization_id else None
    if organization_id and organization is None:
        text = message("未找到该单位。")
        raise Invalid(text, {"organization": text})
    return people.hold(session, actor, who, role, organization, valid_from, valid_to)


def holding(session: Session, actor: Actor, person_id: UUID, holding_id: UUID) -> PostHolding:
    """One post of a person, or `NotFound`."""
    who = account(session, actor, person_id)
    found = next((each for each in who.holdings if each.id == holding_id), None)
    if found is None:
        raise NotFound(message("未找到该任职。"))
    return found


def end_post(session: Session, actor: Actor, person_id: UUID, holding_id: UUID, last_day: date) -> PostHolding:
    """Let a post end on a day; nobody ends the post by which one administers."""
    ending = holding(session, actor, person_id, holding_id)
    if ending.person_id == actor.person_id and ending.role in MAY_ADMINISTER:
        raise Conflict(message("不能结束自己的系统管理员岗位，请由另一位系统管理员办理。"))
    people.end_holding(session, actor, ending, last_day)
    return ending


def _other(session: Session, actor: Actor, person_id: UUID) -> Person:
    """Somebody else: nobody locks himself out."""
    who = account(session, actor, person_id)
    if who.id == actor.person_id:
        raise Conflict(message("不能对自己的账号进行此操作，请由另一位系统管理员办理。"))
    return who
