"""Open tasks that nobody can do: the post is held by nobody, or the person may not log in any more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Text, Uuid, and_, exists, func, literal, or_, select, tuple_, union_all
from sqlalchemy.orm import Session

from processes.engine.models import WorkItem
from processes.engine.shares import OPEN
from processes.identity.models import Organization, Person, PostHolding
from processes.identity.validity import valid_on

_HELD_BY = func.coalesce(WorkItem.claimed_by_id, WorkItem.person_id)
_IN_POOL = (WorkItem.person_id.is_(None), WorkItem.claimed_by_id.is_(None))


@dataclass(frozen=True)
class Unmanned:
    """Where such tasks are, with how many there are."""

    pools: Mapping[tuple[str | None, str], int]
    """By organization and post; without a post they are anybody's of the organization."""
    people: Mapping[UUID, int]
    """By whoever holds them by name."""

    @property
    def count(self) -> int:
        return sum(self.pools.values()) + sum(self.people.values())

    def condition(self) -> ColumnElement[bool]:
        """Whether an open task is one of them."""
        in_pool = tuple_(WorkItem.organization_id, WorkItem.role).in_(list(self.pools))
        return or_(and_(in_pool, *_IN_POOL), _HELD_BY.in_(list(self.people)))


def unmanned(session: Session, today: date) -> Unmanned:
    """What nobody can do on a day, for those who oversee all work; one statement."""
    pools = (
        select(
            WorkItem.organization_id,
            WorkItem.role,
            literal(None, Uuid).label("person_id"),
            func.count().label("number"),
        )
        .where(OPEN, *_IN_POOL)
        .group_by(WorkItem.organization_id, WorkItem.role)
        .having(~_held(today))
    )
    gone = (
        select(literal(None, Text), literal("", Text), _HELD_BY, func.count())
        .where(OPEN, _HELD_BY.in_(select(Person.id).where(Person.disabled)))
        .group_by(_HELD_BY)
    )
    found = session.execute(union_all(pools, gone)).all()
    return Unmanned(
        {(each.organization_id, each.role): each.number for each in found if each.person_id is None},
        {each.person_id: each.number for each in found if each.person_id is not None},
    )


def _held(today: date) -> ColumnElement[bool]:
    """Whether somebody holds the post of a task on a day, or any at the organization where it names none."""
    return (
        exists()
        .where(
            PostHolding.organization_id == WorkItem.organization_id,
            or_(PostHolding.role == WorkItem.role, WorkItem.role == ""),
            Organization.id == PostHolding.organization_id,
            Person.id == PostHolding.person_id,
            Person.disabled.is_(False),
            valid_on(PostHolding, today),
            valid_on(Organization, today),
        )
        .correlate(WorkItem)
    )
