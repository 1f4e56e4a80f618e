"""Asking others about one's own task: 委派, 前加签, 后加签, and taking that back (减签)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from processes import audit
from processes.engine.door import OpenCase, locked_with_item, opened
from processes.engine.house import House
from processes.engine.models import UNDONE, Case, WorkItem
from processes.engine.permissions import acting, need_part, need_to_do
from processes.engine.reasons import need_reason
from processes.engine.spiff import trail
from processes.engine.verbs.allowed import may_remove
from processes.engine.verbs.aside import AFTER, BEFORE, DELEGATED, attach, attached, hold, settle, with_attached
from processes.engine.verbs.aside_ids import engine_task
from processes.engine.verbs.choosing import several, somebody
from processes.engine.verbs.telling import note, tell_all, tell_person
from processes.engine.work import need_not_taken, need_open
from processes.errors import Conflict, NotAllowed
from processes.identity.actor import Actor
from processes.messages import message


def own_task(session: Session, actor: Actor, item_id: UUID) -> tuple[Case, WorkItem, Actor]:
    """One's own open task with its case, both locked, and the name one acts under."""
    case, item = locked_with_item(session, item_id)
    need_part(session, actor, item)
    need_to_do(actor, item)
    need_open(item)
    need_not_taken(actor, item)
    return case, item, acting(actor, item)


def delegate(session: Session, house: House, actor: Actor, item_id: UUID, to: str, reason: str) -> WorkItem:
    """Let a colleague do a task; what he fills in comes back to be signed (委派)."""
    case, item, actor = own_task(session, actor, item_id)
    if item.attached_as:
        raise Conflict(message("别人请您办理的事项不能再委派。"))
    colleague = somebody(session, actor, to, near=True)
    text = need_reason(reason)
    with opened(session, house, actor, case, item) as open_:
        made = attach(session, item, DELEGATED, colleague.person_id, form_key=item.form_key)
        hold(actor, item)
        told = message("%(from)s委派您代为办理，办好后由其签署：%(title)s", **{"from": actor.name, "title": item.title})
        _ask(open_, item, [(made, colleague)], "delegated", text)
        tell_person(session, _id(colleague), made, "sign", told)
        open_.save()
    audit.record(session, actor, "work.delegate", f"work_item:{item.id}", to=colleague.login, reason=text)
    return made


def add_signers(
    session: Session, house: House, actor: Actor, item_id: UUID, to: Sequence[str], reason: str, *, after: bool
) -> list[WorkItem]:
    """Ask others for their opinion before one signs oneself, or after (前加签、后加签)."""
    case, item, actor = own_task(session, actor, item_id)
    if item.attached_as:
        raise Conflict(message("别人请您签署的事项不能再加签。"))
    signers = several(session, actor, to)
    text = need_reason(reason)
    kind = AFTER if after else BEFORE
    asked_already = {each.person_id for each in attached(session, item, kind)}
    signers = [each for each in signers if each.person_id not in asked_already]
    if not signers:
        raise Conflict(message("所选人员已在加签之列。"))
    with opened(session, house, actor, case, item) as open_:
        status = "held" if after else "open"
        made = [(attach(session, item, kind, each.person_id, status=status), each) for each in signers]
        if after:
            item.followed = True
        else:
            hold(actor, item)
            for each, who in made:
                told = message("%(from)s请您先签署意见：%(title)s", **{"from": actor.name, "title": item.title})
                tell_person(session, _id(who), each, "sign", told)
        _ask(open_, item, made, "signers_after" if after else "signers_before", text)
        open_.save()
    logins = [each.login for each in signers]
    if after:
        audit.record(session, actor, "work.sign_after", f"work_item:{item.id}", to=logins, reason=text)
    else:
        audit.record(session, actor, "work.sign_before", f"work_item:{item.id}", to=logins, reason=text)
    return [each for each, _who in made]


def _ask(open_: OpenCase, item: WorkItem, asked: Sequence[tuple[WorkItem, Actor]], kind: str, reason: str) -> None:
    names = "、".join(who.name for _item, who in asked)
    note(open_.session, open_.actor, item, kind, f"→ {names}：{reason}")


def _id(person: Actor) -> UUID:
    assert person.person_id is not None
    return person.person_id


def remove_signer(session: Session, house: House, actor: Actor, item_id: UUID, reason: str) -> WorkItem:
    """Take out one who has not signed yet: the rule is judged again, or the task that waited goes on (减签)."""
    case, item = locked_with_item(session, item_id)
    need_part_of_signing(session, actor, case, item)
    text = need_reason(reason)
    if item.status not in UNDONE or item.completed_at is not None:
        raise Conflict(message("该任务已办结，或案件已进入下一环节。"))
    with opened(session, house, actor, case, item) as open_:
        note(session, actor, item, "signer_removed", text)
        told = message("无需您再办理：%(title)s", title=item.title)
        tell_all(session, with_attached(session, [item]), actor, "withdrawn", told)
        if item.attached_as:
            item.status, item.completed_at, item.result = "cancelled", open_.now, f"已由{actor.name}减签"
            main = session.get_one(WorkItem, item.attached_to_id)
            if main.status == "open":
                session.flush()
                main.followed = bool(attached(session, main, AFTER))
            settle(open_, main)
        else:
            trail.remove_signer(open_.run, engine_task(item))
            open_.save()
    session.refresh(item)
    audit.record(session, actor, "work.remove_signer", f"work_item:{item.id}", reason=text)
    return item


def need_part_of_signing(session: Session, actor: Actor, case: Case, item: WorkItem) -> None:
    """Raise unless the actor may take out the signer: whoever asked him, who started the case, or a manager."""
    if may_remove(session, actor, case, item):
        return
    need_part(session, actor, item)
    raise NotAllowed(message("只有请其签署的人、案件发起人或管理者可以减签。"))
