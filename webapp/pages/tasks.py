"""One task: its form, what was decided before it, where its case stands; taking it, putting it aside, doing it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from processes.engine import case_lists, held, incidents, tracking, work
from processes.engine.failures import CaseFailed
from processes.engine.models import UNDONE, Case, WorkItem
from processes.engine.permissions import need_part, stood_in_for
from processes.engine.task_forms import TaskForm, form_context, form_for, item_of, tally_of, tally_typed
from processes.engine.verbs.attachments import attachments
from processes.engine.verbs.circulating import of_case
from processes.engine.verbs.signers import removable, rounds
from processes.errors import Conflict, DeskError, Invalid
from processes.forms.beginning import initial_values
from processes.forms.describing import describe_answers
from processes.forms.drafts import clean_draft
from processes.forms.validation import validate
from processes.identity.actor import Actor
from processes.messages import Message
from processes.paging import Page
from webapp.access import signed_in
from webapp.addresses import own_address
from webapp.desk import Desk, current_desk
from webapp.language import current_language, say
from webapp.operation_key import once
from webapp.pages.answers import said
from webapp.pages.deadlines import remaining
from webapp.pages.diagrams import standing
from webapp.pages.histories import history_rows
from webapp.pages.parties import party
from webapp.pages.task_parts import colleagues_for, earlier_for, phrases_for
from webapp.pages.uploads import Posted, has_files, posted, sent_answers
from webapp.pages.verbs import offered
from webapp.transactions import see_opened
from webapp.visitors import current_actor

blueprint = Blueprint("tasks", __name__, url_prefix="/tasks")
QUIET = "_quiet"
"""Sent by the page's script, which keeps a draft by itself while somebody types."""
EVENTS_SHOWN, EVENTS_READ = 8, 120
CHILDREN_SHOWN = 12


@blueprint.get("/<uuid:item_id>")
@signed_in
def show(item_id: UUID) -> ResponseReturnValue:
    """The page of a task."""
    desk, actor = current_desk(), current_actor()
    with desk.db.reading() as session:
        task = form_for(session, desk.house, actor, item_id, current_language())
        page = _page(session, desk, actor, task)
    see_opened(desk, actor, task)
    return page


@blueprint.post("/<uuid:item_id>/complete")
@signed_in
def complete(item_id: UUID) -> ResponseReturnValue:
    """Send the form: the case goes on, or the form comes back with what must be corrected."""
    desk, actor = current_desk(), current_actor()
    came = posted(desk, actor, item_id) if has_files() else None
    try:
        if came is not None:
            _refuse_files(desk, actor, item_id, came)
        with once(_next_place(actor)) as operation:
            raw = came.raw if came is not None else sent_answers
            done = work.complete(operation.session, desk.house, actor, item_id, raw)
            answer = operation.done(_next_place(actor))
    except (Invalid, Conflict, CaseFailed) as problem:
        return _not_completed(desk, actor, item_id, came or posted(desk, actor, item_id), problem), problem.status
    told = _("%(title)s：已提交。") if _only_applies(actor) else _("%(title)s：已办结。")
    flash(told % {"title": done.item.title})
    return answer


@blueprint.post("/<uuid:item_id>/draft")
@signed_in
def draft(item_id: UUID) -> ResponseReturnValue:
    """Put the form aside half filled in."""
    desk, actor = current_desk(), current_actor()
    came = posted(desk, actor, item_id)
    try:
        with once() as operation:
            work.save_draft(operation.session, desk.house, actor, item_id, came.raw)
            answer = operation.done(url_for("tasks.show", item_id=item_id))
    except Conflict as problem:
        return _too_late(desk, actor, item_id, came, problem.text), 409
    if request.form.get(QUIET):
        return "", 204
    for name, text in came.refused.items():
        flash(f"{_label(came, name)}：{say(text)}", "error")
    flash(_("已暂存草稿，稍后可继续填写。"))
    return answer


