"""Shapes of answers about versions of procedures, and about moving cases between them."""

from __future__ import annotations

from webapp.api.shapes import MOMENT, TEXT, TRUTH, UUID, WHOLE, Schema, made, many, maybe, named, page_of

DEFINITIONS: dict[str, Schema] = {
    "Finding": made(
        "One finding of the deploy check.",
        severity={"type": "string", "enum": ["error", "warning"]},
        element=TEXT,
        name=TEXT,
        code=TEXT,
        message_zh=TEXT,
        message_en=TEXT,
    ),
    "Definition": made(
        id=UUID,
        key=TEXT,
        version=WHOLE,
        title=TEXT,
        active=TRUTH,
        content_hash=TEXT,
        deployed_at=MOMENT,
        deployed_by=TEXT,
        processes=many(made(id=TEXT, name=TEXT, starters=many(TEXT), startable=TRUTH)),
    ),
    "DefinitionDetail": made(definition=named("Definition"), files=many(made(path=TEXT, size=WHOLE))),
    "Deployment": made(
        id=maybe(UUID),
        key=TEXT,
        version=maybe(WHOLE),
        verdict={"type": "string", "enum": ["deployable"]},
        state={
            "type": ["string", "null"],
            "enum": ["published", "submitted", None],
            "description": "`submitted`: it waits for a manager's approval as the draft `draft`.",
        },
        draft=maybe(UUID),
        problems=many(named("Finding")),
    ),
    "MoveFinding": made(element=TEXT, name=TEXT, text=TEXT),
    "Move": made(
        moved=TRUTH,
        moves=TRUTH,
        obstacles=many(named("MoveFinding")),
        remarks=many(named("MoveFinding")),
        tasks=many(made(id=UUID, step=TEXT, before=TEXT, after=TEXT, loses_claim=TEXT)),
        case={"oneOf": [named("Case"), {"type": "null"}]},
    ),
    "MovedCase": {"oneOf": [named("Move"), named("Case")]},
    "Comparison": made(
        changes=many(made(kind=TEXT, about=TEXT, place=TEXT, note=TRUTH, sentences=many(TEXT))),
        moved=many(TEXT),
    ),
    "Definitions": page_of("Definition"),
}
