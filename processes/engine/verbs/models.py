"""What the verbs keep: copies and questions, phrases, attachments, hand-overs."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, ForeignKey, Index, UniqueConstraint, and_, or_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from processes.db import Base
from processes.engine.models import Case
from processes.files import StoredFile
from processes.identity.models import Person


class Circulation(Base):
    """A case shown to somebody without a task in it (抄送、传阅), or a question aside (沟通); it moves nothing."""

    __tablename__ = "circulation"
    __table_args__ = (
        Index("ix_circulation_to_id_at_id", "to_id", "at", "id"),
        Index("ix_circulation_case_id_at", "case_id", "at"),
        Index("ix_circulation_unread", "to_id", "kind", "read_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    kind: Mapped[str]
    """`copy` or `question`."""
    case_id: Mapped[UUID] = mapped_column(ForeignKey("process_case.id"))
    work_item_id: Mapped[UUID | None] = mapped_column(ForeignKey("work_item.id"))
    """The task from which it was sent."""
    step: Mapped[str] = mapped_column(default="")
    from_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    sender: Mapped[str]
    to_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    text: Mapped[str] = mapped_column(default="")
    """The note of a copy, or the question."""
    read_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(default="")
    """What the reader wrote."""
    answered_at: Mapped[datetime | None]
    passed_on_from: Mapped[UUID | None] = mapped_column(ForeignKey("circulation.id"))
    """The copy that was passed on."""

    case: Mapped[Case] = relationship()
    to: Mapped[Person] = relationship(foreign_keys=[to_id])


def waits_for_reader() -> ColumnElement[bool]:
    """Copies that were not read, and questions that were not answered."""
    return or_(
        and_(Circulation.kind == "copy", Circulation.read_at.is_(None)),
        and_(Circulation.kind == "question", Circulation.answered_at.is_(None)),
    )


class Phrase(Base):
    """A common phrase for opinions: one's own, or the house's for everybody (常用意见)."""

    __tablename__ = "phrase"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    """None: of the house."""
    text: Mapped[str]
    place: Mapped[int] = mapped_column(default=0)


class Attachment(Base):
    """A file beside the forms of a case, in its versions."""

    __tablename__ = "attachment"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("process_case.id"), index=True)
    title: Mapped[str]
    removed_at: Mapped[datetime | None]
    removed_by: Mapped[str] = mapped_column(default="")

    versions: Mapped[list[AttachmentVersion]] = relationship(
        back_populates="attachment", order_by="AttachmentVersion.number.desc()"
    )


class AttachmentVersion(Base):
    """One version of an attachment; none is ever overwritten."""

    __tablename__ = "attachment_version"
    __table_args__ = (UniqueConstraint("attachment_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    attachment_id: Mapped[UUID] = mapped_column(ForeignKey("attachment.id"))
    number: Mapped[int]
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"))
    at: Mapped[datetime]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    person: Mapped[str]
    step: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")

    attachment: Mapped[Attachment] = relationship(back_populates="versions")
    file: Mapped[StoredFile] = relationship(lazy="joined", innerjoin=True)


class HandOver(Base):
    """All open work of somebody who leaves, given to a successor, with what was moved (交接单)."""

    __tablename__ = "hand_over"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    number: Mapped[str] = mapped_column(unique=True)
    """E.g. `交接-2026-0003`."""
    from_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    to_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    leaver: Mapped[str]
    successor: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[str]
    reason: Mapped[str]
    lines: Mapped[list[Any]]
    """What was moved: `{"kind", "case", "title", "step", "due", "now"}` each."""
