"""A whole case taken away as one file."""

from __future__ import annotations

import tempfile
from uuid import UUID

from flask import Blueprint, Response, send_file

from processes.identity.actor import Actor
from webapp.access import signed_in
from webapp.desk import Desk, current_desk
from webapp.dossier.exporting import export_case
from webapp.visitors import current_actor

ZIP = "application/zip"
blueprint = Blueprint("dossiers", __name__)


@blueprint.get("/cases/<uuid:case_id>/export")
@signed_in
def download(case_id: UUID) -> Response:
    """For those who see the case as a whole; each export stands in the audit trail."""
    return dossier_of(current_desk(), current_actor(), case_id)


def dossier_of(desk: Desk, actor: Actor, case_id: UUID) -> Response:
    """The zip of a case, from a file without a name that is gone when the answer has been sent."""
    file = tempfile.TemporaryFile(prefix="dossier-")  # noqa: SIM115 - it is closed with the answer
    try:
        exported = export_case(desk, actor, case_id, file)
        file.seek(0)
        answer = send_file(file, mimetype=ZIP, as_attachment=True, download_name=exported.name, max_age=0)
    except BaseException:
        file.close()
        raise
    answer.call_on_close(file.close)
    answer.headers["Cache-Control"] = "no-store"
    return answer
