"""The files of a draft for the editors: read and saved one by one, byte for byte, and who else has them open."""

from __future__ import annotations

from pathlib import PurePosixPath
from uuid import UUID

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from processes.engine import drafts
from processes.engine.deployment import MAY_LOOK
from processes.errors import Invalid
from processes.files import MEDIA_TYPES
from processes.messages import message
from webapp.access import post_needed
from webapp.desk import current_desk
from webapp.limits import MEGABYTE
from webapp.pages.downloads import attachment
from webapp.studio.answers import answered, revision_seen, told_to_script
from webapp.visitors import current_actor

blueprint = Blueprint("studio_files", __name__, url_prefix="/studio/drafts/<uuid:draft_id>")
LARGEST_FILE = 20 * MEGABYTE
TYPES = {**MEDIA_TYPES, "bpmn": "application/xml", "dmn": "application/xml", "json": "application/json"}


@blueprint.get("/files/<path:path>")
@post_needed(*MAY_LOOK)
@told_to_script
def read(draft_id: UUID, path: str) -> Response:
    """A file of the draft as it was saved; its `ETag` is the revision of the draft."""
    current_actor().need(*MAY_LOOK)
    with current_desk().db.reading() as session:
        found = drafts.draft(session, draft_id)
        content, revision, key = drafts.file(session, draft_id, path), found.revision, found.key
    response = attachment(content, f"{key}-{PurePosixPath(path).name}", media_type(path))
    response.set_etag(str(revision))
    return response


@blueprint.put("/files/<path:path>")
@post_needed(*drafts.MAY_EDIT)
@told_to_script
def save(draft_id: UUID, path: str) -> ResponseReturnValue:
    """Save a file as it was sent, unless somebody else has saved it since the revision in `If-Match`."""
    content = request.get_data()
    if len(content) > LARGEST_FILE:
        raise Invalid(message("文件超过 %(size)s MB，未保存。", size=LARGEST_FILE // MEGABYTE))
    return _saved(draft_id, path, content)


@blueprint.delete("/files/<path:path>")
@post_needed(*drafts.MAY_EDIT)
@told_to_script
def remove(draft_id: UUID, path: str) -> ResponseReturnValue:
    """Take a file out of the draft."""
    return _saved(draft_id, path, None)


@blueprint.post("/presence")
@post_needed(*drafts.MAY_EDIT)
@told_to_script
def presence(draft_id: UUID) -> ResponseReturnValue:
    """Say that the file `path` is open in a browser, and hear who else is at the draft and what its revision is."""
    path = request.form.get("path", "")[:200]
    with current_desk().db.transaction() as session:
        found = drafts.draft(session, draft_id)
        others = drafts.seen(session, current_actor(), draft_id, path)
        told = [{"name": each.name, "path": each.path} for each in others]
        return answered(
            revision=found.revision,
            state=found.state,
            changed_by=found.changed_by,
            changed_at=found.changed_at.isoformat(),
            others=told,
        )


def media_type(path: str) -> str:
    """The media type of a file of a package."""
    return TYPES.get(PurePosixPath(path).suffix.lstrip(".").lower(), "application/octet-stream")


def _saved(draft_id: UUID, path: str, content: bytes | None) -> Response:
    seen = revision_seen()
    with current_desk().db.transaction() as session:
        found = drafts.save_files(session, current_actor(), draft_id, {path: content}, seen)
        return answered(revision=found.revision, changed_at=found.changed_at.isoformat())
