"""The verbs in a scenario: what is kept of each, and how it is done again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast
from uuid import UUID

from sqlalchemy.orm import Session

from processes.engine import cases, handing_on
from processes.engine.house import House
from processes.engine.models import Case, WorkItem
from processes.engine.verbs import asking, joining, moving, recalling, sending_back
from processes.engine.verbs.signers import rounds
from processes.errors import Conflict
from processes.identity.actor import Actor
from processes.messages import Message, message

Given = Mapping[str, Any]
Again = Callable[[Session, House, Actor, UUID, Given], object]
Of = Literal["open", "undone", "sent", "case"]
"""What a verb is used on: an open task, one that may be held, one that the actor has sent, or the case as a whole."""


@dataclass(frozen=True)
class Verb:
    """One verb of a scenario."""

    name: Message
    again: Again
    """Does it to a task or a case, given by id."""
    keeps: tuple[str, ...] = ()
    """What is kept of it beside the reason, as the audit trail calls it."""
    of: Of = "open"


def _return(session: Session, house: House, actor: Actor, item_id: UUID, given: Given) -> object:
    found = sending_back.targets(session, house, actor, item_id)
    target = next((each for each in found if each.visit.element_id == given.get("to")), None)
    if target is None:
        raise Conflict(message("不能再退回到“%(step)s”。", step=given.get("step") or given.get("to")))
    way = cast(sending_back.Way, given.get("way"))
    return sending_back.send_back(session, house, actor, item_id, target.id, way, _reason(given))


def _transfer(session: Session, house: House, actor: Actor, item_id: UUID, given: Given) -> object:
    return handing_on.transfer(session, actor, item_id, str(given.get("to")), _reason(given))


def _delegate(session: Session, house: House, actor: Actor, item_id: UUID, given: Given) -> object:
    return asking.delegate(session, house, actor, item_id, str(given.get("to")), _reason(given))


def _sign_before(session: Session, house: House, actor: Actor, item_id: UUID, given: Given) -> object:
    return asking.add_signers(session, house, actor, item_id, _people(given), _reason(given), after=False)


def _sign_after(session: Session, house: House, actor: Actor, item_id: UUID, given: Given) -> object:
    return asking.add_signers(session, house, actor, item_id, _people(given), _reason(given), after=True)


def _sign_with(session: Session, house: House, actor: Actor, item_id: UUID, given: Given) -> object:
    is_next = given.get("next") is True
    return joining.sign_with(session, house, actor, item_id, _people(given), _reason(given), is_next=is_next)


def _remove_signer(session: Session, house: House, actor: Actor, item_id: UUID, given: Given) -> object:
    signer = given.get("signer")
    if not signer:
        return asking.remove_signer(session, house, actor, item_id, _reason(given))
    item = session.get_one(WorkItem, item_id)
    found = rounds(session, house, session.get_one(Case, item.case_id), item=item)
    key = next((each.key for of in found for each in of.ahead if each.name == signer), "")
    return joining.leave_out(session, house, actor, item_id, key, _reason(given))


def _move(session: Session, house: House, actor: Actor, item_id: UUID, given: Given) -> object:
    to, alone = str(given.get("to")), given.get("alone") is not False
    if all(each.element_id != to for each in moving.places(session, house, actor, item_id)):
        raise Conflict(message("不能再移到“%(step)s”。", step=given.get("step") or to))
    return moving.move(session, house, actor, item_id, to, _reason(given), alone=alone)


def with_reason(act: Callable[[Session, House, Actor, UUID, str], object]) -> Again:
    """Of what is given nothing but a reason."""

    def again(session: Session, house: House, actor: Actor, subject: UUID, given: Given) -> object:
        return act(session, house, actor, subject, _reason(given))

    return again


VERBS: Mapping[str, Verb] = {
    "work.return": Verb(message("退回"), _return, ("to", "way")),
    "work.reject": Verb(message("驳回"), with_reason(sending_back.reject)),
    "work.recall": Verb(message("撤回"), with_reason(recalling.recall), of="sent"),
    "work.transfer": Verb(message("转办"), _transfer, ("to",)),
    "work.delegate": Verb(message("委派"), _delegate, ("to",)),
    "work.sign_before": Verb(message("前加签"), _sign_before, ("to",)),
    "work.sign_after": Verb(message("后加签"), _sign_after, ("to",)),
    "work.sign_with": Verb(message("并加签"), _sign_with, ("to", "next"), "undone"),
    "work.remove_signer": Verb(message("减签"), _remove_signer, ("signer",), "undone"),
    "case.move_token": Verb(message("移动环节"), _move, ("to", "alone"), "undone"),
    "case.suspended": Verb(message("挂起案件"), with_reason(cases.suspend), of="case"),
    "case.resumed": Verb(message("恢复案件"), with_reason(cases.resume), of="case"),
    "case.ended": Verb(message("终止案件"), with_reason(cases.cancel), of="case"),
    "case.withdrawn": Verb(message("撤销案件"), with_reason(cases.withdraw), of="case"),
}
"""By the name of the act in the audit trail."""
DONE, BEGUN = message("办理"), message("发起")
ASIDE = frozenset({
    "work.remind", "work.comment", "work.copy", "work.ask", "work.pass_on", "work.answer", "attachment.add",
    "attachment.remove",
})  # fmt: skip
"""Acts that leave every case where it stands: a scenario goes without them, and says so when it is kept."""
NOTHING = frozenset({"work.claimed", "work.released", "case.export"})
"""Acts that need not be told: whoever does a task claims it, and reading changes nothing."""


def _reason(given: Given) -> str:
    return str(given.get("reason") or "")


def _people(given: Given) -> list[str]:
    to = given.get("to")
    return [str(each) for each in to] if isinstance(to, list) else []
