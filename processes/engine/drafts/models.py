"""What the desk stores of drafts: a package that is being changed, its files, and who is looking at which of them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, deferred, mapped_column

from processes.db import Base

OPEN, SUBMITTED, APPROVED, PUBLISHED, DISCARDED = "open", "submitted", "approved", "published", "discarded"
ALIVE = (OPEN, SUBMITTED, APPROVED)
"""States of a draft that may still become a version."""


class Draft(Base):
    """A package that a process owner changes; it becomes a version when it is published."""

    __tablename__ = "definition_draft"
    __table_args__ = (Index("ix_definition_draft_key_state", "key", "state"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    key: Mapped[str]
    """Key of the definition whose next version it would be."""
    title: Mapped[str]
    """What people call it."""
    base_id: Mapped[UUID | None] = mapped_column(ForeignKey("definition.id"))
    """The version from which it began."""
    revision: Mapped[int] = mapped_column(default=1)
    """Counts the times that files were saved."""
    state: Mapped[str] = mapped_column(default=OPEN)
    """`open`, `submitted`, `approved`, `published` or `discarded`; files change only while it is open."""
    reason: Mapped[str] = mapped_column(default="")
    """Why it was discarded."""
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime]
    changed_by: Mapped[str]
    changed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class DraftFile(Base):
    """One file of a draft, byte for byte as it was saved; a file that was taken away is kept as none."""

    __tablename__ = "definition_draft_file"

    draft_id: Mapped[UUID] = mapped_column(ForeignKey("definition_draft.id"), primary_key=True)
    path: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    """None: the file was taken away at `revision`."""
    size: Mapped[int]
    revision: Mapped[int]
    """Revision of the draft at which this file was saved last."""
    changed_at: Mapped[datetime]
    changed_by: Mapped[str]


class DraftPresence(Base):
    """Somebody has a file of a draft open."""

    __tablename__ = "draft_presence"

    draft_id: Mapped[UUID] = mapped_column(ForeignKey("definition_draft.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    path: Mapped[str] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime]
