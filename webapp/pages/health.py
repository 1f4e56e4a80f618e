"""Whether the desk is alive and ready, for the machine that watches it."""

from __future__ import annotations

from flask import Blueprint, Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from webapp.access import public
from webapp.desk import current_desk

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def alive() -> Response:
    """The process answers."""
    return Response("ok\n", content_type="text/plain")


@blueprint.get("/readyz")
@public
def ready() -> Response:
    """The database answers too."""
    try:
        with current_desk().db.reading() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return Response("database not reachable\n", 503, content_type="text/plain")
    return Response("ok\n", content_type="text/plain")
