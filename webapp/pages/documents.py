"""Documents that cases have drafted or issued: read in the page, or taken away as the file."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, Response, make_response, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from processes import clock
from processes.documents.preview import letter_preview
from processes.engine import tracking
from processes.engine.models import CaseDocument
from processes.errors import NotFound
from processes.files import StoredFile
from processes.messages import message
from webapp.access import signed_in
from webapp.desk import current_desk
from webapp.pages.downloads import stored_attachment
from webapp.security import POLICY
from webapp.visitors import current_actor

blueprint = Blueprint("documents", __name__, url_prefix="/documents")
MADE_WITHIN = timedelta(minutes=10)
"""A file that has not been made by then waits for a person; its page does not look again by itself."""
SHOWS_PDF = POLICY.replace("object-src 'none'", "object-src 'self'; frame-src 'self'")
SHOWN_IN_PAGE = POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")


@blueprint.get("/<uuid:document_id>")
@signed_in
def show(document_id: UUID) -> ResponseReturnValue:
    """A letter as its text, a certificate in the browser's own reader."""
    desk = current_desk()
    with desk.db.reading() as session:
        document, stored = _found(session, document_id)
        readable = stored.ready and stored.kind == "docx"
        letter = letter_preview(desk.house.files.read(stored.id)) if readable else ""
        soon = not stored.ready and clock.now() - document.at < MADE_WITHIN
        page = render_template(
            "documents/show.html", document=document, case=document.case, file=stored, letter=letter, soon=soon
        )
    response = make_response(page)
    if soon:
        response.headers["Refresh"] = "3"
    if stored.kind == "pdf" and stored.ready:
        response.headers["Content-Security-Policy"] = SHOWS_PDF
    return response


@blueprint.get("/<uuid:document_id>/file")
@signed_in
def download(document_id: UUID) -> Response:
    """The file itself, under the document's title."""
    with current_desk().db.reading() as session:
        document, stored = _found(session, document_id)
    return stored_attachment(current_desk().house.files, stored, f"{document.title}.{stored.kind}")


@blueprint.get("/<uuid:document_id>/shown")
@signed_in
def content(document_id: UUID) -> Response:
    """A PDF for the frame of its page."""
    with current_desk().db.reading() as session:
        _document, stored = _found(session, document_id)
    if stored.kind != "pdf":
        raise NotFound(message("此类文件不能预览，请下载后查看。"))
    response = stored_attachment(current_desk().house.files, stored, shown=True)
    response.headers["Content-Security-Policy"] = SHOWN_IN_PAGE
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _found(session: Session, document_id: UUID) -> tuple[CaseDocument, StoredFile]:
    document = tracking.document_for(session, current_actor(), document_id)
    assert document.case
    return document, document.file
