"""Which verbs a person may use on a task now; each verb checks again where it acts."""

from __future__ import annotations

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from processes.engine.assigning import signed_by
from processes.engine.models import UNDONE, Case, WorkItem
from processes.engine.packages import Package, package
from processes.engine.permissions import holder, may_do
from processes.identity.actor import Actor
from processes.identity.posts import POSTS

MAY_MOVE = ("process_owner", "manager", "administrator")
"""Posts that may move the token of a case."""
MAY_REMOVE = ("manager", "process_owner")
"""Posts that may take out a signer of any task."""
OUTSIDE = frozenset(role for role, post in POSTS.items() if post.organization_kind is None)
"""Posts of people who act for themselves: they do their tasks and use no office verbs."""


def verbs(session: Session, actor: Actor, case: Case, item: WorkItem) -> frozenset[str]:
    """`return`, `reject`, `recall`, `delegate`, `sign-before`, `sign-after`, `sign-with`, `remove-signer`, `copy`,
    `ask`, `attach`, `move`, `withdraw`."""
    if actor.person_id is None or actor.has("auditor"):
        return frozenset()
    going_on = case.status in ("running", "suspended")
    staff = bool(_staff(actor))
    found: set[str] = set()
    if staff:
        found |= {"copy", "ask"}
    if going_on and staff:
        found.add("attach")
    if going_on and case.started_by_id == actor.person_id:
        found.add("withdraw")
    if case.status != "running":
        return frozenset(found)
    waits = item.status in UNDONE
    if waits and actor.has(*MAY_MOVE):
        found.add("move")
    if waits and item.completed_at is None and _several(session, case, item) and may_remove(session, actor, case, item):
        found.add("remove-signer")
    if (
        waits
        and item.completed_at is None
        and may_bring_in(actor, case, item)
        and is_signed_by_some(session, case, item)
    ):
        found.add("sign-with")
    if not item.attached_as and item.status in ("done", "held") and sent_by(actor, item) and item.completed_at:
        found.add("recall")
    if item.status == "open" and may_do(actor, item) and item.claimed_by_id in (None, holder(actor, item)):
        found |= _of_holder(session, case, item, staff)
    return frozenset(found)


def _several(session: Session, case: Case, item: WorkItem) -> bool:
    """Whether a task is one of several that people do together."""
    if item.attached_as:
        return True
    element = package(session, case.definition_id).program.elements[item.element_id]
    return element.multi_instance or element.properties.get("sign", "one") not in ("", "one")


def is_signed_by_some(session: Session, case: Case, item: WorkItem) -> bool:
    """Whether a task is one of a signing to which others may be added: each signer is a person or a unit."""
    of = package(session, case.definition_id)
    return not item.attached_as and bool(signed_by(of, of.program.elements[item.element_id]))


def _of_holder(session: Session, case: Case, item: WorkItem, staff: bool) -> set[str]:
    if item.attached_as:
        return set()
    of = package(session, case.definition_id)
    found: set[str] = set()
    if staff:
        found |= {"delegate", "sign-before", "sign-after"}
        if may_reject(of, item):
            found.add("reject")
    said = of.program.elements[item.element_id].properties.get("return", "").strip()
    if said != "no" and _has_earlier(session, item):
        found.add("return")
    return found


def _has_earlier(session: Session, item: WorkItem) -> bool:
    """Whether somebody has done another step of the case before; who does the same one beside him is no step back."""
    done = (WorkItem.case_id == item.case_id, WorkItem.status == "done", WorkItem.element_id != item.element_id)
    earlier = exists(select(WorkItem.id).where(*done))
    return bool(session.scalar(select(earlier)))


def may_reject(of: Package, item: WorkItem) -> bool:
    """Whether the diagram lets a task end the case: it may say so; otherwise only where it is nobody else's part."""
    element = of.program.elements[item.element_id]
    said = element.properties.get("reject", "").strip()
    return said == "yes" or (said == "" and not element.multi_instance and not item.attached_as and bool(item.role))


def sent_by(actor: Actor, item: WorkItem) -> bool:
    """Whether the actor has done a task himself."""
    return actor.person_id is not None and item.completed_by_id == actor.person_id


def may_remove(session: Session, actor: Actor, case: Case, item: WorkItem) -> bool:
    """Whether the actor may take out a signer."""
    if actor.has("auditor"):
        return False
    if item.attached_to_id is not None:
        main = session.get_one(WorkItem, item.attached_to_id)
        if may_do(actor, main) and main.claimed_by_id in (None, actor.person_id):
            return True
    started = case.started_by_id is not None and case.started_by_id == actor.person_id
    return actor.has(*MAY_REMOVE) or (started and item.attached_to_id is None)


def may_bring_in(actor: Actor, case: Case, item: WorkItem) -> bool:
    """Whether the actor may let others sign too: a signer who has not signed, who started the case, or a manager."""
    if actor.person_id is None or actor.has("auditor"):
        return False
    signs = may_do(actor, item) and item.claimed_by_id in (None, holder(actor, item)) and bool(_staff(actor))
    return signs or actor.has(*MAY_REMOVE) or case.started_by_id == actor.person_id


def _staff(actor: Actor) -> set[str]:
    return {each.role for each in actor.holdings} - OUTSIDE


def may_transfer(item: WorkItem) -> bool:
    """Whether a task can be handed on for good: not what was asked of one person aside, nor what is somebody's own."""
    return not item.attached_as and (item.person_id is None or item.role not in ("", *OUTSIDE))
