"""The documents of a draft: codes, titles and number series; templates sent in Word's form, checked, seen filled in."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from processes.documents.preview import letter_preview
from processes.engine import contents, drafts
from processes.engine.deployment import MAY_LOOK
from processes.engine.drafts import documents
from processes.engine.drafts.documents import Changes, TemplateRefused
from processes.engine.packages import DIAGRAM, package
from processes.errors import Conflict, DeskError, Invalid
from processes.files import MEDIA_TYPES
from processes.forms.sayings import form_key
from processes.identity.actor import Actor
from processes.messages import message
from webapp.access import post_needed
from webapp.desk import current_desk
from webapp.operation_key import Operation, once
from webapp.pages.downloads import attachment
from webapp.visitors import current_actor

blueprint = Blueprint("studio_documents", __name__, url_prefix="/studio/drafts/<uuid:draft_id>/documents")


@blueprint.get("")
@post_needed(*MAY_LOOK)
def index(draft_id: UUID) -> ResponseReturnValue:
    """All documents that the procedure issues, with their templates."""
    with current_desk().db.reading() as session:
        return _list(session, current_actor(), draft_id)


@blueprint.get("/<key>")
@post_needed(*MAY_LOOK)
def show(draft_id: UUID, key: str) -> ResponseReturnValue:
    """One document: what the list says of it, its template and the values it may mention."""
    with current_desk().db.reading() as session:
        return _page(session, current_actor(), draft_id, key)


@blueprint.get("/<key>/sample")
@post_needed(*MAY_LOOK)
def sample(draft_id: UUID, key: str) -> ResponseReturnValue:
    """The document filled in with sample values, as a page or, where it is a certificate, as the PDF itself."""
    desk, actor = current_desk(), current_actor()
    actor.need(*MAY_LOOK)
    with desk.db.reading() as session:
        found = drafts.draft(session, draft_id)
        content, ending = documents.sample(drafts.files(session, draft_id), key, desk.house.fonts)
        line = documents.kind_of(drafts.files(session, draft_id), key)
        letter = letter_preview(content) if ending == "docx" else ""
        return render_template("studio/sample.html", draft=found, kind=line, letter=letter, ending=ending)


@blueprint.get("/<key>/sample/file")
@post_needed(*MAY_LOOK)
def sample_file(draft_id: UUID, key: str) -> Response:
    """The same as a file."""
    desk, actor = current_desk(), current_actor()
    actor.need(*MAY_LOOK)
    with desk.db.reading() as session:
        files = drafts.files(session, drafts.draft(session, draft_id).id)
        content, ending = documents.sample(files, key, desk.house.fonts)
        name = documents.kind_of(files, key).title_zh
    return attachment(content, f"{name}（样）.{ending}", MEDIA_TYPES[ending])


@blueprint.post("/<key>")
@post_needed(*drafts.MAY_EDIT)
def change(draft_id: UUID, key: str) -> ResponseReturnValue:
    """Another code, title, layout, issuer or number series."""
    actor = current_actor()
    try:
        with once() as operation:
            files = drafts.files(operation.session, draft_id)
            given = {name: value.strip() for name, value in request.form.items()}
            own = _is_own(operation.session, drafts.draft(operation.session, draft_id), files, key)
            words = given.get("words") if own else None
            _saved(operation, actor, draft_id, documents.changed(files, key, given, words))
            flash(_("已保存。"))
            return operation.done(url_for("studio_documents.show", draft_id=draft_id, key=key))
    except (Invalid, Conflict) as refused:
        return _again(draft_id, key, "entry", refused)


@blueprint.post("/<key>/template")
@post_needed(*drafts.MAY_EDIT)
def upload(draft_id: UUID, key: str) -> ResponseReturnValue:
    """A new template; one with problems is not taken in, and every problem is told."""
    actor, file = current_actor(), request.files.get("file")
    content = file.read() if file is not None else b""
    try:
        with once() as operation:
            files = drafts.files(operation.session, draft_id)
            _saved(operation, actor, draft_id, documents.with_template(files, key, content))
            flash(_("模板已更换。请看样稿，确认版式。"))
            return operation.done(url_for("studio_documents.show", draft_id=draft_id, key=key))
    except (Invalid, Conflict) as refused:
        return _again(draft_id, key, "file", refused)


@blueprint.post("")
@post_needed(*drafts.MAY_EDIT)
def add(draft_id: UUID) -> ResponseReturnValue:
    """One more document, like another one."""
    actor, key = current_actor(), request.form.get("key", "").strip()
    try:
        with once() as operation:
            if form_key(key) is not None or "-" in key:
                text = message("名称应以英文字母开头，只含字母、数字和下划线，最多 64 个字符")
                raise Invalid(text, {"key": text})
            files = drafts.files(operation.session, draft_id)
            made = documents.added(files, key, request.form.get("model", ""), request.form.get("title", "").strip())
            _saved(operation, actor, draft_id, made)
            flash(_("已添加文书。在流程图的服务任务上选操作“签发文书”和这份文书，才会签发。"))
            return operation.done(url_for("studio_documents.show", draft_id=draft_id, key=key))
    except (Invalid, Conflict) as refused:
        with current_desk().db.reading() as session:
            return _list(session, actor, draft_id, refused), refused.status


@blueprint.post("/<key>/remove")
@post_needed(*drafts.MAY_EDIT)
def remove(draft_id: UUID, key: str) -> ResponseReturnValue:
    """Take a document off the list."""
    actor = current_actor()
    try:
        with once() as operation:
            files = drafts.files(operation.session, draft_id)
            _saved(operation, actor, draft_id, documents.removed(files, key))
            flash(_("已从文书清单中删除。"))
            return operation.done(url_for("studio_documents.index", draft_id=draft_id))
    except (Invalid, Conflict) as refused:
        return _again(draft_id, key, "entry", refused)


def _saved(operation: Operation, actor: Actor, draft_id: UUID, changes: Changes) -> None:
    revision = request.form.get("revision", type=int) or 0
    drafts.save_files(operation.session, actor, draft_id, changes, revision)


def _again(draft_id: UUID, key: str, place: str, refused: DeskError) -> tuple[str, int]:
    with current_desk().db.reading() as session:
        return _page(session, current_actor(), draft_id, key, place, refused), refused.status


def _is_own(session: Session, found: drafts.Draft, files: Mapping[str, bytes], key: str) -> bool:
    base = package(session, found.base_id).files if found.base_id is not None else {}
    return documents.is_own(key, files.get(DIAGRAM, b""), base)


def _list(session: Session, actor: Actor, draft_id: UUID, refused: DeskError | None = None) -> str:
    actor.need(*MAY_LOOK)
    found = drafts.draft(session, draft_id)
    files = drafts.files(session, draft_id)
    return render_template(
        "studio/documents.html",
        draft=found,
        lines=documents.lines(files, files.get(DIAGRAM, b"")),
        problems=[each for each in contents.file_problems(files) if each.path.startswith(contents.DOCUMENTS)],
        editable=found.state == drafts.OPEN and actor.has(*drafts.MAY_EDIT),
        refused=refused,
        typed=request.form,
    )


def _page(
    session: Session, actor: Actor, draft_id: UUID, key: str, place: str = "", refused: DeskError | None = None
) -> str:
    actor.need(*MAY_LOOK)
    found = drafts.draft(session, draft_id)
    files = drafts.files(session, draft_id)
    line = documents.line(files, files.get(DIAGRAM, b""), key)
    kind = line.kind
    shown = {
        "title_zh": kind.title_zh,
        "title_en": kind.title_en,
        "words": documents.word_lines(kind),
        **{name: getattr(kind, name) for name in documents.CHANGEABLE},
    }
    return render_template(
        "studio/document.html",
        draft=found,
        line=line,
        values={**shown, **request.form} if place == "entry" else shown,
        own=_is_own(session, found, files, key),
        layouts=sorted({each.kind.layout for each in documents.lines(files, b"")}),
        editable=found.state == drafts.OPEN and actor.has(*drafts.MAY_EDIT),
        place=place,
        refused=refused,
        errors=refused.fields if isinstance(refused, Invalid) and place == "entry" else {},
        template_problems=refused.problems if isinstance(refused, TemplateRefused) else line.problems,
    )
