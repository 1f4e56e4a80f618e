"""What stands between a draft and a version: who submitted it and why, who approved it, and what was seen before."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from processes.db import Base

SUBMITTED, APPROVED, SCHEDULED = "submitted", "approved", "scheduled"
PUBLISHED, SENT_BACK, WITHDRAWN = "published", "sent_back", "withdrawn"
OPEN_STATES = (SUBMITTED, APPROVED, SCHEDULED)
"""States in which a submission still waits for something."""


class Publication(Base):
    """One submission of a draft, on its way to becoming a version."""

    __tablename__ = "publication"
    __table_args__ = (
        Index("ix_publication_key_submitted_at", "key", "submitted_at"),
        Index("ix_publication_draft_id", "draft_id", "submitted_at"),
        Index("ix_publication_definition_id", "definition_id"),
        Index("ix_publication_state", "state"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    draft_id: Mapped[UUID] = mapped_column(ForeignKey("definition_draft.id"))
    key: Mapped[str]
    title: Mapped[str]
    content_hash: Mapped[str]
    """Of the files that were submitted: no other content is published."""
    against_id: Mapped[UUID | None] = mapped_column(ForeignKey("definition.id"))
    """The version it was compared with: the one in force when it was submitted."""
    state: Mapped[str]
    """`submitted`, `approved`, `scheduled`, `published`, `sent_back` or `withdrawn`."""
    needs_approval: Mapped[bool]
    """Whether the switch asked for a second pair of eyes when it was submitted."""
    reason: Mapped[str]
    article: Mapped[str] = mapped_column(default="")
    """The article of the regulation that the change rests on."""
    submitted_at: Mapped[datetime]
    submitted_by: Mapped[str]
    submitted_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    changes: Mapped[list[Any]] = mapped_column(default=list)
    """Every change of substance in words, as it was when it was submitted."""
    replay_id: Mapped[UUID | None] = mapped_column(ForeignKey("replay.id"))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str] = mapped_column(default="")
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(default="")
    """What whoever approved it, sent it back or withdrew it has said."""
    publish_at: Mapped[datetime | None]
    """When it is to be published, where that is not at once."""
    published_at: Mapped[datetime | None]
    published_by: Mapped[str] = mapped_column(default="")
    definition_id: Mapped[UUID | None] = mapped_column(ForeignKey("definition.id"))
    failed: Mapped[list[Any]] = mapped_column(default=list)
    """Why it could not be published on its day."""


class PublicationAct(Base):
    """One act on the way; never changed, never removed."""

    __tablename__ = "publication_act"
    __table_args__ = (Index("ix_publication_act_publication_id", "publication_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    publication_id: Mapped[UUID] = mapped_column(ForeignKey("publication.id"))
    at: Mapped[datetime]
    act: Mapped[str]
    """`submitted`, `approved`, `sent_back`, `withdrawn`, `scheduled`, `published`, `failed`."""
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    person: Mapped[str]
    text: Mapped[str] = mapped_column(default="")


class ComparisonSeen(Base):
    """Somebody has looked at what a content changes in a version."""

    __tablename__ = "comparison_seen"

    draft_id: Mapped[UUID] = mapped_column(ForeignKey("definition_draft.id"), primary_key=True)
    content_hash: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    person: Mapped[str]
    at: Mapped[datetime]


class ApprovalRule(Base):
    """From when on a second pair of eyes is needed, or not; never changed, the newest counts."""

    __tablename__ = "approval_rule"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    needed: Mapped[bool]
    at: Mapped[datetime]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    person: Mapped[str]
    reason: Mapped[str]
