"""Turns: acts that look before they write, and lock no row by which the next one would notice, take turns by name."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session


def take_turn(session: Session, name: str) -> None:
    """Wait until nobody else has the turn of this name, and keep it until the transaction ends.

    On SQLite all writers have taken turns at their beginning already.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
