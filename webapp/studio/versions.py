"""Versions: the history of a procedure, one version as a whole, its forms and files, and the way back to it."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import PurePosixPath
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from processes.engine import definitions, drafts, moving, publishing
from processes.engine.deployment import MAY_DEPLOY, MAY_LOOK
from processes.engine.drawing import draw
from processes.engine.models import Definition
from processes.engine.packages import package
from processes.errors import NotFound
from processes.files import MEDIA_TYPES
from processes.forms.beginning import initial_values
from processes.forms.definition import FormDefinition
from processes.identity.actor import Actor
from processes.messages import message
from webapp.access import post_needed
from webapp.desk import Desk, current_desk
from webapp.language import current_language
from webapp.operation_key import once
from webapp.pages.downloads import attachment
from webapp.pages.lists import asked
from webapp.studio.drafts import STATES, TONES
from webapp.studio.lines import (
    HUMAN,
    form_lines,
    preview_context,
    problem_words,
    process_lines,
    report,
    step_lines,
)
from webapp.studio.telling import told_data
from webapp.visitors import current_actor

blueprint = Blueprint("studio_versions", __name__, url_prefix="/studio")
TYPES = {**MEDIA_TYPES, "bpmn": "application/xml", "dmn": "application/xml", "json": "application/json"}
DOCUMENTATION = "studio_documentation.show"
"""The printable page of a version, where it is installed."""


@blueprint.get("/procedures/<key>")
@post_needed(*MAY_LOOK)
def procedure(key: str) -> ResponseReturnValue:
    """The history of a procedure: every version with who, when, why, article, who approved, and its running cases."""
    actor, wanted = current_actor(), asked()
    actor.need(*MAY_LOOK)
    with current_desk().db.reading() as session:
        versions = list(definitions.versions(session, key))
        if not versions and not publishing.publications(session, key=key):
            raise NotFound(message("没有名为“%(key)s”的流程。", key=key))
        shown = versions[wanted.offset : wanted.offset + wanted.size]
        ids = [each.id for each in shown]
        return render_template(
            "studio/procedure.html",
            key=key,
            title=(next((each for each in versions if each.active), None) or versions[0]).title if versions else key,
            versions=shown,
            all=versions,
            page=wanted.page(len(versions)),
            running=definitions.running_cases(session, [each.id for each in versions]),
            by_version=publishing.publication_of(session, ids),
            drafts=drafts.listed(session, key, drafts.ALIVE, "-changed", offset=0, limit=20)[0],
            states=STATES,
            tones=TONES,
            batches=moving.batches(session, key),
            may_publish=actor.has(*MAY_DEPLOY),
            may_move=actor.has(*moving.MAY_MOVE),
            documentation=_documentation,
            active=next((each for each in versions if each.active), None),
        )


@blueprint.get("/versions/<uuid:definition_id>")
@post_needed(*MAY_LOOK)
def show(definition_id: UUID) -> ResponseReturnValue:
    """One version: picture, steps, processes, forms, files, report of the check, how it came to be."""
    desk = current_desk()
    with desk.db.reading() as session:
        return _page(session, desk, current_actor(), definition_id)


@blueprint.post("/versions/<uuid:definition_id>/roll-back")
@post_needed(*MAY_DEPLOY)
def roll_back(definition_id: UUID) -> ResponseReturnValue:
    """Make a draft with the content of this version, which goes through the same gate."""
    with once() as operation:
        made = publishing.roll_back(operation.session, current_actor(), definition_id)
        flash(_("已按旧版本建立草稿：查看对照后提交，发布后即恢复该版本。"))
        return operation.done(url_for("studio_publishing.show", draft_id=made.id))


@blueprint.get("/versions/<uuid:definition_id>/forms/<key>")
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


@blueprint.get("/versions/<uuid:definition_id>/tasks/<element_id>/form")
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


@blueprint.get("/versions/<uuid:definition_id>/files/<path:path>")
@post_needed(*MAY_LOOK)
def file(definition_id: UUID, path: str) -> Response:
    """A file of the package, byte for byte."""
    with current_desk().db.reading() as session:
        definition = _definition(session, current_actor(), definition_id)
        content = package(session, definition.id).file(path)
    name = PurePosixPath(path)
    kind = TYPES.get(name.suffix.lstrip(".").lower(), "application/octet-stream")
    return attachment(content, f"{definition.key}-{definition.version}-{name.name}", kind)


@blueprint.get("/versions/<uuid:definition_id>/package.zip")
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


def _definition(session: Session, actor: Actor, definition_id: UUID) -> Definition:
    actor.need(*MAY_LOOK)
    return definitions.definition(session, definition_id)


def _documentation(definition: Definition) -> str:
    """Where the printable documentation of a version is, where it is installed."""
    installed = DOCUMENTATION in current_app.view_functions
    return url_for(DOCUMENTATION, definition_id=definition.id) if installed else ""


def _page(session: Session, desk: Desk, actor: Actor, definition_id: UUID) -> str:
    definition = _definition(session, actor, definition_id)
    of = package(session, definition.id)
    all_versions = definitions.versions(session, definition.key)
    publication = publishing.publication_of(session, [definition.id]).get(definition.id)
    return render_template(
        "studio/version.html",
        definition=definition,
        versions=all_versions,
        active=next((each for each in all_versions if each.active), None),
        running=definitions.running_cases(session, [definition.id]).get(definition.id, 0),
        publication=publication,
        acts=publishing.acts(session, [publication.id]) if publication else [],
        told_data=told_data,
        svg=draw(of.bpmn, title=definition.title),
        steps=step_lines(definition, of),
        processes=process_lines(of),
        forms=form_lines(of),
        files=[(path, len(content)) for path, content in sorted(of.files.items())],
        report=report(session, desk.house, of.files),
        words=problem_words,
        documentation=_documentation(definition),
        may_publish=actor.has(*MAY_DEPLOY),
        may_move=actor.has(*moving.MAY_MOVE),
    )


def _preview(session: Session, desk: Desk, definition: Definition, found: FormDefinition, key: str) -> str:
    context = preview_context(session, desk.house, found)
    return render_template(
        "studio/version_form.html",
        definition=definition,
        form=found,
        key=key,
        context=context,
        values=initial_values(found, context),
        language=current_language(),
    )
