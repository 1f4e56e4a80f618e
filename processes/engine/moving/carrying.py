"""One running case moved to another version, for a reason, and put back as long as nothing has happened since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session, undefer

from processes import audit, clock, notices
from processes.engine.comparing import in_language
from processes.engine.door import OpenCase, locked
from processes.engine.failures import of_case
from processes.engine.house import House
from processes.engine.models import UNDONE, Case, CaseEvent, Definition, Waiting, WorkItem
from processes.engine.moving.looking import Outlook, outlook
from processes.engine.moving.models import MOVED, RESTORED, CaseMove
from processes.engine.moving.stored import as_data, finding_data
from processes.engine.moving.target import Target
from processes.engine.reasons import need_reason
from processes.engine.spiff import Finding
from processes.engine.verbs.telling import note_case
from processes.errors import Conflict
from processes.identity.actor import Actor
from processes.messages import Message, message

MAY_MOVE = ("process_owner", "manager")
VERSION_MOVED, VERSION_RESTORED = "version_moved", "version_restored"
"""Kinds of lines in the history of a case."""
KEPT = (
    *("step", "title", "form_key", "stage", "role", "organization_id", "unit_id", "person_id"),
    *("claimed_by_id", "claimed_by", "claimed_at", "due_at"),
)
"""Of a task, what a move may change."""


class CannotMove(Conflict):
    """A case cannot go on in the version it was to be moved to."""

    code = "cannot-move"

    def __init__(self, obstacles: list[Finding]) -> None:
        first = obstacles[0]
        super().__init__(
            obstacle_words(first)
            if len(obstacles) == 1
            else message("%(first)s（另有 %(count)s 个原因）", first=obstacle_words(first), count=len(obstacles) - 1)
        )
        self.obstacles = obstacles


def obstacle_words(finding: Finding) -> Message:
    """Why a case cannot be moved, with the element."""
    if not finding.element_id:
        return finding.text
    return message("“%(step)s”：%(text)s", step=finding.step, text=finding.text)


@dataclass(frozen=True)
class Moved:
    """A case that goes on in another version."""

    case: Case
    record: CaseMove
    outlook: Outlook


def need_right(actor: Actor) -> None:
    """Raise `NotAllowed` unless the actor may move cases."""
    actor.need(*MAY_MOVE, text=message("只有流程管理员或管理者可以迁移案件。"))


def move(
    session: Session, house: House, actor: Actor, case_id: UUID, target: Target, reason: str,
    record: CaseMove | None = None,
) -> Moved:  # fmt: skip
    """Let a case go on in another version; `CannotMove` tells why it cannot, and nothing is changed.

    `record` is the line of a batch that the case stands in.
    """
    need_right(actor)
    reason = need_reason(reason)
    case = locked(session, case_id)
    found = outlook(session, house, case, target)
    if found.run is None or target.definition is None:
        raise CannotMove(found.obstacles or [Finding("", "", message("没有这个流程定义。"))])
    kept = record or CaseMove(case_id=case.id, from_id=case.definition_id, to_id=target.definition.id)
    kept.from_id, kept.state, kept.at = case.definition_id, MOVED, clock.now()
    kept.by, kept.by_id, kept.reason = actor.name, actor.person_id, reason
    kept.said = [finding_data(each) for each in found.remarks]
    kept.before, kept.skeleton = _as_it_is(session, case), case.skeleton
    session.add(kept)
    before = session.get_one(Definition, case.definition_id)
    _carry(session, house, actor, case, target, found)
    kept.revision = case.revision
    _tell(session, actor, case, found)
    text = message("第 %(before)s 版 → 第 %(after)s 版：%(reason)s", before=before.version,
                   after=target.definition.version, reason=reason)  # fmt: skip
    _note(session, actor, case, VERSION_MOVED, text, found.remarks)
    audit.record(
        session, actor, "case.move", f"case:{case.id}", number=case.number, version=target.definition.version,
        version_before=before.version, reason=reason,
    )  # fmt: skip
    return Moved(case, kept, found)


def _carry(session: Session, house: House, actor: Actor, case: Case, target: Target, found: Outlook) -> None:
    assert found.run is not None
    assert target.definition is not None
    case.definition_id = target.definition.id
    for item_id, values in found.tasks.values.items():
        session.execute(update(WorkItem).where(WorkItem.id == item_id).values(**values))
    session.execute(delete(Waiting).where(Waiting.case_id == case.id))
    found.run.waited_before = frozenset()  # all of them are written again, by the rules of the new version
    session.flush()
    session.expire_all()
    with of_case(case.id):
        OpenCase(session, house, actor, locked(session, case.id), found.run, target.package).save()


def _tell(session: Session, actor: Actor, case: Case, found: Outlook) -> None:
    """Whoever had taken a task that is his no longer learns of it."""
    for item, holder in found.tasks.unclaimed:
        text = message("流程改版后，您签收的任务改由其他岗位办理：%(title)s", title=item.title)
        notices.notify(session, "transfer", text, person_id=holder, case_id=case.id, work_item_id=item.id)


def _note(
    session: Session, actor: Actor, case: Case, kind: str, text: Message, remarks: Sequence[Finding] = ()
) -> None:
    """A line in the history, written at once: whether a move can be taken back is read off the newest line."""
    said = [str(in_language(obstacle_words(each))) for each in remarks]
    note_case(session, actor, case, kind, str(text), {"remarks": said} if said else None)
    session.flush()


# the state before


def _as_it_is(session: Session, case: Case) -> dict[str, Any]:
    """All that the move may change beside the engine state."""
    items = session.scalars(select(WorkItem).where(WorkItem.case_id == case.id, WorkItem.status.in_(UNDONE)))
    waits = session.scalars(select(Waiting).where(Waiting.case_id == case.id))
    return {
        "next_due": _plain(case.next_due),
        "stage": case.stage,
        "items": {str(item.id): {name: _plain(getattr(item, name)) for name in KEPT} for item in items},
        "waits": [
            {name: getattr(wait, name) for name in ("task_id", "kind", "name", "correlation", "element_id")}
            for wait in waits
        ],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _restored(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in ("claimed_at", "due_at", "next_due"):
        return datetime.fromisoformat(value)
    return UUID(value) if name in ("person_id", "claimed_by_id") else value


def last_move(session: Session, case_id: UUID) -> CaseMove | None:
    """The newest move of a case that has been carried out."""
    query = select(CaseMove).where(CaseMove.case_id == case_id, CaseMove.state.in_((MOVED, RESTORED)))
    return session.scalars(query.order_by(CaseMove.at.desc()).limit(1)).first()


def restorable(session: Session, case: Case) -> CaseMove | None:
    """The move that can be taken back: the newest, while nothing has happened in the case since."""
    record = last_move(session, case.id)
    if record is None or record.state != MOVED or record.revision != case.revision or case.status != "running":
        return None
    since = select(CaseEvent.kind).where(CaseEvent.case_id == case.id).order_by(CaseEvent.id.desc()).limit(1)
    return record if session.scalar(since) == VERSION_MOVED else None


def restore(session: Session, actor: Actor, case_id: UUID, reason: str) -> Case:
    """Put a case back as it was before its last move; `Conflict` once anything has happened in it since."""
    need_right(actor)
    reason = need_reason(reason)
    case = locked(session, case_id)
    record = restorable(session, case)
    if record is None:
        raise Conflict(message("迁移之后案件已有新的办理，不能再恢复到迁移之前；可以迁移到另一个版本。"))
    record = session.get_one(
        CaseMove, record.id, options=[undefer(CaseMove.before), undefer(CaseMove.skeleton)], populate_existing=True
    )
    before: Mapping[str, Any] = record.before or {}
    case.skeleton, case.definition_id = record.skeleton or b"", record.from_id
    case.next_due, case.stage = _restored("next_due", before["next_due"]), before["stage"]
    for item_id, values in before["items"].items():
        columns = {name: _restored(name, value) for name, value in values.items()}
        session.execute(update(WorkItem).where(WorkItem.id == UUID(item_id)).values(**columns))
    session.execute(delete(Waiting).where(Waiting.case_id == case.id))
    if before["waits"]:
        session.execute(insert(Waiting), [{"case_id": case.id, **each} for each in before["waits"]])
    case.revision += 1
    case.changed_at = clock.now()
    record.state, record.said = RESTORED, [{"element": "", "step": "", "text": as_data(reason)}]
    text = message("恢复到迁移之前：%(reason)s", reason=reason)
    _note(session, actor, case, VERSION_RESTORED, text)
    audit.record(session, actor, "case.move_undone", f"case:{case.id}", number=case.number, reason=reason)
    session.expire_all()
    return case
