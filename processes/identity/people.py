"""People, their passwords, and the posts they hold for a time."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session, joinedload

from processes import audit, clock
from processes.errors import Conflict, Invalid, NotFound
from processes.identity import log_in, passwords, tokens
from processes.identity.actor import Actor, Holding, StandingIn
from processes.identity.models import Organization, Person, PostHolding, StandIn
from processes.identity.posts import APART, POSTS
from processes.identity.validity import valid_on
from processes.messages import Message, message
from processes.turns import take_turn

LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,62}")
LANGUAGES = frozenset({"zh", "en"})
NO_PASSWORD = "-"  # noqa: S105  # it stands where a hash would, and lets nobody in
"""Kept in place of a hash while an account has no password yet."""


def create_person(
    session: Session,
    actor: Actor,
    login: str,
    name: str,
    password: str,
    *,
    email: str = "",
    mobile: str = "",
    demonstration: bool = False,
) -> Person:
    """Let somebody log in from now on; `demonstration` alone allows a password that is too weak."""
    login, name = _free_login(session, login, name)
    if not demonstration:
        passwords.check_policy(password, login=login, name=name)
    return _opened(session, actor, login, name, passwords.hashed(password), email=email, mobile=mobile)


def open_account(
    session: Session, actor: Actor, login: str, name: str, *, email: str = "", mobile: str = ""
) -> Person:  # fmt: skip
    """Enter somebody who cannot log in until the administrator has given a password."""
    login, name = _free_login(session, login, name)
    return _opened(session, actor, login, name, NO_PASSWORD, email=email, mobile=mobile)


def _free_login(session: Session, login: str, name: str) -> tuple[str, str]:
    """Log-in name and name, tidied; `Invalid` where one is missing or the log-in name is taken."""
    login, name = login.strip(), unicodedata.normalize("NFC", name).strip()
    if not LOGIN.fullmatch(login):
        raise _wrong("login", message("登录名应为 2 至 63 个英文字母、数字或 . _ -，以字母或数字开头。"))
    if not name:
        raise _wrong("name", message("请填写姓名。"))
    take_turn(session, f"login:{login.casefold()}")
    if session.scalar(select(Person.id).where(log_in.with_login(login))) is not None:
        raise _wrong("login", message("登录名“%(login)s”已有人使用。", login=login))
    return login, name


def _opened(
    session: Session, actor: Actor, login: str, name: str, password_hash: str, *, email: str, mobile: str
) -> Person:
    moment = clock.now()
    person = Person(
        login=login,
        name=name,
        password_hash=password_hash,
        email=email.strip(),
        mobile=mobile.strip(),
        created_at=moment,
        password_set_at=moment,
    )
    session.add(person)
    session.flush()
    audit.record(session, actor, "person.create", f"person:{login}")
    return person


def person(session: Session, person_id: UUID) -> Person:
    """Somebody who may log in, or `NotFound`."""
    found = session.get(Person, person_id)
    if found is None:
        raise NotFound(message("未找到该人员。"))
    return found


def person_by_login(session: Session, login: str) -> Person:
    """Whose log-in name it is, or `NotFound`."""
    found = session.scalar(select(Person).where(log_in.with_login(login)))
    if found is None:
        raise NotFound(message("没有登录名为“%(login)s”的人员。", login=login))
    return found


def known_logins(session: Session, logins: Iterable[str]) -> frozenset[str]:
    """Which of some log-in names somebody has who may log in."""
    wanted = select(Person.login).where(Person.login.in_(list(logins)), Person.disabled.is_(False))
    return frozenset(session.scalars(wanted))


def set_password(session: Session, actor: Actor, who: Person, password: str, *, keep: str | None = None) -> None:
    """Give somebody a new password and end all other sessions; `keep` is the token of the session that stays."""
    passwords.check_policy(password, login=who.login, name=who.name)
    if passwords.matches(who.password_hash, password):
        raise _wrong("password", message("新密码不能与原密码相同。"))
    who.password_hash = passwords.hashed(password)
    who.password_set_at, who.password_once = clock.now(), False
    log_in.end_all_sessions(session, who.id, but=keep)
    audit.record(session, actor, "person.set_password", f"person:{who.login}")
    session.flush()


def change_password(session: Session, actor: Actor, old: str, new: str, *, keep: str | None = None) -> None:
    """Change the acting person's own password, which must be known."""
    if actor.person_id is None:
        raise NotFound(message("未找到该人员。"))
    who = person(session, actor.person_id)
    if not passwords.matches(who.password_hash, old):
        raise _wrong("old_password", message("原密码不正确。"))
    set_password(session, actor, who, new, keep=keep)


def set_language(session: Session, actor: Actor, language: str) -> None:
    """Remember the language the acting person reads."""
    if language not in LANGUAGES:
        raise _wrong("language", message("没有这种语言。"))
    if actor.person_id is not None:
        person(session, actor.person_id).language = language


def disable(session: Session, actor: Actor, who: Person) -> None:
    """Let somebody in no longer; what the person has done stays under the name."""
    who.disabled = True
    log_in.end_all_sessions(session, who.id)
    tokens.revoke_all(session, who.id)
    audit.record(session, actor, "person.disable", f"person:{who.login}")
    session.flush()


def enable(session: Session, actor: Actor, who: Person) -> None:
    """Let somebody in again."""
    who.disabled = False
    audit.record(session, actor, "person.enable", f"person:{who.login}")
    session.flush()


