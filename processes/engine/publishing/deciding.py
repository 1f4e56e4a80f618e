"""The second pair of eyes: a manager other than whoever submitted approves a draft, or sends it back with a reason."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from processes import audit, clock, notices
from processes.engine import drafts
from processes.engine.drafts import APPROVED as DRAFT_APPROVED
from processes.engine.drafts import OPEN, Draft
from processes.engine.moving.models import DONE, Replay
from processes.engine.packages import content_hash
from processes.engine.publishing.approval import MAY_APPROVE
from processes.engine.publishing.history import note, open_publication
from processes.engine.publishing.models import APPROVED, SCHEDULED, SENT_BACK, SUBMITTED, Publication
from processes.engine.publishing.releasing import need_same_base
from processes.engine.publishing.submitting import is_seen
from processes.engine.reasons import LONGEST_REASON, need_reason
from processes.errors import Conflict, Invalid, NotAllowed
from processes.identity.actor import Actor
from processes.messages import Message, message


def approve(session: Session, actor: Actor, draft_id: UUID, note_text: str = "") -> Publication:
    """Approve a submission; not by whoever submitted or last changed it, and not unseen."""
    draft, found = _waiting(session, actor, draft_id, (SUBMITTED,))
    if found.against_id is not None and not is_seen(session, draft_id, found.content_hash, actor.person_id):
        text = message("请先查看与启用版本的对照，再审核。")
        raise Invalid(text, {"comparison": text})
    replay = session.get(Replay, found.replay_id) if found.replay_id else None
    if replay is None or replay.state != DONE:
        raise Conflict(message("在办案件的推演还没有完成，请稍后再审核。"))
    need_same_base(session, found)
    if content_hash(drafts.files(session, draft_id)) != found.content_hash:
        raise Conflict(message("草稿在提交之后有改动，请退回后重新提交。"))
    found.state, found.note, draft.state = APPROVED, note_text.strip()[:LONGEST_REASON], DRAFT_APPROVED
    _decided(session, actor, found, "approved", found.note)
    _tell(session, found, message("%(who)s同意发布流程“%(title)s”的修改。", who=actor.name, title=found.title))
    return found


def send_back(session: Session, actor: Actor, draft_id: UUID, reason: str) -> Publication:
    """Send a submission back for a reason, also one that was approved and is not published yet."""
    draft, found = _waiting(session, actor, draft_id, (SUBMITTED, APPROVED, SCHEDULED))
    reason = need_reason(reason)
    found.state, found.note, found.publish_at, draft.state = SENT_BACK, reason, None, OPEN
    _decided(session, actor, found, "sent_back", reason)
    text = message("%(who)s退回了流程“%(title)s”的修改：%(reason)s", who=actor.name, title=found.title, reason=reason)
    _tell(session, found, text)
    return found


def _waiting(session: Session, actor: Actor, draft_id: UUID, states: tuple[str, ...]) -> tuple[Draft, Publication]:
    actor.need(*MAY_APPROVE, text=message("只有管理者可以审核流程的修改。"))
    draft = drafts.locked(session, draft_id)
    found = open_publication(session, draft_id, lock=True)
    if found is None or found.state not in states:
        raise Conflict(message("这份草稿现在不等待审核。"))
    if actor.person_id in (found.submitted_by_id, draft.changed_by_id):
        raise NotAllowed(message("提交或修改这份草稿的人不能自己审核。"))
    return draft, found


def _decided(session: Session, actor: Actor, found: Publication, act: str, text: str) -> None:
    found.decided_at, found.decided_by, found.decided_by_id = clock.now(), actor.name, actor.person_id
    note(session, actor, found, act, text)
    audit.record(session, actor, f"publication.{act}", f"publication:{found.id}", key=found.key, reason=text)


def _tell(session: Session, found: Publication, text: Message) -> None:
    if found.submitted_by_id is not None:
        notices.notify(session, "publication", text, person_id=found.submitted_by_id)
