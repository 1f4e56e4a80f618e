"""The routes of `/api/v1`: one for each call of the table, and the document that describes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response

from webapp.access import public, signed_in
from webapp.api import (
    cases,
    circulations,
    definitions,
    dossiers,
    files,
    me,
    messages,
    moving,
    registers,
    staff,
    tasks,
    verbs,
)
from webapp.api.answering import shown
from webapp.api.calls import Asked, Call
from webapp.api.openapi import BASE, document
from webapp.api.reading import body_of, query_of
from webapp.desk import current_desk
from webapp.visitors import current_actor

CALLS: tuple[Call, ...] = (
    *me.calls,
    *tasks.calls,
    *verbs.calls,
    *circulations.calls,
    *staff.calls,
    *cases.calls,
    *moving.calls,
    *dossiers.calls,
    *definitions.calls,
    *messages.calls,
    *registers.calls,
    *files.calls,
)
"""Every call there is."""
blueprint = Blueprint("api", __name__, url_prefix=BASE)


def _served(call: Call) -> Callable[..., Response]:
    """The view of a call: what came is checked, then the call's own function answers."""

    def serve(**places: Any) -> Response:
        query = query_of(call)
        body = body_of(call.body) if isinstance(call.body, tuple) else {}
        return call.view(Asked(current_desk(), current_actor(), query, body), **places)

    serve.__name__ = call.name
    return signed_in(serve)


@blueprint.get("/openapi.json")
@public
def openapi() -> Response:
    """The document; it says nothing of anybody, and so it is for everybody."""
    return shown(document(CALLS))


for _call in CALLS:
    blueprint.add_url_rule(
        _call.path, _call.name, _served(_call), methods=[_call.method], provide_automatic_options=False
    )
