"""Whether a second pair of eyes is needed before a version is published: a rule that managers set, with its history."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes import audit, clock
from processes.engine.publishing.models import ApprovalRule
from processes.engine.reasons import need_reason
from processes.errors import Conflict
from processes.identity.actor import Actor
from processes.messages import message

MAY_APPROVE = ("manager",)


def approval_needed(session: Session) -> bool:
    """Whether a manager must approve what is published from now on; not until somebody has said so."""
    newest = select(ApprovalRule.needed).order_by(ApprovalRule.id.desc()).limit(1)
    return bool(session.scalar(newest))


def rules(session: Session, limit: int = 50) -> Sequence[ApprovalRule]:
    """What was said about it, newest first."""
    return session.scalars(select(ApprovalRule).order_by(ApprovalRule.id.desc()).limit(limit)).all()


def set_approval_needed(session: Session, actor: Actor, needed: bool, reason: str) -> ApprovalRule:
    """Ask for a second pair of eyes from now on, or no longer; those whom it binds do not set it."""
    actor.need(*MAY_APPROVE, text=message("只有管理者可以改变发布前是否须审核。"))
    reason = need_reason(reason)
    if approval_needed(session) == needed:
        raise Conflict(message("发布前审核已是这样设置的。"))
    made = ApprovalRule(needed=needed, at=clock.now(), person_id=actor.person_id, person=actor.name, reason=reason)
    session.add(made)
    session.flush()
    audit.record(session, actor, "publication.rule", "definitions", needed=needed, reason=reason)
    return made
