"""What the board of a rehearsal shows: who has what to do, what was done, and the next moments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from processes import clock
from processes.engine import definitions
from processes.engine.models import Case, CaseDocument, WorkItem
from processes.engine.rehearsing.models import Rehearsal
from processes.identity.models import Organization, Person, PostHolding
from webapp.drawing import organization_name, post_name
from webapp.rehearsals.door import Scratch

MOST_TASKS, MOST_DONE = 60, 30


@dataclass(frozen=True)
class Waiting:
    """An open task of a rehearsal, and who may do it."""

    item: WorkItem
    who: str
    logins: Sequence[tuple[str, str]]
    """Log-in and name of stand-ins who may."""


def facts(scratch: Scratch, found: Rehearsal) -> dict[str, Any]:
    """What the board tells of a rehearsal."""
    with scratch.desk.db.reading() as session:
        of_key = select(Case.id).where(Case.key == found.key)
        is_open = (WorkItem.status == "open", WorkItem.case_id.in_(of_key))
        opened = session.scalars(
            select(WorkItem)
            .where(*is_open)
            .options(joinedload(WorkItem.case))
            .order_by(WorkItem.created_at, WorkItem.id)
            .limit(MOST_TASKS)
        ).all()
        done = session.scalars(
            select(WorkItem)
            .where(WorkItem.status == "done", WorkItem.case_id.in_(of_key))
            .options(joinedload(WorkItem.case))
            .order_by(WorkItem.completed_at.desc())
            .limit(MOST_DONE)
        ).all()
        documents = session.scalars(
            select(CaseDocument)
            .where(CaseDocument.case_id.in_(of_key))
            .order_by(CaseDocument.at.desc())
            .limit(MOST_DONE)
        ).all()
        cases = session.scalars(
            select(Case).where(Case.key == found.key).order_by(Case.started_at.desc()).limit(MOST_DONE)
        ).all()
        own = definitions.active_definition(session, found.key)
        return {
            "open_count": session.scalar(select(func.count()).select_from(WorkItem).where(*is_open)),
            "waiting": [_waiting(session, each) for each in opened],
            "done": done,
            "documents": documents,
            "cases": cases,
            "starters": [(process, _starters(session, process["starters"])) for process in own.processes],
            "stand_ins": _stand_ins(session),
            "shown": shown(found.clock_at),
            "next": next_timer(session),
        }


def next_timer(session: Session) -> datetime | None:
    """When the next timer of the rehearsal fires."""
    query = select(Case.next_due).where(Case.next_due.is_not(None)).order_by(Case.next_due).limit(1)
    return session.scalar(query)


def next_due(session: Session, now: datetime) -> datetime | None:
    """A minute after the next due day ends: then somebody is late."""
    query = select(WorkItem.due_at).where(WorkItem.status == "open", WorkItem.due_at > now)
    found = session.scalar(query.order_by(WorkItem.due_at).limit(1))
    return found + timedelta(minutes=1) if found else None


def shown(moment: datetime) -> str:
    """A moment of the rehearsal's clock, as a watch in the city would show it."""
    return clock.local(moment).strftime("%Y-%m-%d %H:%M")


def _waiting(session: Session, item: WorkItem) -> Waiting:
    if item.person_id is not None:
        person = session.get_one(Person, item.person_id)
        return Waiting(item, person.name, [(person.login, person.name)])
    organization = session.get(Organization, item.organization_id) if item.organization_id else None
    name = organization_name(organization) if organization else ""
    query = select(Person.login, Person.name).join(PostHolding, PostHolding.person_id == Person.id)
    query = query.where(PostHolding.organization_id == item.organization_id)
    if item.role:
        query = query.where(PostHolding.role == item.role)
    rows = session.execute(query.order_by(Person.login).limit(3))
    return Waiting(
        item, f"{name} {post_name(item.role) if item.role else ''}".strip(), [(row[0], row[1]) for row in rows]
    )


def _starters(session: Session, roles: Sequence[str]) -> list[tuple[str, str]]:
    query = select(Person.login, Person.name).join(PostHolding, PostHolding.person_id == Person.id)
    rows = session.execute(query.where(PostHolding.role.in_(roles)).order_by(Person.login).limit(3))
    return [(row[0], row[1]) for row in rows]


def _stand_ins(session: Session) -> list[tuple[str, str]]:
    """One stand-in for each post, to look at the desk with his eyes."""
    query = select(PostHolding.role, Person.login).join(Person, Person.id == PostHolding.person_id)
    found: dict[str, str] = {}
    for role, login in session.execute(query.order_by(PostHolding.role, Person.login)):
        found.setdefault(role, login)
    return [(login, post_name(role)) for role, login in found.items()]
