"""The lists of a person's work: filtered, sorted and paged by the database, never by loading a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, Text, and_, func, literal, select, union_all
from sqlalchemy.orm import Session, contains_eager

from processes import clock
from processes.engine.models import Case, WorkItem
from processes.engine.shares import (
    BY_DONE,
    BY_DUE,
    OPEN,
    Share,
    behind_done,
    behind_due,
    done,
    drafts,
    held,
    held_pools,
    merged,
    named,
    not_suspended,
    standing_in,
    unclaimed,
)
from processes.identity.actor import Actor
from processes.paging import (
    MOST_BESIDE,
    MOST_COUNTED,
    MOST_ROWS,
    Bound,
    Listing,
    Page,
    Total,
    capped,
    contains,
    counting,
    listed,
)

__all__ = ["MOST_ROWS", "Counts", "Filter", "Listing", "Page", "View", "counts", "steps_of_work", "work"]

View = Literal["mine", "group", "todo", "done", "started", "drafts", "stand_in", "held"]
"""`mine`: named or claimed; `group`: for a post, not claimed; `stand_in`: of those for whom one stands in; `todo`: all
three. `held`: one's own that wait for somebody else, or whose case is suspended."""
MOST_STEPS = 200
LOOKED_THROUGH = 2_500
"""Of one's own tasks, how many are searched or sorted by what no index holds: the soonest due, or the last done."""


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
    due_today: bool = False


@dataclass(frozen=True)
class Counts:
    """Numbers beside the names of the lists, counted up to a limit."""

    todo: Total
    overdue: Total
    started: Total
    drafts: Total
    held: Total


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
) -> Listing[WorkItem]:
    """A page of one of the lists of tasks: to do soonest due first, done newest first."""
    narrowed, page = narrowed or Filter(), page or Page()
    shares, conditions = _of_view(actor, view), _narrowed(narrowed, view)
    if not shares:
        return Listing([], Total(0), more=False)
    natural = "-completed" if view == "done" else "due"
    if narrowed.search.strip() or (page.sort or natural) != natural:
        return _looked_through(session, shares, conditions, narrowed.search.strip(), page, view)
    return _in_order(session, shares, conditions, page, view)


def _of_view(actor: Actor, view: View) -> list[Share]:
    if view == "done":
        return done(actor)
    if view == "drafts":
        return drafts(actor)
    if view == "held":
        return held(actor)
    own = {"mine": named(actor), "group": unclaimed(actor), "stand_in": standing_in(actor)}
    return own.get(view, [*named(actor), *unclaimed(actor), *standing_in(actor)])


def _narrowed(narrowed: Filter, view: View) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [] if view in ("done", "drafts", "held") else [not_suspended()]
    for column, value in (
        (WorkItem.process_key, narrowed.process),
        (WorkItem.element_id, narrowed.step),
        (WorkItem.unit_id, narrowed.unit_id),
    ):
        if value:
            found.append(column == value)
    if narrowed.overdue:
        found.append(WorkItem.due_at < (WorkItem.completed_at if view == "done" else clock.now()))
    if narrowed.due_today:
        midnight = datetime.combine(clock.today(), time(), clock.CITY)
        found += [WorkItem.due_at >= midnight, WorkItem.due_at < midnight + timedelta(days=1)]
    return found


def _in_order(
    session: Session, shares: list[Share], conditions: list[ColumnElement[bool]], page: Page, view: View
) -> Listing[WorkItem]:
    """A page in the order of the indexes: behind a row that is known, or by its number."""
    order, behind = (BY_DONE, behind_done) if view == "done" else (BY_DUE, behind_due)
    last = session.get(WorkItem, page.after) if page.after else None
    offset = 0 if last is not None else min(page.offset, MOST_COUNTED)
    parts = [(*share, *more) for share in shares for more in (behind(last) if last is not None else [()])]
    found = merged(parts, conditions, order, offset + page.rows + 1).subquery()
    ids = _ordered(select(found.c.id, *found.c[1:]), found.c, view).offset(offset).limit(page.rows + 1).subquery()
    rows = _loaded(session, _ordered(select(WorkItem).join(ids, ids.c.id == WorkItem.id), ids.c, view))
    last_shown = rows[: page.rows][-1].id if rows else None
    return listed(rows, page, lambda: capped(session.scalar(select(_size(shares, conditions)))), after=last_shown)


def _ordered(query: Select[Any], columns: Any, view: View) -> Select[Any]:
    if view == "done":
        return query.order_by(columns.completed_at.desc(), columns.id.desc())
    return query.order_by(columns.due_at.asc().nulls_last(), columns.created_at, columns.id)


def _loaded(session: Session, query: Select[Any]) -> Sequence[WorkItem]:
    cased = query.join(Case, Case.id == WorkItem.case_id).options(contains_eager(WorkItem.case))
    return session.scalars(cased).all()


