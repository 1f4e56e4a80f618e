"""The shares that one person has in the work: each is the rows of one index, already in the order of a list.

A list of several shares takes as many rows of each as the page needs and merges them; so it costs what the page costs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, or_, select, tuple_, union_all

from processes.engine.models import Case, FormDraft, WorkItem
from processes.engine.permissions import within
from processes.identity.actor import Actor, Holding
from processes.paging import word

Share = tuple[ColumnElement[bool], ...]
"""Conditions that hold together."""
OPEN = WorkItem.status == word("open")
HELD = WorkItem.status == word("held")
DONE = WorkItem.status == word("done")
BY_DUE = (WorkItem.due_at.asc().nulls_last(), WorkItem.created_at, WorkItem.id)
BY_DONE = (WorkItem.completed_at.desc(), WorkItem.id.desc())


def not_suspended() -> ColumnElement[bool]:
    """Open tasks of a case that goes on: the suspended cases are few and are the ones that are named."""
    return WorkItem.case_id.not_in(select(Case.id).where(Case.status == word("suspended")))


def named(actor: Actor) -> list[Share]:
    """Open tasks that are one's own: by name, or claimed."""
    by_name = (OPEN, WorkItem.person_id == actor.person_id)
    claimed = (OPEN, WorkItem.claimed_by_id == actor.person_id)
    other = or_(WorkItem.person_id.is_(None), WorkItem.person_id != actor.person_id)
    return [by_name, (*claimed, other)]


def held_pools(actor: Actor) -> list[tuple[str, str]]:
    """Organization and post of each place where a task may lie for the actor; no post: anybody of the organization."""
    return pool_keys(actor.holdings)


def pool_keys(holdings: Sequence[Holding]) -> list[tuple[str, str]]:
    """The same for some posts."""
    return list(
        dict.fromkeys(
            (each.organization_id, role)
            for each in holdings
            if each.organization_id is not None
            for role in (each.role, "")
        )
    )


def pools(actor: Actor) -> list[Share]:
    """What went to one of the actor's posts, or to anybody of the organization."""
    return [
        (WorkItem.organization_id == place, WorkItem.role == role, WorkItem.person_id.is_(None))
        for place, role in held_pools(actor)
    ]


def unclaimed(actor: Actor) -> list[Share]:
    """Open tasks of the actor's posts that nobody has taken."""
    return [(OPEN, *each, WorkItem.claimed_by_id.is_(None)) for each in pools(actor)]


def for_the_actor(actor: Actor) -> list[Share]:
    """Open tasks that the actor may do, whoever has claimed them."""
    return [(OPEN, WorkItem.person_id == actor.person_id), *((OPEN, *each) for each in pools(actor))]


def standing_in(actor: Actor) -> list[Share]:
    """Open tasks of those for whom the actor stands in, without what is his own anyway."""
    found: list[Share] = []
    pools_seen = set(held_pools(actor))
    for each in actor.standing_in:
        limits = within(actor, each)
        found.append((OPEN, WorkItem.person_id == each.person_id, *limits))
        other = or_(WorkItem.person_id.is_(None), WorkItem.person_id != each.person_id)
        found.append((OPEN, WorkItem.claimed_by_id == each.person_id, other, *limits))
        for place, role in pool_keys(each.holdings):
            if (place, role) not in pools_seen:
                pools_seen.add((place, role))
                pool = (WorkItem.organization_id == place, WorkItem.role == role, WorkItem.person_id.is_(None))
                found.append((OPEN, *pool, WorkItem.claimed_by_id.is_(None), *limits))
    return found


def held(actor: Actor) -> list[Share]:
    """One's own tasks that wait for others, and those of cases that are suspended.

    Who is to sign after somebody was not asked yet: that task is nobody's to wait for.
    """
    own = (HELD, WorkItem.attached_as != word("after"))
    found: list[Share] = []
    whose = [(each.person_id, within(actor, each)) for each in actor.standing_in]
    for person_id, limits in ((actor.person_id, []), *whose):
        by_name = or_(WorkItem.claimed_by_id.is_(None), WorkItem.claimed_by_id != person_id)
        signed = (WorkItem.completed_by_id == person_id, WorkItem.claimed_by_id.is_(None), WorkItem.person_id.is_(None))
        found.append((*own, WorkItem.claimed_by_id == person_id, *limits))
        found.append((*own, WorkItem.person_id == person_id, by_name, *limits))
        found.append((*own, *signed, *limits))
    stopped = WorkItem.case_id.in_(select(Case.id).where(Case.status == word("suspended")))
    return [*found, *((*share, stopped) for share in (*named(actor), *unclaimed(actor), *standing_in(actor)))]


def done(actor: Actor) -> list[Share]:
    """What the actor has done."""
    return [(DONE, WorkItem.completed_by_id == actor.person_id)]


def drafts(actor: Actor) -> list[Share]:
    """Open tasks for which the actor has put a form aside."""
    return [(OPEN, WorkItem.id.in_(select(FormDraft.work_item_id).where(FormDraft.person_id == actor.person_id)))]


def merged(
    shares: Sequence[Share], narrowed: Sequence[ColumnElement[bool]], order: Sequence[Any], limit: int
) -> Select[Any] | CompoundSelect[Any]:
    """Id and order of the first rows of each share; more than `limit` of all of them together are not needed."""
    parts = [_part(each, narrowed, order, limit) for each in shares]
    return parts[0] if len(parts) == 1 else union_all(*(select(each.subquery()) for each in parts))


def _part(share: Share, narrowed: Sequence[ColumnElement[bool]], order: Sequence[Any], limit: int) -> Any:
    keys = (WorkItem.id, WorkItem.due_at, WorkItem.created_at, WorkItem.completed_at)
    return select(*keys).where(*share, *narrowed).order_by(*order).limit(limit)


def behind_due(row: WorkItem) -> list[Share]:
    """What comes after a task in the order of due days: the later ones, then those without a due day."""
    same = tuple_(WorkItem.created_at, WorkItem.id) > tuple_(row.created_at, row.id)
    undated = WorkItem.due_at.is_(None)
    if row.due_at is None:
        return [(undated, same)]
    later = and_(WorkItem.due_at >= row.due_at, or_(WorkItem.due_at > row.due_at, same))
    return [(later,), (undated,)]


def behind_done(row: WorkItem) -> list[Share]:
    """What comes after a task in the order of completion, newest first."""
    at = row.completed_at
    earlier = and_(WorkItem.completed_at <= at, or_(WorkItem.completed_at < at, WorkItem.id < row.id))
    return [(earlier,)]
