"""How the records of the registers came to stand as they do: every change of a status, by whom, when and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from processes import clock
from processes.db import Base
from processes.errors import Conflict
from processes.forms.wording import Wording
from processes.identity.actor import Actor
from processes.messages import message


class StatusChange(Base):
    """One change of one record's status; written once, never changed."""

    __tablename__ = "status_change"
    __table_args__ = (Index("ix_status_change_register_record_id", "register", "record_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    register: Mapped[str]
    """Table of the record, e.g. `application`."""
    record_id: Mapped[UUID]
    at: Mapped[datetime]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    person: Mapped[str]
    from_status: Mapped[str]
    """Empty for the first status of a record."""
    to_status: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")


class Stateful:
    """A record that lives through statuses."""

    __tablename__: str
    LIFE: ClassVar[Mapping[str, frozenset[str]]] = {}
    """The statuses that may follow each status; those that are not named end the life of the record."""
    STATUSES: ClassVar[Mapping[str, Wording]] = {}

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    status: Mapped[str] = mapped_column(index=True)


def enter(session: Session, actor: Actor, record: Stateful, reason: str = "") -> None:
    """Add a new record with its first status."""
    session.add(record)
    session.flush()
    _write(session, actor, record, "", record.status, reason)


def change_status(session: Session, actor: Actor, record: Stateful, status: str, reason: str = "") -> bool:
    """Give a record another status; False if it has it already, `Conflict` if the record is past that point."""
    before = record.status
    if before == status:
        return False
    if status not in record.LIFE.get(before, frozenset()):
        old, new = record.STATUSES[before].zh, record.STATUSES[status].zh
        raise Conflict(message("当前状态为“%(old)s”，不能改为“%(new)s”。", old=old, new=new))
    record.status = status
    session.flush()
    _write(session, actor, record, before, status, reason)
    return True


def changes_of(session: Session, record: Stateful) -> Sequence[StatusChange]:
    """All changes of a record's status, oldest first."""
    mine = (StatusChange.register == record.__tablename__, StatusChange.record_id == record.id)
    return session.scalars(select(StatusChange).where(*mine).order_by(StatusChange.id)).all()


def life(*steps: tuple[str, Sequence[str]]) -> Mapping[str, frozenset[str]]:
    """The statuses that may follow each status."""
    return {before: frozenset(after) for before, after in steps}


def _write(session: Session, actor: Actor, record: Stateful, before: str, after: str, reason: str) -> None:
    session.add(
        StatusChange(
            register=record.__tablename__,
            record_id=record.id,
            at=clock.now(),
            person_id=actor.person_id,
            person=actor.name,
            from_status=before,
            to_status=after,
            reason=reason,
        )
    )
