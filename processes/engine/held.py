"""One's own tasks that wait: for somebody who was asked aside, or because their case is suspended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.engine.models import CaseEvent, WorkItem
from processes.engine.verbs.signers import names_of


@dataclass(frozen=True)
class Asked:
    """Somebody who has what a task waits for."""

    item: WorkItem
    name: str


@dataclass(frozen=True)
class Wait:
    """What one task waits for."""

    asked: tuple[Asked, ...] = ()
    suspended_at: datetime | None = None
    """Since when its case is suspended; None: it goes on."""
    suspended_by: str = ""
    reason: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Who has what it waits for."""
        return tuple(each.name for each in self.asked)


def waits(session: Session, items: Sequence[WorkItem]) -> dict[UUID, Wait]:
    """What each of some tasks waits for; its case is loaded with it."""
    asked, stopped = _asked(session, items), _suspended(session, items)
    found = {}
    for item in items:
        event = stopped.get(item.case_id)
        since = (event.at, event.person, event.text) if event is not None else (None, "", "")
        found[item.id] = Wait(tuple(asked.get(item.id, ())), *since)
    return found


def _asked(session: Session, items: Sequence[WorkItem]) -> Mapping[UUID, list[Asked]]:
    held = [each.id for each in items if each.status == "held"]
    query = select(WorkItem).where(WorkItem.attached_to_id.in_(held), WorkItem.status == "open")
    rows = session.scalars(query.order_by(WorkItem.created_at, WorkItem.task_id)).all() if held else []
    names = names_of(session, rows)
    found: dict[UUID, list[Asked]] = {}
    for each in rows:
        assert each.attached_to_id is not None
        found.setdefault(each.attached_to_id, []).append(Asked(each, names.get(each.id, "")))
    return found


def _suspended(session: Session, items: Sequence[WorkItem]) -> Mapping[UUID, CaseEvent]:
    cases = {each.case_id for each in items if each.case.status == "suspended"}
    if not cases:
        return {}
    query = select(CaseEvent).where(CaseEvent.case_id.in_(cases), CaseEvent.kind == "suspended")
    return {each.case_id: each for each in session.scalars(query.order_by(CaseEvent.id))}