def hold(
    session: Session,
    actor: Actor,
    who: Person,
    role: str,
    organization: Organization | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> PostHolding:
    """Give somebody a post at an organization for a time, both end days included.

    Administrator and auditor are posts apart: whoever holds one in the same time may hold no other (三员分立).
    """
    _check_post(role, organization)
    if valid_from is not None and valid_to is not None and valid_to < valid_from:
        raise _wrong("valid_to", message("任职终止日期不能早于起始日期。"))
    overlapping = [each for each in _holdings(session, who) if _overlap(each, valid_from, valid_to)]
    organization_id = organization.id if organization else None
    if any(each.role == role and each.organization_id == organization_id for each in overlapping):
        raise Conflict(message("%(name)s在此期间已任该岗位。", name=who.name))
    others = {each.role for each in overlapping} - {role}
    if others and (apart := sorted({role, *others} & APART)):
        raise _wrong("role", message("“%(post)s”不得与其他岗位由同一人兼任（三员分立）。", post=POSTS[apart[0]].zh))
    holding = PostHolding(
        person_id=who.id, role=role, organization_id=organization_id, valid_from=valid_from, valid_to=valid_to
    )
    session.add(holding)
    session.flush()
    session.expire(who, ["holdings"])
    audit.record(session, actor, "post.hold", f"person:{who.login}", role=role, organization=organization_id)
    return holding


def end_holding(session: Session, actor: Actor, holding: PostHolding, last_day: date) -> None:
    """Let a post end on a day, the last one on which it is held."""
    if holding.valid_from is not None and last_day < holding.valid_from:
        raise _wrong("valid_to", message("任职终止日期不能早于起始日期。"))
    holding.valid_to = last_day
    session.flush()
    who = person(session, holding.person_id)
    audit.record(session, actor, "post.end", f"person:{who.login}", role=holding.role, last_day=last_day)


def actor_of(session: Session, who: Person, day: date, address: str = "") -> Actor:
    """A person with the posts held on a day, at organizations that exist on it."""
    held = holdings_on(session, who.id, day)
    holdings = tuple(
        Holding(each.role, each.organization_id, each.organization.unit_id if each.organization else None)
        for each in held
    )
    return Actor(who.id, who.name, who.login, holdings, address, _standing_in(session, who, day))


def _standing_in(session: Session, who: Person, day: date) -> tuple[StandingIn, ...]:
    """For whom somebody stands in on a day: with the posts the other holds himself, no more."""
    if "stands_in" in inspect(who).unloaded:
        whom = joinedload(StandIn.principal).joinedload(Person.holdings).joinedload(PostHolding.organization)
        found = list(session.scalars(select(StandIn).where(StandIn.person_id == who.id).options(whom)).unique())
    else:
        found = list(who.stands_in)
    valid = [each for each in found if each.ended_at is None and each.valid_from <= day <= each.valid_to]
    return tuple(_for(session, each, day) for each in valid if not each.principal.disabled)


def _for(session: Session, stand_in: StandIn, day: date) -> StandingIn:
    whose = stand_in.principal
    holdings = tuple(
        Holding(each.role, each.organization_id, each.organization.unit_id if each.organization else None)
        for each in holdings_on(session, whose.id, day)
        if each.organization_id is not None and each.role not in APART
    )
    return StandingIn(whose.id, whose.name, holdings, frozenset(stand_in.processes))


def holdings_on(session: Session, person_id: UUID, day: date) -> list[PostHolding]:
    """The posts a person holds on a day, with their organizations."""
    return [
        each
        for each in _holdings(session, person(session, person_id))
        if _on(each, day) and _on(each.organization, day)
    ]


def holders(session: Session, role: str, organization_id: str | None, day: date) -> list[Person]:
    """Who holds a post at an organization on a day, by name."""
    query = (
        select(Person)
        .join(PostHolding, PostHolding.person_id == Person.id)
        .where(
            PostHolding.role == role,
            PostHolding.organization_id == organization_id,
            valid_on(PostHolding, day),
            Person.disabled.is_(False),
        )
        .distinct()
        .order_by(Person.login)
    )
    return list(session.scalars(query))


def _holdings(session: Session, who: Person) -> list[PostHolding]:
    if "holdings" not in inspect(who).unloaded:
        return sorted(who.holdings, key=lambda each: (each.role, each.organization_id or ""))
    query = select(PostHolding).options(joinedload(PostHolding.organization)).where(PostHolding.person_id == who.id)
    return list(session.scalars(query.order_by(PostHolding.role, PostHolding.organization_id)))


def _check_post(role: str, organization: Organization | None) -> None:
    post = POSTS.get(role)
    if post is None:
        raise _wrong("role", message("没有“%(role)s”这一岗位。", role=role))
    if post.organization_kind is None and organization is not None:
        raise _wrong("organization", message("“%(post)s”不属于任何单位。", post=post.zh))
    if post.organization_kind is not None and (organization is None or organization.kind != post.organization_kind):
        raise _wrong("organization", message("“%(post)s”须设在相应类别的单位。", post=post.zh))


def _overlap(holding: PostHolding, valid_from: date | None, valid_to: date | None) -> bool:
    begins_in_time = holding.valid_from is None or valid_to is None or holding.valid_from <= valid_to
    return begins_in_time and (holding.valid_to is None or valid_from is None or valid_from <= holding.valid_to)


def _on(valid: PostHolding | Organization | None, day: date) -> bool:
    if valid is None:
        return True
    return (valid.valid_from is None or valid.valid_from <= day) and (valid.valid_to is None or day <= valid.valid_to)


def _wrong(field: str, text: Message) -> Invalid:
    return Invalid(text, {field: text})
