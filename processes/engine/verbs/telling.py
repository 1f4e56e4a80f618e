"""What every verb leaves behind: a line in the history, a notice to those concerned, an entry in the audit trail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes import clock, notices
from processes.engine.models import Case, CaseEvent, WorkItem
from processes.errors import Invalid
from processes.identity.actor import Actor
from processes.identity.models import PostHolding
from processes.messages import Message, message

LONGEST_REASON = 1000


def need_reason(reason: str, field: str = "reason") -> str:
    """A reason as it is kept; `Invalid` where none is given."""
    text = reason.strip()
    if not text:
        problem = message("请填写理由。")
        raise Invalid(problem, {field: problem})
    return short(text, field)


def short(text: str, field: str = "reason") -> str:
    """A remark as it is kept; `Invalid` where it is too long."""
    if len(text) > LONGEST_REASON:
        problem = message("理由不能超过 %(count)s 字。", count=LONGEST_REASON)
        raise Invalid(problem, {field: problem})
    return text.strip()


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


def note_case(session: Session, actor: Actor, case: Case, kind: str, text: str) -> None:
    """A line in the history of a case as a whole."""
    session.add(
        CaseEvent(case_id=case.id, at=clock.now(), kind=kind, person_id=actor.person_id, person=actor.name, text=text)
    )


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


def tell_person(session: Session, person_id: UUID, item: WorkItem, kind: str, text: Message) -> None:
    """A notice to one person about a task."""
    notices.notify(session, kind, text, person_id=person_id, case_id=item.case_id, work_item_id=item.id)


def tell_all(session: Session, items: Iterable[WorkItem], actor: Actor, kind: str, text: Message) -> None:
    """A notice about each of some tasks to who held it, except to whoever acts himself."""
    for item in items:
        whom = item.claimed_by_id or item.person_id
        if whom is not None and whom != actor.person_id:
            tell_person(session, whom, item, kind, text)
