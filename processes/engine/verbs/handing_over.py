"""交接: all open work of somebody who leaves goes to a successor, with a receipt of what was moved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from processes import audit, clock, notices
from processes.engine.models import UNDONE, Case, FormDraft, WorkItem
from processes.engine.permissions import may_do
from processes.engine.reasons import need_reason
from processes.engine.verbs.models import Circulation, HandOver, waits_for_reader
from processes.engine.verbs.telling import note
from processes.errors import Conflict, Invalid, NotFound
from processes.identity.actor import Actor
from processes.identity.log_in import usable_person
from processes.identity.models import Person, StandIn
from processes.identity.people import actor_of, person_by_login
from processes.identity.posts import POSTS
from processes.messages import message
from processes.sequences import yearly_number

MAY_HAND_OVER = ("administrator", "manager")
MOST_LINES = 5000


def open_work(session: Session, person_id: UUID) -> Sequence[WorkItem]:
    """Every open task that is somebody's by name or because he has claimed it."""
    query = (
        select(WorkItem)
        .join(Case, Case.id == WorkItem.case_id)
        .options(contains_eager(WorkItem.case))
        .where(WorkItem.status.in_(UNDONE), or_(WorkItem.person_id == person_id, WorkItem.claimed_by_id == person_id))
        .order_by(WorkItem.due_at.asc().nulls_last(), WorkItem.created_at, WorkItem.id)
        .limit(MOST_LINES)
    )
    return session.scalars(query).all()


def preview(session: Session, actor: Actor, leaver: str, successor: str) -> tuple[Person, Actor, list[dict[str, Any]]]:
    """What would be moved, and what would become of it."""
    whose, who = _two(session, actor, leaver, successor)
    return whose, who, [_line(each, who) for each in open_work(session, whose.id)]


def hand_over(session: Session, actor: Actor, leaver: str, successor: str, reason: str) -> HandOver:
    """Move all open work; what the successor's posts do not allow goes back to all who hold the post."""
    whose, who = _two(session, actor, leaver, successor)
    text = need_reason(reason)
    lines = []
    for item in open_work(session, whose.id):
        lines.append(_line(item, who))
        _move(session, actor, item, whose, who, text)
    lines += _circulations(session, whose, who)
    lines += _stand_ins(session, actor, whose)
    year = clock.today().year
    receipt = HandOver(
        number=yearly_number(session, "交接", "hand_over", year), from_id=whose.id, to_id=_id(who),
        leaver=whose.name, successor=who.name, at=clock.now(), by=actor.name, reason=text, lines=lines,
    )  # fmt: skip
    session.add(receipt)
    session.flush()
    told = message("%(leaver)s的 %(count)s 项工作已移交给您，交接单 %(number)s。", leaver=whose.name, count=len(lines),
                   number=receipt.number)  # fmt: skip
    notices.notify(session, "hand_over", told, person_id=who.person_id)
    audit.record(
        session, actor, "work.hand_over", f"person:{whose.login}", to=who.login, number=receipt.number,
        count=len(lines), reason=text,
    )  # fmt: skip
    return receipt


def receipts(session: Session, actor: Actor) -> Sequence[HandOver]:
    """The receipts, newest first."""
    query = select(HandOver).order_by(HandOver.at.desc()).limit(500)
    if not actor.has(*MAY_HAND_OVER, "auditor"):
        query = query.where(or_(HandOver.from_id == actor.person_id, HandOver.to_id == actor.person_id))
    return session.scalars(query).all()


def receipt_for(session: Session, actor: Actor, receipt_id: UUID) -> HandOver:
    """One receipt, for administrators and the two it is about."""
    found = session.get(HandOver, receipt_id)
    concerned = found is not None and actor.person_id in (found.from_id, found.to_id)
    if found is None or not (concerned or actor.has(*MAY_HAND_OVER, "auditor")):
        raise NotFound(message("没有这份交接单。"))
    return found


