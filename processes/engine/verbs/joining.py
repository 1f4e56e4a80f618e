"""Others brought into a signing that is open (并加签), and those left out whose turn to sign has not come (减签)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from processes import audit, notices
from processes.engine.assigning import signed_by
from processes.engine.door import OpenCase, locked_with_item, opened
from processes.engine.house import House
from processes.engine.models import UNDONE, Case, WorkItem
from processes.engine.packages import Package
from processes.engine.permissions import acting, may_do, need_part
from processes.engine.reasons import need_reason
from processes.engine.spiff import together
from processes.engine.spiff.together import Together
from processes.engine.verbs.allowed import is_signed_by_some, may_bring_in, may_remove
from processes.engine.verbs.choosing import MOST_AT_ONCE, several
from processes.engine.verbs.sending_back import new_items
from processes.engine.verbs.telling import note, tell
from processes.errors import Conflict, Invalid, NotAllowed
from processes.identity.actor import Actor
from processes.identity.models import Organization, Person, Unit
from processes.identity.routing import person_named
from processes.messages import message


@dataclass(frozen=True)
class Joining:
    """Somebody, or an office, that is to sign too."""

    value: str
    """As the instance of the diagram finds it: the id of a person or of a unit."""
    name: str
    person_id: UUID | None = None
    login: str = ""


def sign_with(
    session: Session, house: House, actor: Actor, item_id: UUID, to: Sequence[str], reason: str,
    *, is_next: bool = False,
) -> list[WorkItem]:  # fmt: skip
    """Let others sign an open 会签 too, the rule being judged by the new number; in 依次签 they come next, or last.

    The answer is the tasks that have come up for them; whose turn has not come has none yet.
    """
    case, item = locked_with_item(session, item_id)
    _need_to_bring_in(session, actor, case, item)
    actor = acting(actor, item) if may_do(actor, item) else actor
    text = need_reason(reason)
    with opened(session, house, actor, case, item) as open_:
        group = _signing(open_, item)
        kind = signed_by(open_.package, open_.package.program.elements[item.element_id])
        joining = _joining(session, actor, kind, to)
        _need_not_there(session, case, kind, group, joining)
        keys = group.keys_for(each.value for each in joining)
        together.take_in(open_.run, item.task_id, keys, is_next=is_next)
        note(session, actor, item, "signers_with", f"→ {'、'.join(each.name for each in joining)}：{text}")
        open_.save()
        made = _told(open_, item, group, dict(zip(map(str, keys), joining, strict=True)))
    called = [each.login or each.value for each in joining]
    audit.record(session, actor, "work.sign_with", f"work_item:{item.id}", to=called, next=is_next, reason=text)
    return made


def leave_out(session: Session, house: House, actor: Actor, item_id: UUID, signer: str, reason: str) -> WorkItem:
    """Take out one whose turn to sign has not come, named by key; the rule is judged again at once (减签)."""
    case, item = locked_with_item(session, item_id)
    if not may_remove(session, actor, case, item):
        need_part(session, actor, item)
        raise NotAllowed(message("只有请其签署的人、案件发起人或管理者可以减签。"))
    text = need_reason(reason)
    with opened(session, house, actor, case, item) as open_:
        group = _signing(open_, item)
        key = next((each for each in group.ahead if str(each) == signer), None)
        if key is None:
            raise Conflict(message("此人已轮到签署，或已不在依次签之列。"))
        who = ahead_name(session, open_.package, item.element_id, group.ahead[key])
        note(session, actor, item, "signer_removed", f"{who}：{text}").task_id = ""  # nobody's task yet
        together.leave_out(open_.run, item.task_id, key)
        open_.save()
        _tell_left_out(session, open_, item, group.ahead[key])
    session.refresh(item)
    audit.record(session, actor, "work.remove_signer", f"work_item:{item.id}", signer=who, reason=text)
    return item


def ahead_name(session: Session, of: Package, element_id: str, value: Any) -> str:
    """The name of somebody whose turn has not come."""
    kind = signed_by(of, of.program.elements[element_id])
    if kind == "person":
        return person_named(session, value).name
    unit = _unit(session, value) if kind == "unit" else None
    return unit.name if unit is not None else str(value)[:60]


def _need_to_bring_in(session: Session, actor: Actor, case: Case, item: WorkItem) -> None:
    if not may_bring_in(actor, case, item):
        need_part(session, actor, item)
        raise NotAllowed(message("只有正在会签的人、案件发起人或管理者可以并加签。"))
    if item.status not in UNDONE or item.completed_at is not None:
        raise Conflict(message("该任务已办结，或案件已进入下一环节。"))
    if not is_signed_by_some(session, case, item):
        raise Conflict(message("这项任务不是可以增加人员的会签，请用前加签或后加签。"))


def _signing(open_: OpenCase, item: WorkItem) -> Together:
    found = together.together(open_.run, item.task_id)
    if found is None:
        raise Conflict(message("该任务不是多人办理的任务，或已办结。"))
    return found


def _joining(session: Session, actor: Actor, kind: str, to: Sequence[str]) -> list[Joining]:
    if kind == "person":
        found = several(session, actor, to)
        return [Joining(str(each.person_id), each.name, each.person_id, each.login) for each in found]
    wanted = list(dict.fromkeys(each.strip() for each in to if each.strip()))
    if not wanted or len(wanted) > MOST_AT_ONCE:
        problem = message("请选择 1 至 %(count)s 个单位。", count=MOST_AT_ONCE)
        raise Invalid(problem, {"to": problem})
    return [_office(session, each) for each in wanted]


def _office(session: Session, name: str) -> Joining:
    found = _unit(session, name)
    if found is None:
        problem = message("找不到单位“%(unit)s”。", unit=name[:60])
        raise Invalid(problem, {"to": problem})
    return Joining(found.id, found.name)


def _unit(session: Session, value: Any) -> Unit | None:
    """The unit that an id, a name, or the id of an organization there means."""
    text = str(value)
    named = or_(Unit.id == text, Unit.name == text, Unit.short_name == text)
    organization = session.get(Organization, text)
    if organization is not None and organization.unit_id is not None:
        named = Unit.id == organization.unit_id
    return session.scalars(select(Unit).where(named).order_by(Unit.id).limit(1)).first()


def _need_not_there(session: Session, case: Case, kind: str, group: Together, joining: Sequence[Joining]) -> None:
    """Nobody signs twice; who was taken out before may be asked once more."""
    query = select(WorkItem).where(WorkItem.case_id == case.id, WorkItem.status != "cancelled")
    rows = [each for each in session.scalars(query) if each.task_id in group.here]
    there = {str(each.person_id or each.claimed_by_id or each.completed_by_id) for each in rows}
    if kind == "person":
        there |= {str(person_named(session, each).id) for each in group.ahead.values()}
    else:
        there = {str(each.unit_id) for each in rows}
        there |= {unit.id for each in group.ahead.values() if (unit := _unit(session, each)) is not None}
    twice = [each.name for each in joining if each.value in there]
    if twice:
        problem = message("%(names)s已在会签之列。", names="、".join(twice))
        raise Invalid(problem, {"to": problem})


def _told(open_: OpenCase, item: WorkItem, group: Together, joining: Mapping[str, Joining]) -> list[WorkItem]:
    """Tell those who were brought in; the answer is their tasks."""
    session, values = open_.session, {"from": open_.actor.name, "title": item.title}
    made = [each for each in new_items(open_, item.element_id) if each.instance_key in joining]
    for each in made:
        tell(session, each, "sign", message("%(from)s请您会签：%(title)s", **values))
    asked = {each.instance_key for each in made}
    for key, who in joining.items():
        if group.in_turn and key not in asked and who.person_id is not None:
            told = message("%(from)s请您依次签署，轮到您时列入待办：%(title)s", **values)
            notices.notify(session, "sign", told, person_id=who.person_id)
    return made


def _tell_left_out(session: Session, open_: OpenCase, item: WorkItem, value: Any) -> None:
    element = open_.package.program.elements[item.element_id]
    if signed_by(open_.package, element) != "person":
        return
    who: Person = person_named(session, value)
    told = message("无需您再办理：%(title)s", title=item.title)
    notices.notify(session, "withdrawn", told, person_id=who.id)
