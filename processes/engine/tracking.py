"""Where a case stands, for those who may look: stages, tasks, history, what was sent, what it waits for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, undefer

from processes.engine.door import thawed
from processes.engine.house import House
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
from processes.identity.models import Unit
from processes.messages import message
from processes.paging import MOST_ROWS, Listing, Page, Total, counted, listed

MOST_EVENTS = 500


class ItemFacts(NamedTuple):
    """What a case's page says of one task of it."""

    id: UUID
    case_id: UUID
    element_id: str
    step: str
    status: str
    role: str
    organization_id: str | None
    person_id: UUID | None
    created_at: datetime
    due_at: datetime | None
    completed_at: datetime | None
    completed_by: str
    claimed_by: str


@dataclass(frozen=True)
class StageState:
    """A part of the stage bar."""

    stage: Stage
    state: str
    """`done`, `current` or `ahead`."""


def case_for(session: Session, actor: Actor, case_id: UUID, *, whole: bool = False) -> Case:
    """A case that the actor may see, or `NotFound`; `whole`: its engine state is wanted too."""
    query = select(Case).where(Case.id == case_id, visible_cases(actor))
    if whole:
        query = query.options(undefer(Case.skeleton), joinedload(Case.definition))
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(message("没有这个案件。"))
    return found


def stage_of(session: Session, case: Case) -> Stage | None:
    """The stage a case has reached."""
    found = package(session, case.definition_id).processes[case.process_id].stages
    return next((stage for stage in found if stage.key == case.stage), None)


def stages(session: Session, case: Case) -> list[StageState]:
    """The stage bar of a case: what is behind it, where it is, what lies ahead or was never reached."""
    found = package(session, case.definition_id).processes[case.process_id].stages
    keys = [stage.key for stage in found]
    here = keys.index(case.stage) if case.stage in keys else -1
    over = case.status == "completed"

    def state(place: int) -> str:
        if place < here or (over and here in (-1, place)):
            return "done"
        return "current" if place == here else "ahead"

    return [StageState(stage, state(place)) for place, stage in enumerate(found)]


def items_of(session: Session, actor: Actor, case_id: UUID) -> list[ItemFacts]:
    """All tasks of a case that the actor may see, oldest first, those of one moment in the order of districts."""
    query = (
        select(*(getattr(WorkItem, name) for name in ItemFacts._fields))
        .outerjoin(Unit, Unit.id == WorkItem.unit_id)
        .where(WorkItem.case_id == case_id, visible_items(actor))
        .order_by(WorkItem.created_at, Unit.place.asc().nulls_first(), WorkItem.id)
    )
    return [ItemFacts(*row) for row in session.execute(query)]


def open_items(session: Session, actor: Actor, case_id: UUID) -> Sequence[WorkItem]:
    """The open tasks of a case that the actor may see, soonest due first."""
    query = (
        select(WorkItem)
        .outerjoin(Unit, Unit.id == WorkItem.unit_id)
        .where(WorkItem.case_id == case_id, WorkItem.status == "open", visible_items(actor))
        .order_by(WorkItem.due_at.asc().nulls_last(), WorkItem.created_at, Unit.place.asc().nulls_first(), WorkItem.id)
    )
    return session.scalars(query).all()


def history(
    session: Session,
    actor: Actor,
    case_id: UUID,
    *,
    limit: int = MOST_EVENTS,
    before: int | None = None,
    offset: int = 0,
) -> Sequence[CaseEvent]:
    """What happened in a case, newest first, from before one line on; a part of it for those who see a part."""
    query = _events(actor, case_id)
    if before is not None:
        query = query.where(CaseEvent.id < before)
    return session.scalars(query.order_by(CaseEvent.id.desc()).offset(offset).limit(limit)).all()


def history_size(session: Session, actor: Actor, case_id: UUID) -> Total:
    """How many lines the history has."""
    return counted(session, _events(actor, case_id).with_only_columns(CaseEvent.id))


def _events(actor: Actor, case_id: UUID) -> Select[CaseEvent]:
    query = select(CaseEvent).where(CaseEvent.case_id == case_id)
    if sees_all(actor):
        return query
    own = select(WorkItem.task_id).where(WorkItem.case_id == case_id, visible_items(actor))
    return query.where(or_(CaseEvent.task_id.in_(own), CaseEvent.person_id == actor.person_id))


def submissions(session: Session, actor: Actor, case_id: UUID) -> Sequence[Submission]:
    """The forms sent in a case that the actor may see, oldest first."""
    return session.scalars(_sent(actor, case_id).order_by(Submission.at, Submission.id)).all()


def last_submissions(session: Session, actor: Actor, case_id: UUID, page: Page) -> Listing[Submission]:
    """A page of the forms sent in a case, newest first."""
    query = _sent(actor, case_id)
    newest = query.order_by(Submission.at.desc(), Submission.id.desc())
    rows = session.scalars(newest.offset(page.offset).limit(page.rows + 1)).all()
    ids = query.with_only_columns(Submission.id)
    return listed(rows, page, lambda: counted(session, ids))


def _sent(actor: Actor, case_id: UUID) -> Select[Submission]:
    return (
        select(Submission)
        .join(WorkItem, WorkItem.id == Submission.work_item_id)
        .options(contains_eager(Submission.work_item))
        .where(Submission.case_id == case_id, or_(visible_items(actor), Submission.person_id == actor.person_id))
    )


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
