"""What every verb leaves behind: a line in the history, a notice to those concerned, an entry in the audit trail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from processes import clock, notices
from processes.engine.models import Case, CaseEvent, WorkItem
from processes.identity.actor import Actor
from processes.identity.models import Person, PostHolding, StandIn
from processes.identity.validity import valid_on
from processes.messages import Message


def note(
    session: Session, actor: Actor, item: WorkItem, kind: str, text: str, detail: Mapping[str, Any] | None = None
) -> CaseEvent:
    """A line in the history of a task's case."""
    event = CaseEvent(
        case_id=item.case_id, at=clock.now(), kind=kind, element_id=item.element_id, step=item.step,
        task_id=item.task_id, person_id=actor.person_id, person=actor.name, text=text, detail=dict(detail or {}),
    )  # fmt: skip
    session.add(event)
    return event


def note_case(
    session: Session, actor: Actor, case: Case, kind: str, text: str, detail: Mapping[str, Any] | None = None
) -> None:
    """A line in the history of a case as a whole."""
    session.add(
        CaseEvent(
            case_id=case.id, at=clock.now(), kind=kind, person_id=actor.person_id, person=actor.name, text=text,
            detail=dict(detail or {}),
        )
    )  # fmt: skip


def tell(session: Session, item: WorkItem, kind: str, text: Message) -> None:
    """A notice to who holds a task, or to all who may take it."""
    whom = item.claimed_by_id or item.person_id
    if whom is not None:
        tell_person(session, whom, item, kind, text)
        return
    at_organization = select(PostHolding.role).where(PostHolding.organization_id == item.organization_id).distinct()
    for role in [item.role] if item.role else session.scalars(at_organization):
        notices.notify(
            session, kind, text, role=role, organization_id=item.organization_id, case_id=item.case_id,
            work_item_id=item.id,
        )  # fmt: skip
    _tell_stand_ins(session, _who_may_take(item), item, kind, text)


def tell_person(session: Session, person_id: UUID, item: WorkItem, kind: str, text: Message) -> None:
    """A notice to one person about a task."""
    notices.notify(session, kind, text, person_id=person_id, case_id=item.case_id, work_item_id=item.id)
    _tell_stand_ins(session, select(Person.id).where(Person.id == person_id), item, kind, text)


def _who_may_take(item: WorkItem) -> Select[UUID]:
    """Who holds the post that a task lies with, today."""
    today = clock.today()
    held = select(PostHolding.person_id).where(
        PostHolding.organization_id == item.organization_id,
        valid_on(PostHolding, today),
    )
    return held.where(PostHolding.role == item.role) if item.role else held


def _tell_stand_ins(session: Session, whose: Select[UUID], item: WorkItem, kind: str, text: Message) -> None:
    """The same to those who stand in today for some people, as far as they may do the task and are not told anyway."""
    today, case = clock.today(), session.get_one(Case, item.case_id)
    query = select(StandIn).options(joinedload(StandIn.principal)).where(
        StandIn.principal_id.in_(whose), StandIn.person_id.not_in(whose), StandIn.ended_at.is_(None),
        StandIn.valid_from <= today, StandIn.valid_to >= today,
    )  # fmt: skip
    told: set[UUID | None] = {case.started_by_id, case.subject_id}
    for each in session.scalars(query.order_by(StandIn.created_at, StandIn.id)):
        if each.person_id in told or (each.processes and item.process_key not in each.processes):
            continue
        told.add(each.person_id)
        notices.notify(
            session, kind, text, person_id=each.person_id, case_id=item.case_id, work_item_id=item.id,
            whose=each.principal.name,
        )  # fmt: skip


def tell_all(session: Session, items: Iterable[WorkItem], actor: Actor, kind: str, text: Message) -> None:
    """A notice about each of some tasks to who held it, except to whoever acts himself."""
    for item in items:
        whom = item.claimed_by_id or item.person_id
        if whom is not None and whom != actor.person_id:
            tell_person(session, whom, item, kind, text)
