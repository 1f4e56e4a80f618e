"""`case.json`: everything the desk knows of a case, as data that is read without the desk (format 1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from itertools import count
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.orm import Session

from processes.engine.models import Case, CaseDocument, CaseEvent, Incident, Submission, WorkItem
from processes.engine.packages import Stage
from processes.files import StoredFile
from processes.forms.definition import FormDefinition
from processes.identity.actor import Actor
from processes.identity.models import Person, Unit
from processes.registers import reading
from processes.registers.listing import MOST_ROWS, Register
from webapp.api import drawing
from webapp.pages.parties import Party

FORMAT = 1
Facts = dict[str, Any]


def written(content: Any) -> bytes:
    """Data as a JSON file for people and programs: moments in UTC, days as they are."""
    options = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    return orjson.dumps(content, option=options)


def head(case: Case, process: str, stage: Stage | None, unit: Unit | None, subject: Person | None) -> Facts:
    """Format, case and definition."""
    of = case.definition
    return {
        "format": FORMAT,
        "program": f"chief-planner {version('chief-planner')}",
        "case": {
            **drawing.case(case),
            "process_name": process,
            "stage_title": stage.title.text("zh") if stage else None,
            "unit": unit.name if unit else None,
            "subject_id": case.subject_id,
            "subject": subject.name if subject else None,
            "changed_at": case.changed_at,
        },
        "definition": {
            name: getattr(of, name)
            for name in ("id", "key", "version", "title", "content_hash", "deployed_at", "deployed_by")
        },
    }


def work_item(item: WorkItem, party: Party) -> Facts:
    """A task: whose it was, when it came, when and by whom it was done."""
    names = ("step", "title", "status", "form_key", "stage", "role", "organization_id", "unit_id", "person_id")
    more = ("instance_key", "created_at", "due_at", "claimed_by", "claimed_at", "completed_at", "completed_by")
    facts = {name: getattr(item, name) for name in (*names, *more, "completed_by_id", "result")}
    return {"id": item.id, "element": item.element_id, "party": f"{party.name} {party.post}".strip(), **facts}


def submission(actor: Actor, found: Submission, form: FormDefinition, form_path: str) -> Facts:
    """A form that was sent, with what the reader may see of its answers."""
    return {**drawing.submission(actor, found, form), "person_id": found.person_id, "form": form_path}


def document(found: CaseDocument, for_whom: str, path: str) -> Facts:
    """A letter or certificate."""
    more = {"subject_id": found.subject_id, "for": for_whom, "made_at": found.at, "issued_by": found.issued_by}
    return {**drawing.document(found), **more, "element": found.element_id, "path": path or None}


def attachment(found: StoredFile, path: str | None) -> Facts:
    """A stored file; without a path its content is missing."""
    names = ("owner", "owner_id", "at", "work_item_id")
    return {**drawing.file(found), **{name: getattr(found, name) for name in names}, "path": path}


def event(found: CaseEvent) -> Facts:
    """A line of the history."""
    return {**drawing.event(found), "person_id": found.person_id, "task_id": found.task_id or None}


def incident(found: Incident) -> Facts:
    """A step that failed."""
    more = {"step": found.step, "resolved_at": found.resolved_at, "resolved_by": found.resolved_by}
    return {**drawing.incident(found), **more}


def register_rows(session: Session, actor: Actor, case_id: UUID) -> list[Facts]:
    """Rows of the registers that name the case, and those of the round that it runs."""
    registers = reading.readable_registers(actor)
    rounds = [row["id"] for row in _rows(session, actor, registers, "rounds", {"case_id": str(case_id)})]
    asked = [("case_id", str(case_id)), *(("round_id", str(each)) for each in rounds)]
    return [
        {"register": each.name, "title": each.title.zh, "row": row}
        for each in registers
        for row in _once(
            row
            for key, value in asked
            if _has(each, key)
            for row in _rows(session, actor, registers, each.name, {key: value})
        )
    ]


def _rows(
    session: Session, actor: Actor, registers: Sequence[Register], name: str, filters: Mapping[str, str]
) -> Iterator[Facts]:
    if name not in {each.name for each in registers}:
        return
    for offset in count(0, MOST_ROWS):
        rows, _total = reading.read(session, actor, name, filters=filters, offset=offset, limit=MOST_ROWS)
        yield from rows
        if len(rows) < MOST_ROWS:
            return


def _has(register: Register, key: str) -> bool:
    return any(column.key == key for column in register.columns)


def _once(rows: Iterable[Facts]) -> Iterator[Facts]:
    seen = set()
    for row in rows:
        if row["id"] not in seen:
            seen.add(row["id"])
            yield row
