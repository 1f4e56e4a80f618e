"""Files that go with a form, and documents that cases have issued."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

from flask import Response, request
from sqlalchemy.orm import Session

from processes.engine import tracking
from processes.engine.permissions import need_part, need_to_do
from processes.engine.task_forms import item_of
from processes.errors import Invalid
from processes.files import MEDIA_TYPES
from processes.messages import message
from webapp.api import drawing
from webapp.api.answering import changing
from webapp.api.calls import Asked, Calls, Content
from webapp.api.reading import WrongType
from webapp.pages.downloads import stored_attachment
from webapp.pages.files import readable_file

calls = Calls("files")
FORM = "multipart/form-data"
KINDS = Content(tuple(MEDIA_TYPES.values()), "The file, as an attachment.")


@calls.post(
    "/files",
    "Upload a file for the form of a task of mine; its id is then an answer.",
    answer="File",
    status=201,
    body=Content((FORM,), "`file` is the file, `task` the id of the task.", parts=("file", "task")),
    refusals=(403, 409),
)
def upload_file(asked: Asked) -> Response:
    """Its kind and size are checked by its content, not by its name."""
    if request.mimetype != FORM:
        raise WrongType(message("请求正文应为 multipart/form-data，含 file 和 task 两部分。"))
    task_id, sent = _task(), request.files.get("file")
    if sent is None or not sent.filename:
        problem = message("请选择文件。")
        raise Invalid(problem, {"file": problem})
    content = sent.read()

    def act(session: Session) -> dict[str, Any]:
        item = item_of(session, task_id)
        need_part(session, asked.actor, item)
        need_to_do(asked.actor, item)
        stored = asked.desk.house.files.put(
            session, asked.actor, sent.filename or "", content, case_id=item.case_id, work_item_id=item.id
        )
        return drawing.file(stored)

    digest = hashlib.sha256(content).digest() + task_id.bytes + (sent.filename or "").encode()
    return changing(asked, act, status=201, sent=digest)


def _task() -> UUID:
    try:
        return UUID(request.form.get("task", ""))
    except ValueError as cause:
        problem = message("应为编号（UUID）。")
        raise Invalid(problem, {"task": problem}) from cause


@calls.get("/files/<uuid:file_id>", "A file that was sent with a form.", answer=KINDS)
def download_file(asked: Asked, file_id: UUID) -> Response:
    """For those who may read what it was sent with."""
    with asked.desk.db.reading() as session:
        stored = readable_file(session, asked.actor, file_id)
    return stored_attachment(asked.desk.house.files, stored)


@calls.get(
    "/documents/<uuid:document_id>", "A document that a case has drafted or issued.", answer=KINDS, refusals=(409,)
)
def download_document(asked: Asked, document_id: UUID) -> Response:
    """For those whom it concerns and those who see the whole case; 409 while its file is being made."""
    with asked.desk.db.reading() as session:
        document = tracking.document_for(session, asked.actor, document_id)
        stored = document.file
    return stored_attachment(asked.desk.house.files, stored, f"{document.title}.{stored.kind}")
