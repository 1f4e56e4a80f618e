"""批量办理: like tasks that were ticked in the inbox, done with one form, and a result for each of them."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from processes.engine.task_forms import form_for
from processes.errors import DeskError
from processes.forms.kinds import FILES
from processes.messages import Message
from webapp.access import signed_in
from webapp.batches import batch, like_tasks
from webapp.desk import current_desk
from webapp.language import current_language
from webapp.operation_key import FIELD
from webapp.pages.uploads import sent_answers
from webapp.visitors import current_actor

blueprint = Blueprint("batches", __name__, url_prefix="/tasks/batch")


@blueprint.get("/")
@signed_in
def form() -> ResponseReturnValue:
    """The one form for all that were ticked."""
    return _page(request.args.getlist("task"))


@blueprint.post("/")
@signed_in
def use() -> ResponseReturnValue:
    """Do each by itself; the page tells what became of each. Sent again, those that are done stay done."""
    desk, actor, ids = current_desk(), current_actor(), request.form.getlist("_task")
    try:
        results = batch(desk, actor, ids, sent_answers, request.form.get(FIELD))
    except DeskError as problem:
        return _page(ids, problem.text), problem.status
    done = sum(each.done for each in results)
    return render_template("batches/results.html", results=results, done=done)


def _page(ids: list[str], problem: Message | None = None) -> str:
    desk, actor = current_desk(), current_actor()
    with desk.db.reading() as session:
        try:
            items = like_tasks(session, actor, ids)
        except DeskError as refused:
            return render_template("batches/form.html", items=[], task=None, problem=refused.text, has_files=False)
        task = form_for(session, desk.house, actor, items[0].id, current_language())
        return render_template(
            "batches/form.html",
            items=items,
            task=task,
            problem=problem,
            has_files=any(field.type in FILES for field in task.form.fields),
        )
