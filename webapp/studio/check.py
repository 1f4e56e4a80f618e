"""The check while drawing: the same that the command line, the API and publishing use, over the draft as it stands."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, request

from processes.engine import deployment, drafts
from processes.engine.check import as_report
from processes.engine.deployment import MAY_LOOK
from processes.engine.packages import DIAGRAM
from webapp.access import post_needed
from webapp.desk import current_desk
from webapp.studio.answers import answered, told_to_script
from webapp.visitors import current_actor

blueprint = Blueprint("studio_check", __name__, url_prefix="/studio/drafts/<uuid:draft_id>")


@blueprint.route("/check.json", methods=["GET", "POST"])
@post_needed(*MAY_LOOK)
@told_to_script
def check(draft_id: UUID) -> Response:
    """All problems of the draft; a diagram that is sent along takes the place of the saved one, and is not saved."""
    desk = current_desk()
    current_actor().need(*MAY_LOOK)
    with desk.db.reading() as session:
        files = dict(drafts.files(session, drafts.draft(session, draft_id).id))
        if request.method == "POST":
            files[DIAGRAM] = request.get_data()
        found = deployment.found_problems(session, desk.house, files)
    report = as_report(DIAGRAM, found)
    return answered(verdict=report["verdict"], problems=report["problems"])
