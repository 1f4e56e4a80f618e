"""Running cases and versions: move a case to another version, put it back, tell what two versions have otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask import Response
from sqlalchemy.orm import Session

from processes.engine import definitions, moving
from processes.engine.comparing import Comparison, compare, in_language
from processes.engine.deployment import MAY_LOOK
from processes.engine.moving import CannotMove, Outlook
from processes.engine.packages import package
from processes.engine.reasons import LONGEST_REASON
from processes.engine.spiff import Finding
from processes.errors import Invalid
from processes.messages import message
from webapp.api import drawing
from webapp.api.answering import changing, shown
from webapp.api.calls import Asked, Calls, Field, Parameter
from webapp.errors import answer
from webapp.language import current_language, say

calls = Calls("cases")


def move_to_version(asked: Asked, case_id: UUID) -> Response:
    """Let a running case go on with the definition `to`, or say what that would mean.

    409 with `obstacles`, each with its element, when the case could not go on as it stands; then nothing is changed.
    """
    to, reason = _definition_id(asked.body["to"]), asked.body["reason"]
    if asked.body.get("dry_run"):
        return _looked_at(asked, case_id, to)

    def act(session: Session) -> dict[str, Any]:
        target = moving.target_of_definition(session, to)
        found = moving.move(session, asked.desk.house, asked.actor, case_id, target, reason)
        return {**_outlook(found.outlook, moved=True), "case": drawing.case(found.case)}

    try:
        return changing(asked, act)
    except CannotMove as refused:
        return answer(refused.status, say(refused.text), refused.code, obstacles=_findings(refused.obstacles))


def _definition_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as cause:
        problem = message("“to”应为流程版本的标识；移动单项任务时还须给出“task”。")
        raise Invalid(problem, {"to": problem}) from cause


def _looked_at(asked: Asked, case_id: UUID, to: UUID) -> Response:
    asked.actor.need(*moving.MAY_MOVE)
    with asked.desk.db.reading() as session:
        seen = moving.look(session, asked.desk.house, case_id, moving.target_of_definition(session, to))
        return shown({**_outlook(seen, moved=False), "case": None})


@calls.post(
    "/cases/<uuid:case_id>/restore",
    "Put a case back as it was before it was moved, while nothing has happened in it since.",
    answer="Case",
    body=(Field("reason", "Why.", longest=LONGEST_REASON),),
    refusals=(403, 409),
)
def restore_case(asked: Asked, case_id: UUID) -> Response:
    """409 once anything has happened in it."""
    return changing(
        asked, lambda session: drawing.case(moving.restore(session, asked.actor, case_id, asked.body["reason"]))
    )


@calls.get(
    "/definitions/<uuid:definition_id>/comparison",
    "What a version has otherwise than another, in words. For those who look after definitions.",
    answer="Comparison",
    query=(Parameter("with", "Id of the other, earlier definition.", "uuid"),),
    refusals=(403,),
)
def compare_definitions(asked: Asked, definition_id: UUID) -> Response:
    """Without `with` the version before it."""
    asked.actor.need(*MAY_LOOK)
    with asked.desk.db.reading() as session:
        after = definitions.definition(session, definition_id)
        earlier = [each for each in definitions.versions(session, after.key) if each.version < after.version]
        wanted = asked.query.get("with") or (earlier[0].id if earlier else after.id)
        before = definitions.definition(session, wanted)
        found = compare(package(session, before.id).files, package(session, after.id).files)
        return shown(_comparison(found))


def _comparison(found: Comparison) -> dict[str, Any]:
    language = current_language()
    return {
        "changes": [
            {
                "kind": each.kind,
                "about": each.about,
                "place": each.place,
                "note": each.is_note,
                "sentences": [say(in_language(sentence, language)) for sentence in each.sentences()],
            }
            for each in found.changes
        ],
        "moved": sorted(found.moved),
    }


def _outlook(seen: Outlook, *, moved: bool) -> dict[str, Any]:
    language = current_language()
    return {
        "moved": moved,
        "moves": seen.moves,
        "obstacles": _findings(seen.obstacles),
        "remarks": _findings(seen.remarks),
        "tasks": [
            {
                "id": each.item_id,
                "step": each.step,
                "before": say(in_language(each.before, language)),
                "after": say(in_language(each.after, language)),
                "loses_claim": each.loses_claim,
            }
            for each in seen.tasks.changes
        ],
    }


def _findings(found: Iterable[Finding]) -> list[dict[str, str]]:
    language = current_language()
    return [
        {"element": each.element_id, "name": each.step, "text": say(in_language(each.text, language))} for each in found
    ]
