"""What was decided before a task and belongs to what its person has to judge."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, contains_eager

from processes.engine.models import Case, Submission, WorkItem
from processes.engine.permissions import is_for, may_do, sees_all
from processes.identity.actor import Actor

MOST_SHOWN = 12
BOTH_BUREAUS = ("hr_bureau.clerk", "hr_bureau.leader")
"""The other of the two bureaus that run the procedure together (第六条)."""


def earlier_submissions(session: Session, actor: Actor, item: WorkItem) -> Sequence[Submission]:
    """Forms sent before in the same case, newest first: those for the whole case and those for the task's own party."""
    conditions: list[ColumnElement[bool]] = [Submission.case_id == item.case_id, Submission.work_item_id != item.id]
    conditions.append(_of_its_party(item))
    if not sees_all(actor):
        conditions.append(_for_its_person(session, actor, item))
    if item.completed_at is not None:
        conditions.append(Submission.at <= item.completed_at)
    query = (
        select(Submission)
        .join(WorkItem, WorkItem.id == Submission.work_item_id)
        .options(contains_eager(Submission.work_item))
        .where(*conditions)
        .order_by(Submission.at.desc(), Submission.id)
        .limit(MOST_SHOWN)
    )
    return session.scalars(query).all()


def _of_its_party(item: WorkItem) -> ColumnElement[bool]:
    """What was sent for the whole case, or in the same pass through a part that is done for each district or person."""
    for_all = and_(WorkItem.instance_key == "", or_(WorkItem.unit_id.is_(None), WorkItem.unit_id == item.unit_id))
    return or_(for_all, WorkItem.instance_key == item.instance_key) if item.instance_key else for_all


def _for_its_person(session: Session, actor: Actor, item: WorkItem) -> ColumnElement[bool]:
    """One's own, one's unit's, and what the person has sent whom the task is about."""
    found = [is_for(actor), Submission.person_id == actor.person_id, WorkItem.unit_id.in_(actor.units())]
    case = session.get(Case, item.case_id)
    if case is not None and case.subject_id is not None and may_do(actor, item):
        found.append(Submission.person_id == case.subject_id)
    if actor.has(*BOTH_BUREAUS):
        found.append(and_(WorkItem.unit_id.is_(None), WorkItem.role.like("%bureau.%")))
    return or_(*found)
