"""Lists of cases: those the actor may see, narrowed, sorted and paged, each with how much of it is open and late."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal_column, or_, select, true, union, union_all
from sqlalchemy.orm import Session

from processes import clock
from processes.engine.models import Case, Definition, WorkItem
from processes.engine.packages import Stage
from processes.engine.permissions import sees_all, visible_items
from processes.engine.shares import OPEN, pools
from processes.engine.tracking import stage_of
from processes.identity.actor import Actor
from processes.identity.models import Person
from processes.paging import (
    MOST_BESIDE,
    MOST_COUNTED,
    WINDOW,
    Bound,
    Listing,
    Page,
    Total,
    begins,
    capped,
    contains,
    counted,
    counting,
    listed,
)

MOST_PARTS = 500
"""Of each post and name, the newest tasks whose cases are listed for those who see only what they have a part in."""
MOST_NAMED = 500
"""Cases found by a name or a number, besides those that hold the text in their title."""
NEWEST_FIRST = (Case.started_at.desc(), Case.id.desc())
SORTS: dict[str, Any] = {
    "started": Case.started_at,
    "changed": Case.changed_at,
    "number": Case.number,
    "title": Case.title,
    "stage": Case.stage,
    "status": Case.status,
}


@dataclass(frozen=True)
class CaseFilter:
    """What a list of cases is narrowed to; an empty value narrows nothing."""

    search: str = ""
    process: str = ""
    """Key of a definition, `definitions.process_path` of one process, or the id of a process in any diagram."""
    status: str = ""
    stage: str = ""
    unit_id: str = ""
    parent_id: UUID | None = None
    overdue: bool = False
    incident: bool = False
    step: str = ""
    """Element id of a step that waits."""


@dataclass(frozen=True)
class CaseRow:
    """One line of a list of cases."""

    case: Case
    stage: Stage | None
    open_items: int
    overdue_items: int


def cases(
    session: Session, actor: Actor, narrowed: CaseFilter | None = None, page: Page | None = None
) -> Listing[CaseRow]:
    """A page of the cases that the actor may see, newest first, each with its open and overdue tasks."""
    return _listing(session, actor, _seen(actor), narrowed or CaseFilter(), page or Page())


def started_cases(
    session: Session, actor: Actor, narrowed: CaseFilter | None = None, page: Page | None = None
) -> Listing[CaseRow]:
    """A page of the cases that a person has started, newest first."""
    own = [Case.started_by_id == actor.person_id, Case.started_by_id.is_not(None)]
    return _listing(session, actor, own, narrowed or CaseFilter(), page or Page())


def children(session: Session, actor: Actor, case_id: UUID, page: Page | None = None) -> Listing[CaseRow]:
    """A page of the cases that belong to a case."""
    return cases(session, actor, CaseFilter(parent_id=case_id), page or Page(limit=50))


def rows_of(session: Session, actor: Actor, found: Sequence[Case]) -> list[CaseRow]:
    """Cases as lines of a list."""
    numbers = _open_numbers(session, actor, [case.id for case in found])
    return [CaseRow(case, stage_of(session, case), *numbers.get(case.id, (0, 0))) for case in found]


def numbers_by_process(
    session: Session, actor: Actor, processes: Collection[tuple[str, str]]
) -> dict[tuple[str, str], Total]:
    """How many cases of some processes, by key and id, the actor may see; counted up to a limit, empty ones out."""
    if not processes:
        return {}
    if not sees_all(actor):
        place = (Case.key, Case.process_id)
        query = select(*place, func.count()).where(*_seen(actor)).group_by(*place)
        return {(row[0], row[1]): Total(row[2]) for row in session.execute(query) if (row[0], row[1]) in processes}
    seen = _seen(actor)
    asked = [
        counting(select(Case.id).where(*seen, Case.key == key, Case.process_id == process_id), MOST_BESIDE)
        for key, process_id in processes
    ]
    row = session.execute(select(*asked)).one()
    return {each: capped(size, MOST_BESIDE) for each, size in zip(processes, row, strict=True) if size}


def _seen(actor: Actor) -> list[ColumnElement[bool]]:
    return [] if sees_all(actor) else [Case.id.in_(_own_cases(actor))]


def _own_cases(actor: Actor) -> Select[Any]:
    """Ids of the cases in which the actor has a part, the newest of each kind of part."""
    return select(union(*(select(each.limit(MOST_PARTS).subquery()) for each in _parts(actor))).subquery())


def _own_bound(session: Session, actor: Actor) -> Bound | None:
    """Whether the actor has more parts of one kind than are looked at."""
    more = [each.offset(MOST_PARTS).limit(1).exists() for each in _parts(actor)]
    return Bound(MOST_PARTS) if session.scalar(select(or_(*more))) else None


def _parts(actor: Actor) -> list[Select[Any]]:
    """Ids of cases by kind of part: by each post, by name, as the one who started it, as the one it is about."""
    parts: list[Select[Any]] = [
        select(WorkItem.case_id.label("id")).where(*share).order_by(WorkItem.created_at.desc())
        for share in [*pools(actor), (WorkItem.person_id == actor.person_id, WorkItem.person_id.is_not(None))]
    ]
    return parts + [
        select(Case.id).where(column == actor.person_id).order_by(Case.started_at.desc())
        for column in (Case.started_by_id, Case.subject_id)
    ]


def _listing(
    session: Session, actor: Actor, seen: list[ColumnElement[bool]], narrowed: CaseFilter, page: Page
) -> Listing[CaseRow]:
    conditions = [*seen, *_narrowed(session, narrowed)]
    search, sort = narrowed.search.strip(), page.sort or "-started"
    if search:
        found, bound = _found(session, conditions, search)
        conditions = [Case.id.in_(found)]
    elif sort.lstrip("-") != "started" and sort.lstrip("-") in SORTS:
        window = select(Case.id).where(*conditions).order_by(*NEWEST_FIRST).limit(WINDOW)
        bound = _bound(session, conditions)
        conditions = [Case.id.in_(select(window.subquery()))]
    else:
        bound = None if not seen or narrowed.parent_id else _own_bound(session, actor)
    most = MOST_BESIDE if narrowed.overdue or narrowed.step else MOST_COUNTED
    rows = _page(session, conditions, sort, page)
    last = rows[: page.rows][-1].id if rows and sort in ("started", "-started") else None
    ids = select(Case.id).where(*conditions)
    part = listed(rows, page, lambda: counted(session, ids, most), bound=bound, after=last)
    return Listing(rows_of(session, actor, part.items), part.total, part.more, bound, last)


def _page(session: Session, conditions: list[ColumnElement[bool]], sort: str, page: Page) -> Sequence[Case]:
    """The rows of a page and the one behind it; first their ids alone, so that skipping reads no row."""
    falling, column = sort.startswith("-"), SORTS.get(sort.lstrip("-"), Case.started_at)
    order = [column.desc(), Case.id.desc()] if falling else [column.asc(), Case.id.asc()]
    last = session.get(Case, page.after) if page.after else None
    if last is not None and column is Case.started_at:
        conditions, offset = [*conditions, _behind(last, falling)], 0
    else:
        offset = min(page.offset, MOST_COUNTED)
    ids = select(Case.id).where(*conditions).order_by(*order).offset(offset).limit(page.rows + 1).subquery()
    return session.scalars(select(Case).join(ids, ids.c.id == Case.id).order_by(*order)).all()


def _behind(last: Case, falling: bool) -> ColumnElement[bool]:
    at: datetime = last.started_at
    if falling:
        return and_(Case.started_at <= at, or_(Case.started_at < at, Case.id < last.id))
    return and_(Case.started_at >= at, or_(Case.started_at > at, Case.id > last.id))


def _found(session: Session, conditions: list[ColumnElement[bool]], search: str) -> tuple[Select[Any], Bound | None]:
    """Ids of the cases that a text names: by number and by people all of them, by title the newest ones."""
    window = (
        select(Case.id, Case.title, Case.number).where(*conditions).order_by(*NEWEST_FIRST).limit(WINDOW).subquery()
    )
    people = select(Person.id).where(Person.name == search)
    named = [
        begins(session, Case.number, search),
        Case.started_by_id.in_(people),
        Case.subject_id.in_(people),
    ]
    parts = [select(window.c.id).where(contains(search, window.c.title, window.c.number))]
    parts += [select(Case.id).where(*conditions, each).order_by(*NEWEST_FIRST).limit(MOST_NAMED) for each in named]
    found = union_all(*(select(each.subquery()) for each in parts)).subquery()
    return select(found), _bound(session, conditions)


def _bound(session: Session, conditions: list[ColumnElement[bool]]) -> Bound | None:
    more = select(Case.id).where(*conditions).order_by(*NEWEST_FIRST).offset(WINDOW).limit(1)
    return Bound(WINDOW) if session.scalar(more) is not None else None


def _narrowed(session: Session, narrowed: CaseFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if narrowed.process:
        found.append(of_process(session, narrowed.process))
    for column, value in (
        (Case.status, narrowed.status),
        (Case.stage, narrowed.stage),
        (Case.unit_id, narrowed.unit_id),
        (Case.parent_id, narrowed.parent_id),
    ):
        if value:
            found.append(column == value)
    if narrowed.overdue or narrowed.step:
        late = WorkItem.due_at < clock.now() if narrowed.overdue else true()
        here = WorkItem.element_id == narrowed.step if narrowed.step else true()
        waits = exists(select(WorkItem.id).where(WorkItem.case_id == Case.id, OPEN, late, here))
        found += [Case.ended_at.is_(None), waits]
    if narrowed.incident:
        found.append(Case.open_incidents > literal_column("0"))
    return found


def of_process(session: Session, name: str) -> ColumnElement[bool]:
    """Cases of one process, of a definition by its key, else of a process by its id in any diagram."""
    key, parted, process_id = name.partition("/")
    if parted:
        return and_(Case.key == key, Case.process_id == process_id)
    known = session.scalar(select(Definition.id).where(Definition.key == name).limit(1))
    return Case.key == name if known is not None else Case.process_id == name


def _open_numbers(session: Session, actor: Actor, case_ids: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
    if not case_ids:
        return {}
    query = (
        select(WorkItem.case_id, func.count(), func.count().filter(WorkItem.due_at < clock.now()))
        .where(WorkItem.case_id.in_(case_ids), OPEN, visible_items(actor))
        .group_by(WorkItem.case_id)
    )
    return {row[0]: (row[1], row[2]) for row in session.execute(query)}
