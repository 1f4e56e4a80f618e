"""What staff keep beside their tasks: stand-ins, phrases, hand-overs, attachments of cases."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any
from uuid import UUID

from flask import Response, request
from sqlalchemy.orm import Session

from processes.engine.reasons import LONGEST_REASON
from processes.engine.verbs import attachments, handing_over, phrases
from processes.errors import Invalid
from processes.identity import stand_ins
from processes.messages import message
from webapp.api import drawing_verbs
from webapp.api.answering import changing, shown
from webapp.api.calls import Asked, Calls, Content, Field, Parameter
from webapp.api.files import FORM
from webapp.api.reading import WrongType

calls = Calls("staff")


@calls.get(
    "/stand-ins",
    "For whom I stand in, and who does for me.",
    answer="StandIns",
    query=(Parameter("everybody", "All, for those who may arrange it for others.", "boolean"),),
)
def list_stand_ins(asked: Asked) -> Response:
    """Newest first."""
    with asked.desk.db.reading() as session:
        found = stand_ins.stand_ins(session, asked.actor, everybody=bool(asked.query.get("everybody")))
        return shown({"items": [drawing_verbs.stand_in(each) for each in found]})


@calls.post(
    "/stand-ins",
    "Let a colleague do my work for a time (代理).",
    answer="StandIn",
    status=201,
    body=(
        Field("person", "Log-in of the colleague."),
        Field("valid_from", "First day, 2026-01-31.", longest=10),
        Field("valid_to", "Last day.", longest=10),
        Field("processes", "Keys of the definitions; none: all.", "texts", False),
        Field("reason", "Why.", required=False, longest=stand_ins.LONGEST_REASON),
        Field("principal", "Log-in of whose work it is, for those who may arrange it for others.", required=False),
    ),
    refusals=(403, 409),
)
def arrange_stand_in(asked: Asked) -> Response:
    """It never reaches what I stand in for myself, nor the colleague's own requests."""
    body = asked.body
    first, last = _day(body["valid_from"], "valid_from"), _day(body["valid_to"], "valid_to")

    def act(session: Session) -> dict[str, Any]:
        made = stand_ins.arrange(
            session, asked.actor, body["person"], first, last, processes=body.get("processes", []),
            reason=body.get("reason", ""), principal=body.get("principal", ""),
        )  # fmt: skip
        return drawing_verbs.stand_in(made)

    return changing(asked, act, status=201)


def _day(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as cause:
        problem = message("日期应写作 2026-01-31 的形式。")
        raise Invalid(problem, {field: problem}) from cause


@calls.post(
    "/stand-ins/<uuid:stand_in_id>/end", "End it before its last day.", answer="StandIn", body=(), refusals=(409,)
)
def end_stand_in(asked: Asked, stand_in_id: UUID) -> Response:
    """Both sides may."""
    return changing(asked, lambda session: drawing_verbs.stand_in(stand_ins.end(session, asked.actor, stand_in_id)))


@calls.get("/phrases", "Common phrases: mine, then those of the house.", answer="Phrases")
def list_phrases(asked: Asked) -> Response:
    """In their order."""
    with asked.desk.db.reading() as session:
        return shown({"items": [drawing_verbs.phrase(each) for each in phrases.phrases(session, asked.actor)]})


@calls.post(
    "/phrases",
    "Keep a phrase.",
    answer="Phrase",
    status=201,
    body=(
        Field("text", "The phrase.", longest=phrases.LONGEST),
        Field("of_house", "For everybody; for those who may keep them.", "truth", False),
    ),
    refusals=(403, 409),
)
def add_phrase(asked: Asked) -> Response:
    """Mine, unless it is for everybody."""
    text, of_house = asked.body["text"], asked.body.get("of_house", False)
    return changing(
        asked,
        lambda session: drawing_verbs.phrase(phrases.add(session, asked.actor, text, of_house=of_house)),
        status=201,
    )


@calls.post("/phrases/<uuid:phrase_id>/remove", "Keep a phrase no longer.", answer="Phrase", body=(), refusals=(403,))
def remove_phrase(asked: Asked, phrase_id: UUID) -> Response:
    """One of mine, or of the house for those who may keep them."""
    return changing(asked, lambda session: drawing_verbs.phrase(phrases.remove(session, asked.actor, phrase_id)))


@calls.get("/hand-overs", "Receipts of work that was handed over.", answer="HandOvers")
def list_hand_overs(asked: Asked) -> Response:
    """Newest first; mine, or all for administrators."""
    with asked.desk.db.reading() as session:
        return shown({"items": [drawing_verbs.hand_over(each) for each in handing_over.receipts(session, asked.actor)]})


@calls.post(
    "/hand-overs",
    "Move all open work of somebody who leaves to a successor (交接).",
    answer="HandOver",
    status=201,
    body=(
        Field("leaver", "Log-in of who leaves."),
        Field("successor", "Log-in of who goes on."),
        Field("reason", "Why.", longest=LONGEST_REASON),
    ),
    refusals=(403, 409),
)
def hand_over(asked: Asked) -> Response:
    """The answer is the receipt with every line that was moved."""
    body = asked.body

    def act(session: Session) -> dict[str, Any]:
        return drawing_verbs.hand_over(
            handing_over.hand_over(session, asked.actor, body["leaver"], body["successor"], body["reason"])
        )

    return changing(asked, act, status=201)


@calls.get(
    "/cases/<uuid:case_id>/attachments", "Files beside the forms of a case, with versions.", answer="Attachments"
)
def list_attachments(asked: Asked, case_id: UUID) -> Response:
    """Oldest first; versions newest first."""
    with asked.desk.db.reading() as session:
        found = attachments.attachments(session, asked.actor, case_id)
        return shown({"items": [drawing_verbs.attachment(each) for each in found]})


@calls.post(
    "/attachments",
    "Put a file beside the forms of a case; one of the same name becomes its next version.",
    answer="Attachment",
    status=201,
    body=Content((FORM,), "`file` is the file, `task` the id of a task of the case.", parts=("file", "task")),
    refusals=(403, 409),
)
def add_attachment(asked: Asked) -> Response:
    """Its kind and size are checked by its content."""
    if request.mimetype != FORM:
        raise WrongType(message("请求正文应为 multipart/form-data，含 file 和 task 两部分。"))
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        problem = message("请选择文件。")
        raise Invalid(problem, {"file": problem})
    content, name = sent.read(), sent.filename
    try:
        task_id = UUID(request.form.get("task", ""))
    except ValueError as cause:
        problem = message("应为编号（UUID）。")
        raise Invalid(problem, {"task": problem}) from cause

    def act(session: Session) -> dict[str, Any]:
        made = attachments.add(session, asked.desk.house, asked.actor, task_id, name, content)
        return drawing_verbs.attachment(made.attachment)

    return changing(asked, act, status=201, sent=hashlib.sha256(content).digest() + task_id.bytes + name.encode())
