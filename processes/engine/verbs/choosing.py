"""Whom a verb names: a colleague, or anybody of the staff who may be asked."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from processes import clock
from processes.errors import Invalid
from processes.identity.actor import Actor
from processes.identity.log_in import usable_person
from processes.identity.models import Person, PostHolding
from processes.identity.people import actor_of
from processes.identity.posts import APART, POSTS
from processes.messages import message

MOST_AT_ONCE = 20
STAFF = tuple(role for role, post in POSTS.items() if post.organization_kind is not None and role not in APART)
"""Posts whose holders may be asked to sign or to read."""


def somebody(session: Session, actor: Actor, login: str, *, near: bool = False, field: str = "to") -> Actor:
    """A member of the staff named by log-in; `near`: of one of the actor's own organizations."""
    found = _named(session, login.strip()) if login.strip() else None
    who = actor_of(session, found, clock.today()) if found is not None else None
    if who is None or not who.has(*STAFF):
        problem = message("“%(login)s”不是可以办理的工作人员。", login=login[:60])
        raise Invalid(problem, {field: problem})
    if who.person_id == actor.person_id:
        problem = message("不能选择本人。")
        raise Invalid(problem, {field: problem})
    if near and not _places(actor) & _places(who):
        problem = message("%(person)s与您不在同一单位。", person=who.name)
        raise Invalid(problem, {field: problem})
    return who


def _named(session: Session, name: str) -> Person | None:
    """Whoever has a log-in name, or alone has a name."""
    found = usable_person(session, name)
    if found is None:
        same = session.scalars(select(Person).where(Person.name == name, Person.disabled.is_(False)).limit(2)).all()
        found = same[0] if len(same) == 1 else None
    return found


def several(session: Session, actor: Actor, logins: Sequence[str], field: str = "to") -> list[Actor]:
    """Some members of the staff, each once."""
    wanted = list(dict.fromkeys(each.strip() for each in logins if each.strip()))
    if not wanted:
        problem = message("请选择人员。")
        raise Invalid(problem, {field: problem})
    if len(wanted) > MOST_AT_ONCE:
        problem = message("一次最多选择 %(count)s 人。", count=MOST_AT_ONCE)
        raise Invalid(problem, {field: problem})
    return [somebody(session, actor, login, field=field) for login in wanted]


def staff(session: Session, actor: Actor, *, near: bool = False, search: str = "") -> list[Person]:
    """Whom a verb may name, those of the actor's own organizations first."""
    day, own = clock.today(), _places(actor)
    holds = PostHolding.role.in_(STAFF) if not near else PostHolding.organization_id.in_(own)
    query = (
        select(Person)
        .where(Person.disabled.is_(False), Person.id != actor.person_id, Person.holdings.any(holds))
        .options(selectinload(Person.holdings).joinedload(PostHolding.organization))
        .order_by(Person.name, Person.login)
        .limit(1000)
    )
    if search:
        query = query.where(Person.name.contains(search, autoescape=True))
    found = [each for each in session.scalars(query) if actor_of(session, each, day).has(*STAFF)]
    return sorted(found, key=lambda each: not (own & {held.organization_id for held in each.holdings}))


def _places(actor: Actor) -> frozenset[str]:
    return frozenset(each.organization_id for each in actor.holdings if each.organization_id is not None)
