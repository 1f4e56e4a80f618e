"""Messages between cases: by name and correlation, to every place that waits, or to begin a new case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from processes import audit
from processes.engine.cases import start
from processes.engine.definitions import active_definitions
from processes.engine.door import open_case
from processes.engine.house import House
from processes.engine.models import Case, CaseEvent, Waiting
from processes.engine.packages import package
from processes.identity.actor import SYSTEM, Actor


def waiting_cases(session: Session, kind: str, name: str, correlation: str) -> list[UUID]:
    """Cases that a message reaches, oldest first; a signal reaches all that wait for its name."""
    query = _waits(kind, name, correlation).join(Case, Case.id == Waiting.case_id).where(Case.status == "running")
    return list(dict.fromkeys(session.scalars(query.with_only_columns(Waiting.case_id).order_by(Case.started_at))))


def _waits(kind: str, name: str, correlation: str) -> Select[Any]:
    query = select(Waiting).where(Waiting.kind == kind, Waiting.name == name)
    return query if kind == "signal" else query.where(Waiting.correlation == correlation)


def deliver(
    session: Session,
    house: House,
    name: str,
    correlation: str,
    data: Mapping[str, Any],
    actor: Actor = SYSTEM,
    *,
    kind: str = "message",
) -> int:
    """Give a message to all that wait for it; where nobody waits, begin the case that it begins. How many took it.

    A signal begins its cases in any event.
    """
    found = waiting_cases(session, kind, name, correlation)
    for case_id in found:
        give(session, house, actor, case_id, kind, name, data, correlation)
    begun = begin(session, house, actor, kind, name, data) if kind == "signal" or not found else 0
    taken = len(found) + begun
    audit.record(session, actor, f"{kind}.deliver", f"{kind}:{name}", correlation=correlation, taken=taken)
    return taken


def give(
    session: Session,
    house: House,
    actor: Actor,
    case_id: UUID,
    kind: str,
    name: str,
    data: Mapping[str, Any],
    correlation: str,
) -> None:
    """Give a message or signal to one case; if it no longer waits, nothing happens."""
    with open_case(session, house, actor, case_id) as opened:
        mine = _waits(kind, name, correlation).where(Waiting.case_id == case_id)
        waits = session.execute(mine.with_only_columns(Waiting.task_id, Waiting.element_id)).all()
        tasks = {wait.task_id for wait in waits}
        if kind == "signal":
            opened.run.signal(name, data)
        else:
            for wait in opened.run.messages():
                if wait.task_id in tasks and opened.run.awaits(wait.task_id):  # one that came first may end another
                    opened.run.deliver(wait.task_id, data)
        elements = opened.package.program.elements
        steps = dict.fromkeys(elements[wait.element_id].name for wait in waits)
        session.add(
            CaseEvent(
                case_id=case_id, at=opened.now, kind="message", step="、".join(filter(None, steps)),
                person_id=actor.person_id, person=actor.name, text="" if steps and all(steps) else name,
            )
        )  # fmt: skip
        opened.save()


def begin(session: Session, house: House, actor: Actor, kind: str, name: str, data: Mapping[str, Any]) -> int:
    """Begin a case of every process that the message starts; how many there were."""
    begun = 0
    for definition in active_definitions(session):
        program = package(session, definition.id).program
        if kind == "message":
            starts = [program.message_starts[name]] if name in program.message_starts else []
        else:
            starts = list(program.signal_starts.get(name, ()))
        for process_id, event in starts:
            start(
                session, house, actor, definition.key, process_id, data,
                start_event=event, definition=definition, by_hand=False,
            )  # fmt: skip
            begun += 1
    return begun
