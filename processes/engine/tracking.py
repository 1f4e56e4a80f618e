"""Where cases stand, for those who may look: lists, one case as a whole, who is waited for and for how long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload, undefer

from processes import clock
from processes.engine.door import thawed
from processes.engine.drawing import Step, steps
from processes.engine.house import House
from processes.engine.inbox import MOST_ROWS, Page
from processes.engine.models import (
    Case,
    CaseDocument,
    CaseEvent,
    Incident,
    Submission,
    Waiting,
    WorkItem,
)
from processes.engine.packages import Stage, package
from processes.engine.permissions import sees_all, visible_cases, visible_items
from processes.engine.spiff import Progress, Run
from processes.errors import NotFound
from processes.identity.actor import SYSTEM, Actor
from processes.identity.models import Organization, Unit
from processes.messages import message

MOST_EVENTS = 500


@dataclass(frozen=True)
class CaseFilter:
    """What a list of cases is narrowed to; an empty value narrows nothing."""

    search: str = ""
    process: str = ""
    """Id of the process in the diagram, or key of the definition."""
    status: str = ""
    stage: str = ""
    unit_id: str = ""
    parent_id: UUID | None = None
    overdue: bool = False
    incident: bool = False


@dataclass(frozen=True)
class CaseRow:
    """One line of a list of cases."""

    case: Case
    stage: Stage | None
    open_items: int
    overdue_items: int


@dataclass(frozen=True)
class StageState:
    """A part of the stage bar."""

    stage: Stage
    state: str
    """`done`, `current` or `ahead`."""


_SORTS: dict[str, Any] = {
    "started": Case.started_at,
    "changed": Case.changed_at,
    "number": Case.number,
    "title": Case.title,
    "stage": Case.stage,
    "status": Case.status,
}


def cases(
    session: Session, actor: Actor, narrowed: CaseFilter | None = None, page: Page | None = None
) -> tuple[list[CaseRow], int]:
    """A page of the cases that the actor may see, newest first, each with its open and overdue tasks; and the total."""
    narrowed, page = narrowed or CaseFilter(), page or Page()
    conditions = [visible_cases(actor), *_narrowed(narrowed)]
    total = session.scalar(select(func.count()).select_from(Case).where(*conditions)) or 0
    column = _SORTS.get(page.sort.lstrip("-"), Case.started_at)
    first = column.asc() if page.sort and not page.sort.startswith("-") else column.desc()
    query = (
        select(Case).where(*conditions).order_by(first, Case.id).offset(page.offset).limit(min(page.limit, MOST_ROWS))
    )
    return rows_of(session, actor, session.scalars(query).all()), total


def rows_of(session: Session, actor: Actor, found: Sequence[Case]) -> list[CaseRow]:
    """Cases as lines of a list."""
    numbers = _open_numbers(session, actor, [case.id for case in found])
    return [CaseRow(case, stage_of(session, case), *numbers.get(case.id, (0, 0))) for case in found]


def _narrowed(narrowed: CaseFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if narrowed.search.strip():
        text = narrowed.search.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        like = f"%{text}%"
        found.append(or_(Case.title.ilike(like, escape="\\"), Case.number.ilike(like, escape="\\")))
    if narrowed.process:
        found.append(or_(Case.process_id == narrowed.process, Case.key == narrowed.process))
    for column, value in (
        (Case.status, narrowed.status),
        (Case.stage, narrowed.stage),
        (Case.unit_id, narrowed.unit_id),
        (Case.parent_id, narrowed.parent_id),
    ):
        if value:
            found.append(column == value)
    if narrowed.overdue:
        late = and_(WorkItem.case_id == Case.id, WorkItem.status == "open", WorkItem.due_at < clock.now())
        found.append(exists(select(WorkItem.id).where(late)))
    if narrowed.incident:
        found.append(Case.open_incidents > 0)
    return found


def _open_numbers(session: Session, actor: Actor, case_ids: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
    query = (
        select(WorkItem.case_id, func.count(), func.count().filter(WorkItem.due_at < clock.now()))
        .where(WorkItem.case_id.in_(case_ids), WorkItem.status == "open", visible_items(actor))
        .group_by(WorkItem.case_id)
    )
    return {row[0]: (row[1], row[2]) for row in session.execute(query)}


def stage_of(session: Session, case: Case) -> Stage | None:
    """The stage a case has reached."""
    found = package(session, case.definition_id).processes[case.process_id].stages
    return next((stage for stage in found if stage.key == case.stage), None)


def case_for(session: Session, actor: Actor, case_id: UUID) -> Case:
    """A case that the actor may see, or `NotFound`."""
    found = session.scalars(select(Case).where(Case.id == case_id, visible_cases(actor))).one_or_none()
    if found is None:
        raise NotFound(message("没有这个案件。"))
    return found


def stages(session: Session, case: Case) -> list[StageState]:
    """The stage bar of a case: what is behind it, where it is, what lies ahead."""
    found = package(session, case.definition_id).processes[case.process_id].stages
    keys = [stage.key for stage in found]
    here = keys.index(case.stage) if case.stage in keys else -1
    over = case.status == "completed"

    def state(place: int) -> str:
        if over or place < here:
            return "done"
        return "current" if place == here else "ahead"

    return [StageState(stage, state(place)) for place, stage in enumerate(found)]


def open_items(session: Session, actor: Actor, case_id: UUID) -> Sequence[WorkItem]:
    """The open tasks of a case that the actor may see, soonest due first."""
    query = (
        select(WorkItem)
        .outerjoin(Unit, Unit.id == WorkItem.unit_id)
        .where(WorkItem.case_id == case_id, WorkItem.status == "open", visible_items(actor))
        .order_by(WorkItem.due_at.asc().nulls_last(), WorkItem.created_at, Unit.place.asc().nulls_first(), WorkItem.id)
    )
    return session.scalars(query).all()


def history(session: Session, actor: Actor, case_id: UUID, *, limit: int = MOST_EVENTS) -> Sequence[CaseEvent]:
    """What happened in a case, newest first; those who see only their part see what happened to their tasks."""
    query = select(CaseEvent).where(CaseEvent.case_id == case_id)
    if not sees_all(actor):
        own = select(WorkItem.task_id).where(WorkItem.case_id == case_id, visible_items(actor))
        query = query.where(or_(CaseEvent.task_id.in_(own), CaseEvent.person_id == actor.person_id))
    return session.scalars(query.order_by(CaseEvent.id.desc()).limit(limit)).all()


def submissions(session: Session, actor: Actor, case_id: UUID) -> Sequence[Submission]:
    """The forms sent in a case that the actor may see, oldest first."""
    query = (
        select(Submission)
        .join(WorkItem, WorkItem.id == Submission.work_item_id)
        .options(contains_eager(Submission.work_item))
        .where(Submission.case_id == case_id, or_(visible_items(actor), Submission.person_id == actor.person_id))
        .order_by(Submission.at, Submission.id)
    )
    return session.scalars(query).all()


def documents(session: Session, actor: Actor, case_id: UUID) -> Sequence[CaseDocument]:
    """The documents of a case that the actor may see: all, or those for his units and himself."""
    query = select(CaseDocument).where(CaseDocument.case_id == case_id)
    if not sees_all(actor):
        query = query.where(_own_document(actor))
    named = query.options(joinedload(CaseDocument.unit), joinedload(CaseDocument.subject))
    order = (CaseDocument.at, CaseDocument.unit_id.asc().nulls_first(), CaseDocument.code, CaseDocument.id)
    return session.scalars(named.order_by(*order)).all()


def document_for(session: Session, actor: Actor, document_id: UUID) -> CaseDocument:
    """A document that the actor may read, or `NotFound`."""
    query = select(CaseDocument).join(Case).where(CaseDocument.id == document_id, visible_cases(actor))
    if not sees_all(actor):
        query = query.where(_own_document(actor))
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(message("没有这份文书。"))
    return found


def _own_document(actor: Actor) -> ColumnElement[bool]:
    """For one's units or oneself, or issued to all who take part; papers without a number are for the bureaus alone."""
    to_all = and_(CaseDocument.unit_id.is_(None), CaseDocument.subject_id.is_(None))
    if not actor.has("hr_bureau.clerk", "hr_bureau.leader"):
        to_all = and_(to_all, CaseDocument.number != "")
    return or_(CaseDocument.unit_id.in_(actor.units()), CaseDocument.subject_id == actor.person_id, to_all)


