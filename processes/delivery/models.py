"""What is kept of choices, feeds, hooks and deliveries."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from processes.db import Base
from processes.identity.models import Person
from processes.notices import Notice


class NoticeChoice(Base):
    """How a person wants to be told outside the desk; without a row, by mail at once."""

    __tablename__ = "notice_choice"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    mail: Mapped[str] = mapped_column(default="at_once")
    """`at_once`, `daily` (one digest each working day) or `off`."""
    quiet_from: Mapped[time | None]
    """From this time of the city's day on nothing is sent; it may be later than `quiet_to`: over the night."""
    quiet_to: Mapped[time | None]


class CalendarFeed(Base):
    """The secret address under which a person's calendar program reads due days; one a person."""

    __tablename__ = "calendar_feed"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class WebHook(Base):
    """An address of another system that is told of notices."""

    __tablename__ = "web_hook"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(unique=True)
    url: Mapped[str]
    secret: Mapped[str]
    """Signs what is sent; told once, when the hook is made."""
    kinds: Mapped[list[Any]]
    """Kinds of notices that are sent; empty: all."""
    active: Mapped[bool] = mapped_column(default=True)
    made_at: Mapped[datetime]
    made_by: Mapped[str]


class NoticeDelivery(Base):
    """One notice on its way to one person by mail, or to one hook."""

    __tablename__ = "notice_delivery"
    __table_args__ = (
        UniqueConstraint("notice_id", "channel", "receiver"),
        Index(
            "ix_notice_delivery_waiting",
            *("channel", "receiver", "due_at"),
            sqlite_where=text("status = 'waiting'"),
            postgresql_where=text("status = 'waiting'"),
        ),
        Index("ix_notice_delivery_made_at_id", "made_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notice.id"))
    channel: Mapped[str]
    """`mail` or `hook`."""
    receiver: Mapped[str]
    """Id of the person or of the hook."""
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(default="waiting")
    """`waiting`, `sent`, or `dropped` where the receiver is gone or wants nothing any more."""
    sent_at: Mapped[datetime | None]

    notice: Mapped[Notice] = relationship()
    person: Mapped[Person | None] = relationship()
