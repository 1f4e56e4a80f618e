"""Bearer tokens: with one, a program acts as the person who made it, until that person takes it back."""

from __future__ import annotations

import secrets
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from processes import audit, clock
from processes.errors import Invalid, NotFound
from processes.identity.actor import Actor
from processes.identity.log_in import SEEN_EVERY, WITH_POSTS, token_hash
from processes.identity.models import ApiToken, Person
from processes.messages import message

PREFIX = "cpd_"
"""Makes a token that leaked recognizable to scanners."""
MOST = 20
LONGEST_NAME = 60


def create(session: Session, actor: Actor, name: str) -> str:
    """Make a token for the acting person; it is told once and kept only as a hash."""
    name = name.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        problem = message("请填写令牌用途，不超过 %(most)s 字。", most=LONGEST_NAME)
        raise Invalid(problem, {"name": problem})
    if len(tokens_of(session, actor)) >= MOST:
        raise Invalid(message("每人最多 %(most)s 个令牌，请先停用不再使用的令牌。", most=MOST))
    token = PREFIX + secrets.token_urlsafe(32)
    kept = ApiToken(
        token_hash=token_hash(token), person_id=actor.person_id, name=name, created_at=clock.now(), last_used_at=None
    )
    session.add(kept)
    audit.record(session, actor, "token.create", f"person:{actor.login}", name=name)
    session.flush()
    return token


def revoke(session: Session, actor: Actor, hash_of_token: str) -> None:
    """Take one of the acting person's own tokens back."""
    found = session.get(ApiToken, hash_of_token)
    if found is None or found.person_id != actor.person_id:
        raise NotFound(message("该令牌已停用。"))
    session.delete(found)
    audit.record(session, actor, "token.revoke", f"person:{actor.login}", name=found.name)


def tokens_of(session: Session, actor: Actor) -> list[ApiToken]:
    """The tokens of the acting person, newest first."""
    mine = select(ApiToken).where(ApiToken.person_id == actor.person_id).order_by(ApiToken.created_at.desc())
    return list(session.scalars(mine))


def token_person(session: Session, token: str) -> tuple[Person, bool] | None:
    """Whose token it is, and whether its use is to be written down again; None for one that opens nothing."""
    query = select(ApiToken, Person).join(Person, Person.id == ApiToken.person_id).options(*WITH_POSTS)
    row = session.execute(query.where(ApiToken.token_hash == token_hash(token))).unique().one_or_none()
    if row is None or row[1].disabled:
        return None
    found, person = row
    stale = found.last_used_at is None or clock.now() - found.last_used_at >= SEEN_EVERY
    return person, stale


def used(session: Session, token: str) -> None:
    """Write down that a token has just been used."""
    mine = update(ApiToken).where(ApiToken.token_hash == token_hash(token))
    session.execute(mine.values(last_used_at=clock.now()))


def revoke_all(session: Session, person_id: UUID) -> None:
    """Take every token of a person back."""
    for each in session.scalars(select(ApiToken).where(ApiToken.person_id == person_id)):
        session.delete(each)
