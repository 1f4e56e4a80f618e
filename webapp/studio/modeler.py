"""The modeler: a draft's diagram is opened, drawn, saved and replaced by a file; nothing is lost on the way."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from processes.engine import drafts, modeling
from processes.engine.definitions import definition, versions
from processes.engine.deployment import MAY_LOOK
from processes.engine.packages import DIAGRAM, package
from processes.errors import Invalid
from processes.identity.actor import Actor
from processes.messages import message
from webapp.access import post_needed
from webapp.desk import current_desk
from webapp.language import say
from webapp.studio.answers import answered, revision_seen, told_to_script
from webapp.studio.offers import offers
from webapp.visitors import current_actor

blueprint = Blueprint("studio_modeler", __name__, url_prefix="/studio/drafts/<uuid:draft_id>")
ORIGINAL = "original/"
"""Where a draft keeps the bytes that were uploaded, once the modeler has saved over them."""
MOST_DELETED = 100_000


@blueprint.get("/diagram")
@post_needed(*MAY_LOOK)
def show(draft_id: UUID) -> ResponseReturnValue:
    """The page on which a diagram is drawn, or looked at by whoever may not change it."""
    actor = current_actor()
    actor.need(*MAY_LOOK)
    with current_desk().db.reading() as session:
        found = drafts.draft(session, draft_id)
        return render_template(
            "studio/diagram.html", draft=found, editable=_may_edit(found, actor), built=is_built("modeler.js")
        )


@blueprint.get("/diagram.json")
@post_needed(*MAY_LOOK)
@told_to_script
def read(draft_id: UUID) -> Response:
    """The diagram as the modeler can take it in, and what was changed for that."""
    actor = current_actor()
    actor.need(*MAY_LOOK)
    with current_desk().db.reading() as session:
        found, saved = drafts.draft(session, draft_id), _diagram(session, draft_id)
        whole = modeling.portable(drafts.file(session, draft_id, DIAGRAM))
        return answered(
            xml=whole.xml.decode(),
            revision=found.revision,
            saved={"revision": saved.revision, "who": saved.changed_by},
            editable=_may_edit(found, actor),
            renamed=[[each.before, each.after, each.name] for each in whole.renamed],
            notices=[say(each) for each in whole.notices],
        )


@blueprint.get("/diagram/offers.json")
@post_needed(*MAY_LOOK)
@told_to_script
def offered(draft_id: UUID) -> Response:
    """What the fields beside the diagram offer: posts, operations, forms, documents, names of variables."""
    desk, actor = current_desk(), current_actor()
    actor.need(*MAY_LOOK)
    with desk.db.reading() as session:
        drafts.draft(session, draft_id)
        procedures = {each.key: each.title for each in versions(session, only_active=True)}
        return answered(**offers(desk.house, drafts.files(session, draft_id), procedures))


@blueprint.post("/diagram/opened")
@post_needed(*MAY_LOOK)
@told_to_script
def opened(draft_id: UUID) -> Response:
    """Compare what the modeler has read with the file: what it cannot keep is put back at each save."""
    current_actor().need(*MAY_LOOK)
    sent = _sent()
    with current_desk().db.reading() as session:
        before = modeling.portable(drafts.file(session, draft_id, DIAGRAM)).xml
    found = modeling.opened(before, _xml(sent))
    return answered(kept=[_as_data(each) for each in found.kept], gone=list(found.gone))


@blueprint.put("/diagram.json")
@post_needed(*drafts.MAY_EDIT)
@told_to_script
def save(draft_id: UUID) -> Response:
    """Save what was drawn; an element that vanished without having been deleted keeps it from being saved."""
    sent, revision, actor = _sent(), revision_seen(), current_actor()
    with current_desk().db.transaction() as session:
        found, diagram = drafts.locked(session, draft_id), _diagram(session, draft_id)
        before, overwrites = drafts.file(session, draft_id, DIAGRAM), sent.get("overwrite") is True
        if diagram.revision > revision:
            if _is_there(before, sent):
                return answered(revision=found.revision)
            raise drafts.SavedMeanwhile(DIAGRAM, diagram.changed_by, diagram.changed_at, found.revision)
        changes: dict[str, bytes | None] = {DIAGRAM: _merged(before, sent, everything=overwrites)}
        if (overwrites or not modeling.is_own(before)) and not _is_kept_by_base(session, found, before):
            changes[f"{ORIGINAL}process-{diagram.revision}.bpmn"] = before
        saved = drafts.save_files(session, actor, draft_id, changes, revision)
        return answered(revision=saved.revision)


@blueprint.post("/diagram/import")
@post_needed(*drafts.MAY_EDIT)
@told_to_script
def take_in(draft_id: UUID) -> Response:
    """Put a file in the place of the diagram, byte for byte; the modeler then opens it. The diagram before is kept."""
    content, revision, actor = request.get_data(), revision_seen(), current_actor()
    modeling.portable(content)  # refused where it is no diagram
    with current_desk().db.transaction() as session:
        found = drafts.locked(session, draft_id)
        before = drafts.file(session, draft_id, DIAGRAM)
        changes: dict[str, bytes | None] = {DIAGRAM: content}
        if content != before and not _is_kept_by_base(session, found, before):
            changes[f"{ORIGINAL}process-{found.revision}.bpmn"] = before
        saved = drafts.save_files(session, actor, draft_id, changes, revision)
        return answered(revision=saved.revision)


def is_built(name: str) -> bool:
    """Whether the studio's scripts have been built on this machine."""
    return (Path(current_app.static_folder or "") / "studio" / name).is_file()


