"""Timers of cases: what is due is found by one indexed query, then fired case by case through the one door."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from processes import clock
from processes.engine.door import open_case
from processes.engine.house import House
from processes.engine.models import Case
from processes.identity.actor import SYSTEM


def next_due(session: Session) -> datetime | None:
    """When the soonest timer of all cases is due."""
    waiting = select(Case.next_due).where(Case.next_due.is_not(None))
    return session.scalar(waiting.order_by(Case.next_due).limit(1))


def claim(session: Session, now: datetime, passed: Collection[UUID] = ()) -> UUID | None:
    """Lock the case that has been due longest and that nobody else is busy with; None when there is none.

    Workers step round each other: what another fires, or somebody completes just now, is looked at again later.
    """
    return session.scalar(due(now, passed).limit(1).with_for_update(skip_locked=True))


def due(now: datetime, passed: Collection[UUID] = ()) -> Select[UUID]:
    """Cases with a timer that is due, longest due first; only a running case has a `next_due`."""
    query = select(Case.id).where(Case.next_due <= now).order_by(Case.next_due)
    return query.where(Case.id.not_in(passed)) if passed else query


def fire(session: Session, house: House, case_id: UUID) -> None:
    """Fire what is due in a case; what fires nothing any more is left as it is."""
    with open_case(session, house, SYSTEM, case_id) as opened:
        if opened.case.next_due is None or opened.case.next_due > opened.now:
            return
        opened.run.fire_timers(clock.now())
        opened.save()
