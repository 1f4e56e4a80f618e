"""Cases: the list of all that one may see, one case as a whole, and what managers do to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from handlers.cancelling import cancel as cancel_case
from processes import audit, clock
from processes.engine import cases, incidents, messaging, tracking
from processes.engine.definitions import active_definitions
from processes.engine.failures import CaseFailed
from processes.engine.inbox import Page
from processes.engine.models import Case, CaseEvent, Definition, WorkItem
from processes.engine.packages import package
from processes.engine.permissions import visible_cases, visible_items
from processes.engine.tracking import CaseFilter
from processes.errors import Conflict, Invalid, NotFound
from processes.identity.actor import Actor
from processes.identity.models import Unit
from processes.messages import Message, message
from webapp.access import signed_in
from webapp.desk import Desk, current_desk
from webapp.language import current_language
from webapp.operation_key import once
from webapp.pages.answers import said
from webapp.pages.diagrams import standing
from webapp.pages.histories import history_rows
from webapp.pages.inbox import process_names, unit_choices
from webapp.pages.lists import asked
from webapp.pages.waiting import wait_rows
from webapp.visitors import current_actor

blueprint = Blueprint("cases", __name__, url_prefix="/cases")
MAY_SEND = ("process_owner",)
SHOWN_WAITING = 8
CHILDREN_SHOWN = 10
EVENTS_AT_ONCE = 40
SUBMISSIONS_AT_ONCE = 20
MOST_EVENTS = 500


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
        rows, total = tracking.cases(session, actor, narrowed, Page(wanted.sort, wanted.offset, wanted.size))
        return render_template(
            "cases/index.html",
            rows=rows,
            steps=_steps_now(session, actor, [row.case.id for row in rows]),
            numbers=_numbers(session, actor),
            names=process_names(definitions),
            page=wanted.page(total),
            asked=wanted,
            choices=_choices(session, actor, definitions),
        )


@blueprint.get("/<uuid:case_id>")
@signed_in
def show(case_id: UUID) -> ResponseReturnValue:
    """One case as a whole, or the part of it that is the visitor's."""
    desk, actor = current_desk(), current_actor()
    with desk.db.reading() as session:
        return _page(session, desk, actor, tracking.case_for(session, actor, case_id))


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
        return _page(session, desk, actor, tracking.case_for(session, actor, case_id), problem=text)


def _page(session: Session, desk: Desk, actor: Actor, case: Case, problem: Message | None = None) -> str:
    language = current_language()
    open_items = tracking.open_items(session, actor, case.id)
    events = history_rows(tracking.history(session, actor, case.id, limit=MOST_EVENTS))
    folded = not request.args.get("all")
    children, children_total = tracking.children(session, actor, case.id, Page(limit=CHILDREN_SHOWN))
    sent = tracking.submissions(session, actor, case.id)[::-1]
    return render_template(
        "cases/show.html",
        case=case,
        problem=problem,
        process=package(session, case.definition_id).processes[case.process_id].name,
        parent=_parent(session, actor, case),
        unit=session.get(Unit, case.unit_id) if case.unit_id else None,
        stages=tracking.stages(session, case),
        waiting=wait_rows(session, open_items[:SHOWN_WAITING], desk.house.calendar, language),
        open_total=len(open_items),
        overdue_total=sum(1 for each in open_items if each.due_at and each.due_at < clock.now()),
        open_steps=[each for each in tracking.open_steps(session, actor, case.id) if each["open"]],
        messages=_messages(session, actor, case),
        may_send=actor.has(*MAY_SEND),
        children=children,
        children_total=children_total,
        names=process_names(active_definitions(session)) if children else {},
        standing=standing(session, desk.house, actor, case),
        documents=tracking.documents(session, actor, case.id),
        submissions=said(session, desk.house, actor, case, sent[:SUBMISSIONS_AT_ONCE] if folded else sent, language),
        submissions_total=len(sent),
        history=events[:EVENTS_AT_ONCE] if folded else events,
        has_more=folded and len(events) > EVENTS_AT_ONCE,
        incidents=tracking.open_incidents(session, actor, case_id=case.id),
        may_retry=actor.has(*incidents.MAY_RETRY),
        controls=_controls(case) if actor.has(*cases.MAY_STOP) else [],
    )


def _parent(session: Session, actor: Actor, case: Case) -> Case | None:
    if case.parent_id is None:
        return None
    try:
        return tracking.case_for(session, actor, case.parent_id)
    except NotFound:
        return None


def _messages(session: Session, actor: Actor, case: Case) -> list[dict[str, Any]]:
    elements = package(session, case.definition_id).program.elements
    return [
        {"name": wait.name, "correlation": wait.correlation, "step": elements[wait.element_id].name or wait.name}
        for wait in tracking.waits(session, actor, case.id)
        if wait.kind == "message"
    ]


def _controls(case: Case) -> list[tuple[str, str, str]]:
    """What may be done to a case now: the action, its name and what it means."""
    ends = ("cancel", _("终止"), _("案件立即结束，所有未办任务撤出待办，不能恢复。"))
    if case.status == "running":
        return [("suspend", _("挂起"), _("挂起期间不能办理任务，定时器不触发；恢复后继续。")), ends]
    if case.status == "suspended":
        return [("resume", _("恢复"), _("恢复后，挂起期间到时的定时器立即触发。")), ends]
    return []


def _numbers(session: Session, actor: Actor) -> dict[str, int]:
    """How many cases of each process the actor may see."""
    query = select(Case.process_id, func.count()).where(visible_cases(actor)).group_by(Case.process_id)
    return {row[0]: row[1] for row in session.execute(query)}


def _steps_now(session: Session, actor: Actor, case_ids: Sequence[UUID]) -> dict[UUID, list[tuple[str, int]]]:
    """The steps at which each case has open tasks, with their numbers."""
    query = (
        select(WorkItem.case_id, WorkItem.step, func.count())
        .where(WorkItem.case_id.in_(case_ids), WorkItem.status == "open", visible_items(actor))
        .group_by(WorkItem.case_id, WorkItem.step)
        .order_by(func.count().desc(), WorkItem.step)
    )
    found: dict[UUID, list[tuple[str, int]]] = {}
    for case_id, step, number in session.execute(query):
        found.setdefault(case_id, []).append((step, number))
    return found


def _choices(session: Session, actor: Actor, definitions: Sequence[Definition]) -> dict[str, list[tuple[str, str]]]:
    processes = [process for definition in definitions for process in definition.processes]
    named = "en" if current_language() == "en" else "zh"
    stages = {each["key"]: each[named] or each["zh"] for process in processes for each in process["stages"]}
    return {
        "processes": [(process["id"], process["name"]) for process in processes],
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
