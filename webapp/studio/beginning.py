"""A new draft: from a version, from an empty sheet, or from a diagram or package that is sent."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from processes.engine import definitions, drafts
from processes.engine.bundles import bundle
from processes.errors import Invalid
from processes.identity.actor import Actor
from processes.messages import Message, message
from webapp.access import post_needed
from webapp.desk import current_desk
from webapp.limits import MEGABYTE
from webapp.operation_key import once
from webapp.visitors import current_actor

blueprint = Blueprint("studio_beginning", __name__, url_prefix="/studio")
LARGEST = 20
"""Megabytes of a diagram or a package that is sent."""


@blueprint.get("/new")
@post_needed(*drafts.MAY_EDIT)
def new() -> ResponseReturnValue:
    """The three ways in which a draft begins."""
    return _page(current_actor(), {})


@blueprint.post("/new")
@post_needed(*drafts.MAY_EDIT)
def create() -> ResponseReturnValue:
    """Make a draft in the way that was chosen."""
    actor = current_actor()
    try:
        with once() as operation:
            found = _made(operation.session, actor, request.form.get("way", ""))
            flash(_("已新建草稿“%(title)s”。草稿不影响正在使用的流程，发布之后才生效。", title=found.title))
            return operation.done(url_for("studio_draft.show", draft_id=found.id))
    except Invalid as refused:
        return _page(actor, refused.fields or {"form": refused.text}), refused.status


def _made(session: Session, actor: Actor, way: str) -> drafts.Draft:
    title = request.form.get("title", "")
    if way == "version":
        base = definitions.definition(session, _chosen_base())
        return drafts.create(session, actor, base.key, base_id=base.id, title=title)
    key = request.form.get("key", "").strip()
    if way == "sheet":
        return drafts.create(session, actor, key, title=title)
    if way == "file":
        return drafts.create(session, actor, key, files=_sent(), base_id=_active(session, key), title=title)
    raise Invalid(message("请选择新建草稿的方式。"))


def _chosen_base() -> UUID:
    try:
        return UUID(request.form.get("base", ""))
    except ValueError as cause:
        text = message("请选择一个版本。")
        raise Invalid(text, {"base": text}) from cause


def _active(session: Session, key: str) -> UUID | None:
    """The version that the sent package will be compared with."""
    found = definitions.active_version(session, key)
    return found.id if found is not None else None


def _sent() -> dict[str, bytes]:
    """The files that were sent, byte for byte; whether they can run is seen later."""
    file = request.files.get("file")
    content = file.read() if file is not None else b""
    try:
        if not content.strip():
            raise Invalid(message("请选择流程图（.bpmn）或流程包（.zip）。"))
        if len(content) > LARGEST * MEGABYTE:
            raise Invalid(message("文件超过 %(size)s MB，未保存。", size=LARGEST))
        return bundle(content)
    except Invalid as refused:
        raise Invalid(refused.text, {"file": refused.text}) from refused


def _page(actor: Actor, errors: Mapping[str, Message]) -> str:
    actor.need(*drafts.MAY_EDIT)
    with current_desk().db.reading() as session:
        return render_template(
            "studio/new.html",
            versions=sorted(definitions.versions(session), key=lambda each: (each.key, -each.version)),
            base=request.values.get("base", ""),
            way=request.form.get("way", ""),
            typed=request.form,
            errors=errors,
            largest=LARGEST,
        )
