"""Calendar feeds: the secret address under which a person's calendar program reads due days."""

from __future__ import annotations

import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes import audit, clock
from processes.delivery.models import CalendarFeed
from processes.identity.actor import Actor
from processes.identity.log_in import token_hash
from processes.identity.models import Person


def feed_of(session: Session, actor: Actor) -> CalendarFeed | None:
    """The feed of a person, if there is one."""
    return session.get(CalendarFeed, actor.person_id) if actor.person_id else None


def make(session: Session, actor: Actor) -> str:
    """Make the address anew and tell its token; an older one is void from now on."""
    token = secrets.token_urlsafe(32)
    found = feed_of(session, actor)
    if found is None:
        found = CalendarFeed(person_id=actor.person_id, made_at=clock.now(), token_hash="")
        session.add(found)
    found.token_hash, found.made_at, found.read_at = token_hash(token), clock.now(), None
    audit.record(session, actor, "feed.make", f"person:{actor.login}")
    session.flush()
    return token


def end(session: Session, actor: Actor) -> None:
    """Let the address be void."""
    found = feed_of(session, actor)
    if found is not None:
        session.delete(found)
        audit.record(session, actor, "feed.end", f"person:{actor.login}")


def reader(session: Session, token: str) -> Person | None:
    """Whose due days a token opens; None where it opens nothing, or its owner may not log in any more."""
    feed = session.scalars(select(CalendarFeed).where(CalendarFeed.token_hash == token_hash(token))).one_or_none()
    person = session.get(Person, feed.person_id) if feed is not None else None
    return person if person is not None and not person.disabled else None
