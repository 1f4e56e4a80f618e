"""权限与账号: who holds which posts today, whose account outlived the last post, when everybody was last here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from processes.audit import AuditEntry
from processes.identity.actor import Actor
from processes.identity.administration import MAY_ADMINISTER
from processes.identity.models import Person, PostHolding
from processes.identity.posts import POSTS
from processes.identity.validity import valid_on
from processes.paging import Listing, Page, counted, listed, word

LOGGED_IN = "person.log_in"


@dataclass(frozen=True)
class PostCount:
    """A post and how many hold it."""

    role: str
    holders: int
    disabled: int
    """Of them, people who cannot log in."""


@dataclass(frozen=True)
class Leaver:
    """Somebody without a post today."""

    person: Person
    left_on: date | None
    """Last day of the last post; None for who never held one."""
    seen_at: datetime | None


def post_counts(session: Session, actor: Actor, day: date) -> list[PostCount]:
    """Every post with the number of its holders, in the order of the posts."""
    actor.need(*MAY_ADMINISTER)
    rows = session.execute(
        select(PostHolding.role, Person.disabled, func.count(Person.id.distinct()))
        .join(Person, PostHolding.person_id == Person.id)
        .where(valid_on(PostHolding, day))
        .group_by(PostHolding.role, Person.disabled)
    )
    found: dict[tuple[str, bool], int] = {(role, disabled): number for role, disabled, number in rows}
    return [
        PostCount(role, found.get((role, False), 0) + found.get((role, True), 0), found.get((role, True), 0))
        for role in POSTS
    ]


def leavers(session: Session, actor: Actor, day: date, page: Page) -> Listing[Leaver]:
    """People whose account is open although no post is held any more: each is to be disabled or given a post."""
    actor.need(*MAY_ADMINISTER)
    held = select(PostHolding.id).where(PostHolding.person_id == Person.id, valid_on(PostHolding, day)).exists()
    without = (~held, Person.disabled.is_(False))
    last = select(func.max(PostHolding.valid_to)).where(PostHolding.person_id == Person.id).scalar_subquery()
    query = select(Person, last).where(*without).order_by(last.desc().nulls_last(), Person.login)
    rows = session.execute(query.offset(page.offset).limit(page.rows + 1)).all()
    seen = last_log_ins(session, [person.login for person, _left in rows])
    found = [Leaver(person, left, seen.get(person.login)) for person, left in rows]
    return listed(found, page, lambda: counted(session, select(Person.id).where(*without)))


def last_log_ins(session: Session, logins: Sequence[str]) -> Mapping[str, datetime]:
    """When some people logged in last, as the audit trail has it."""
    subjects = {f"person:{login}": login for login in logins}
    rows = session.execute(
        select(AuditEntry.subject, func.max(AuditEntry.at))
        .where(AuditEntry.action == word(LOGGED_IN), AuditEntry.subject.in_(list(subjects)))
        .group_by(AuditEntry.subject)
    )
    return {subjects[subject]: at for subject, at in rows}
