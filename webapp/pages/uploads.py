"""A posted task form: its files are kept before anything else happens, so that a refused form does not lose them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, BinaryIO, cast
from uuid import UUID

from flask import request
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from processes.engine.house import House
from processes.engine.models import Case, WorkItem
from processes.engine.permissions import need_part, need_to_do
from processes.engine.task_forms import form_definition, item_of
from processes.errors import Invalid
from processes.files import MEGABYTE
from processes.forms.definition import FormDefinition
from processes.forms.kinds import FILES
from processes.forms.reading import PAGE_NAMES, read_form
from processes.identity.actor import Actor
from processes.messages import Message
from webapp.desk import Desk


@dataclass
class Posted:
    """What came with a form: the raw answers, with ids in place of new files, and the files that were refused."""

    form: FormDefinition
    raw: dict[str, Any]
    refused: dict[str, Message] = field(default_factory=dict)


def posted(desk: Desk, actor: Actor, item_id: UUID) -> Posted:
    """Read the form of a task from the request and keep its files; raises unless the task is the actor's."""
    with desk.db.reading() as session:
        item = item_of(session, item_id)
        need_part(session, actor, item)
        need_to_do(actor, item)
        case = session.get(Case, item.case_id)
        assert case is not None
        form = form_definition(session, case, item)
    found = Posted(form, sent_answers(form))
    sent = {name: _chosen(name) for name in request.files}
    if any(sent.values()):
        with desk.db.transaction() as session:
            for name, files in sent.items():
                _keep(session, desk.house, actor, item, found, name, files)
    return found


def sent_answers(form: FormDefinition) -> dict[str, Any]:
    """The answers to a form that the request has brought, files aside."""
    return read_form(form, request.form, PAGE_NAMES)


def has_files() -> bool:
    """Whether the request has brought a file."""
    return any(_chosen(name) for name in request.files)


def _chosen(name: str) -> list[FileStorage]:
    """The files of a control; one that was left empty sends a file without name."""
    return [each for each in request.files.getlist(name) if each.filename]


def _keep(
    session: Session, house: House, actor: Actor, item: WorkItem, found: Posted, name: str, files: list[FileStorage]
) -> None:
    owner = found.form.field(name)
    if not files:
        return
    if owner is None or owner.type not in FILES:
        found.raw[name] = files[0].filename  # a control that the form does not have: the check refuses it by name
        return
    kept = []
    for each in files:
        try:
            stored = house.files.put(
                session,
                actor,
                each.filename or "",
                cast(BinaryIO, each.stream),
                case_id=item.case_id,
                work_item_id=item.id,
                largest=int(owner.max_size_mb * MEGABYTE),
            )
        except Invalid as refusal:
            found.refused[name] = refusal.text
        else:
            kept.append(str(stored.id))
        each.stream.seek(0)  # the operation key is made from the content once more
    before = found.raw.get(name) or []
    earlier = before if isinstance(before, list) else [before]
    if kept:
        found.raw[name] = kept[-1:] if owner.type == "file" else [*earlier, *kept]
