"""The shapes of answers, as OpenAPI names them; a test holds every answer against its shape."""

from __future__ import annotations

from webapp.api.case_schemas import CASES
from webapp.api.definition_schemas import DEFINITIONS
from webapp.api.shapes import ANYTHING, TEXT, UUID, WHOLE, Schema, made, many, maybe, named, page_of
from webapp.api.work_schemas import WORK

SCHEMAS: dict[str, Schema] = {
    "Problem": {
        "type": "object",
        "description": "What went wrong (RFC 9457), in a sentence fit for people.",
        "properties": {
            "type": TEXT,
            "title": TEXT,
            "status": WHOLE,
            "detail": TEXT,
            "errors": {
                "type": "object",
                "additionalProperties": TEXT,
                "description": "For 422: the field of each problem and its sentence.",
            },
            "problems": many(named("Finding")) | {"description": "For 422 on a deployment: what the check found."},
            "reference": TEXT | {"description": "For 500: number to tell the administrator."},
        },
        "required": ["type", "title", "status", "detail"],
    },
    "Post": made(role=TEXT, name=TEXT, organization_id=maybe(TEXT), organization=maybe(TEXT), unit_id=maybe(TEXT)),
    "Unit": made(id=TEXT, name=TEXT),
    "Me": made(
        id=UUID,
        login=TEXT,
        name=TEXT,
        posts=many(named("Post")),
        units=many(named("Unit")),
        counts=made(todo=WHOLE, overdue=WHOLE, started=WHOLE, drafts=WHOLE, held=WHOLE),
    ),
    "Column": made(key=TEXT, title=TEXT, kind=TEXT),
    "Register": made(name=TEXT, title=TEXT, columns=many(named("Column"))),
    "Registers": made(items=many(named("Register"))),
    "RegisterRow": ANYTHING,
    "File": made(id=UUID, name=TEXT, kind=TEXT, size=WHOLE, sha256=TEXT),
    "RegisterPage": page_of("RegisterRow"),
    **WORK,
    **CASES,
    **DEFINITIONS,
}
