"""Addresses of before the studio: links that were kept or sent lead to where things are now."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from processes.engine.deployment import MAY_DEPLOY, MAY_LOOK
from webapp.access import post_needed

blueprint = Blueprint("definitions", __name__, url_prefix="/definitions")
MOVED = 308


def _now_at(endpoint: str, **values: Any) -> ResponseReturnValue:
    return redirect(url_for(endpoint, **values), MOVED)


@blueprint.get("/")
@post_needed(*MAY_LOOK)
def index() -> ResponseReturnValue:
    """The list of packages, or the versions of one."""
    key = request.args.get("key", "").strip()
    if key:
        return _now_at("studio_versions.procedure", key=key)
    return _now_at("studio.index", **request.args.to_dict())


@blueprint.get("/new")
@post_needed(*MAY_DEPLOY)
def new() -> ResponseReturnValue:
    """The form for an upload."""
    return _now_at("studio_beginning.new")


@blueprint.get("/<uuid:definition_id>")
@post_needed(*MAY_LOOK)
def show(definition_id: UUID) -> ResponseReturnValue:
    """One version."""
    return _now_at("studio_versions.show", definition_id=definition_id)


@blueprint.get("/<uuid:definition_id>/forms/<key>")
@post_needed(*MAY_LOOK)
def form(definition_id: UUID, key: str) -> ResponseReturnValue:
    """A form of a version."""
    return _now_at("studio_versions.form", definition_id=definition_id, key=key)


@blueprint.get("/<uuid:definition_id>/tasks/<element_id>/form")
@post_needed(*MAY_LOOK)
def task_form(definition_id: UUID, element_id: str) -> ResponseReturnValue:
    """The form that is made for a task."""
    return _now_at("studio_versions.task_form", definition_id=definition_id, element_id=element_id)


@blueprint.get("/<uuid:definition_id>/files/<path:path>")
@post_needed(*MAY_LOOK)
def file(definition_id: UUID, path: str) -> ResponseReturnValue:
    """A file of a version."""
    return _now_at("studio_versions.file", definition_id=definition_id, path=path)


@blueprint.get("/<uuid:definition_id>/package.zip")
@post_needed(*MAY_LOOK)
def archive(definition_id: UUID) -> ResponseReturnValue:
    """All files of a version."""
    return _now_at("studio_versions.archive", definition_id=definition_id)