@blueprint.post("/<uuid:item_id>/tally")
@signed_in
def tally(item_id: UUID) -> ResponseReturnValue:
    """What the answers come to as they are typed: numbers for the script of the page; nothing is kept."""
    desk, actor = current_desk(), current_actor()
    with desk.db.reading() as session:
        task = form_for(session, desk.house, actor, item_id)
        counted = tally_typed(session, desk.house, actor, item_id, sent_answers(task.form))
    return {
        "figures": [number for _name, number in counted.figures],
        "sentence": say(counted.sentence),
        "wrong": counted.wrong,
        "remarks": [say(each) for each in counted.remarks],
    }


@blueprint.post("/<uuid:item_id>/claim")
@signed_in
def claim(item_id: UUID) -> ResponseReturnValue:
    """Take a task of one's post."""
    with once() as operation:
        item = work.claim(operation.session, current_actor(), item_id)
        flash(_("%(title)s：已签收。", title=item.title))
        return operation.done(_back(item_id))


@blueprint.post("/<uuid:item_id>/release")
@signed_in
def release(item_id: UUID) -> ResponseReturnValue:
    """Put a task back for all who hold the post."""
    with once() as operation:
        item = work.release(operation.session, current_actor(), item_id)
        flash(_("%(title)s：已退回待办池。", title=item.title))
        return operation.done(_back(item_id))


@blueprint.post("/<uuid:item_id>/comment")
@signed_in
def comment(item_id: UUID) -> ResponseReturnValue:
    """Add a remark to the history."""
    desk, actor = current_desk(), current_actor()
    try:
        with once() as operation:
            work.comment(operation.session, actor, item_id, request.form.get("text", ""))
            flash(_("已添加批注。"))
            return operation.done(url_for("tasks.show", item_id=item_id, _anchor="history"))
    except Invalid as problem:
        with desk.db.reading() as session:
            task = form_for(session, desk.house, actor, item_id, current_language())
            remark = (request.form.get("text", ""), problem.fields.get("text", problem.text))
            return _page(session, desk, actor, task, remark=remark), 422


def refused_page(desk: Desk, actor: Actor, item_id: UUID, refused: tuple[str, Message]) -> str:
    """The task with why it was not handed on or urged, and what was typed."""
    with desk.db.reading() as session:
        task = form_for(session, desk.house, actor, item_id, current_language())
        return _page(session, desk, actor, task, refused=refused)


def _back(item_id: UUID) -> str:
    return own_address(request.form.get("next")) or url_for("tasks.show", item_id=item_id)


def _next_place(actor: Actor) -> str:
    """An applicant goes on with the application; everybody else with the inbox."""
    return url_for("applications.index" if _only_applies(actor) else "inbox.index")


def _only_applies(actor: Actor) -> bool:
    return bool(actor.holdings) and all(each.role == "applicant" for each in actor.holdings)


def _page(
    session: Session,
    desk: Desk,
    actor: Actor,
    task: TaskForm,
    *,
    errors: Mapping[str, Message] | None = None,
    remark: tuple[str, Message | None] = ("", None),
    refused: tuple[str, Message] | None = None,
) -> str:
    item, case = task.item, task.case
    language = current_language()
    sent = [task.submission] if task.submission else []
    children = case_lists.children(session, actor, case.id, Page("title", limit=CHILDREN_SHOWN))
    signings = rounds(session, desk.house, case, item=item)
    return render_template(
        "tasks/show.html",
        task=task,
        item=item,
        case=case,
        errors=dict(errors or {}),
        tally=tally_of(session, desk.house, actor, task),
        remark=remark,
        refused=refused,
        sent=request.form,
        party=party(session, item, language),
        wait=held.waits(session, [item])[item.id],
        stands_in_for=stood_in_for(actor, item) if item.status in UNDONE else None,
        remaining=remaining(item.due_at, desk.house.calendar),
        answers=said(session, desk.house, actor, case, sent, language),
        earlier=said(session, desk.house, actor, case, earlier_for(session, actor, item), language),
        verbs=offered(task),
        rounds=signings,
        removable=removable(session, actor, case, signings),
        attachments=attachments(session, actor, case.id),
        circulations=of_case(session, actor, case.id),
        phrases=phrases_for(session, actor, task),
        stages=tracking.stages(session, case),
        documents=tracking.documents(session, actor, case.id),
        colleagues=colleagues_for(session, actor, task),
        children=children.items,
        children_total=children.total,
        history=history_rows(tracking.history(session, actor, case.id, limit=EVENTS_READ))[:EVENTS_SHOWN],
        standing=standing(session, desk.house, actor, case),
    )


