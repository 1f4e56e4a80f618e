"""事件日志: the history of cases as a file for process mining, streamed while it is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from flask import Blueprint, Response, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue

from processes import audit, clock
from processes.engine.definitions import active_definitions
from processes.engine.statistics.event_log import LogEvent, LogSight, Pseudonyms, csv_lines, event_log, xes_lines
from processes.errors import Invalid
from processes.messages import message
from webapp.access import post_needed
from webapp.desk import current_desk
from webapp.pages.inbox import procedure_choices
from webapp.visitors import current_actor

blueprint = Blueprint("event_logs", __name__, url_prefix="/oversight/event-log")
MINERS = ("manager", "process_owner", "auditor")
"""Posts that may take the whole log away."""
KINDS: dict[str, tuple[Callable[[Iterator[LogEvent]], Iterator[str]], str]] = {
    "xes": (xes_lines, "application/xml; charset=utf-8"),
    "csv": (csv_lines, "text/csv; charset=utf-8"),
}


@blueprint.get("/")
@post_needed(*MINERS)
def index() -> ResponseReturnValue:
    """What the log holds, and which part of it is wanted."""
    with current_desk().db.reading() as session:
        return render_template("oversight/event_log.html", processes=procedure_choices(active_definitions(session)))


@blueprint.get("/cases.<any(xes, csv):kind>")
@post_needed(*MINERS)
def download(kind: str) -> Response:
    """The log as a file; that it was taken, and whether with names, is in the audit trail."""
    desk, actor = current_desk(), current_actor()
    sight = LogSight(request.args.get("process", "")[:80], _day("from"), _day("to"), bool(request.args.get("names")))
    with desk.db.transaction() as session:
        audit.record(session, actor, "event_log.export", f"process:{sight.key or '*'}", kind=kind, names=sight.names)
    write, media_type = KINDS[kind]

    def parts() -> Iterator[str]:
        with desk.db.reading() as session:
            yield from write(event_log(session, actor, sight, Pseudonyms(desk.settings.audit_key)))

    name = f"event-log-{clock.today().isoformat()}.{kind}"
    return Response(
        stream_with_context(parts()),
        content_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


def _day(name: str) -> date | None:
    text = request.args.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as cause:
        raise Invalid(message("日期应写作 2026-01-31 的形式。")) from cause
