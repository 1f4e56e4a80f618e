"""Standing in: who does another's work from one day to another, for all procedures or for some (代理)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, joinedload

from processes import audit, clock, notices
from processes.errors import Conflict, Invalid, NotAllowed, NotFound
from processes.identity.actor import Actor
from processes.identity.log_in import usable_person
from processes.identity.models import Person, PostHolding, StandIn
from processes.identity.people import holdings_on
from processes.identity.posts import APART
from processes.identity.validity import valid_on
from processes.messages import Message, message

MAY_ARRANGE = ("manager", "administrator")
"""Posts that may arrange it for others."""
LONGEST_REASON = 500
MOST_AT_ONCE = 5
"""People somebody may be stood in for by, at one time, for one procedure."""
LONGEST_TIME = 366
"""Days."""
MOST_COLLEAGUES = 300
"""Names of one list to choose from."""


def stand_ins(session: Session, actor: Actor, *, everybody: bool = False) -> Sequence[StandIn]:
    """Arrangements that concern the actor, newest first; all of them for those who may arrange them for others."""
    query = select(StandIn).options(joinedload(StandIn.principal), joinedload(StandIn.person))
    if not (everybody and actor.has(*MAY_ARRANGE)):
        query = query.where(or_(StandIn.principal_id == actor.person_id, StandIn.person_id == actor.person_id))
    return session.scalars(query.order_by(StandIn.valid_to.desc(), StandIn.created_at.desc()).limit(500)).all()


def arrange(
    session: Session, actor: Actor, login: str, valid_from: date, valid_to: date, *,
    processes: Sequence[str] = (), reason: str = "", principal: str = "",
) -> StandIn:  # fmt: skip
    """Let a colleague do one's work for a time; whoever may arrange it for others names whose work it is."""
    whose = _principal(session, actor, principal)
    who = _somebody(session, login, "person")
    _check_days(valid_from, valid_to)
    if len(reason) > LONGEST_REASON:
        raise _wrong("reason", message("理由不能超过 %(count)s 字。", count=LONGEST_REASON))
    if who.id == whose.id:
        raise _wrong("person", message("不能由本人代理本人。"))
    if not _places(session, whose, valid_from) & _places(session, who, valid_from):
        text = message("%(person)s与%(whose)s不在同一单位，不能代理。", person=who.name, whose=whose.name)
        raise _wrong("person", text)
    keys = sorted(set(processes))
    _check_overlap(session, whose, who, valid_from, valid_to, keys)
    made = StandIn(
        principal_id=whose.id, person_id=who.id, valid_from=valid_from, valid_to=valid_to, processes=keys,
        reason=reason.strip(), created_at=clock.now(), created_by=actor.name,
    )  # fmt: skip
    session.add(made)
    session.flush()
    session.expire(who, ["stands_in"])
    first, last = valid_from.isoformat(), valid_to.isoformat()
    values = {"whose": whose.name, "first": first, "last": last}
    told = message("%(whose)s请您自 %(first)s 至 %(last)s 代为办理其待办事项。", **values)
    notices.notify(session, "stand_in", told, person_id=who.id)
    audit.record(session, actor, "stand_in.arrange", f"person:{whose.login}", person=who.login, processes=keys,
                 first=first, last=last)  # fmt: skip
    return made


def end(session: Session, actor: Actor, stand_in_id: UUID) -> StandIn:
    """End an arrangement before its last day; both sides may, and whoever arranges for others."""
    found = session.get(StandIn, stand_in_id, with_for_update=True)
    if found is None or not (_concerns(actor, found) or actor.has(*MAY_ARRANGE)):
        raise NotFound(message("没有这项代理。"))
    if found.ended_at is not None or found.valid_to < clock.today():
        raise Conflict(message("这项代理已经结束。"))
    found.ended_at = clock.now()
    whose, who = session.get_one(Person, found.principal_id), session.get_one(Person, found.person_id)
    for person in (whose, who):
        if person.id != actor.person_id:
            told = message("%(whose)s由%(person)s代理的安排已结束。", whose=whose.name, person=who.name)
            notices.notify(session, "stand_in", told, person_id=person.id)
    session.flush()
    session.expire(who, ["stands_in"])
    audit.record(session, actor, "stand_in.end", f"person:{whose.login}", person=who.login)
    return found


def colleagues(session: Session, person_id: UUID, day: date) -> list[Person]:
    """Who works at one of the same organizations and may log in, by name."""
    places = _places(session, session.get_one(Person, person_id), day)
    beside = and_(PostHolding.organization_id.in_(places), PostHolding.role.not_in(APART), valid_on(PostHolding, day))
    query = select(Person).where(Person.disabled.is_(False), Person.id != person_id, Person.holdings.any(beside))
    return list(session.scalars(query.order_by(Person.name, Person.login).limit(MOST_COLLEAGUES)).unique())


def _concerns(actor: Actor, stand_in: StandIn) -> bool:
    return actor.person_id in (stand_in.principal_id, stand_in.person_id)


def _principal(session: Session, actor: Actor, login: str) -> Person:
    if actor.person_id is None:
        raise NotAllowed()
    if not login or login == actor.login:
        return session.get_one(Person, actor.person_id)
    actor.need(*MAY_ARRANGE, text=message("只有管理者或系统管理员可以为他人设置代理。"))
    return _somebody(session, login, "principal")


def _somebody(session: Session, login: str, field: str) -> Person:
    found = usable_person(session, login.strip()) if login.strip() else None
    if found is None:
        raise _wrong(field, message("没有登录名为“%(login)s”的人员。", login=login[:60]))
    return found


def _places(session: Session, who: Person, day: date) -> frozenset[str]:
    """Where somebody works on a day, apart from the posts that are kept apart."""
    held = holdings_on(session, who.id, day)
    return frozenset(each.organization_id for each in held if each.organization_id and each.role not in APART)


def _check_days(valid_from: date, valid_to: date) -> None:
    if valid_to < valid_from:
        raise _wrong("valid_to", message("截止日期不能早于开始日期。"))
    if valid_to < clock.today():
        raise _wrong("valid_to", message("截止日期已过。"))
    if (valid_to - valid_from).days > LONGEST_TIME:
        raise _wrong("valid_to", message("代理期限不能超过一年。"))


def _check_overlap(
    session: Session, whose: Person, who: Person, valid_from: date, valid_to: date, keys: Sequence[str]
) -> None:
    query = select(StandIn).where(
        StandIn.principal_id == whose.id, StandIn.ended_at.is_(None), StandIn.valid_from <= valid_to,
        StandIn.valid_to >= valid_from,
    )  # fmt: skip
    same_time = [
        each for each in session.scalars(query) if not keys or not each.processes or set(keys) & set(each.processes)
    ]
    if any(each.person_id == who.id for each in same_time):
        raise Conflict(message("%(person)s在此期间已是%(whose)s的代理人。", person=who.name, whose=whose.name))
    if len(same_time) >= MOST_AT_ONCE:
        raise Conflict(message("同一时间的代理人不能超过 %(count)s 位。", count=MOST_AT_ONCE))


def _wrong(field: str, text: Message) -> Invalid:
    return Invalid(text, {field: text})
