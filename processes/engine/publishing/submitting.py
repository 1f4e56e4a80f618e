"""A draft is compared with the version in force and submitted; until it is published it can be withdrawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes import audit, clock, notices
from processes.engine import deployment, drafts
from processes.engine.comparing import Comparison, compare
from processes.engine.definitions import active_version
from processes.engine.drafts import APPROVED as DRAFT_APPROVED
from processes.engine.drafts import OPEN, Draft
from processes.engine.drafts import SUBMITTED as DRAFT_SUBMITTED
from processes.engine.house import House
from processes.engine.models import Definition
from processes.engine.moving import begin_replay, kept_replay
from processes.engine.moving.models import FAILED
from processes.engine.moving.stored import as_data
from processes.engine.packages import content_hash, package
from processes.engine.publishing.approval import MAY_APPROVE, approval_needed
from processes.engine.publishing.history import note, open_publication
from processes.engine.publishing.models import (
    APPROVED,
    SUBMITTED,
    WITHDRAWN,
    ComparisonSeen,
    Publication,
)
from processes.engine.publishing.scenarios import scenario_verdict
from processes.engine.reasons import need_reason
from processes.errors import Conflict, Invalid
from processes.identity.actor import Actor
from processes.messages import message

MAY_SUBMIT = deployment.MAY_DEPLOY
LONGEST_ARTICLE = 100
MOST_CHANGES = 500
"""Sentences that are kept with a submission."""


def comparison(session: Session, key: str, files: Mapping[str, bytes]) -> tuple[Definition | None, Comparison]:
    """What files change in the version in force; of a new procedure there is nothing to compare."""
    active = active_version(session, key)
    if active is None:
        return None, Comparison(())
    return active, compare(package(session, active.id).files, files)


def look_at_comparison(session: Session, actor: Actor, draft_id: UUID) -> None:
    """Note that the actor has the comparison of a draft, as it is now, before his eyes."""
    actor.need(*MAY_SUBMIT, *MAY_APPROVE)
    draft = drafts.draft(session, draft_id)
    _note_seen(session, actor, draft, content_hash(drafts.files(session, draft_id)))


def _note_seen(session: Session, actor: Actor, draft: Draft, hash_: str) -> None:
    if actor.person_id is None or is_seen(session, draft.id, hash_, actor.person_id):
        return
    session.add(
        ComparisonSeen(
            draft_id=draft.id, content_hash=hash_, person_id=actor.person_id, person=actor.name, at=clock.now()
        )
    )
    session.flush()
    audit.record(session, actor, "publication.compare", drafts.about(draft), key=draft.key, revision=draft.revision)


def is_seen(session: Session, draft_id: UUID, hash_: str, person_id: UUID | None) -> bool:
    """Whether somebody has looked at what this very content changes."""
    return person_id is not None and session.get(ComparisonSeen, (draft_id, hash_, person_id)) is not None


def seen_by(session: Session, draft_id: UUID, hash_: str) -> Sequence[ComparisonSeen]:
    """Who has looked at what this very content changes."""
    query = select(ComparisonSeen).where(ComparisonSeen.draft_id == draft_id, ComparisonSeen.content_hash == hash_)
    return session.scalars(query.order_by(ComparisonSeen.at)).all()


def submit(
    session: Session, house: House, actor: Actor, draft_id: UUID, reason: str, article: str = "", *,
    by_program: bool = False,
) -> Publication:  # fmt: skip
    """Submit a draft with its reason; it is looked at as it is now and no other content will be published.

    Where no second pair of eyes is needed it is approved at once. A program shows nobody a comparison.
    """
    actor.need(*MAY_SUBMIT, text=message("只有流程管理员可以提交流程草稿。"))
    draft = drafts.locked(session, draft_id)
    if draft.state != OPEN:
        raise Conflict(drafts.closed_words(draft.state))
    reason = need_reason(reason)
    files = drafts.files(session, draft_id)
    deployment.checked(session, house, files, draft.key)
    need_scenarios(session, house, draft_id, files)
    active, found = comparison(session, draft.key, files)
    _need_seen(session, actor, draft, active, content_hash(files), by_program)
    made = _made(session, actor, draft, content_hash(files), active)
    made.reason, made.article = reason, article.strip()[:LONGEST_ARTICLE]
    made.changes = [as_data(each) for each in found.sentences()[:MOST_CHANGES]]
    session.add(made)
    draft.state = DRAFT_SUBMITTED if made.needs_approval else DRAFT_APPROVED
    session.flush()
    _tell_submitted(session, actor, made, len(found.changes))
    return made


def _need_seen(
    session: Session, actor: Actor, draft: Draft, active: Definition | None, hash_: str, by_program: bool
) -> None:
    """Raise unless there is something to publish, and the actor has looked at what it changes."""
    if active is None:
        return
    if active.content_hash == hash_:
        raise Conflict(message("内容与启用的第 %(version)s 版相同，无需发布。", version=active.version))
    if not by_program and not is_seen(session, draft.id, hash_, actor.person_id):
        text = message("请先查看与启用版本的对照，再提交。")
        raise Invalid(text, {"comparison": text})


def _made(session: Session, actor: Actor, draft: Draft, hash_: str, active: Definition | None) -> Publication:
    """A submission with the replay of its content, which begins now where nobody has begun it."""
    known = kept_replay(session, hash_, draft_id=draft.id)
    if known is None or known.state == FAILED:
        known = begin_replay(session, actor, draft.key, hash_, draft_id=draft.id)
    needed = approval_needed(session)
    return Publication(
        draft_id=draft.id,
        key=draft.key,
        title=draft.title,
        content_hash=hash_,
        against_id=active.id if active else None,
        state=SUBMITTED if needed else APPROVED,
        needs_approval=needed,
        submitted_at=clock.now(),
        submitted_by=actor.name,
        submitted_by_id=actor.person_id,
        replay_id=known.id,
        failed=[],
    )


def _tell_submitted(session: Session, actor: Actor, made: Publication, changes: int) -> None:
    note(session, actor, made, "submitted", made.reason)
    audit.record(
        session, actor, "publication.submit", f"publication:{made.id}", key=made.key, title=made.title,
        reason=made.reason, article=made.article, changes=changes,
    )  # fmt: skip
    if made.needs_approval:
        text = message("%(who)s提交了流程“%(title)s”的修改，请审核。", who=actor.name, title=made.title)
        notices.notify(session, "publication", text, role=MAY_APPROVE[0])


def need_scenarios(session: Session, house: House, draft_id: UUID, files: Mapping[str, bytes]) -> None:
    """Raise `Invalid` unless all scenarios of a draft pass with this very content."""
    verdict = scenario_verdict(session, house, draft_id, files)
    if not verdict.passed:
        raise Invalid(verdict.text, {"scenarios": verdict.text})


def replay_again(session: Session, actor: Actor, draft_id: UUID) -> None:
    """Look at all running cases once more; a submission whose replay did not come to an end goes on with this one."""
    actor.need(*MAY_SUBMIT, *MAY_APPROVE)
    draft = drafts.locked(session, draft_id)
    hash_ = content_hash(drafts.files(session, draft_id))
    made = begin_replay(session, actor, draft.key, hash_, draft_id=draft_id)
    found = open_publication(session, draft_id, lock=True)
    if found is not None and found.content_hash == hash_:
        found.replay_id = made.id


def withdraw(session: Session, actor: Actor, draft_id: UUID, reason: str) -> Publication:
    """Take a submission back to go on changing the draft; an approval that was given is lost with it."""
    actor.need(*MAY_SUBMIT, text=message("只有流程管理员可以撤回提交。"))
    draft = drafts.locked(session, draft_id)
    found = open_publication(session, draft_id, lock=True)
    if found is None:
        raise Conflict(message("这份草稿没有待发布的提交。"))
    reason = need_reason(reason)
    found.state, found.note, found.publish_at, draft.state = WITHDRAWN, reason, None, OPEN
    note(session, actor, found, "withdrawn", reason)
    audit.record(session, actor, "publication.withdraw", f"publication:{found.id}", key=draft.key, reason=reason)
    return found
