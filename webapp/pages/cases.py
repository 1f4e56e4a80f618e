"""Cases: the list of all that one may see, one case as a whole, and what managers do to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from handlers.cancelling import cancel as cancel_case
from handlers.cancelling import withdraw as withdraw_case
from processes import audit, clock
from processes.engine import case_lists, cases, incidents, messaging, tracking, waiting
from processes.engine.case_lists import CaseFilter
from processes.engine.definitions import active_definitions, process_path
from processes.engine.failures import CaseFailed
from processes.engine.models import Case, CaseEvent, Definition
from processes.errors import Conflict, Invalid
from processes.identity.actor import Actor
from processes.messages import Message, message
from webapp.access import signed_in
from webapp.desk import Desk, current_desk
from webapp.language import current_language
from webapp.operation_key import once
from webapp.pages.answers import said
from webapp.pages.case_files import KINDS, case_list_file
from webapp.pages.case_page import MAY_SEND, case_page
from webapp.pages.histories import history_rows
from webapp.pages.inbox import process_choices, process_names, unit_choices
from webapp.pages.lists import asked
from webapp.visitors import current_actor

blueprint = Blueprint("cases", __name__, url_prefix="/cases")
EVENTS_AT_ONCE = 100


@blueprint.get("/")
@signed_in
def index() -> ResponseReturnValue:
    """The cases that the visitor may see."""
    desk, actor = current_desk(), current_actor()
    wanted = asked("q", "process", "status", "stage", "unit", "parent", "overdue", "incident")
    narrowed = CaseFilter(
        search=wanted.get("q"),
        process=wanted.get("process"),
        status=wanted.get("status"),
        stage=wanted.get("stage"),
        unit_id=wanted.get("unit"),
        parent_id=_uuid(wanted.get("parent")),
        overdue=bool(wanted.get("overdue")),
        incident=bool(wanted.get("incident")),
    )
    with desk.db.reading() as session:
        definitions = active_definitions(session)
        if (kind := request.args.get("format")) in KINDS:
            words = (process_names(definitions), dict(_choices(session, actor, definitions)["statuses"]))
            return case_list_file(session, actor, narrowed, wanted.sort, words, str(kind))
        listing = case_lists.cases(session, actor, narrowed, wanted.part)
        names = process_names(definitions)
        numbers = case_lists.numbers_by_process(session, actor, names)
        return render_template(
            "cases/index.html",
            rows=listing.items,
            steps=waiting.steps_now(session, actor, [row.case.id for row in listing.items]),
            numbers={process_path(*place): number for place, number in numbers.items()},
            names=names,
            page=wanted.page_of(listing),
            asked=wanted,
            choices=_choices(session, actor, definitions),
        )


@blueprint.get("/<uuid:case_id>")
@signed_in
def show(case_id: UUID) -> ResponseReturnValue:
    """One case as a whole, or the part of it that is the visitor's."""
    desk, actor = current_desk(), current_actor()
    with desk.db.reading() as session:
        return case_page(session, desk, actor, case_id)


@blueprint.get("/<uuid:case_id>/submissions")
@signed_in
def submissions(case_id: UUID) -> ResponseReturnValue:
    """The forms that were sent in a case with their answers, newest first."""
    desk, actor, wanted = current_desk(), current_actor(), asked()
    with desk.db.reading() as session:
        case = tracking.case_for(session, actor, case_id)
        listing = tracking.last_submissions(session, actor, case_id, wanted.part)
        return render_template(
            "cases/submissions.html",
            case=case,
            page=wanted.page_of(listing),
            rows=said(session, desk.house, actor, case, listing.items, current_language()),
        )


@blueprint.get("/<uuid:case_id>/history")
@signed_in
def history(case_id: UUID) -> ResponseReturnValue:
    """What happened in a case, newest first, a part at a time from one line on."""
    desk, actor = current_desk(), current_actor()
    with desk.db.reading() as session:
        case = tracking.case_for(session, actor, case_id)
        before = request.args.get("before", type=int)
        events = tracking.history(session, actor, case_id, limit=EVENTS_AT_ONCE + 1, before=before)
        shown = events[:EVENTS_AT_ONCE]
        return render_template(
            "cases/history.html",
            case=case,
            history=history_rows(shown),
            first=before is None,
            earlier=shown[-1].id if len(events) > EVENTS_AT_ONCE else None,
        )


