"""承接: what is open at an office whose unit was abolished goes on at the same office of the unit that follows it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session, contains_eager

from processes.engine.messages_later import send_later
from processes.engine.models import UNDONE, Case, Waiting, WorkItem
from processes.engine.verbs.telling import note, tell
from processes.identity.actor import SYSTEM
from processes.identity.models import Organization, Unit
from processes.identity.routing import office_of
from processes.identity.units import successor
from processes.messages import message

UNIT_SUCCEEDED = "unit_succeeded"
"""The message by which a diagram hears of it; its correlation is the abolished unit, it carries `successor_unit_id`."""


def follow_units(session: Session, today: date) -> int:
    """Tell the cases that wait to hear of it, and hand on all other open tasks; how many cases and tasks that were.

    What a waiting case does about its tasks is said by its diagram, so they stay until it has done so.
    """
    return _tell_waiting(session, today) + _hand_on(session, today)


def _tell_waiting(session: Session, today: date) -> int:
    query = (
        select(Unit)
        .join(Waiting, Waiting.correlation == Unit.id)
        .where(Unit.valid_to < today, *_waits_for_it())
        .order_by(Unit.id)
        .distinct()
    )
    told = 0
    for unit in session.scalars(query):
        following = successor(session, unit, today)
        if following is not None:
            send_later(session, UNIT_SUCCEEDED, unit.id, {"successor_unit_id": following.id})
            told += 1
    return told


def _hand_on(session: Session, today: date) -> int:
    moved = 0
    for item, office in _left_behind(session, today):
        unit = session.get(Unit, office.unit_id) if office.unit_id else None
        following = successor(session, unit, today) if unit is not None else None
        heir = office_of(session, office.kind, following.id) if following is not None else None
        if heir is None or heir.id == office.id:
            continue
        item.organization_id = heir.id
        item.unit_id = heir.unit_id if item.unit_id == office.unit_id else item.unit_id
        item.claimed_by_id, item.claimed_by, item.claimed_at = None, "", None
        note(session, SYSTEM, item, "handed_over", f"{office.name} → {heir.name}：服务单元撤并")
        told = message("%(office)s已撤并，“%(task)s”由贵单位承接。", office=office.name, task=item.title)
        tell(session, item, "hand_over", told)
        moved += 1
    return moved


def _left_behind(session: Session, today: date) -> Sequence[tuple[WorkItem, Organization]]:
    """Open tasks of offices that are no more, without those of cases that will hear of it themselves."""
    hears = exists().where(
        Waiting.case_id == WorkItem.case_id, Waiting.correlation == Organization.unit_id, *_waits_for_it()
    )
    query = (
        select(WorkItem, Organization)
        .join(Organization, Organization.id == WorkItem.organization_id)
        .join(Case, Case.id == WorkItem.case_id)
        .options(contains_eager(WorkItem.case))
        .where(WorkItem.status.in_(UNDONE), Organization.valid_to < today, ~hears)
        .order_by(WorkItem.case_id, WorkItem.id)
        .with_for_update(of=WorkItem, key_share=True)
    )
    return [(item, office) for item, office in session.execute(query)]


def _waits_for_it() -> tuple[ColumnElement[bool], ...]:
    return Waiting.kind == "message", Waiting.name == UNIT_SUCCEEDED
