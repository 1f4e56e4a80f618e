"""批量办理: several like tasks done with the same answers, each in a transaction of its own, a result for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from processes import operation_keys
from processes.engine import incidents, work
from processes.engine.failures import CaseFailed
from processes.engine.models import Case, WorkItem
from processes.engine.permissions import need_part
from processes.errors import DeskError, Invalid, NotFound
from processes.identity.actor import Actor
from processes.messages import Message, message
from webapp.desk import Desk
from webapp.transactions import acting

MOST_AT_ONCE = 50


@dataclass(frozen=True)
class Result:
    """What became of one task."""

    task_id: str
    title: str
    done: bool
    problem: Message | None = None


def like_tasks(session: Session, actor: Actor, ids: Sequence[str]) -> list[WorkItem]:
    """Tasks that may be done together: of one step of one procedure, with one form; `Invalid` says why not."""
    wanted = _ids(ids)
    query = select(WorkItem).join(Case, Case.id == WorkItem.case_id).options(contains_eager(WorkItem.case))
    found = {each.id: each for each in session.scalars(query.where(WorkItem.id.in_(wanted)))}
    items = [found[each] for each in wanted if each in found]
    if not items or len(items) < len(wanted):
        raise NotFound(message("没有这项任务。"))
    for each in items:
        need_part(session, actor, each)
    if len({(each.process_key, each.element_id, each.form_key, each.case.definition_id) for each in items}) > 1:
        problem = message("只能批量办理同一流程、同一环节的任务。")
        raise Invalid(problem, {"tasks": problem})
    return items


def _ids(ids: Sequence[str]) -> list[UUID]:
    try:
        wanted = list(dict.fromkeys(UUID(each) for each in ids))
    except ValueError as cause:
        problem = message("应为编号（UUID）。")
        raise Invalid(problem, {"tasks": problem}) from cause
    if not 0 < len(wanted) <= MOST_AT_ONCE:
        problem = message("一次可批量办理 1 至 %(count)s 项任务。", count=MOST_AT_ONCE)
        raise Invalid(problem, {"tasks": problem})
    return wanted


def batch(desk: Desk, actor: Actor, ids: Sequence[str], answers: Any, key: str | None = None) -> list[Result]:
    """Do each task by itself: one that is refused does not keep the others from being done.

    With an operation key, a task that the same request has done before counts as done, and is not done again.
    """
    with desk.db.reading() as session:
        titles = {each.id: each.title for each in like_tasks(session, actor, ids)}
    return [_one(desk, actor, item_id, title, answers, key) for item_id, title in titles.items()]


def _one(desk: Desk, actor: Actor, item_id: UUID, title: str, answers: Any, key: str | None) -> Result:
    again = incidents.complete_again(actor, item_id, answers) if isinstance(answers, Mapping) else None

    def act(session: Session) -> None:
        own = f"{key}:{item_id}"
        if key and operation_keys.take(session, own, actor.person_id, "/tasks/batch", str(item_id), 200) is not None:
            return
        work.complete(session, desk.house, actor, item_id, answers)

    try:
        acting(desk, act, again)
    except CaseFailed as failure:
        return Result(str(item_id), title, False, failure.text)
    except DeskError as problem:
        fields = getattr(problem, "fields", {})
        return Result(str(item_id), title, False, next(iter(fields.values()), problem.text))
    return Result(str(item_id), title, True)
