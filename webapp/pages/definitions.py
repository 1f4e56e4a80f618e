"""Definitions: which versions of a diagram there are, one version as a whole, and the version new cases start on."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import PurePosixPath
from uuid import UUID

from flask import Blueprint, Response, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from processes.engine import definitions, deployment
from processes.engine.deployment import MAY_DEPLOY, MAY_LOOK
from processes.engine.drawing import draw
from processes.engine.models import Definition
from processes.engine.packages import package
from processes.errors import Conflict, Invalid, NotFound
from processes.files import MEDIA_TYPES
from processes.forms.beginning import initial_values
from processes.forms.definition import FormDefinition
from processes.identity.actor import Actor
from processes.messages import Message, message
from webapp.access import post_needed
from webapp.desk import Desk, current_desk
from webapp.language import current_language
from webapp.operation_key import once
from webapp.pages.downloads import attachment
from webapp.pages.lists import asked
from webapp.pages.versions import (
    HUMAN,
    form_lines,
    preview_context,
    problem_words,
    process_lines,
    report,
    step_lines,
)
from webapp.visitors import current_actor

blueprint = Blueprint("definitions", __name__, url_prefix="/definitions")
SHOWN_VERSIONS = 5
TYPES = {**MEDIA_TYPES, "bpmn": "application/xml", "dmn": "application/xml", "json": "application/json"}


@blueprint.get("/")
@post_needed(*MAY_LOOK)
def index() -> ResponseReturnValue:
    """All packages with their versions; of many versions the newest, unless one package is asked for."""
    actor, wanted = current_actor(), asked("q", "key")
    actor.need(*MAY_LOOK)
    with current_desk().db.reading() as session:
        if wanted.get("key"):
            keys, total = [wanted.get("key")], 1
        else:
            found, total = definitions.keys(session, wanted.get("q"), offset=wanted.offset, limit=wanted.size)
            keys = list(found)
        versions = {key: rows for key, rows in definitions.versions_of(session, keys).items() if rows}
        ids = [each.id for rows in versions.values() for each in rows]
        return render_template(
            "definitions/index.html",
            packages=[(key, rows, _shown(rows, bool(wanted.get("key")))) for key, rows in versions.items()],
            running=definitions.running_cases(session, ids),
            page=wanted.page(total),
            asked=wanted,
            may_publish=actor.has(*MAY_DEPLOY),
        )


@blueprint.get("/<uuid:definition_id>")
@post_needed(*MAY_LOOK)
def show(definition_id: UUID) -> ResponseReturnValue:
    """One version: picture, steps, processes, forms, files, report of the check."""
    desk = current_desk()
    with desk.db.reading() as session:
        return _page(session, desk, current_actor(), definition_id)


@blueprint.get("/<uuid:definition_id>/forms/<key>")
@post_needed(*MAY_LOOK)
def form(definition_id: UUID, key: str) -> ResponseReturnValue:
    """A form of the package as people will see it, not to be filled in."""
    desk = current_desk()
    with desk.db.reading() as session:
        definition = _definition(session, current_actor(), definition_id)
        found = package(session, definition.id).forms.get(key)
        if found is None:
            raise NotFound(message("没有表单“%(key)s”。", key=key))
        return _preview(session, desk, definition, found, key)


@blueprint.get("/<uuid:definition_id>/tasks/<element_id>/form")
@post_needed(*MAY_LOOK)
def task_form(definition_id: UUID, element_id: str) -> ResponseReturnValue:
    """The form that is made for a task which names none."""
    desk = current_desk()
    with desk.db.reading() as session:
        definition = _definition(session, current_actor(), definition_id)
        of = package(session, definition.id)
        element = of.program.elements.get(element_id)
        if element is None or element.kind not in HUMAN:
            raise NotFound(message("没有这项任务。"))
        return _preview(session, desk, definition, of.form("", element), "")


@blueprint.get("/<uuid:definition_id>/files/<path:path>")
@post_needed(*MAY_LOOK)
def file(definition_id: UUID, path: str) -> Response:
    """A file of the package, byte for byte."""
    with current_desk().db.reading() as session:
        definition = _definition(session, current_actor(), definition_id)
        content = package(session, definition.id).file(path)
    name = PurePosixPath(path)
    kind = TYPES.get(name.suffix.lstrip(".").lower(), "application/octet-stream")
    return attachment(content, f"{definition.key}-{definition.version}-{name.name}", kind)


@blueprint.get("/<uuid:definition_id>/package.zip")
@post_needed(*MAY_LOOK)
def archive(definition_id: UUID) -> Response:
    """All files of the version as one package that can be uploaded again."""
    with current_desk().db.reading() as session:
        definition = _definition(session, current_actor(), definition_id)
        files = package(session, definition.id).files
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(files):
            packed.writestr(path, files[path])
    return attachment(written.getvalue(), f"{definition.key}-{definition.version}.zip", "application/zip")


@blueprint.post("/<uuid:definition_id>/activate")
@post_needed(*MAY_DEPLOY)
def activate(definition_id: UUID) -> ResponseReturnValue:
    """Let new cases start on this version again."""
    desk, actor = current_desk(), current_actor()
    try:
        with once() as operation:
            reason = request.form.get("reason", "")
            found = deployment.activate(operation.session, desk.house, actor, definition_id, reason)
            flash(_("已启用第 %(version)s 版：此后发起的案件按该版本办理。", version=found.version))
            return operation.done(url_for("definitions.show", definition_id=definition_id))
    except (Invalid, Conflict) as refused:
        with desk.db.reading() as session:
            return _page(session, desk, actor, definition_id, refused.text), refused.status


def _shown(rows: list[Definition], everything: bool) -> list[Definition]:
    """The newest versions of a package, and the active one wherever it stands."""
    return [each for place, each in enumerate(rows) if everything or place < SHOWN_VERSIONS or each.active]


def _definition(session: Session, actor: Actor, definition_id: UUID) -> Definition:
    actor.need(*MAY_LOOK)
    return definitions.definition(session, definition_id)


def _page(session: Session, desk: Desk, actor: Actor, definition_id: UUID, problem: Message | None = None) -> str:
    definition = _definition(session, actor, definition_id)
    of = package(session, definition.id)
    all_versions = definitions.versions(session, definition.key)
    return render_template(
        "definitions/show.html",
        definition=definition,
        active=next((each for each in all_versions if each.active), None),
        running=definitions.running_cases(session, [definition.id]).get(definition.id, 0),
        svg=draw(of.bpmn, title=definition.title),
        steps=step_lines(definition, of),
        processes=process_lines(of),
        forms=form_lines(of),
        files=[(path, len(content)) for path, content in sorted(of.files.items())],
        report=report(session, desk.house, of.files),
        words=problem_words,
        may_publish=actor.has(*MAY_DEPLOY),
        problem=problem,
        typed=request.form,
    )


def _preview(session: Session, desk: Desk, definition: Definition, found: FormDefinition, key: str) -> str:
    context = preview_context(session, desk.house, found)
    return render_template(
        "definitions/form.html",
        definition=definition,
        form=found,
        key=key,
        context=context,
        values=initial_values(found, context),
        language=current_language(),
    )
