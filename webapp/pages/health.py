"""Whether the desk is alive and ready, for the machine that watches it."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from processes import clock, workers
from processes.migrations.running import newest, revision_of
from webapp.access import public
from webapp.desk import current_desk

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def alive() -> Response:
    """The process answers; nothing else is asked."""
    return Response("ok\n", content_type="text/plain")


@blueprint.get("/readyz")
@public
def ready() -> Response:
    """The database answers, its tables are those of this program, and a worker is alive; else what is not so."""
    try:
        with current_desk().db.reading() as session:
            problems = list(_problems(session))
    except SQLAlchemyError:
        problems = ["database: does not answer"]
    if problems:
        return Response("\n".join(problems) + "\n", 503, {"Retry-After": "5"}, content_type="text/plain")
    return Response("ok\n", content_type="text/plain")


def _problems(session: Session) -> Iterator[str]:
    found = revision_of(session.connection())
    if found != newest():
        yield f"schema: the database has {found or 'no tables'}, this program needs {newest()}"
        return
    seen = workers.last_seen(session)
    if seen is None:
        yield "worker: none has been seen"
    elif (late := clock.now() - seen) > workers.RECENT:
        yield f"worker: not seen for {late.total_seconds():.0f} s"
