"""A draft as one zip: taken out, and taken in again after it was shown what that would change."""

from __future__ import annotations

import base64
import binascii
from uuid import UUID

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from processes.engine import drafts
from processes.engine.bundles import bundle, packed
from processes.engine.deployment import MAY_LOOK
from processes.engine.packages import DIAGRAM
from processes.errors import Invalid
from processes.messages import message
from webapp.access import post_needed
from webapp.desk import current_desk
from webapp.limits import MEGABYTE
from webapp.operation_key import once
from webapp.pages.downloads import attachment
from webapp.studio.draft_page import refused_page
from webapp.visitors import current_actor

blueprint = Blueprint("studio_zip", __name__, url_prefix="/studio/drafts/<uuid:draft_id>")
LARGEST = 5
"""Megabytes of a package on these pages: between showing and taking in it travels in the form."""


@blueprint.get("/package.zip")
@post_needed(*MAY_LOOK)
def export(draft_id: UUID) -> Response:
    """All files of the draft as one package that can be taken in again."""
    current_actor().need(*MAY_LOOK)
    with current_desk().db.reading() as session:
        found = drafts.draft(session, draft_id)
        content, name = packed(drafts.files(session, draft_id)), f"{found.key}-草稿.zip"
    return attachment(content, name, "application/zip")


@blueprint.post("/import")
@post_needed(*drafts.MAY_EDIT)
def look(draft_id: UUID) -> ResponseReturnValue:
    """What a package, or a diagram alone, would change in the draft; nothing is changed yet."""
    current_actor().need(*drafts.MAY_EDIT)
    file = request.files.get("file")
    content = file.read() if file is not None else b""
    try:
        sent = _opened(content)
    except Invalid as refused:
        return refused_page(draft_id, "file", refused)
    with current_desk().db.reading() as session:
        found = drafts.draft(session, draft_id)
        return render_template(
            "studio/import.html",
            draft=found,
            name=(file.filename or "")[:200] if file is not None else "",
            content=base64.b64encode(content).decode("ascii"),
            changes=drafts.file_changes(drafts.files(session, draft_id), sent),
            alone=set(sent) == {DIAGRAM},
        )


@blueprint.post("/import/done")
@post_needed(*drafts.MAY_EDIT)
def take_in(draft_id: UUID) -> ResponseReturnValue:
    """Put the files of a package into the draft; those that it does not have stay, or go, as was chosen."""
    actor = current_actor()
    try:
        sent = _opened(base64.b64decode(request.form.get("content", ""), validate=True))
    except (binascii.Error, ValueError) as cause:
        raise Invalid(message("上传内容不完整，请重新上传。")) from cause
    keep = request.form.get("missing", "keep") != "remove" or set(sent) == {DIAGRAM}
    with once() as operation:
        session = operation.session
        changes = drafts.changes_of(drafts.files(session, draft_id), sent, keep=keep)
        revision = request.form.get("revision", type=int) or 0
        drafts.save_files(session, actor, draft_id, changes, revision)
        flash(_("已导入：%(count)s 个文件有变化。", count=len(changes)))
        return operation.done(url_for("studio_draft.show", draft_id=draft_id))


def _opened(content: bytes) -> dict[str, bytes]:
    if not content.strip():
        raise Invalid(message("请选择流程图（.bpmn）或流程包（.zip）。"))
    if len(content) > LARGEST * MEGABYTE:
        raise Invalid(message("文件超过 %(size)s MB，未作任何更改。", size=LARGEST))
    return bundle(content)
