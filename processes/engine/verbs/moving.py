"""What an administrator of the process does to a case that went wrong: move its token, with a reason, audited."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes import audit
from processes.engine.door import locked, opened, thawed
from processes.engine.house import House
from processes.engine.models import UNDONE, Case, WorkItem
from processes.engine.packages import package
from processes.engine.reasons import need_reason
from processes.engine.spiff import moving_tokens
from processes.engine.verbs.allowed import MAY_MOVE
from processes.engine.verbs.aside_ids import engine_task
from processes.engine.verbs.telling import note, tell, tell_all
from processes.errors import Conflict, NotFound
from processes.identity.actor import Actor
from processes.messages import message


@dataclass(frozen=True)
class Place:
    """Where a token may be put."""

    element_id: str
    name: str
    kind: str
    alone: bool
    """Whether it may go there without those beside it."""


def places(session: Session, house: House, actor: Actor, item_id: UUID) -> list[Place]:
    """Where the token of an open task may be moved."""
    item = _open_item(session, actor, item_id)
    case = session.get_one(Case, item.case_id)
    of = package(session, case.definition_id)
    run = thawed(session, house, actor, case, of)
    alone = set(moving_tokens.places(run, engine_task(item), alone=True))
    every = dict.fromkeys([*alone, *moving_tokens.places(run, engine_task(item), alone=False)])
    elements = of.program.elements
    ordered = [each for each in elements if each in every]
    return [Place(each, elements[each].name or each, elements[each].kind, each in alone) for each in ordered]


def move(
    session: Session, house: House, actor: Actor, item_id: UUID, element_id: str, reason: str, *, alone: bool = True
) -> Case:
    """Put the token of an open task elsewhere in its process or sub-process."""
    item = _open_item(session, actor, item_id)
    text = need_reason(reason)
    case = locked(session, item.case_id)
    with opened(session, house, actor, case) as open_:
        before = session.scalars(select(WorkItem).where(WorkItem.case_id == case.id, WorkItem.status.in_(UNDONE))).all()
        moving_tokens.move(open_.run, engine_task(item), element_id, alone=alone)
        element = open_.package.program.elements[element_id]
        note(session, actor, item, "moved", f"→ {element.name or element_id}：{text}")
        open_.save()
        if open_.run.stuck:
            raise Conflict(message("移动后案件将无法继续，未作更改。"))
    session.flush()
    for each in before:
        session.refresh(each)
    gone = [each for each in before if each.status == "cancelled"]
    told = message("案件已由管理员移至其他环节，无需您再办理：%(title)s", title=case.title)
    tell_all(session, gone, actor, "withdrawn", told)
    for each in session.scalars(
        select(WorkItem).where(WorkItem.case_id == case.id, WorkItem.status == "open", WorkItem.created_at == open_.now)
    ):
        tell(session, each, "moved", message("案件已由管理员移到您的环节：%(title)s", title=each.title))
    audit.record(
        session,
        actor,
        "case.move_token",
        f"case:{case.id}",
        item=str(item.id),
        element=item.element_id,
        to=element_id,
        alone=alone,
        reason=text,
    )
    return case


def _open_item(session: Session, actor: Actor, item_id: UUID) -> WorkItem:
    actor.need(*MAY_MOVE, text=message("只有流程管理员、管理者或系统管理员可以移动环节。"))
    item = session.get(WorkItem, item_id)
    if item is None:
        raise NotFound(message("没有这项任务。"))
    if item.status not in UNDONE:
        raise Conflict(message("该任务已办结，或案件已进入下一环节。"))
    return item