@blueprint.post("/<uuid:case_id>/suspend")
@signed_in
def suspend(case_id: UUID) -> ResponseReturnValue:
    """Stop a case for a time."""
    return _control(case_id, cases.suspend, _("案件已挂起。"))


@blueprint.post("/<uuid:case_id>/resume")
@signed_in
def resume(case_id: UUID) -> ResponseReturnValue:
    """Let a suspended case go on."""
    return _control(case_id, cases.resume, _("案件已恢复办理。"))


@blueprint.post("/<uuid:case_id>/cancel")
@signed_in
def cancel(case_id: UUID) -> ResponseReturnValue:
    """End a case from outside."""
    return _control(case_id, cancel_case, _("案件已终止。"))


@blueprint.post("/<uuid:case_id>/withdraw")
@signed_in
def withdraw(case_id: UUID) -> ResponseReturnValue:
    """Take back a case that one has started."""
    return _control(case_id, withdraw_case, _("案件已撤销。"))


@blueprint.post("/<uuid:case_id>/message")
@signed_in
def send_message(case_id: UUID) -> ResponseReturnValue:
    """Give a case a message that it waits for, with a reason: for what reached the office in another way."""
    desk, actor = current_desk(), current_actor()
    name, correlation = request.form.get("name", ""), request.form.get("correlation", "")
    try:
        with once() as operation:
            _send(operation.session, desk, actor, case_id, name, correlation, request.form.get("reason", "").strip())
            flash(_("消息已发送，案件已继续。"))
            return operation.done(url_for("cases.show", case_id=case_id))
    except Invalid as problem:
        return _refused(desk, actor, case_id, problem.text), 422
    except CaseFailed as failure:
        action = {"kind": "message", "message_kind": "message", "name": name, "correlation": correlation, "data": {}}
        with desk.db.transaction() as session:
            incidents.record(session, failure, action)
        return _refused(desk, actor, case_id, failure.text), failure.status


def _send(session: Session, desk: Desk, actor: Actor, case_id: UUID, name: str, correlation: str, reason: str) -> None:
    case = tracking.case_for(session, actor, case_id)
    actor.need(*MAY_SEND, text=message("只有流程管理员可以代为发送消息。"))
    if not reason:
        raise Invalid(message("请填写代为发送消息的理由。"))
    waits = tracking.waits(session, actor, case.id)
    if (name, correlation) not in {(wait.name, wait.correlation) for wait in waits}:
        raise Conflict(message("案件已不再等待这条消息。"))
    session.add(
        CaseEvent(
            case_id=case_id, at=clock.now(), kind="comment", person_id=actor.person_id, person=actor.name, text=reason
        )
    )
    audit.record(session, actor, "message.send", f"case:{case_id}", name=name, reason=reason)
    messaging.deliver(session, desk.house, name, correlation, {}, actor)


def _control(case_id: UUID, act: Callable[..., Case], told: str) -> ResponseReturnValue:
    desk, actor = current_desk(), current_actor()
    try:
        with once() as operation:
            tracking.case_for(operation.session, actor, case_id)
            act(operation.session, desk.house, actor, case_id, request.form.get("reason", ""))
            flash(told)
            return operation.done(url_for("cases.show", case_id=case_id))
    except Invalid as problem:
        return _refused(desk, actor, case_id, problem.text), 422


def _refused(desk: Desk, actor: Actor, case_id: UUID, text: Message) -> str:
    with desk.db.reading() as session:
        return case_page(session, desk, actor, case_id, problem=text)


def _choices(session: Session, actor: Actor, definitions: Sequence[Definition]) -> dict[str, list[tuple[str, str]]]:
    processes = [process for definition in definitions for process in definition.processes]
    language = "en" if current_language() == "en" else "zh"
    stages = {each["key"]: each[language] or each["zh"] for process in processes for each in process["stages"]}
    return {
        "processes": process_choices(definitions),
        "stages": list(stages.items()),
        "statuses": [
            ("running", _("办理中")),
            ("suspended", _("已挂起")),
            ("completed", _("已办结")),
            ("terminated", _("已结束")),
            ("cancelled", _("已终止")),
        ],
        "units": [] if actor.units() else unit_choices(session),
    }


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
