"""Operation keys: a changing request that is sent twice is done once, and answered twice with the first result."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import ForeignKey, Table, delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from processes import clock
from processes.db import Base

KEPT = timedelta(days=30)
"""A key older than this is swept away."""


class OperationKey(Base):
    """One changing request that has been done; written in the same transaction as what it did."""

    __tablename__ = "operation_key"

    key: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    path: Mapped[str]
    body: Mapped[str]
    """Hash of what was sent, so that a key used again for something else is noticed."""
    status: Mapped[int]
    location: Mapped[str]
    """Where the first result is shown."""
    answer: Mapped[str] = mapped_column(default="")
    """What a program was answered, so that it is answered the same again."""
    at: Mapped[datetime] = mapped_column(index=True)

    def is_of(self, person_id: UUID | None, path: str, body: str) -> bool:
        """Whether it was made by the same request."""
        return (self.person_id, self.path, self.body) == (person_id, path, body)


_KEYS = cast(Table, OperationKey.__table__)


def take(
    session: Session, key: str, person_id: UUID | None, path: str, body: str,
    status: int = 0, location: str = "", answer: str = "",
) -> OperationKey | None:  # fmt: skip
    """Take a key for this transaction; None where it is taken now, else the request that took it before.

    The result is given with it where it is known already.
    On PostgreSQL a second transaction waits here for the first; on SQLite it has waited at its beginning.
    """
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = {
        "key": key,
        "person_id": person_id,
        "path": path,
        "body": body,
        "status": status,
        "location": location,
        "answer": answer,
        "at": clock.now(),
    }
    statement = insert(_KEYS).values(row).on_conflict_do_nothing(index_elements=["key"]).returning(_KEYS.c.key)
    if session.connection().execute(statement).first() is not None:
        return None
    return session.get_one(OperationKey, key, populate_existing=True)


def taken_before(session: Session, key: str) -> OperationKey | None:
    """The request that has taken a key, if any has."""
    return session.get(OperationKey, key)


def finish(session: Session, key: str, status: int, location: str, answer: str = "") -> None:
    """Write down where the result of a key is shown, or what a program was answered."""
    result = update(OperationKey).where(OperationKey.key == key)
    session.execute(result.values(status=status, location=location, answer=answer))


def sweep(session: Session) -> None:
    """Remove the keys that are old."""
    session.execute(delete(OperationKey).where(OperationKey.at < clock.now() - KEPT))
