"""Files beside the forms of a case; a new version never replaces an old one (附件及版本)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from processes import audit, clock
from processes.engine.house import House
from processes.engine.models import Case, WorkItem
from processes.engine.permissions import need_part
from processes.engine.reasons import need_reason, short
from processes.engine.task_forms import item_of
from processes.engine.tracking import case_for
from processes.engine.verbs.models import Attachment, AttachmentVersion
from processes.engine.verbs.telling import note
from processes.errors import Conflict, NotAllowed, NotFound
from processes.files import safe_name
from processes.identity.actor import Actor
from processes.messages import message

MOST = 100
"""Attachments of one case, and versions of one attachment."""


def attachments(session: Session, actor: Actor, case_id: UUID) -> Sequence[Attachment]:
    """The attachments of a case that the actor may see, oldest first, each with its versions, newest first."""
    case_for(session, actor, case_id)
    return of_case(session, case_id)


def of_case(session: Session, case_id: UUID) -> Sequence[Attachment]:
    """The attachments of a case, for whoever has been found to see it."""
    query = select(Attachment).where(Attachment.case_id == case_id, Attachment.removed_at.is_(None))
    first = select(AttachmentVersion.at).where(AttachmentVersion.attachment_id == Attachment.id)
    query = query.options(selectinload(Attachment.versions))
    return session.scalars(query.order_by(first.order_by(AttachmentVersion.at).limit(1).scalar_subquery())).all()


def add(
    session: Session, house: House, actor: Actor, item_id: UUID, name: str, content: BinaryIO | bytes,
    note_text: str = "",
) -> AttachmentVersion:  # fmt: skip
    """Put a file beside the forms; one of the same name becomes its next version."""
    item = _of_part(session, actor, item_id)
    session.get(Case, item.case_id, with_for_update={"key_share": True})
    title = safe_name(name)
    query = select(Attachment).where(
        Attachment.case_id == item.case_id, Attachment.title == title, Attachment.removed_at.is_(None)
    )
    found = session.scalars(query).first()
    if found is None:
        if len(attachments(session, actor, item.case_id)) >= MOST:
            raise Conflict(message("一个案件的附件不能超过 %(count)s 个。", count=MOST))
        found = Attachment(case_id=item.case_id, title=title)
        session.add(found)
        session.flush()
    return _version(session, house, actor, item, found, content, short(note_text, "note"))


def add_version(
    session: Session, house: House, actor: Actor, attachment_id: UUID, item_id: UUID, name: str,
    content: BinaryIO | bytes, note_text: str = "",
) -> AttachmentVersion:  # fmt: skip
    """A new version of an attachment, whatever its file is called."""
    item = _of_part(session, actor, item_id)
    found = session.get(Attachment, attachment_id, with_for_update={"key_share": True})
    if found is None or found.case_id != item.case_id or found.removed_at is not None:
        raise NotFound(message("没有这个附件。"))
    return _version(session, house, actor, item, found, content, short(note_text, "note"), name)


def remove(session: Session, actor: Actor, attachment_id: UUID, item_id: UUID, reason: str) -> Attachment:
    """Take an attachment off the list, with a reason; its files stay for the file."""
    item = _of_part(session, actor, item_id)
    found = session.get(Attachment, attachment_id, with_for_update={"key_share": True})
    if found is None or found.case_id != item.case_id or found.removed_at is not None:
        raise NotFound(message("没有这个附件。"))
    first = found.versions[-1]
    if first.person_id != actor.person_id and not actor.has("manager", "process_owner"):
        raise NotAllowed(message("只有上传人或管理者可以移除附件。"))
    text = need_reason(reason)
    found.removed_at, found.removed_by = clock.now(), actor.name
    note(session, actor, item, "attachment_removed", f"{found.title}：{text}")
    audit.record(session, actor, "attachment.remove", f"attachment:{found.id}", title=found.title, reason=text)
    return found


def _version(
    session: Session, house: House, actor: Actor, item: WorkItem, of: Attachment, content: BinaryIO | bytes,
    note_text: str, name: str = "",
) -> AttachmentVersion:  # fmt: skip
    last = session.scalars(
        select(AttachmentVersion.number)
        .where(AttachmentVersion.attachment_id == of.id)
        .order_by(AttachmentVersion.number.desc())
    ).first()
    number = (last or 0) + 1
    if number > MOST:
        raise Conflict(message("一个附件的版本不能超过 %(count)s 个。", count=MOST))
    stored = house.files.put(session, actor, name or of.title, content, case_id=item.case_id)
    made = AttachmentVersion(
        attachment_id=of.id, number=number, file_id=stored.id, at=clock.now(), person_id=actor.person_id,
        person=actor.name, step=item.step, note=note_text,
    )  # fmt: skip
    session.add(made)
    session.flush()
    session.expire(of, ["versions"])
    note(session, actor, item, "attached", f"{of.title}（第 {number} 版）" + (f"：{note_text}" if note_text else ""))
    audit.record(session, actor, "attachment.add", f"attachment:{of.id}", title=of.title, version=number)
    return made


def _of_part(session: Session, actor: Actor, item_id: UUID) -> WorkItem:
    item = item_of(session, item_id)
    need_part(session, actor, item)
    if actor.has("auditor"):
        raise NotAllowed(message("监督岗位只能查阅。"))
    case = session.get_one(Case, item.case_id)
    if case.status not in ("running", "suspended"):
        raise Conflict(message("案件已结束。"))
    return item


def is_attachment(session: Session, file_id: UUID) -> bool:
    """Whether a file is a version of an attachment: whoever may see its case may read it."""
    query = select(AttachmentVersion.id).where(AttachmentVersion.file_id == file_id)
    return session.scalars(query.limit(1)).first() is not None
