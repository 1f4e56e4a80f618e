"""Who else is at a draft: an open page says so every few seconds."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import Table, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from processes import clock
from processes.engine.drafts.models import DraftPresence
from processes.identity.actor import Actor
from processes.identity.models import Person

RECENT = timedelta(seconds=30)
"""Who has not been heard of for this long is gone."""
_TABLE = cast(Table, DraftPresence.__table__)


@dataclass(frozen=True)
class Presence:
    """Somebody who has a file of a draft open; an empty path is the draft as a whole."""

    person_id: UUID
    name: str
    path: str
    seen_at: datetime


def seen(session: Session, actor: Actor, draft_id: UUID, path: str) -> list[Presence]:
    """Note that the actor has a file open, and tell who else was seen at the draft in the last moments."""
    if actor.person_id is not None and actor.has("process_owner"):
        now = clock.now()
        row = {"draft_id": draft_id, "person_id": actor.person_id, "path": path, "seen_at": now}
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        noted = insert(_TABLE).values(row)
        noted = noted.on_conflict_do_update(
            index_elements=["draft_id", "person_id", "path"], set_={"seen_at": noted.excluded.seen_at}
        )
        session.execute(noted)
        session.execute(delete(DraftPresence).where(DraftPresence.seen_at < now - 2 * RECENT))
    return [each for each in present(session, [draft_id])[draft_id] if each.person_id != actor.person_id]


def present(session: Session, draft_ids: Collection[UUID]) -> dict[UUID, list[Presence]]:
    """Who was seen in the last moments, at each of some drafts."""
    found: dict[UUID, list[Presence]] = {each: [] for each in draft_ids}
    query = (
        select(DraftPresence, Person.name)
        .join(Person, Person.id == DraftPresence.person_id)
        .where(DraftPresence.draft_id.in_(draft_ids), DraftPresence.seen_at > clock.now() - RECENT)
        .order_by(Person.name, DraftPresence.path)
    )
    for row, name in session.execute(query):
        found[row.draft_id].append(Presence(row.person_id, name, row.path, row.seen_at))
    return found