def children(session: Session, actor: Actor, case_id: UUID, page: Page | None = None) -> tuple[list[CaseRow], int]:
    """A page of the cases that belong to a case."""
    return cases(session, actor, CaseFilter(parent_id=case_id), page or Page(limit=50))


def open_incidents(session: Session, actor: Actor, *, case_id: UUID | None = None) -> Sequence[Incident]:
    """Incidents that wait for a person, newest first."""
    query = (
        select(Incident)
        .join(Case)
        .options(contains_eager(Incident.case))
        .where(Incident.status == "open", visible_cases(actor))
        .order_by(Incident.at.desc())
        .limit(MOST_ROWS)
    )
    return session.scalars(query.where(Incident.case_id == case_id) if case_id else query).all()


def waits(session: Session, actor: Actor, case_id: UUID) -> Sequence[Waiting]:
    """The messages and signals that a case waits for; shown to those who see the whole case."""
    if not sees_all(actor):
        return ()
    return session.scalars(select(Waiting).where(Waiting.case_id == case_id).order_by(Waiting.name)).all()


def progress(session: Session, house: House, case_id: UUID) -> Progress:
    """How far a case is, by id of element and flow, from the engine state itself."""
    return run_of(session, house, case_id).progress()


def run_of(session: Session, house: House, case_id: UUID) -> Run:
    """The engine state of a case, to be looked at."""
    case = session.get(Case, case_id, options=[undefer(Case.skeleton)])
    if case is None:
        raise NotFound(message("没有这个案件。"))
    return thawed(session, house, SYSTEM, case, package(session, case.definition_id))


