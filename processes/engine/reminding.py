"""Reminders of tasks, and late tasks told to others: each once, none for a task that is done."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from processes import clock, jobs, notices
from processes.engine import deadlines
from processes.engine.house import House
from processes.engine.models import UNDONE, Case, CaseEvent, WorkItem
from processes.engine.packages import package
from processes.engine.recording import ESCALATE, REMIND
from processes.engine.verbs.telling import tell
from processes.identity.models import Organization
from processes.identity.posts import POSTS
from processes.jobs import Job, Taken
from processes.messages import message

SUSPENDED = timedelta(hours=1)
"""Between two looks whether a suspended case goes on."""


def remind(session: Session, house: House, job: Taken, made: Any) -> None:
    """Remind whoever has a task in hand, or all who may do it."""
    item = _open_item(session, job)
    if item is None or _later_one_due(session, job, _reminder_keys(session, item)):
        return
    text = message("请办理：%(title)s（%(due)s前）", title=item.title, due=_day(item))
    if item.due_at is not None and item.due_at < clock.now():
        text = message("已逾期，请尽快办理：%(title)s（应于%(due)s前办结）", title=item.title, due=_day(item))
    tell(session, item, "reminder", text)
    _note(session, item, "reminded", _whom(session, item))


def escalate(session: Session, house: House, job: Taken, made: Any) -> None:
    """Tell a post that a task is late."""
    item, role = _open_item(session, job), job.args["role"]
    if item is None or _later_one_due(session, job, _escalation_keys(session, item, role)):
        return
    text = message(
        "逾期未办：%(title)s，办理单位 %(whom)s，应于%(due)s前办结。",
        title=item.title,
        whom=_whom(session, item),
        due=_day(item),
    )
    there = _escalated_to(session, item, role)
    notices.notify(
        session, "escalation", text, role=role, organization_id=there, case_id=item.case_id, work_item_id=item.id
    )
    _note(session, item, "escalated", POSTS[role].zh if role in POSTS else role)


def last_reminded(session: Session, case_ids: Collection[UUID]) -> Mapping[tuple[UUID, str | None], datetime]:
    """When the open tasks of some cases were reminded of last, by case and unit; who was not is left out."""
    query = (
        select(WorkItem.case_id, WorkItem.unit_id, func.max(CaseEvent.at))
        .join(CaseEvent, and_(CaseEvent.case_id == WorkItem.case_id, CaseEvent.task_id == WorkItem.task_id))
        .where(WorkItem.case_id.in_(case_ids), WorkItem.status.in_(UNDONE), CaseEvent.kind == "reminded")
        .group_by(WorkItem.case_id, WorkItem.unit_id)
    )
    return {(case_id, unit_id): at for case_id, unit_id, at in session.execute(query)}


def _open_item(session: Session, job: Taken) -> WorkItem | None:
    """The task, unless it is done; while its case is suspended, or somebody else is asked first, the job is put off."""
    item = session.get(WorkItem, UUID(job.args["item"]))
    if item is None or item.status not in UNDONE:
        return None
    if item.status == "held" or session.scalar(select(Case.status).where(Case.id == item.case_id)) == "suspended":
        jobs.enqueue_new(session, job.kind, job.args, due=clock.now() + SUSPENDED, key=job.key)
        return None
    return item


def _later_one_due(session: Session, job: Taken, keys: Iterable[str]) -> bool:
    """Whether a later one of the same kind is due already, as after a night or a year without a worker.

    That one alone is told: nobody needs to read three reminders in a row.
    """
    later = select(Job.id).where(
        Job.key.in_(list(keys)), Job.status == "waiting", Job.due_at > job.due_at, Job.due_at <= clock.now()
    )
    return session.execute(later.limit(1)).first() is not None


def _reminder_keys(session: Session, item: WorkItem) -> list[str]:
    offsets = deadlines.reminders(_property(session, item, "remind"))
    return [f"{REMIND}:{item.id}:{offset.text}" for offset in offsets]


def _escalation_keys(session: Session, item: WorkItem, role: str) -> list[str]:
    told = deadlines.escalations(_property(session, item, "escalate"))
    return [f"{ESCALATE}:{item.id}:{role}:{offset.text}" for post, offset in told if post == role]


def _property(session: Session, item: WorkItem, name: str) -> str:
    case = session.get_one(Case, item.case_id)
    element = package(session, case.definition_id).program.elements.get(item.element_id)
    return element.properties.get(name, "") if element is not None else ""


def _note(session: Session, item: WorkItem, kind: str, text: str) -> None:
    session.add(
        CaseEvent(
            case_id=item.case_id, at=clock.now(), kind=kind, element_id=item.element_id,
            step=item.step, task_id=item.task_id, text=text,
        )
    )  # fmt: skip


def _day(item: WorkItem) -> str:
    return clock.local(item.due_at).date().isoformat() if item.due_at else ""


def _whom(session: Session, item: WorkItem) -> str:
    if item.claimed_by:
        return item.claimed_by
    organization = session.get(Organization, item.organization_id) if item.organization_id else None
    return organization.name if organization else POSTS[item.role].zh if item.role in POSTS else ""


def _escalated_to(session: Session, item: WorkItem, role: str) -> str | None:
    """A district's post is told at the unit of the task, not in every district; any other post wherever it is held."""
    held_by = session.get(Organization, item.organization_id) if item.organization_id else None
    unit_id = held_by.unit_id if held_by and held_by.unit_id else item.unit_id
    if role not in POSTS or unit_id is None:
        return None
    there = (Organization.kind == POSTS[role].organization_kind, Organization.unit_id == unit_id)
    return session.scalars(select(Organization.id).where(*there).order_by(Organization.id).limit(1)).first()
