"""Incidents: steps that could not be carried out, kept with what must be done again."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes import audit, clock, notices
from processes.engine import messaging, timers, work
from processes.engine.failures import CaseFailed
from processes.engine.house import House
from processes.engine.models import Case, CaseEvent, Incident
from processes.engine.packages import package
from processes.errors import Conflict, NotFound
from processes.identity.actor import SYSTEM, Actor
from processes.identity.people import actor_of, person
from processes.messages import message

MAY_RETRY = ("manager", "process_owner", "administrator")
LONGEST_TRACE = 8000


def record(session: Session, failure: CaseFailed, action: Mapping[str, Any]) -> Incident:
    """Keep a failure, in a transaction of its own after the failed one was rolled back.

    The same thing failing again is the same incident.
    """
    case = session.get(Case, failure.case_id, with_for_update=True)
    if case is None:
        raise failure
    open_ = select(Incident).where(
        Incident.case_id == case.id, Incident.status == "open", Incident.element_id == failure.element_id
    )
    found = next((each for each in session.scalars(open_) if _same(each.action, action)), None)
    if found is not None:
        found.action = dict(action)
        found.attempts += 1
        found.text, found.trace, found.at = str(failure.text), _trace(failure), clock.now()
    else:
        found = _new(session, case, failure, action)
    if action["kind"] == "timers":
        case.next_due = None
    audit.record(session, SYSTEM, "case.incident", f"case:{case.id}", ok=False, element=failure.element_id)
    return found


def _same(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    """Whether two acts are one that was tried twice; somebody may have written other answers the second time."""
    if first.get("kind") == second.get("kind") == "complete":
        return bool(first["item"] == second["item"])
    return first == dict(second)


def _new(session: Session, case: Case, failure: CaseFailed, action: Mapping[str, Any]) -> Incident:
    element = package(session, case.definition_id).program.elements.get(failure.element_id)
    step = element.name if element is not None else ""
    incident = Incident(
        case_id=case.id,
        at=clock.now(),
        status="open",
        element_id=failure.element_id,
        step=step,
        text=str(failure.text),
        trace=_trace(failure),
        action=dict(action),
    )
    case.open_incidents += 1
    session.add(incident)
    session.add(
        CaseEvent(
            case_id=case.id, at=incident.at, kind="incident", element_id=failure.element_id, step=step,
            text=incident.text,
        )
    )  # fmt: skip
    text = message("案件 %(number)s 发生故障：%(reason)s", number=case.number, reason=incident.text)
    for role in ("process_owner", "manager"):
        notices.notify(session, "incident", text, role=role, case_id=case.id)
    session.flush()
    return incident


def _trace(failure: CaseFailed) -> str:
    """Where it failed, without the values: lines of code only."""
    frames = traceback.extract_tb(failure.cause.__traceback__)
    lines = [f"{'/'.join(Path(frame.filename).parts[-2:])}:{frame.lineno} {frame.name}" for frame in frames]
    return "\n".join([*lines, type(failure.cause).__name__])[-LONGEST_TRACE:]


def retry(session: Session, house: House, actor: Actor, incident_id: UUID) -> Incident:
    """Do again what failed; raises `CaseFailed` when it fails again."""
    actor.need(*MAY_RETRY)
    incident = session.get(Incident, incident_id)
    if incident is None:
        raise NotFound(message("没有这条故障记录。"))
    if incident.status != "open":
        raise Conflict(message("该故障已处理。"))
    _again(session, house, incident.action, incident.case_id)
    session.refresh(incident, with_for_update=True)
    case = session.get(Case, incident.case_id, with_for_update=True)
    assert case is not None
    if incident.status == "open":  # a completion has resolved it already
        case.open_incidents = max(0, case.open_incidents - 1)
    incident.status, incident.resolved_at, incident.resolved_by = "resolved", clock.now(), actor.name
    session.add(
        CaseEvent(
            case_id=case.id, at=clock.now(), kind="retried", element_id=incident.element_id, step=incident.step,
            person_id=actor.person_id, person=actor.name,
        )
    )  # fmt: skip
    audit.record(session, actor, "case.retry", f"case:{case.id}", element=incident.element_id)
    return incident


def _again(session: Session, house: House, action: Mapping[str, Any], case_id: UUID) -> None:
    """The failed act, as the person who did it first."""
    kind = action.get("kind")
    if kind == "complete":
        first = actor_of(session, person(session, UUID(action["person"])), clock.today())
        work.complete(session, house, first, UUID(action["item"]), action["answers"])
    elif kind == "timers":
        case = session.get(Case, case_id)
        assert case is not None
        case.next_due = clock.now()
        session.flush()
        timers.fire(session, house, case_id)
    elif kind == "message":
        messaging.give(
            session,
            house,
            SYSTEM,
            case_id,
            action["message_kind"],
            action["name"],
            action["data"],
            action["correlation"],
        )


def complete_again(actor: Actor, item_id: UUID, raw: Mapping[str, Any]) -> dict[str, Any]:
    """What to keep of a completion, so that it can be done again."""
    return {"kind": "complete", "person": str(actor.person_id), "item": str(item_id), "answers": dict(raw)}