def _not_completed(desk: Desk, actor: Actor, item_id: UUID, came: Posted, problem: DeskError) -> str:
    """The page that says what must be corrected, who was first, or what has failed; nothing that was typed is lost."""
    if isinstance(problem, CaseFailed):
        return _failed(desk, actor, item_id, came.raw, problem)
    if isinstance(problem, Invalid):
        return _with_errors(desk, actor, item_id, came.raw, problem.fields)
    return _too_late(desk, actor, item_id, came, problem.text)


def _with_errors(desk: Desk, actor: Actor, item_id: UUID, raw: Mapping[str, Any], errors: Mapping[str, Message]) -> str:
    """The form once more, with everything that was typed and what must be corrected."""
    with desk.db.reading() as session:
        task = form_for(session, desk.house, actor, item_id, current_language())
        typed = initial_values(task.form, task.context, clean_draft(task.form, raw))
        return _page(session, desk, actor, replace(task, values=typed), errors=errors)


def _refuse_files(desk: Desk, actor: Actor, item_id: UUID, came: Posted) -> None:
    """Raise `Invalid` when a file was refused, together with all else that must be corrected."""
    if not came.refused:
        return
    errors: dict[str, Message] = {}
    with desk.db.reading() as session:
        task = form_for(session, desk.house, actor, item_id)
        try:
            validate(came.form, came.raw, task.context)
        except Invalid as problem:
            errors.update(problem.fields)
    errors.update(came.refused)
    raise Invalid(next(iter(came.refused.values())), errors)


def _too_late(desk: Desk, actor: Actor, item_id: UUID, came: Posted, text: Message) -> str:
    """Who was first and when, and what was typed in vain, to be copied."""
    with desk.db.reading() as session:
        item, case = _item_and_case(session, item_id)
        need_part(session, actor, item)
        context = form_context(session, desk.house, case, item, came.form, {}, current_language())
        typed = clean_draft(came.form, came.raw)
        answers = describe_answers(came.form, typed, current_language(), context.name_of, unmasked=True)
    return render_template("tasks/conflict.html", item=item, case=case, text=text, typed=answers)


def _failed(desk: Desk, actor: Actor, item_id: UUID, raw: Mapping[str, Any], failure: CaseFailed) -> str:
    """Keep the failure and what was typed, and say so."""
    with desk.db.transaction() as session:
        incident = incidents.record(session, failure, incidents.complete_again(actor, item_id, raw))
        with suppress(Conflict):  # a colleague's draft stays; what was sent is kept with the incident
            work.save_draft(session, desk.house, actor, item_id, raw)
        item, case = _item_and_case(session, item_id)
    reason = failure.text if isinstance(failure.cause, DeskError) else None
    return render_template("tasks/failed.html", item=item, case=case, incident=incident, reason=reason)


def _item_and_case(session: Session, item_id: UUID) -> tuple[WorkItem, Case]:
    item = item_of(session, item_id)
    case = session.get(Case, item.case_id)
    assert case is not None
    return item, case


def _label(came: Posted, name: str) -> str:
    found = came.form.field(name)
    return found.label.text(current_language()) if found else name
