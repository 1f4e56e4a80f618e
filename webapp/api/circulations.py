"""Copies that were sent to me, questions that were asked aside, and what I have sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response
from sqlalchemy.orm import Session

from processes.engine.verbs import circulating
from processes.engine.verbs.circulating import BOXES, Box
from webapp.api import drawing_verbs
from webapp.api.answering import PAGING, changing, page_of, page_shown
from webapp.api.calls import Asked, Calls, Field, Parameter
from webapp.api.verbs import PEOPLE

calls = Calls("circulations")


@calls.get(
    "/circulations",
    "Copies and questions.",
    answer="Circulations",
    query=(Parameter("box", "`unread` copies and open questions is the default.", choices=BOXES), *PAGING),
)
def list_circulations(asked: Asked) -> Response:
    """Newest first."""
    box: Box = next((each for each in BOXES if each == asked.text("box")), "unread")
    with asked.desk.db.reading() as session:
        return page_shown(
            asked, circulating.circulations(session, asked.actor, box, page_of(asked)), drawing_verbs.circulation
        )


def _circulation(asked: Asked, act: Callable[[Session], circulating.Circulation]) -> Response:
    return changing(asked, lambda session: drawing_verbs.circulation(act(session)))


@calls.post("/circulations/<uuid:circulation_id>/read", "Note that I have read it.", answer="Circulation", body=())
def read_circulation(asked: Asked, circulation_id: UUID) -> Response:
    """The sender can see when."""
    return _circulation(asked, lambda session: circulating.read(session, asked.actor, circulation_id))


@calls.post(
    "/circulations/<uuid:circulation_id>/answer",
    "Answer a question, or leave an opinion on a copy.",
    answer="Circulation",
    body=(Field("text", "The answer.", longest=circulating.LONGEST_TEXT),),
    refusals=(409,),
)
def answer_circulation(asked: Asked, circulation_id: UUID) -> Response:
    """It stays in the history of the case."""
    text = asked.body["text"]
    return _circulation(asked, lambda session: circulating.answer(session, asked.actor, circulation_id, text))


@calls.post(
    "/circulations/<uuid:circulation_id>/pass-on",
    "Show a copy to others as well (传阅).",
    answer="CirculationList",
    body=(PEOPLE, Field("text", "A note.", required=False, longest=circulating.LONGEST_TEXT)),
    refusals=(409,),
)
def pass_on_circulation(asked: Asked, circulation_id: UUID) -> Response:
    """They are told."""
    to, text = asked.body["to"], asked.body.get("text", "")

    def act(session: Session) -> dict[str, Any]:
        made = circulating.pass_on(session, asked.actor, circulation_id, to, text)
        return {"items": [drawing_verbs.circulation(each) for each in made]}

    return changing(asked, act)