def _size(shares: list[Share], conditions: list[ColumnElement[bool]], most: int = MOST_COUNTED) -> Any:
    """How many rows some shares have together, up to one more than is counted of each."""
    sizes = [counting(select(WorkItem.id).where(*share, *conditions), most) for share in shares]
    return sum(sizes[1:], sizes[0])


def _looked_through(
    session: Session,
    shares: list[Share],
    conditions: list[ColumnElement[bool]],
    search: str,
    page: Page,
    view: View,
) -> Listing[WorkItem]:
    """A page that no index finds or sorts: among the first rows of the list in its own order."""
    order = BY_DONE if view == "done" else BY_DUE
    found = merged(shares, conditions, order, LOOKED_THROUGH).subquery()
    window = _ordered(select(found.c.id, *found.c[1:]), found.c, view).limit(LOOKED_THROUGH).subquery()
    query = select(WorkItem).join(window, window.c.id == WorkItem.id).join(Case, Case.id == WorkItem.case_id)
    if search:
        query = query.where(contains(search, WorkItem.title, Case.number, Case.title))
    column = _SORTS.get(page.sort.lstrip("-"))
    if column is None:
        query = _ordered(query, window.c, view)
    else:
        first = column.desc().nulls_last() if page.sort.startswith("-") else column.asc().nulls_last()
        query = query.order_by(first, WorkItem.created_at, WorkItem.id)
    size, whole = session.execute(
        select(counting(query.with_only_columns(WorkItem.id)), _size(shares, conditions, LOOKED_THROUGH))
    ).one()
    cased = query.options(contains_eager(WorkItem.case)).offset(page.offset).limit(page.rows + 1)
    rows = session.scalars(cased).all()
    bound = Bound(LOOKED_THROUGH) if whole > LOOKED_THROUGH else None
    return Listing(rows[: page.rows], capped(size), len(rows) > page.rows, bound)


def counts(session: Session, actor: Actor, most: int = MOST_BESIDE) -> Counts:
    """The numbers beside the lists of a person, asked for in one statement."""
    row = session.execute(select(*(each.label(name) for name, each in numbers(actor, most).items()))).one()
    return counts_of(row, most)


def numbers(actor: Actor, most: int = MOST_BESIDE) -> dict[str, Any]:
    """The same as parts of a larger question."""
    todo, going_on = _of_view(actor, "todo"), [not_suspended()]
    late = WorkItem.due_at < clock.now()
    started = select(Case.id).where(started_by(actor), Case.ended_at.is_(None), Case.status == "running")
    return {
        "todo": _size(todo, going_on, most),
        "overdue": _size(todo, [*going_on, late], most),
        "started": counting(started, most),
        "drafts": _size(drafts(actor), [], most),
        "held": _size(held(actor), [], most),
    }


def counts_of(row: Any, most: int = MOST_BESIDE) -> Counts:
    """The numbers as they were asked for."""
    return Counts(*(capped(getattr(row, name), most) for name in ("todo", "overdue", "started", "drafts", "held")))


def started_by(actor: Actor) -> ColumnElement[bool]:
    """Cases that a person has started."""
    return and_(Case.started_by_id == actor.person_id, Case.started_by_id.is_not(None))


def steps_of_work(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """Element id and name of the steps that a person's open tasks are at, for the filters.

    Each step of a post costs one look into an index, not a look at each of its tasks.
    """
    start = [_text_row(place, role, "") for place, role in held_pools(actor)]
    found = {row.element_id: row.step for row in _steps_by_name(session, actor)}
    if start:
        here = select(union_all(*start).subquery()).cte("steps_of_posts", recursive=True)
        there = select(func.min(WorkItem.element_id)).where(
            OPEN,
            WorkItem.organization_id == here.c.place,
            WorkItem.role == here.c.role,
            WorkItem.element_id > here.c.element_id,
        )
        steps = here.union_all(
            select(here.c.place, here.c.role, there.scalar_subquery()).where(here.c.element_id.is_not(None))
        )
        name = select(WorkItem.step).where(
            OPEN,
            WorkItem.organization_id == steps.c.place,
            WorkItem.role == steps.c.role,
            WorkItem.element_id == steps.c.element_id,
        )
        query = select(steps.c.element_id, name.limit(1).scalar_subquery().label("step"))
        found |= {row.element_id: row.step for row in session.execute(query.where(steps.c.element_id > ""))}
    return sorted(found.items(), key=lambda each: each[1])


def _text_row(*values: str) -> Any:
    names = ("place", "role", "element_id")
    return select(*(literal(value, Text).label(name) for name, value in zip(names, values, strict=True)))


def _steps_by_name(session: Session, actor: Actor) -> Sequence[Any]:
    query = select(WorkItem.element_id, WorkItem.step).where(OPEN, WorkItem.person_id == actor.person_id)
    return session.execute(query.order_by(*BY_DUE).limit(MOST_STEPS)).all()
