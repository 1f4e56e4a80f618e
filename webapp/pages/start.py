"""Starting a process by hand: which ones the visitor's posts may start, and the few facts a case begins with."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from processes import clock
from processes.engine import cases
from processes.engine.definitions import startable
from processes.engine.failures import CaseFailed
from processes.engine.models import Definition, WorkItem
from processes.engine.packages import Package, package, split
from processes.engine.permissions import is_for
from processes.engine.task_forms import options_of
from processes.errors import Invalid, NotFound
from processes.forms.beginning import initial_values
from processes.forms.context import FormContext
from processes.forms.definition import FormDefinition
from processes.forms.drafts import clean_draft
from processes.forms.reading import read_form
from processes.forms.validation import validate
from processes.identity.actor import Actor
from processes.messages import Message, message
from webapp.access import signed_in
from webapp.desk import Desk, current_desk
from webapp.language import current_language, say
from webapp.operation_key import once
from webapp.visitors import current_actor

blueprint = Blueprint("start", __name__, url_prefix="/start")
NOTHING_TO_FILL_IN = {"zh": "发起后在第一个环节填写。", "en": "The first step asks for what is needed."}
"""Shown where a case needs nothing to begin."""
PLACES = re.compile(r"\{([A-Za-z][A-Za-z0-9_]*)\}", re.ASCII)


@blueprint.get("/")
@signed_in
def index() -> ResponseReturnValue:
    """The processes that the visitor may start."""
    with current_desk().db.reading() as session:
        return render_template("start/index.html", choices=startable(session, current_actor()))


@blueprint.get("/<key>/<process_id>")
@signed_in
def form(key: str, process_id: str) -> ResponseReturnValue:
    """The facts that the case begins with."""
    desk = current_desk()
    with desk.db.reading() as session:
        definition, process = _startable(session, current_actor(), key, process_id)
        return _page(session, desk, definition, process, {}, {})


@blueprint.post("/<key>/<process_id>")
@signed_in
def begin(key: str, process_id: str) -> ResponseReturnValue:
    """Start the case and lead to its first task."""
    desk, actor = current_desk(), current_actor()
    try:
        with once() as operation:
            session = operation.session
            definition, _process = _startable(session, actor, key, process_id)
            drawn = start_form(package(session, definition.id), process_id)
            answers = validate(drawn, read_form(drawn, request.form), _context(session, desk, drawn))
            case = cases.start(session, desk.house, actor, key, process_id, answers)
            flash(_("已发起：%(title)s（%(number)s）。", title=case.title, number=case.number))
            return operation.done(_first_place(session, actor, case.id))
    except (Invalid, CaseFailed) as problem:
        fields = problem.fields if isinstance(problem, Invalid) else {}
        if not fields:
            flash(say(problem.text), "error")
        with desk.db.reading() as session:
            definition, process = _startable(session, actor, key, process_id)
            return _page(session, desk, definition, process, request.form, fields), problem.status


def start_form(of: Package, process_id: str) -> FormDefinition:
    """Asks for what the title is made of, but for what the procedure says that it finds by itself."""
    facts = of.processes[process_id]
    known = {each["key"]: each for drawn in of.forms.values() for each in drawn.as_data()["fields"]}
    fields = []
    for name in _asked(of, process_id):
        found = known.get(name, {"label": name, "type": "text"})
        kept = {key: found[key] for key in ("label", "type", "help", "max_length", "options") if key in found}
        fields.append({"key": name, "required": True, "type": "text", **kept})
    if not fields:
        fields.append({"key": "nothing_to_fill_in", "type": "note", "label": NOTHING_TO_FILL_IN})
    return FormDefinition.parse({"key": "start", "title": facts.name, "fields": fields})


def _asked(of: Package, process_id: str) -> list[str]:
    in_title = list(dict.fromkeys(PLACES.findall(of.processes[process_id].title)))
    wanted = of.program.elements[process_id].properties.get("asks")
    return in_title if wanted is None else [name for name in in_title if name in split(wanted)]


def _startable(session: Session, actor: Actor, key: str, process_id: str) -> tuple[Definition, dict[str, Any]]:
    for definition, process in startable(session, actor):
        if definition.key == key and process["id"] == process_id:
            return definition, process
    raise NotFound(message("没有您可以发起的这一流程。"))


def _context(session: Session, desk: Desk, drawn: FormDefinition) -> FormContext:
    return FormContext(
        today=clock.today(),
        add_workdays=desk.house.calendar.add_workdays,
        options=options_of(session, desk.house, drawn, {}),
        language=current_language(),
    )


def _page(
    session: Session,
    desk: Desk,
    definition: Definition,
    process: dict[str, Any],
    typed: Any,
    errors: dict[str, Message],
) -> str:
    drawn = start_form(package(session, definition.id), process["id"])
    context = _context(session, desk, drawn)
    draft = clean_draft(drawn, read_form(drawn, typed)) if typed else None
    return render_template(
        "start/form.html",
        definition=definition,
        process=process,
        form=drawn,
        context=context,
        values=initial_values(drawn, context, draft),
        errors=errors,
    )


def _first_place(session: Session, actor: Actor, case_id: UUID) -> str:
    first = session.scalars(
        select(WorkItem.id)
        .where(WorkItem.case_id == case_id, WorkItem.status == "open", is_for(actor))
        .order_by(WorkItem.created_at)
        .limit(1)
    ).first()
    return url_for("tasks.show", item_id=first) if first else url_for("cases.show", case_id=case_id)