def _two(session: Session, actor: Actor, leaver: str, successor: str) -> tuple[Person, Actor]:
    actor.need(*MAY_HAND_OVER, text=message("只有系统管理员或管理者可以办理交接。"))
    try:
        whose = person_by_login(session, leaver.strip())
    except NotFound as cause:
        raise Invalid(cause.text, {"leaver": cause.text}) from cause
    found = usable_person(session, successor.strip()) if successor.strip() else None
    if found is None:
        problem = message("没有登录名为“%(login)s”的人员。", login=successor[:60])
        raise Invalid(problem, {"successor": problem})
    who = actor_of(session, found, clock.today())
    if found.id == whose.id:
        problem = message("不能移交给本人。")
        raise Invalid(problem, {"successor": problem})
    staff = [role for role, post in POSTS.items() if post.organization_kind is not None]
    if not who.has(*staff):
        problem = message("“%(login)s”不是可以办理的工作人员。", login=successor[:60])
        raise Invalid(problem, {"successor": problem})
    return whose, who


def _id(person: Actor) -> UUID:
    assert person.person_id is not None
    return person.person_id


def _becomes(item: WorkItem, who: Actor) -> str:
    """`moved` to the successor; `pool`: back to all who hold the post; `kept`: it can only be done in person."""
    if item.person_id is not None and item.role in ("planner", "applicant"):
        return "kept"
    return "moved" if item.person_id is not None or may_do(who, item) else "pool"


def _line(item: WorkItem, who: Actor) -> dict[str, Any]:
    return {
        "kind": "task", "case": item.case.number, "title": item.title, "step": item.step,
        "due": clock.local(item.due_at).date().isoformat() if item.due_at else "", "now": _becomes(item, who),
    }  # fmt: skip


def _move(session: Session, actor: Actor, item: WorkItem, whose: Person, who: Actor, reason: str) -> None:
    session.refresh(item, with_for_update={"key_share": True})
    if item.status not in UNDONE or whose.id not in (item.person_id, item.claimed_by_id):
        raise Conflict(message("交接期间任务有变化，请重新办理。"))
    become = _becomes(item, who)
    if become == "kept":
        return
    draft = session.get(FormDraft, item.id)
    if become == "moved":
        if item.person_id == whose.id:
            item.person_id = who.person_id
        if item.claimed_by_id == whose.id:
            item.claimed_by_id, item.claimed_by, item.claimed_at = who.person_id, who.name, clock.now()
        if draft is not None and draft.person_id == whose.id:
            draft.person_id = _id(who)
    else:
        item.claimed_by_id, item.claimed_by, item.claimed_at = None, "", None
    item.opened_at = item.opened_at or clock.now()
    target = who.name if become == "moved" else "同岗位人员"
    note(session, actor, item, "handed_over", f"{whose.name} → {target}：{reason}")


def _circulations(session: Session, whose: Person, who: Actor) -> list[dict[str, Any]]:
    """Copies that were not read and questions that were not answered."""
    query = (
        select(Circulation)
        .where(Circulation.to_id == whose.id, waits_for_reader())
        .options(joinedload(Circulation.case))
        .order_by(Circulation.at, Circulation.id)
        .limit(MOST_LINES)
    )
    lines = []
    for each in session.scalars(query):
        each.to_id = _id(who)
        lines.append({"kind": each.kind, "case": each.case.number, "title": each.case.title, "step": each.step,
                      "due": "", "now": "moved"})  # fmt: skip
    return lines


def _stand_ins(session: Session, actor: Actor, whose: Person) -> list[dict[str, Any]]:
    """Arrangements to stand in end with whoever leaves."""
    query = select(StandIn).where(
        or_(StandIn.person_id == whose.id, StandIn.principal_id == whose.id), StandIn.ended_at.is_(None),
        StandIn.valid_to >= clock.today(),
    )  # fmt: skip
    lines = []
    for each in session.scalars(query):
        each.ended_at = clock.now()
        other = session.get_one(Person, each.principal_id if each.person_id == whose.id else each.person_id)
        lines.append({"kind": "stand_in", "case": "", "title": other.name, "step": "", "due": each.valid_to.isoformat(),
                      "now": "ended"})  # fmt: skip
    return lines
