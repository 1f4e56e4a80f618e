"""Rows of the database as the API shows them; their shapes stand in `schemas.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from processes import clock
from processes.engine.case_lists import CaseRow
from processes.engine.models import Case, CaseDocument, CaseEvent, Definition, Incident, Submission, WorkItem
from processes.files import StoredFile
from processes.forms.definition import FormDefinition
from processes.forms.display import masked, plain
from processes.identity.actor import Actor
from webapp.pages.answers import READS_UNMASKED

LARGEST_WHOLE = 2**63 - 1
Shown = dict[str, Any]


def task(item: WorkItem, waits_for: Sequence[str] = ()) -> Shown:
    """A task as a line of a list."""
    return {
        "id": item.id,
        "title": item.title,
        "step": item.step,
        "element": item.element_id,
        "process": item.process_key,
        "case": {
            "id": item.case.id,
            "number": item.case.number,
            "title": item.case.title,
            "status": item.case.status,
        },
        "status": item.status,
        "asked_as": item.attached_as,
        "asked_for": item.attached_to_id,
        "waits_for": list(waits_for),
        "opened_at": item.opened_at,
        "role": item.role,
        "organization_id": item.organization_id,
        "unit_id": item.unit_id,
        "named": item.person_id is not None,
        "claimed_by": item.claimed_by or None,
        "created_at": item.created_at,
        "due_at": item.due_at,
        "due": clock.local(item.due_at).date() if item.due_at else None,
        "overdue": item.due_at is not None and item.due_at < (item.completed_at or clock.now()),
        "completed_at": item.completed_at,
        "completed_by": item.completed_by or None,
        "result": item.result,
    }


def case(found: Case) -> Shown:
    """A case by itself."""
    return {
        "id": found.id,
        "number": found.number,
        "title": found.title,
        "definition_id": found.definition_id,
        "process": found.key,
        "process_id": found.process_id,
        "status": found.status,
        "stage": found.stage or None,
        "outcome": found.outcome,
        "unit_id": found.unit_id,
        "parent_id": found.parent_id,
        "started_by": found.started_by,
        "started_at": found.started_at,
        "ended_at": found.ended_at,
        "revision": found.revision,
        "incidents": found.open_incidents,
    }


def case_row(row: CaseRow) -> Shown:
    """A case as a line of a list."""
    return {"case": case(row.case), "open_tasks": row.open_items, "overdue_tasks": row.overdue_items}


def submission(actor: Actor, found: Submission, form: FormDefinition) -> Shown:
    """A form that was sent; whoever neither sent it nor works with such answers gets the sensitive ones masked."""
    unmasked = found.person_id == actor.person_id or actor.has(*READS_UNMASKED)
    return {
        "id": found.id,
        "task_id": found.work_item_id,
        "step": found.work_item.step,
        "person": found.person,
        "at": found.at,
        "result": found.work_item.result,
        "form_key": found.form_key,
        "form_version": found.form_version,
        "answers": answers(form, found.answers, unmasked),
    }


def answers(form: FormDefinition, given: Mapping[str, Any], unmasked: bool) -> Shown:
    """Answers by field."""
    return {
        key: masked(field, value)
        if not unmasked and (field := form.field(key)) is not None and (field.masked or field.sensitive)
        else _masked_rows(form, key, value, unmasked)
        for key, value in values(given).items()
    }


def _masked_rows(form: FormDefinition, key: str, value: Any, unmasked: bool) -> Any:
    """A table with its sensitive columns masked; anything else as it stands."""
    field = form.field(key)
    secret = {each.key: each for each in field.columns if each.masked or each.sensitive} if field else {}
    if unmasked or not secret or not isinstance(value, list):
        return value
    return [
        {name: masked(secret[name], cell) if name in secret else cell for name, cell in row.items()}
        if isinstance(row, Mapping)
        else row
        for row in value
    ]


def values(given: Mapping[str, Any]) -> Shown:
    """Variables as JSON has them; a whole number too large for most readers becomes a text."""
    return {str(key): _value(plain(value)) for key, value in given.items()}


def _value(value: Any) -> Any:
    if isinstance(value, bool) or value is None or isinstance(value, (str, float)):
        return value
    if isinstance(value, int):
        return value if -LARGEST_WHOLE <= value <= LARGEST_WHOLE else str(value)
    if isinstance(value, Mapping):
        return {str(key): _value(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_value(each) for each in value]
    return str(value)


def event(found: CaseEvent) -> Shown:
    """A line of a case's history."""
    return {
        "id": found.id,
        "at": found.at,
        "kind": found.kind,
        "element": found.element_id,
        "step": found.step,
        "person": found.person,
        "organization": found.organization,
        "text": found.text,
    }


def document(found: CaseDocument) -> Shown:
    """A document of a case."""
    names = ("id", "case_id", "key", "code", "title", "number", "dated", "unit_id")
    return {**{name: getattr(found, name) for name in names}, "ready": found.file.ready}


def incident(found: Incident) -> Shown:
    """Something that could not be carried out."""
    names = ("id", "case_id", "at", "status", "step", "text", "attempts", "note")
    return {"element": found.element_id, **{name: getattr(found, name) for name in names}}


def definition(found: Definition, actor: Actor) -> Shown:
    """A version of a diagram."""
    names = ("id", "key", "version", "title", "active", "content_hash", "deployed_at", "deployed_by")
    processes = [
        {
            "id": each["id"],
            "name": each["name"],
            "starters": each["starters"],
            "startable": found.active and actor.has(*each["starters"]),
        }
        for each in found.processes
    ]
    return {**{name: getattr(found, name) for name in names}, "processes": processes}


def file(found: StoredFile) -> Shown:
    """The facts about a stored file."""
    return {name: getattr(found, name) for name in ("id", "name", "kind", "size", "sha256")}
