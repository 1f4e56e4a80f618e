"""An approved draft becomes the version in force: at once, or on its day; all of it in one transaction, or nothing."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy.orm import Session

from processes import audit, clock, jobs, notices
from processes.engine import deployment, drafts
from processes.engine.definitions import active_version
from processes.engine.drafts import PUBLISHED as DRAFT_PUBLISHED
from processes.engine.drafts import Draft
from processes.engine.house import House
from processes.engine.models import Definition
from processes.engine.moving.models import DONE, Replay
from processes.engine.moving.stored import as_data
from processes.engine.packages import content_hash
from processes.engine.publishing.history import note, open_publication
from processes.engine.publishing.models import APPROVED, PUBLISHED, SCHEDULED, Publication
from processes.engine.publishing.submitting import MAY_SUBMIT, need_scenarios
from processes.errors import Conflict, DeskError, Invalid
from processes.identity.actor import SYSTEM, Actor
from processes.jobs import Taken
from processes.messages import message
from processes.turns import take_turn

PUBLISH = "definition.publish"
FURTHEST = 366
"""Days ahead for which a version can be published."""


def publish(session: Session, house: House, actor: Actor, draft_id: UUID, on: date | None = None) -> Definition | None:
    """Publish an approved draft; on a later day nothing changes until then, and None is given."""
    actor.need(*MAY_SUBMIT, text=message("只有流程管理员可以发布流程。"))
    draft = drafts.locked(session, draft_id)
    found = open_publication(session, draft_id, lock=True)
    if found is None or found.state not in (APPROVED, SCHEDULED):
        raise Conflict(message("这份草稿还没有通过审核，不能发布。"))
    _need_replay(session, found)
    if on is not None and on > clock.today():
        _schedule(session, actor, draft, found, on)
        return None
    if on is not None and on < clock.today():
        text = message("发布日期不能早于今天。")
        raise Invalid(text, {"on": text})
    return _release(session, house, actor, draft, found)


def _need_replay(session: Session, found: Publication) -> None:
    replay = session.get(Replay, found.replay_id) if found.replay_id else None
    if replay is None or replay.state != DONE:
        raise Conflict(message("在办案件的推演还没有完成，请稍后再发布。"))


def _schedule(session: Session, actor: Actor, draft: Draft, found: Publication, on: date) -> None:
    if (on - clock.today()).days > FURTHEST:
        text = message("发布日期最远为一年之后。")
        raise Invalid(text, {"on": text})
    found.state, found.failed = SCHEDULED, []
    found.publish_at = datetime.combine(on, time(), clock.CITY)
    key = f"{PUBLISH}:{found.id}:{on.isoformat()}"
    jobs.enqueue(session, PUBLISH, {"publication": str(found.id), "on": on.isoformat()}, due=found.publish_at, key=key)
    note(session, actor, found, "scheduled", on.isoformat())
    audit.record(session, actor, "publication.schedule", f"publication:{found.id}", key=draft.key, on=on.isoformat())


def unschedule(session: Session, actor: Actor, draft_id: UUID) -> Publication:
    """Publish on no day for the time being; the approval stays."""
    actor.need(*MAY_SUBMIT, text=message("只有流程管理员可以发布流程。"))
    drafts.locked(session, draft_id)
    found = open_publication(session, draft_id, lock=True)
    if found is None or found.state != SCHEDULED:
        raise Conflict(message("这份草稿没有定期发布。"))
    found.state, found.publish_at = APPROVED, None
    note(session, actor, found, "unscheduled")
    audit.record(session, actor, "publication.unschedule", f"publication:{found.id}", key=found.key)
    return found


def _release(session: Session, house: House, actor: Actor, draft: Draft, found: Publication) -> Definition:
    files = drafts.files(session, draft.id)
    take_turn(session, f"definition:{draft.key}")
    need_same_base(session, found)
    if content_hash(files) != found.content_hash:
        raise Conflict(message("草稿在提交之后有改动，请退回后重新提交。"))
    need_scenarios(session, house, draft.id, files)
    made, _ = deployment.deploy(session, house, actor, files, draft.key)
    found.state, found.definition_id, found.failed = PUBLISHED, made.id, []
    found.published_at, found.published_by = clock.now(), actor.name
    draft.state = DRAFT_PUBLISHED
    note(session, actor, found, "published", "")
    audit.record(
        session, actor, "publication.publish", f"publication:{found.id}", key=draft.key, version=made.version,
        approved_by=found.decided_by, reason=found.reason, article=found.article,
    )  # fmt: skip
    return made


def need_same_base(session: Session, found: Publication) -> None:
    """Raise `Conflict` when another version has come into force since: nobody has compared the draft with that one."""
    active = active_version(session, found.key)
    if (active.id if active is not None else None) != found.against_id:
        version = active.version if active is not None else 0
        text = message("提交之后第 %(version)s 版已经启用，请撤回后与它对照，再重新提交。", version=version)
        raise Conflict(text)


def publish_on_its_day(session: Session, house: House, job: Taken, made: object = None) -> None:
    """The job of a day: publish what is still meant for it; what cannot be published stays approved, and is told."""
    found = session.get(Publication, UUID(job.args["publication"]), with_for_update=True)
    if found is None or found.state != SCHEDULED or found.publish_at is None:
        return
    if clock.local(found.publish_at).date().isoformat() != job.args["on"]:
        return
    publication_id = found.id
    try:
        with session.begin_nested():
            draft = drafts.locked(session, found.draft_id)
            definition = _release(session, house, SYSTEM, draft, found)
            text = message(
                "流程“%(title)s”第 %(version)s 版已按期发布。", title=found.title, version=definition.version
            )
    except DeskError as failed:
        session.expire_all()
        found = session.get_one(Publication, publication_id)
        found.state, found.publish_at, found.failed = APPROVED, None, [as_data(failed.text)]
        note(session, SYSTEM, found, "failed", str(failed.text))
        text = message("流程“%(title)s”未能按期发布：%(reason)s", title=found.title, reason=failed.text)
    if found.submitted_by_id is not None:
        notices.notify(session, "publication", text, person_id=found.submitted_by_id)
