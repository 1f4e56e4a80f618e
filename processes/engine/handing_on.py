"""What people do about a task besides doing it: hand it to a colleague, ask whoever holds it to hurry."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes import audit, clock, notices
from processes.engine.models import CaseEvent, WorkItem
from processes.engine.permissions import acting, holder, need_part, need_to_do, own_part
from processes.engine.task_forms import item_of
from processes.engine.verbs.allowed import may_transfer
from processes.errors import Conflict, Invalid, NotAllowed
from processes.identity.actor import Actor
from processes.identity.log_in import usable_person
from processes.identity.models import PostHolding
from processes.identity.people import actor_of
from processes.identity.stand_ins import colleagues
from processes.messages import Message, message

LONGEST_REASON = 1000
REMIND_EVERY = timedelta(hours=1)
MAY_TRANSFER = ("manager",)
"""Posts that may hand on a task that is not their own."""


def transfer(session: Session, actor: Actor, item_id: UUID, to: str, reason: str) -> WorkItem:
    """Hand a task to a colleague who holds the same post, named by log-in; the colleague holds it from then on."""
    item = _locked(session, actor, item_id)
    if not actor.has(*MAY_TRANSFER):
        need_to_do(actor, item)
        if item.claimed_by_id not in (None, holder(actor, item)):
            raise Conflict(message("该任务已由%(person)s签收。", person=item.claimed_by))
        actor = acting(actor, item)
    if not may_transfer(item):
        raise NotAllowed(message("这项任务须由指定的人本人办理，不能转办。"))
    colleague = _colleague(session, actor, item, to)
    _need_reason(reason)
    if item.person_id is not None:
        item.person_id = colleague.person_id
    item.claimed_by_id, item.claimed_by, item.claimed_at = colleague.person_id, colleague.name, clock.now()
    item.opened_at, item.opened_by = item.opened_at or clock.now(), item.opened_by or actor.name
    _note(session, actor, item, "transferred", f"→ {colleague.name}：{reason.strip()}")
    text = message("%(from)s将任务转给您办理：%(title)s", **{"from": actor.name, "title": item.title})
    _tell(session, item, "transfer", text)
    audit.record(session, actor, "work.transfer", f"work_item:{item.id}", to=colleague.login, reason=reason.strip())
    return item


def remind(session: Session, actor: Actor, item_id: UUID, reason: str = "") -> WorkItem:
    """Ask whoever holds a task to do it; once an hour at most."""
    item = _locked(session, actor, item_id)
    if actor.has("auditor"):
        raise NotAllowed(message("监督岗位只能查阅，不能催办。"))
    if actor.person_id in (item.person_id, item.claimed_by_id):
        raise Conflict(message("这项任务由您本人办理，无需催办。"))
    _need_short(reason)
    if _reminded_lately(session, item):
        raise Conflict(message("一小时内已经催办过这项任务。"))
    _note(session, actor, item, "reminded", reason.strip())
    text = message("%(from)s请您办理：%(title)s", **{"from": actor.name, "title": item.title})
    _tell(session, item, "reminder", text)
    audit.record(session, actor, "work.remind", f"work_item:{item.id}")
    return item


def _locked(session: Session, actor: Actor, item_id: UUID) -> WorkItem:
    item = item_of(session, item_id)
    need_part(session, actor, item)
    session.refresh(item, with_for_update=True)
    if item.status != "open":
        raise Conflict(message("该任务已办结，或案件已进入下一环节。"))
    return item


def _colleague(session: Session, actor: Actor, item: WorkItem, login: str) -> Actor:
    found = usable_person(session, login.strip())
    colleague = actor_of(session, found, clock.today()) if found is not None else None
    if colleague is None or not _may_take(session, colleague, item):
        problem = message("“%(login)s”不在办理这项任务的岗位上。", login=login[:60])
        raise Invalid(problem, {"to": problem})
    if colleague.person_id in (item.claimed_by_id, actor.person_id):
        problem = message("这项任务已由此人办理。") if item.claimed_by_id else message("不能转给本人，请直接签收。")
        raise Invalid(problem, {"to": problem})
    return colleague


def _may_take(session: Session, colleague: Actor, item: WorkItem) -> bool:
    """Whether a task may be handed to a colleague: one of the same post; of a named person, one of the same office."""
    if item.person_id is None:
        return own_part(colleague, item)
    return any(each.id == colleague.person_id for each in colleagues(session, item.person_id, clock.today()))


def _need_reason(reason: str) -> None:
    if not reason.strip():
        problem = message("请填写理由。")
        raise Invalid(problem, {"reason": problem})
    _need_short(reason)


def _need_short(reason: str) -> None:
    if len(reason) > LONGEST_REASON:
        problem = message("理由不能超过 %(count)s 字。", count=LONGEST_REASON)
        raise Invalid(problem, {"reason": problem})


def _reminded_lately(session: Session, item: WorkItem) -> bool:
    by_hand = select(CaseEvent.id).where(
        CaseEvent.case_id == item.case_id,
        CaseEvent.task_id == item.task_id,
        CaseEvent.kind == "reminded",
        CaseEvent.person_id.is_not(None),
        CaseEvent.at > clock.now() - REMIND_EVERY,
    )
    return session.scalars(by_hand.limit(1)).first() is not None


def _note(session: Session, actor: Actor, item: WorkItem, kind: str, text: str) -> None:
    session.add(
        CaseEvent(
            case_id=item.case_id,
            at=clock.now(),
            kind=kind,
            element_id=item.element_id,
            step=item.step,
            task_id=item.task_id,
            person_id=actor.person_id,
            person=actor.name,
            text=text,
        )
    )


def _tell(session: Session, item: WorkItem, kind: str, text: Message) -> None:
    """A notice to who holds the task, or to all who may take it."""
    holder = item.claimed_by_id or item.person_id
    if holder is not None:
        notices.notify(session, kind, text, person_id=holder, case_id=item.case_id, work_item_id=item.id)
        return
    at_organization = select(PostHolding.role).where(PostHolding.organization_id == item.organization_id).distinct()
    for role in [item.role] if item.role else session.scalars(at_organization):
        notices.notify(
            session,
            kind,
            text,
            role=role,
            organization_id=item.organization_id,
            case_id=item.case_id,
            work_item_id=item.id,
        )
