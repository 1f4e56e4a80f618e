"""The transaction of one act: what a failed step of a case leaves behind is an incident, never half a change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, TypeVar

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from processes.engine import incidents
from processes.engine.failures import CaseFailed
from processes.engine.models import Case
from processes.engine.task_forms import TaskForm
from processes.engine.verbs.recalling import note_opening
from processes.identity.actor import Actor
from webapp.desk import Desk

T = TypeVar("T")


def acting(desk: Desk, act: Callable[[Session], T], again: Mapping[str, Any] | None = None) -> T:
    """Carry out one act in a writing transaction and give what it gives.

    When a step of a case fails, everything is rolled back; with `again` (what is to be done once more, see
    `incidents.complete_again`) the failure is kept as an incident in a transaction of its own. It is raised either way.
    """
    try:
        with desk.db.transaction() as session:
            return act(session)
    except CaseFailed as failure:
        keep_incident(desk, failure, again)
        raise


def keep_incident(desk: Desk, failure: CaseFailed, again: Mapping[str, Any] | None) -> None:
    """Keep a failure as an incident of its case; a case that was only being started has left none behind."""
    if again is None:
        return
    with desk.db.transaction() as session:
        if session.get(Case, failure.case_id) is not None:
            incidents.record(session, failure, again)


def see_opened(desk: Desk, actor: Actor, task: TaskForm) -> None:
    """Write down that whoever may do a task has looked at it; where the database is busy, the next look does it."""
    if task.item.opened_at is not None or "complete" not in task.actions:
        return
    with suppress(OperationalError), desk.db.transaction() as session:
        note_opening(session, actor, task.item.id)
