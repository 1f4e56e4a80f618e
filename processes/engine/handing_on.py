"""What people do about a task besides doing it: hand it to a colleague, ask whoever holds it to hurry."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes import audit, clock
from processes.engine.models import CaseEvent, WorkItem
from processes.engine.permissions import acting, holder, need_part, need_to_do, own_part
from processes.engine.reasons import need_reason, short
from processes.engine.task_forms import item_of
from processes.engine.verbs.allowed import may_transfer
from processes.engine.verbs.telling import note, tell
from processes.engine.work import need_open
from processes.errors import Conflict, Invalid, NotAllowed
from processes.identity.actor import Actor
from processes.identity.log_in import usable_person
from processes.identity.people import actor_of
from processes.identity.stand_ins import colleagues
from processes.messages import message

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
    text = need_reason(reason)
    if item.person_id is not None:
        item.person_id = colleague.person_id
    item.claimed_by_id, item.claimed_by, item.claimed_at = colleague.person_id, colleague.name, clock.now()
    item.opened_at, item.opened_by = item.opened_at or clock.now(), item.opened_by or actor.name
    note(session, actor, item, "transferred", f"→ {colleague.name}：{text}")
    told = message("%(from)s将任务转给您办理：%(title)s", **{"from": actor.name, "title": item.title})
    tell(session, item, "transfer", told)
    audit.record(session, actor, "work.transfer", f"work_item:{item.id}", to=colleague.login, reason=text)
    return item


def remind(session: Session, actor: Actor, item_id: UUID, reason: str = "") -> WorkItem:
    """Ask whoever holds a task to do it; once an hour at most."""
    item = _locked(session, actor, item_id)
    if actor.has("auditor"):
        raise NotAllowed(message("监督岗位只能查阅，不能催办。"))
    if actor.person_id in (item.person_id, item.claimed_by_id):
        raise Conflict(message("这项任务由您本人办理，无需催办。"))
    reason = short(reason)
    if _reminded_lately(session, item):
        raise Conflict(message("一小时内已经催办过这项任务。"))
    note(session, actor, item, "reminded", reason)
    told = message("%(from)s请您办理：%(title)s", **{"from": actor.name, "title": item.title})
    tell(session, item, "reminder", told)
    audit.record(session, actor, "work.remind", f"work_item:{item.id}")
    return item


def _locked(session: Session, actor: Actor, item_id: UUID) -> WorkItem:
    item = item_of(session, item_id)
    need_part(session, actor, item)
    session.refresh(item, with_for_update=True)
    need_open(item)
    if item.case.status == "suspended":
        raise Conflict(message("案件已挂起，暂不能办理。"))
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


def _reminded_lately(session: Session, item: WorkItem) -> bool:
    by_hand = select(CaseEvent.id).where(
        CaseEvent.case_id == item.case_id,
        CaseEvent.task_id == item.task_id,
        CaseEvent.kind == "reminded",
        CaseEvent.person_id.is_not(None),
        CaseEvent.at > clock.now() - REMIND_EVERY,
    )
    return session.scalars(by_hand.limit(1)).first() is not None
