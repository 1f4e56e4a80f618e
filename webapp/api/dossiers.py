"""A whole case as one file."""

from __future__ import annotations

from uuid import UUID

from flask import Response

from webapp.api.calls import Asked, Calls, Content
from webapp.pages.dossiers import ZIP, dossier_of

calls = Calls("cases")
WHOLE = Content((ZIP,), "Facts, documents, attachments, diagram and history, with the cases that belong to it.")


@calls.get(
    "/cases/<uuid:case_id>/export",
    "A whole case as a folder in a zip.",
    answer=WHOLE,
    refusals=(403, 409),
)
def export_case(asked: Asked, case_id: UUID) -> Response:
    """For those who see the case as a whole; 409 while the desk is busy with other exports. It is audited."""
    return dossier_of(asked.desk, asked.actor, case_id)