def steps_of(session: Session, case: Case) -> list[Step]:
    """The nodes of a case's diagram in flow order."""
    return steps(package(session, case.definition_id).bpmn)


def waiting_work(
    session: Session, actor: Actor, *, process: str = "", step: str = "", unit_id: str = "", overdue: bool = False,
    case_id: UUID | None = None, page: Page | None = None,
) -> tuple[Sequence[tuple[WorkItem, Organization | None]], int]:  # fmt: skip
    """Open tasks with the organization that is waited for, longest waiting first; and how many there are."""
    page = page or Page(limit=50)
    conditions: list[ColumnElement[bool]] = [WorkItem.status == "open", visible_cases(actor), visible_items(actor)]
    for column, value in (
        (WorkItem.process_key, process), (WorkItem.element_id, step),
        (WorkItem.unit_id, unit_id), (WorkItem.case_id, case_id),
    ):  # fmt: skip
        if value:
            conditions.append(column == value)
    if overdue:
        conditions.append(WorkItem.due_at < clock.now())
    total = session.scalar(select(func.count()).select_from(WorkItem).join(Case).where(*conditions)) or 0
    query = (
        select(WorkItem, Organization)
        .join(Case, Case.id == WorkItem.case_id)
        .outerjoin(Organization, Organization.id == WorkItem.organization_id)
        .outerjoin(Unit, Unit.id == WorkItem.unit_id)
        .options(selectinload(WorkItem.case))
        .where(*conditions)
        .order_by(WorkItem.created_at, Unit.place.asc().nulls_first(), WorkItem.id)
        .offset(page.offset)
        .limit(min(page.limit, MOST_ROWS))
    )
    return [(row[0], row[1]) for row in session.execute(query)], total


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
