"""撤回: the sender takes back what he has sent, until the next person has opened it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes import audit, clock
from processes.engine.door import OpenCase, locked_with_item, opened
from processes.engine.house import House
from processes.engine.models import WorkItem
from processes.engine.permissions import need_part
from processes.engine.reasons import short
from processes.engine.spiff import trail
from processes.engine.verbs.allowed import sent_by
from processes.engine.verbs.aside import AFTER, attached
from processes.engine.verbs.sending_back import given_again, new_items
from processes.engine.verbs.telling import note, tell_all
from processes.errors import Conflict, NotAllowed
from processes.identity.actor import Actor
from processes.messages import message


def note_opening(session: Session, actor: Actor, item_id: UUID) -> None:
    """Write down that whoever may do a task has looked at it: from then on it cannot be recalled."""
    item = session.get(WorkItem, item_id, with_for_update={"key_share": True}, populate_existing=True)
    if item is not None and item.opened_at is None and item.status == "open":
        item.opened_at, item.opened_by = clock.now(), actor.name


def recall(session: Session, house: House, actor: Actor, item_id: UUID, reason: str = "") -> WorkItem:
    """Take back what one has sent; the task is one's own again, with what was filled in."""
    case, item = locked_with_item(session, item_id)
    need_part(session, actor, item)
    if not sent_by(actor, item):
        raise NotAllowed(message("只能撤回您本人办理的事项。"))
    if item.attached_as:
        raise Conflict(message("为他人签署的意见已送回，不能撤回。"))
    if item.status not in ("done", "held") or item.result in ("退回", "驳回"):
        raise Conflict(message("该事项不能撤回。"))
    text = short(reason)
    with opened(session, house, actor, case, item) as open_:
        again = _from_those_after(open_, item) if item.status == "held" else _from_the_case(open_, item)
    note(session, actor, item, "recalled", text)
    audit.record(session, actor, "work.recall", f"work_item:{item.id}", reason=text)
    return again


def _from_those_after(open_: OpenCase, item: WorkItem) -> WorkItem:
    """Those who were to sign after it have not looked at it: it is not signed any more, and they are asked later."""
    asked = attached(open_.session, item, AFTER)
    _need_unopened(asked)
    done = attached(open_.session, item, AFTER, statuses=("done",))
    if done:
        raise Conflict(message("%(person)s已签署，不能撤回。", person=done[0].completed_by))
    for each in asked:
        each.status = "held"
    item.status, item.completed_at, item.completed_by_id, item.completed_by = "open", None, None, ""
    item.result = ""
    open_.save()
    return item


def _from_the_case(open_: OpenCase, item: WorkItem) -> WorkItem:
    session, run = open_.session, open_.run
    if trail.is_one_of_several(run, item.task_id):
        _need_unopened(_in_turn(open_, item))
        trail.take_back_signature(run, item.task_id)
        following: Sequence[WorkItem] = ()
    else:
        following = _following(open_, item)
        trail.send_back(run, item.task_id, "recalled")
    open_.save()
    text = message("%(from)s已撤回，无需您再办理：%(title)s", **{"from": open_.actor.name, "title": item.title})
    tell_all(session, following, open_.actor, "withdrawn", text)
    found = [each for each in new_items(open_, item.element_id) if each.instance_key == item.instance_key]
    if not found:
        raise Conflict(message("该事项不能撤回。"))
    again = found[0]
    whose = item.on_behalf_id or item.completed_by_id
    if again.person_id is None:
        again.claimed_by_id, again.claimed_by, again.claimed_at = whose, item.completed_by, clock.now()
    again.opened_at, again.opened_by = open_.now, open_.actor.name
    assert item.completed_by_id is not None
    given_again(session, again, item, item.completed_by_id)
    return again


def _following(open_: OpenCase, item: WorkItem) -> Sequence[WorkItem]:
    """The tasks that have come of it, if it can be taken back: nobody has opened one, nothing has acted by itself."""
    if trail.was_followed(open_.run, item.task_id):
        raise Conflict(message("下一环节已办理，不能撤回。"))
    task_ids, acted = trail.later_tasks(open_.run, item.task_id)
    if acted:
        elements = open_.package.program.elements
        names = "、".join(elements[each].name or each for each in acted)
        raise Conflict(message("其后已自动执行“%(steps)s”，不能撤回。", steps=names))
    query = select(WorkItem).where(WorkItem.case_id == open_.case.id, WorkItem.task_id.in_(task_ids))
    following = open_.session.scalars(query.with_for_update()).all()
    _need_unopened(following)
    return following


def _in_turn(open_: OpenCase, item: WorkItem) -> Sequence[WorkItem]:
    """In signing one after the other, whose turn it is after this one."""
    activity = open_.package.program.elements[item.element_id]
    query = select(WorkItem).where(
        WorkItem.case_id == open_.case.id, WorkItem.element_id == activity.id, WorkItem.status == "open",
        WorkItem.created_at >= item.completed_at,
    )  # fmt: skip
    return open_.session.scalars(query.with_for_update()).all()


def _need_unopened(items: Sequence[WorkItem]) -> None:
    for each in items:
        if each.opened_at is not None or each.claimed_by_id is not None or each.status == "held":
            who = each.opened_by or each.claimed_by
            raise Conflict(message("%(person)s已打开该任务，不能撤回。", person=who))
