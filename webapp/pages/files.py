"""Uploaded files: given to those who may read what they were sent with."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from processes.engine.models import Case, WorkItem
from processes.engine.permissions import may_do, sees_all, visible_cases
from processes.engine.verbs.attachments import is_attachment
from processes.errors import NotFound
from processes.files import StoredFile, stored_file
from processes.identity.actor import Actor
from processes.messages import message
from processes.registers.laws import is_library_file
from webapp.access import signed_in
from webapp.desk import current_desk
from webapp.pages.downloads import stored_attachment
from webapp.pages.earlier import BOTH_BUREAUS
from webapp.visitors import current_actor

blueprint = Blueprint("files", __name__, url_prefix="/files")


@blueprint.get("/<uuid:file_id>")
@signed_in
def download(file_id: UUID) -> Response:
    """One uploaded file, always as an attachment."""
    desk = current_desk()
    with desk.db.reading() as session:
        stored = readable_file(session, current_actor(), file_id)
    return stored_attachment(desk.house.files, stored)


def readable_file(session: Session, actor: Actor, file_id: UUID) -> StoredFile:
    """A file that the actor may read, or `NotFound`: one's own, one's unit's, or the one that a task is about."""
    stored = stored_file(session, file_id)
    if not _may_read(session, actor, stored):
        raise NotFound(message("文件不存在或已失效，请重新上传"))
    return stored


def _may_read(session: Session, actor: Actor, stored: StoredFile) -> bool:
    if stored.owner_id is not None and stored.owner_id == actor.person_id:
        return True
    if is_library_file(session, stored.id):
        return True
    case = session.query(Case).where(Case.id == stored.case_id, visible_cases(actor)).one_or_none()
    if case is None:
        return False
    if sees_all(actor) or is_attachment(session, stored.id):
        return True
    item = session.get(WorkItem, stored.work_item_id) if stored.work_item_id else None
    if item is None:
        return False
    ours = may_do(actor, item) or (item.unit_id is not None and item.unit_id in actor.units())
    about = case.subject_id is not None and stored.owner_id == case.subject_id
    return ours or about or (item.unit_id is None and actor.has(*BOTH_BUREAUS))
