"""Who may do a task and who may look at a case: the same conditions for one row and for whole lists."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true
from sqlalchemy.orm import Session

from processes.engine.models import Case, WorkItem
from processes.errors import NotAllowed, NotFound
from processes.identity.actor import Actor
from processes.identity.posts import SEES_ALL_CASES
from processes.messages import message


def may_do(actor: Actor, item: WorkItem) -> bool:
    """Whether a task is the actor's: by name, or by a post held at the organization it went to."""
    if actor.person_id is None:
        return False
    if item.person_id is not None:
        return item.person_id == actor.person_id
    return any(held.organization_id == item.organization_id and item.role in ("", held.role) for held in actor.holdings)


def in_pool(actor: Actor) -> ColumnElement[bool]:
    """Work items that went to one of the actor's posts."""
    pools = [
        and_(WorkItem.organization_id == held.organization_id, WorkItem.role.in_((held.role, "")))
        for held in actor.holdings
        if held.organization_id is not None
    ]
    return and_(WorkItem.person_id.is_(None), or_(*pools)) if pools else false()


def is_for(actor: Actor) -> ColumnElement[bool]:
    """Work items that the actor may do."""
    return or_(WorkItem.person_id == actor.person_id, in_pool(actor)) if actor.person_id else false()


def sees_all(actor: Actor) -> bool:
    """Whether the actor may look at every case as a whole."""
    return actor.is_system or actor.has(*SEES_ALL_CASES)


def visible_cases(actor: Actor) -> ColumnElement[bool]:
    """Cases that the actor may look at: all, or those in which there is a part for him."""
    if sees_all(actor):
        return true()
    part = exists(select(WorkItem.id).where(WorkItem.case_id == Case.id, is_for(actor)).correlate(Case))
    return or_(Case.started_by_id == actor.person_id, Case.subject_id == actor.person_id, part)


def visible_items(actor: Actor) -> ColumnElement[bool]:
    """Work items that the actor may look at inside a case that he may see: all, or only his own."""
    return true() if sees_all(actor) else is_for(actor)


def need_part(session: Session, actor: Actor, item: WorkItem) -> None:
    """Raise unless the actor may look at a task: those without a part in the case do not learn that it exists."""
    if sees_all(actor) or may_do(actor, item):
        return
    case = session.get(Case, item.case_id)
    if case is not None and case.started_by_id == actor.person_id and case.started_by_id is not None:
        return
    raise NotFound(message("没有这项任务。"))


def need_to_do(actor: Actor, item: WorkItem) -> None:
    """Raise `NotAllowed` unless the task is the actor's."""
    if not may_do(actor, item):
        raise NotAllowed(message("这项任务不由您办理。"))
