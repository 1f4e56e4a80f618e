"""Who may do a task and who may look at a case: the same conditions for one row and for whole lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true
from sqlalchemy.orm import Session

from processes.engine.models import Case, WorkItem
from processes.errors import NotAllowed, NotFound
from processes.identity.actor import Actor, Holding, StandingIn
from processes.identity.posts import SEES_ALL_CASES
from processes.messages import message


def may_do(actor: Actor, item: WorkItem) -> bool:
    """Whether a task is the actor's: by name, by a post held at the organization it went to, or standing in."""
    if actor.person_id is None:
        return False
    return _is_own(actor.person_id, actor.holdings, item) or stood_in_for(actor, item) is not None


def own_part(actor: Actor, item: WorkItem) -> bool:
    """Whether a task is the actor's without standing in for anybody."""
    return actor.person_id is not None and _is_own(actor.person_id, actor.holdings, item)


def _is_own(person_id: UUID, holdings: Sequence[Holding], item: WorkItem) -> bool:
    if item.person_id is not None:
        return item.person_id == person_id
    return any(held.organization_id == item.organization_id and item.role in ("", held.role) for held in holdings)


def stood_in_for(actor: Actor, item: WorkItem) -> StandingIn | None:
    """For whom the actor would do a task; nobody where it is his own anyway, or comes of his own request (代理)."""
    if actor.person_id is None or not actor.standing_in:
        return None
    if _is_own(actor.person_id, actor.holdings, item) and item.claimed_by_id in (None, actor.person_id):
        return None
    if actor.person_id in (item.case.started_by_id, item.case.subject_id):
        return None
    for each in actor.standing_in:
        mine = _is_own(each.person_id, each.holdings, item) and item.claimed_by_id in (None, each.person_id)
        if mine and each.covers(item.process_key):
            return each
    return None


def acting(actor: Actor, item: WorkItem) -> Actor:
    """The actor with the name under which a task is done: «李某（代王某）» for a stand-in."""
    whose = stood_in_for(actor, item)
    return actor if whose is None else replace(actor, name=f"{actor.name}（代{whose.name}）")


def holder(actor: Actor, item: WorkItem) -> UUID | None:
    """For whom the actor would take a task: for himself, or for whom he stands in, so that it stays the other's."""
    whose = stood_in_for(actor, item)
    return actor.person_id if whose is None else whose.person_id


def in_pool(actor: Actor) -> ColumnElement[bool]:
    """Work items that went to one of the actor's posts."""
    pools = [
        and_(WorkItem.organization_id == held.organization_id, WorkItem.role.in_((held.role, "")))
        for held in actor.holdings
        if held.organization_id is not None
    ]
    return and_(WorkItem.person_id.is_(None), or_(*pools)) if pools else false()


def is_for(actor: Actor) -> ColumnElement[bool]:
    """Work items that the actor may do, standing in for others too."""
    if not actor.person_id:
        return false()
    return or_(WorkItem.person_id == actor.person_id, in_pool(actor), *map(_stood_in(actor), actor.standing_in))


def _stood_in(actor: Actor) -> Callable[[StandingIn], ColumnElement[bool]]:
    def condition(each: StandingIn) -> ColumnElement[bool]:
        pools = [
            and_(WorkItem.organization_id == held.organization_id, WorkItem.role.in_((held.role, "")))
            for held in each.holdings
        ]
        theirs = or_(WorkItem.person_id == each.person_id, and_(WorkItem.person_id.is_(None), or_(false(), *pools)))
        return and_(theirs, *within(actor, each))

    return condition


def within(actor: Actor, each: StandingIn) -> list[ColumnElement[bool]]:
    """What limits standing in: the procedures it is for, and never what the stand-in has asked for himself."""
    own = select(Case.id).where(or_(Case.started_by_id == actor.person_id, Case.subject_id == actor.person_id))
    limits: list[ColumnElement[bool]] = [WorkItem.case_id.not_in(own)]
    if each.processes:
        limits.append(WorkItem.process_key.in_(sorted(each.processes)))
    return limits


def sees_all(actor: Actor) -> bool:
    """Whether the actor may look at every case as a whole."""
    return actor.is_system or actor.has(*SEES_ALL_CASES)


def visible_cases(actor: Actor) -> ColumnElement[bool]:
    """Cases that the actor may look at: all, or those in which there is a part for him."""
    if sees_all(actor):
        return true()
    own = or_(is_for(actor), WorkItem.completed_by_id == actor.person_id)
    part = exists(select(WorkItem.id).where(WorkItem.case_id == Case.id, own).correlate(Case))
    return or_(Case.started_by_id == actor.person_id, Case.subject_id == actor.person_id, part)


def visible_items(actor: Actor) -> ColumnElement[bool]:
    """Work items that the actor may look at inside a case that he may see: all, or only his own."""
    return true() if sees_all(actor) else is_for(actor)


def need_part(session: Session, actor: Actor, item: WorkItem) -> None:
    """Raise unless the actor may look at a task: those without a part in the case do not learn that it exists.

    Who has done a task may look at it, though he did it for somebody else (代理); who has asked somebody aside, at
    what he has asked.
    """
    if sees_all(actor) or may_do(actor, item):
        return
    if actor.person_id is not None and item.completed_by_id == actor.person_id:
        return
    if item.attached_to_id is not None and may_do(actor, session.get_one(WorkItem, item.attached_to_id)):
        return
    case = session.get(Case, item.case_id)
    if case is not None and case.started_by_id == actor.person_id and case.started_by_id is not None:
        return
    raise NotFound(message("没有这项任务。"))


def need_to_do(actor: Actor, item: WorkItem) -> None:
    """Raise `NotAllowed` unless the task is the actor's."""
    if not may_do(actor, item):
        raise NotAllowed(message("这项任务不由您办理。"))
