"""Timers of cases: what is due is found by one indexed query, then fired case by case through the one door."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes import clock
from processes.engine.door import open_case
from processes.engine.house import House
from processes.engine.models import Case
from processes.identity.actor import SYSTEM


def due_cases(session: Session, now: datetime, limit: int = 100) -> list[UUID]:
    """Cases with a timer that is due, longest due first."""
    query = select(Case.id).where(Case.next_due <= now, Case.status == "running").order_by(Case.next_due).limit(limit)
    return list(session.scalars(query))


def fire(session: Session, house: House, case_id: UUID) -> None:
    """Fire what is due in a case; what fires nothing any more is left as it is."""
    with open_case(session, house, SYSTEM, case_id) as opened:
        if opened.case.next_due is None or opened.case.next_due > opened.now:
            return
        opened.run.fire_timers(clock.now())
        opened.save()
