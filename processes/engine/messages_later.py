"""Messages between cases as background work: found whom they reach, then given to each case in its own transaction."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes import clock, jobs
from processes.engine import messaging
from processes.engine.house import House
from processes.engine.models import Case, Waiting
from processes.engine.recording_messages import DELIVER
from processes.identity.actor import SYSTEM
from processes.jobs import Taken

GIVE = "message.give"
SUSPENDED = timedelta(minutes=5)
"""Between two looks whether a suspended case goes on."""


def send_later(session: Session, name: str, correlation: str, data: dict[str, Any]) -> None:
    """Send a message that no diagram throws: what ends a case from outside tells those who wait for its result."""
    jobs.enqueue_new(
        session, DELIVER, {"kind": "message", "name": name, "correlation": correlation, "data": data, "from": ""}
    )


def deliver(session: Session, house: House, job: Taken, made: Any) -> None:
    """Find whom a message reaches; where nobody waits for it, begin the case that it begins.

    A signal begins its cases in any event; in the case that sent it, it has been heard when it was sent.
    """
    args = job.args
    found = [
        *messaging.waiting_cases(session, args["kind"], args["name"], args["correlation"]),
        *_suspended_cases(session, args["kind"], args["name"], args["correlation"]),
    ]
    if args["kind"] == "signal":
        found = [case_id for case_id in found if str(case_id) != args.get("from")]
    for case_id in found:
        jobs.enqueue_new(session, GIVE, {**args, "case": str(case_id)})
    if not found or args["kind"] == "signal":
        messaging.begin(session, house, SYSTEM, args["kind"], args["name"], args["data"])


def _suspended_cases(session: Session, kind: str, name: str, correlation: str) -> list[UUID]:
    """Cases that wait for a message and will take it when they go on."""
    query = (
        select(Waiting.case_id)
        .join(Case, Case.id == Waiting.case_id)
        .where(Waiting.kind == kind, Waiting.name == name, Case.status == "suspended")
    )
    if kind == "message":
        query = query.where(Waiting.correlation == correlation)
    return list(dict.fromkeys(session.scalars(query)))


def give(session: Session, house: House, job: Taken, made: Any) -> None:
    """Give a message to one case; a suspended one gets it when it goes on, one that has ended does not."""
    case_id = UUID(job.args["case"])
    case = session.get(Case, case_id, with_for_update=True)
    if case is None or case.status not in ("running", "suspended"):
        return
    if case.status == "suspended":
        jobs.enqueue_new(session, job.kind, job.args, due=clock.now() + SUSPENDED, key=job.key)
        return
    args = job.args
    messaging.give(session, house, SYSTEM, case_id, args["kind"], args["name"], args["data"], args["correlation"])
