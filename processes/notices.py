"""Notices: short messages to a person, or to whoever holds a post, shown in the desk."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, Select, and_, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from processes import clock
from processes.db import Base
from processes.identity.actor import Actor
from processes.messages import Message


class Notice(Base):
    """Something people should know; `text` is a sentence of the catalog with its values."""

    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_person_id_at", "person_id", "at"),
        Index("ix_notice_role_organization_id_at", "role", "organization_id", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    at: Mapped[datetime]
    kind: Mapped[str]
    """`reminder`, `escalation`, `result`, `incident` …"""
    text: Mapped[str]
    params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str | None]
    organization_id: Mapped[str | None] = mapped_column(ForeignKey("organization.id"))
    case_id: Mapped[UUID | None]
    work_item_id: Mapped[UUID | None]

    def message(self) -> Message:
        """The sentence, to be drawn in the reader's language."""
        return Message(self.text, self.params)


class NoticeRead(Base):
    """That a person has read a notice."""

    __tablename__ = "notice_read"

    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notice.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    at: Mapped[datetime]


def notify(
    session: Session,
    kind: str,
    text: Message,
    *,
    person_id: UUID | None = None,
    role: str | None = None,
    organization_id: str | None = None,
    case_id: UUID | None = None,
    work_item_id: UUID | None = None,
) -> None:
    """Leave a notice for one person, or for whoever holds a post (at one organization, or anywhere)."""
    session.add(
        Notice(
            at=clock.now(),
            kind=kind,
            text=text.msgid,
            params={name: str(value) for name, value in text.params.items()},
            person_id=person_id,
            role=role,
            organization_id=organization_id,
            case_id=case_id,
            work_item_id=work_item_id,
        )
    )


def _mine(actor: Actor) -> Select[Notice]:
    posts = [
        and_(
            Notice.role == held.role,
            or_(Notice.organization_id.is_(None), Notice.organization_id == held.organization_id),
        )
        for held in actor.holdings
    ]
    return select(Notice).where(or_(Notice.person_id == actor.person_id, *posts))


def _unread(actor: Actor) -> Select[Notice]:
    read = select(NoticeRead.notice_id).where(NoticeRead.person_id == actor.person_id)
    return _mine(actor).where(Notice.id.not_in(read))


def notices(
    session: Session, actor: Actor, *, offset: int = 0, limit: int = 20
) -> tuple[list[tuple[Notice, bool]], int]:
    """A page of a person's notices, newest first, each with whether it was read; and how many there are."""
    query = _mine(actor)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    found = session.scalars(query.order_by(Notice.at.desc(), Notice.id).offset(offset).limit(limit)).all()
    read = set(
        session.scalars(
            select(NoticeRead.notice_id).where(
                NoticeRead.person_id == actor.person_id, NoticeRead.notice_id.in_([each.id for each in found])
            )
        )
    )
    return [(each, each.id in read) for each in found], total


def unread_count(session: Session, actor: Actor) -> int:
    """How many notices a person has not read."""
    return session.scalar(select(func.count()).select_from(_unread(actor).subquery())) or 0


def mark_all_read(session: Session, actor: Actor) -> None:
    """Note that a person has seen all notices up to now."""
    now = clock.now()
    if actor.person_id is not None:
        session.add_all(
            NoticeRead(notice_id=each.id, person_id=actor.person_id, at=now) for each in session.scalars(_unread(actor))
        )
