"""Messages from outside to the cases that wait for them."""

from __future__ import annotations

from typing import Any

from flask import Response
from sqlalchemy.orm import Session

from processes.engine import messaging
from processes.messages import message
from webapp.api.answering import changing
from webapp.api.calls import Asked, Calls, Field

calls = Calls("messages")
MAY_SEND = ("process_owner", "manager")


@calls.post(
    "/messages",
    "Deliver a message to every case that waits for it, or begin the case that it begins. For owner and manager.",
    answer="Delivery",
    body=(
        Field("name", "Name of the message in the diagram.", longest=200),
        Field("correlation", "What the waiting case is known by.", required=False, longest=500),
        Field("data", "What the message carries.", "object", required=False),
    ),
    refusals=(403, 409, 503),
)
def send_message(asked: Asked) -> Response:
    """`taken` is 0 when nobody waits for it."""
    asked.actor.need(*MAY_SEND, text=message("只有流程管理员或管理者可以发送消息。"))
    name, correlation, data = asked.body["name"], asked.body.get("correlation", ""), asked.body.get("data", {})

    def act(session: Session) -> dict[str, Any]:
        return {"taken": messaging.deliver(session, asked.desk.house, name, correlation, data, asked.actor)}

    again = {"kind": "message", "message_kind": "message", "name": name, "correlation": correlation, "data": data}
    return changing(asked, act, again=again)