def _diagram(session: Session, draft_id: UUID) -> drafts.DraftFile:
    """When the diagram was saved last, and by whom."""
    return next(each for each in drafts.kept_files(session, draft_id) if each.path == DIAGRAM)


def _may_edit(found: drafts.Draft, actor: Actor) -> bool:
    return found.state == drafts.OPEN and actor.has(*drafts.MAY_EDIT)


def _is_kept_by_base(session: Session, found: drafts.Draft, content: bytes) -> bool:
    """Whether the version from which the draft began holds these bytes, for ever."""
    if found.base_id is None:
        return False
    return package(session, definition(session, found.base_id).id).bpmn == content


def _sent() -> dict[str, Any]:
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict):
        raise Invalid(message("请求不完整或格式有误，未作任何更改。"))
    return sent


def _xml(sent: dict[str, Any]) -> bytes:
    if not isinstance(sent.get("xml"), str) or not sent["xml"].strip():
        raise Invalid(message("请求不完整或格式有误，未作任何更改。"))
    try:
        return str(sent["xml"]).encode()
    except UnicodeEncodeError as cause:
        raise Invalid(message("流程图中有无法保存的字符。")) from cause


def _merged(before: bytes, sent: dict[str, Any], *, everything: bool = False) -> bytes:
    """What is saved; whoever knowingly overwrites another's work may leave everything of it out."""
    deleted = None if everything else _deleted(sent)
    return modeling.merged(before, _xml(sent), deleted, _kept(sent))


def _is_there(before: bytes, sent: dict[str, Any]) -> bool:
    """Whether a save has come twice, because its answer was lost on the way."""
    try:
        return _merged(before, sent) == before
    except Invalid:
        return False


def _deleted(sent: dict[str, Any]) -> Collection[str]:
    given = sent.get("deleted", [])
    if not isinstance(given, list) or len(given) > MOST_DELETED:
        raise Invalid(message("请求不完整或格式有误，未作任何更改。"))
    return {str(each) for each in given}


def _kept(sent: dict[str, Any]) -> Sequence[modeling.Loss]:
    given = sent.get("kept", [])
    if not isinstance(given, list):
        raise Invalid(message("请求不完整或格式有误，未作任何更改。"))
    return [modeling.Loss.read(each) for each in given]


def _as_data(loss: modeling.Loss) -> dict[str, Any]:
    return {
        "kind": loss.kind,
        "near": loss.near,
        "path": [list(each) for each in loss.path],
        "name": loss.name,
        "value": loss.value,
        "instead": loss.instead,
    }
