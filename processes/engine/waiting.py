"""Who is waited for: the open tasks of one case or of all, by step and by organization."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, and_, case, func, literal, select, union_all
from sqlalchemy.orm import Session, contains_eager

from processes import clock
from processes.engine.case_lists import of_process
from processes.engine.inbox import steps_of_work
from processes.engine.models import Case, WorkItem
from processes.engine.permissions import sees_all, visible_items
from processes.engine.shares import OPEN, Share, for_the_actor, merged
from processes.engine.unmanned import unmanned
from processes.identity.actor import Actor
from processes.identity.models import Organization, Unit
from processes.paging import MOST_COUNTED, Listing, Page, Total, capped, counting, listed

MOST_ORGANIZATIONS = 60
LONGEST_WAITING = (WorkItem.created_at, WorkItem.id)


@dataclass(frozen=True)
class WaitFilter:
    """What a list of open tasks is narrowed to; an empty value narrows nothing."""

    step: str = ""
    """Element id."""
    overdue: bool = False
    case_id: UUID | None = None
    process: str = ""
    """As a list of cases names it: see `case_lists.CaseFilter`."""
    stage: str = ""
    organization_id: str = ""
    unit_id: str = ""
    person_id: UUID | None = None
    """Whose by name, or claimed by."""
    card: ColumnElement[bool] | None = None
    """How late the tasks are: a condition of `statistics.cards`."""
    started_by: str = ""
    """The name of who started the case."""
    unmanned: bool = False
    """Only what nobody can do."""


@dataclass(frozen=True)
class Awaited:
    """An organization that is waited for; without a name the tasks are those of persons."""

    name: str
    open: int
    overdue: int


def waiting_work(session: Session, actor: Actor, narrowed: WaitFilter, page: Page | None = None) -> Listing[WorkItem]:
    """A page of open tasks, longest waiting first; those of one case and one moment in the order of districts."""
    page = page or Page(limit=50)
    query = _of_case(session, actor, narrowed, page) if narrowed.case_id else _of_all(session, actor, narrowed, page)
    cased = query.join(Case, Case.id == WorkItem.case_id).options(contains_eager(WorkItem.case))
    rows = session.scalars(cased).all()
    return listed(rows, page, lambda: capped(session.scalar(select(_size(session, actor, narrowed)))))


def _of_case(session: Session, actor: Actor, narrowed: WaitFilter, page: Page) -> Select[Any]:
    return (
        select(WorkItem)
        .outerjoin(Unit, Unit.id == WorkItem.unit_id)
        .where(OPEN, visible_items(actor), *_narrowed(session, narrowed))
        .order_by(WorkItem.created_at, Unit.place.asc().nulls_first(), WorkItem.id)
        .offset(page.offset)
        .limit(page.rows + 1)
    )


def _of_all(session: Session, actor: Actor, narrowed: WaitFilter, page: Page) -> Select[Any]:
    """First the ids alone, so that skipping reads no row."""
    offset = min(page.offset, MOST_COUNTED)
    found = merged(_shares(actor), _narrowed(session, narrowed), LONGEST_WAITING, offset + page.rows + 1).subquery()
    ids = select(found.c.id).order_by(found.c.created_at, found.c.id).offset(offset).limit(page.rows + 1).subquery()
    return select(WorkItem).join(ids, ids.c.id == WorkItem.id).order_by(*LONGEST_WAITING)


def _shares(actor: Actor) -> list[Share]:
    return [(OPEN,)] if sees_all(actor) else for_the_actor(actor)


def _narrowed(session: Session, narrowed: WaitFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if narrowed.case_id:
        found.append(WorkItem.case_id == narrowed.case_id)
    if narrowed.step:
        found.append(WorkItem.element_id == narrowed.step)
    if narrowed.overdue:
        found.append(WorkItem.due_at < clock.now())
    if narrowed.organization_id:
        found.append(WorkItem.organization_id == narrowed.organization_id)
    if narrowed.unit_id:
        found.append(WorkItem.unit_id == narrowed.unit_id)
    if narrowed.person_id:
        found.append(func.coalesce(WorkItem.claimed_by_id, WorkItem.person_id) == narrowed.person_id)
    if narrowed.unmanned:
        found.append(unmanned(session, clock.today()).condition())
    if narrowed.card is not None:
        found.append(narrowed.card)
    of_case = [
        column == value
        for column, value in ((Case.stage, narrowed.stage), (Case.started_by, narrowed.started_by))
        if value
    ]
    if narrowed.process:
        of_case.append(of_process(session, narrowed.process))
    if of_case:
        found.append(WorkItem.case_id.in_(select(Case.id).where(Case.ended_at.is_(None), *of_case)))
    return found


def _size(session: Session, actor: Actor, narrowed: WaitFilter, *more: ColumnElement[bool]) -> Any:
    conditions = [*_narrowed(session, narrowed), *more]
    sizes = [counting(select(WorkItem.id).where(*share, *conditions), MOST_COUNTED) for share in _shares(actor)]
    return sum(sizes[1:], sizes[0])


def overdue_work(session: Session, actor: Actor, narrowed: WaitFilter) -> Total:
    """How many of the open tasks are late."""
    return capped(session.scalar(select(_size(session, actor, narrowed, WorkItem.due_at < clock.now()))))


def awaited(session: Session, actor: Actor, narrowed: WaitFilter) -> list[Awaited]:
    """The organizations that are waited for, those with most that is late first; of all cases from one index alone."""
    late = func.sum(case((WorkItem.due_at < clock.now(), 1), else_=0))
    parts = [
        select(WorkItem.organization_id, func.count().label("open"), late.label("late"))
        .where(*share, *_narrowed(session, narrowed))
        .group_by(WorkItem.organization_id)
        for share in _shares(actor)
    ]
    found = union_all(*parts).subquery()
    opened, overdue = func.sum(found.c.open), func.sum(found.c.late)
    name = func.coalesce(Organization.name, "")
    query = (
        select(name, opened, overdue)
        .select_from(found)
        .outerjoin(Organization, Organization.id == found.c.organization_id)
        .group_by(name)
        .order_by(overdue.desc(), opened.desc(), name)
        .limit(MOST_ORGANIZATIONS)
    )
    return [Awaited(row[0], int(row[1]), int(row[2])) for row in session.execute(query)]


def steps_that_wait(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """Element id and name of the steps at which open tasks are, for the filters."""
    if not sees_all(actor):
        return steps_of_work(session, actor)
    here = select(literal("", Text).label("element_id")).cte("steps", recursive=True)
    there = select(func.min(WorkItem.element_id)).where(OPEN, WorkItem.element_id > here.c.element_id)
    steps = here.union_all(select(there.scalar_subquery()).where(here.c.element_id.is_not(None)))
    name = select(func.min(WorkItem.step)).where(OPEN, WorkItem.element_id == steps.c.element_id).scalar_subquery()
    query = select(steps.c.element_id, name.label("step")).where(steps.c.element_id > "")
    return sorted(((row[0], row[1]) for row in session.execute(query)), key=lambda each: each[1])


def open_steps(session: Session, actor: Actor, case_id: UUID) -> Sequence[Mapping[str, Any]]:
    """The steps at which a case has open tasks, with how many are open, overdue and done."""
    query = (
        select(
            WorkItem.element_id,
            WorkItem.step,
            func.count().filter(WorkItem.status == "open"),
            func.count().filter(and_(WorkItem.status == "open", WorkItem.due_at < clock.now())),
            func.count().filter(WorkItem.status == "done"),
        )
        .where(WorkItem.case_id == case_id, visible_items(actor))
        .group_by(WorkItem.element_id, WorkItem.step)
        .order_by(func.min(WorkItem.created_at))
    )
    return [
        {"element_id": row[0], "step": row[1], "open": row[2], "overdue": row[3], "done": row[4]}
        for row in session.execute(query)
    ]


def steps_now(session: Session, actor: Actor, case_ids: Sequence[UUID]) -> dict[UUID, list[tuple[str, int]]]:
    """For each of some cases the steps that wait, with how many tasks each has."""
    found: dict[UUID, list[tuple[str, int]]] = {}
    if not case_ids:
        return found
    query = (
        select(WorkItem.case_id, WorkItem.step, func.count())
        .where(WorkItem.case_id.in_(case_ids), OPEN, visible_items(actor))
        .group_by(WorkItem.case_id, WorkItem.step)
        .order_by(func.count().desc(), WorkItem.step)
    )
    for case_id, step, number in session.execute(query):
        found.setdefault(case_id, []).append((step, number))
    return found
