"""The submissions of drafts: those that wait, those of a procedure, and the one by which a version was published."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes import clock
from processes.engine.publishing.models import OPEN_STATES, PUBLISHED, Publication, PublicationAct
from processes.errors import NotFound
from processes.identity.actor import Actor
from processes.messages import message


def publication(session: Session, publication_id: UUID) -> Publication:
    """A submission, or `NotFound`."""
    found = session.get(Publication, publication_id)
    if found is None:
        raise NotFound(message("没有这次提交。"))
    return found


def open_publication(session: Session, draft_id: UUID, *, lock: bool = False) -> Publication | None:
    """The submission of a draft that still waits for something."""
    query = select(Publication).where(Publication.draft_id == draft_id, Publication.state.in_(OPEN_STATES))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(query.order_by(Publication.submitted_at.desc()).limit(1)).first()


def publications(session: Session, *, draft_id: UUID | None = None, key: str = "") -> Sequence[Publication]:
    """The submissions of a draft, or of a procedure, newest first."""
    query = select(Publication).order_by(Publication.submitted_at.desc()).limit(100)
    if draft_id is not None:
        query = query.where(Publication.draft_id == draft_id)
    return session.scalars(query.where(Publication.key == key) if key else query).all()


def waiting_publications(session: Session) -> Sequence[Publication]:
    """All submissions that wait for an approval or for their day, oldest first."""
    query = select(Publication).where(Publication.state.in_(OPEN_STATES)).order_by(Publication.submitted_at)
    return session.scalars(query.limit(200)).all()


def publication_of(session: Session, definition_ids: Collection[UUID]) -> dict[UUID, Publication]:
    """By version, the submission by which it was published last."""
    query = select(Publication).where(
        Publication.definition_id.in_(list(definition_ids)), Publication.state == PUBLISHED
    )
    return {
        each.definition_id: each
        for each in session.scalars(query.order_by(Publication.published_at))
        if each.definition_id is not None
    }


def acts(session: Session, publication_ids: Collection[UUID]) -> Sequence[PublicationAct]:
    """What was done about some submissions, oldest first."""
    query = select(PublicationAct).where(PublicationAct.publication_id.in_(list(publication_ids)))
    return session.scalars(query.order_by(PublicationAct.id)).all()


def note(
    session: Session, actor: Actor, found: Publication, act: str, text: str = "", at: datetime | None = None
) -> None:
    """Keep one act on the way of a submission."""
    session.add(
        PublicationAct(
            publication_id=found.id,
            at=at or clock.now(),
            act=act,
            person_id=actor.person_id,
            person=actor.name,
            text=text,
        )
    )
    session.flush()
