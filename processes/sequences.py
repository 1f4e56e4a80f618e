"""Running numbers without gaps: of documents, certificates, applications and cases."""

from __future__ import annotations

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from processes.db import Base


class RunningNumber(Base):
    """The number that was given last under a name, e.g. `渝规资函:2026`."""

    __tablename__ = "running_number"

    name: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]


def next_number(session: Session, name: str) -> int:
    """The next number under a name, from 1; a transaction that fails gives its number back.

    The counter's row is locked until the transaction ends, so two offices never get one number.
    """
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    first = insert(RunningNumber).values(name=name, last=1)
    given = first.on_conflict_do_update(index_elements=["name"], set_={"last": RunningNumber.last + 1})
    return session.execute(given.returning(RunningNumber.last)).scalar_one()


def last_number(session: Session, name: str) -> int:
    """The number that was given last under a name; 0 before the first."""
    given = session.get(RunningNumber, name, populate_existing=True)
    return given.last if given is not None else 0


def yearly_number(session: Session, series: str, name: str, year: int) -> str:
    """The next number of a series that begins anew each year, e.g. `待遇-2026-0001`; `name` is that of its counter."""
    return f"{series}-{year}-{next_number(session, f'{name}:{year}'):04}"
