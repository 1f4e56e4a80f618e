"""非常规办理: cases that failed or stand still, tasks that were moved, skipped, handed on or done for another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from processes.engine.models import Case, CaseEvent, Incident, WorkItem
from processes.forms.wording import Wording
from processes.identity.actor import Actor
from processes.identity.posts import SEES_ALL_CASES
from processes.paging import Listing, Page, counted, listed

BY_HAND: Mapping[str, Wording] = {
    "transferred": Wording("转办", "Handed on"),
    "delegated": Wording("委派", "Delegated"),
    "handed_over": Wording("交接", "Handed over"),
    "moved": Wording("移动、跳步", "Moved"),
    "skipped": Wording("跳步", "Skipped"),
    "suspended": Wording("挂起", "Suspended"),
    "resumed": Wording("恢复", "Resumed"),
}
"""Kinds of events that are no ordinary course of a case."""


@dataclass(frozen=True)
class Irregular:
    """How much is out of the ordinary course now."""

    failed: int
    """Open incidents."""
    suspended: int
    """Cases that stand still."""


@dataclass(frozen=True)
class ByHand:
    """Something that was done to a case by hand."""

    event: CaseEvent
    case: Case


def irregular_now(session: Session, actor: Actor) -> Irregular:
    """How many incidents are open and how many cases are suspended."""
    actor.need(*SEES_ALL_CASES)
    failed = select(func.count(Incident.id)).where(Incident.status == "open")
    suspended = select(func.count(Case.id)).where(Case.status == "suspended")
    return Irregular(session.scalar(failed) or 0, session.scalar(suspended) or 0)


def open_incidents(session: Session, actor: Actor, page: Page) -> Sequence[Incident]:
    """The newest open incidents."""
    actor.need(*SEES_ALL_CASES)
    wanted = select(Incident).where(Incident.status == "open").options(joinedload(Incident.case))
    return session.scalars(wanted.order_by(Incident.at.desc(), Incident.id).limit(page.rows)).all()


def suspended_cases(session: Session, actor: Actor, page: Page) -> Sequence[Case]:
    """Cases that stand still, the newest change first."""
    actor.need(*SEES_ALL_CASES)
    wanted = select(Case).where(Case.status == "suspended")
    return session.scalars(wanted.order_by(Case.changed_at.desc(), Case.id).limit(page.rows)).all()


def done_by_hand(session: Session, actor: Actor, since: datetime, page: Page) -> Listing[ByHand]:
    """What was done to cases by hand since a moment, the newest first."""
    actor.need(*SEES_ALL_CASES)
    mine = (CaseEvent.kind.in_(list(BY_HAND)), CaseEvent.at >= since)
    wanted = select(CaseEvent, Case).join(Case, CaseEvent.case_id == Case.id).where(*mine)
    rows = session.execute(wanted.order_by(CaseEvent.id.desc()).offset(page.offset).limit(page.rows + 1))
    found = [ByHand(event, case) for event, case in rows]
    return listed(found, page, lambda: counted(session, select(CaseEvent.id).where(*mine)))


def done_for_others(session: Session, actor: Actor, since: datetime, page: Page) -> Listing[WorkItem]:
    """Tasks done by a stand-in or delegated since a moment, the newest first (代理、委派)."""
    actor.need(*SEES_ALL_CASES)
    mine = (
        or_(WorkItem.on_behalf_id.is_not(None), WorkItem.attached_as == "delegated"),
        func.coalesce(WorkItem.completed_at, WorkItem.created_at) >= since,
    )
    wanted = select(WorkItem).where(*mine).options(joinedload(WorkItem.case))
    ordered = wanted.order_by(WorkItem.created_at.desc(), WorkItem.id).offset(page.offset).limit(page.rows + 1)
    rows = session.scalars(ordered).all()
    return listed(rows, page, lambda: counted(session, select(WorkItem.id).where(*mine)))
