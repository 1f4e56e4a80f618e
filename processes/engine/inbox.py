"""The lists of a person's work: filtered, sorted and paged by the database, never by loading a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, contains_eager

from processes import clock
from processes.engine.models import Case, FormDraft, WorkItem
from processes.engine.permissions import in_pool, is_for
from processes.identity.actor import Actor

View = Literal["mine", "group", "todo", "done", "started", "drafts"]
"""`mine`: named or claimed; `group`: for a post, not claimed; `todo`: both."""
MOST_ROWS = 200


@dataclass(frozen=True)
class Filter:
    """What a list is narrowed to; an empty value narrows nothing."""

    search: str = ""
    process: str = ""
    """Key of the definition."""
    step: str = ""
    """Element id."""
    unit_id: str = ""
    overdue: bool = False


@dataclass(frozen=True)
class Page:
    """Which part of a list, in which order; `-due` is descending."""

    sort: str = ""
    offset: int = 0
    limit: int = 20


@dataclass(frozen=True)
class Listing:
    """One page of a list and how long the whole list is."""

    items: Sequence[WorkItem]
    total: int
    page: Page

    @property
    def more(self) -> bool:
        return self.page.offset + len(self.items) < self.total


@dataclass(frozen=True)
class Counts:
    """Numbers beside the names of the lists."""

    todo: int
    overdue: int
    started: int
    drafts: int


_SORTS: dict[str, Any] = {
    "due": WorkItem.due_at,
    "created": WorkItem.created_at,
    "completed": WorkItem.completed_at,
    "title": WorkItem.title,
    "step": WorkItem.step,
    "case": Case.number,
}


def work(
    session: Session, actor: Actor, view: View, narrowed: Filter | None = None, page: Page | None = None
) -> Listing:
    """A page of one of the lists of tasks: to do soonest due first, done newest first."""
    narrowed, page = narrowed or Filter(), page or Page()
    conditions = [_of_view(actor, view), *_narrowed(narrowed)]
    total = session.scalar(select(func.count()).select_from(WorkItem).join(Case).where(*conditions)) or 0
    query = (
        select(WorkItem)
        .join(Case, Case.id == WorkItem.case_id)
        .options(contains_eager(WorkItem.case))
        .where(*conditions)
        .order_by(*_order(page.sort or ("-completed" if view == "done" else "due")))
        .offset(page.offset)
        .limit(min(page.limit, MOST_ROWS))
    )
    return Listing(session.scalars(query).all(), total, page)


def _of_view(actor: Actor, view: View) -> ColumnElement[bool]:
    named = or_(WorkItem.person_id == actor.person_id, WorkItem.claimed_by_id == actor.person_id)
    unclaimed = and_(WorkItem.claimed_by_id.is_(None), in_pool(actor))
    if view == "done":
        return and_(WorkItem.status == "done", WorkItem.completed_by_id == actor.person_id)
    if view == "drafts":
        drafts = select(FormDraft.work_item_id).where(FormDraft.person_id == actor.person_id)
        return and_(WorkItem.status == "open", WorkItem.id.in_(drafts))
    own = {"mine": named, "group": unclaimed, "todo": or_(named, unclaimed)}
    return and_(WorkItem.status == "open", Case.status == "running", own.get(view, or_(named, unclaimed)))


def _narrowed(narrowed: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if narrowed.search.strip():
        like = f"%{_escaped(narrowed.search.strip())}%"
        found.append(
            or_(
                WorkItem.title.ilike(like, escape="\\"),
                Case.number.ilike(like, escape="\\"),
                Case.title.ilike(like, escape="\\"),
            )
        )
    if narrowed.process:
        found.append(WorkItem.process_key == narrowed.process)
    if narrowed.step:
        found.append(WorkItem.element_id == narrowed.step)
    if narrowed.unit_id:
        found.append(WorkItem.unit_id == narrowed.unit_id)
    if narrowed.overdue:
        found.append(WorkItem.due_at < func.coalesce(WorkItem.completed_at, clock.now()))
    return found


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _order(sort: str) -> list[ColumnElement[Any]]:
    column = _SORTS.get(sort.lstrip("-"), WorkItem.due_at)
    first = column.desc().nulls_last() if sort.startswith("-") else column.asc().nulls_last()
    return [first, WorkItem.created_at, WorkItem.id]


def counts(session: Session, actor: Actor) -> Counts:
    """The numbers beside the lists of a person, asked for in one statement."""
    work = select(func.count()).select_from(WorkItem).join(Case)
    todo = work.where(_of_view(actor, "todo"))
    asked = (
        todo,
        todo.where(WorkItem.due_at < clock.now()),
        select(func.count()).select_from(Case).where(_started(actor), Case.status == "running"),
        work.where(_of_view(actor, "drafts")),
    )
    return Counts(*session.execute(select(*(each.scalar_subquery() for each in asked))).one())


def _started(actor: Actor) -> ColumnElement[bool]:
    return and_(Case.started_by_id == actor.person_id, Case.started_by_id.is_not(None))


def started_cases(
    session: Session, actor: Actor, narrowed: Filter | None = None, page: Page | None = None
) -> tuple[Sequence[Case], int]:
    """A page of the cases that a person has started, newest first; and how many there are."""
    narrowed, page = narrowed or Filter(), page or Page()
    query = select(Case).where(_started(actor))
    if narrowed.search.strip():
        like = f"%{_escaped(narrowed.search.strip())}%"
        query = query.where(or_(Case.title.ilike(like, escape="\\"), Case.number.ilike(like, escape="\\")))
    if narrowed.process:
        query = query.where(Case.key == narrowed.process)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    ordered = query.order_by(Case.started_at.desc(), Case.id).offset(page.offset).limit(min(page.limit, MOST_ROWS))
    return session.scalars(ordered).all(), total


def steps_of_work(session: Session, actor: Actor) -> list[tuple[str, str, str]]:
    """Process, element id and name of the steps that a person's open tasks are at, for the filters."""
    query = (
        select(WorkItem.process_key, WorkItem.element_id, WorkItem.step)
        .where(WorkItem.status == "open", is_for(actor))
        .distinct()
        .order_by(WorkItem.process_key, WorkItem.step)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query)]
