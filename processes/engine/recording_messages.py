"""What a step of a case waits for and what it has thrown: waits for messages, jobs that deliver them, incidents."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from processes import jobs
from processes.engine.language import evaluate
from processes.engine.models import Case, Incident, Waiting
from processes.engine.spiff import Element, Run, Thrown
from processes.messages import message

DELIVER = "message.deliver"
"""The kind of job that finds whom a message reaches."""


class Messages:
    """Writes the waits of a case as they are now, and sends what it has thrown."""

    def __init__(
        self, session: Session, case: Case, run: Run, elements: Mapping[str, Element],
        functions: Mapping[str, Callable[..., Any]], now: datetime,
    ) -> None:  # fmt: skip
        self.session = session
        self.case = case
        self.run = run
        self.elements = elements
        self.functions = functions
        self.now = now

    def save(self) -> None:
        """The waits first, then what was thrown, which may be caught by one of them in another case."""
        self._waits()
        self._thrown()

    def _waits(self) -> None:
        known = self.run.waited_before
        waits = {wait.task_id: (kind, wait) for kind, wait in self.run.waits()}
        gone = known - set(waits)
        if gone:
            self.session.execute(delete(Waiting).where(Waiting.case_id == self.case.id, Waiting.task_id.in_(gone)))
        rows = [
            {
                "case_id": self.case.id,
                "task_id": task_id,
                "kind": kind,
                "name": wait.name,
                "correlation": self._correlation(self.elements[wait.element_id], wait.data),
                "element_id": wait.element_id,
            }
            for task_id, (kind, wait) in waits.items()
            if task_id not in known
        ]
        if rows:
            self.session.execute(insert(Waiting), rows)

    def _correlation(self, element: Element, data: Mapping[str, Any]) -> str:
        text = element.properties.get("correlation", "")
        value = evaluate(text, data, self.functions) if text else None
        return "" if value is None else str(value)

    def _thrown(self) -> None:
        for thrown in self.run.take_thrown():
            element = self.elements[thrown.element_id]
            if thrown.kind in ("message", "signal"):
                args = {
                    "kind": thrown.kind,
                    "name": thrown.name,
                    "correlation": self._correlation(element, thrown.data),
                    "data": self._payload(element, thrown),
                    "from": str(self.case.id),
                }
                jobs.enqueue_new(self.session, DELIVER, args)
            else:
                self._uncaught(element, thrown)

    def _payload(self, element: Element, thrown: Thrown) -> dict[str, Any]:
        """What the message carries: variables by name, or `item.part` for one part of one that holds several."""
        found: dict[str, Any] = {}
        for name in filter(None, map(str.strip, element.properties.get("payload", "").split(","))):
            whole, _, part = name.partition(".")
            value = thrown.data.get(whole)
            if part and isinstance(value, Mapping) and part in value:
                found[part] = value[part]
            elif not part and whole in thrown.data:
                found[whole] = value
        return found

    def _uncaught(self, element: Element, thrown: Thrown) -> None:
        text = message("“%(code)s”没有被任何边界事件捕获。", code=thrown.name)
        self.case.open_incidents += 1
        self.session.add(
            Incident(
                case_id=self.case.id,
                at=self.now,
                status="open",
                element_id=element.id,
                step=element.name,
                text=str(text),
                action={"kind": "none"},
            )
        )
