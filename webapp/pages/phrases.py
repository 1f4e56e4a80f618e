"""Common phrases for opinions: one's own, and those of the house."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from processes.engine.verbs import phrases
from processes.errors import Conflict, Invalid
from processes.messages import Message
from webapp.access import signed_in
from webapp.desk import current_desk
from webapp.operation_key import once
from webapp.visitors import current_actor

blueprint = Blueprint("phrases", __name__, url_prefix="/phrases")


@blueprint.get("/")
@signed_in
def index() -> ResponseReturnValue:
    """All that one may use."""
    return _page()


def _page(problem: Message | None = None) -> str:
    actor = current_actor()
    with current_desk().db.reading() as session:
        found = phrases.phrases(session, actor)
        return render_template(
            "phrases/index.html",
            own=[each for each in found if each.person_id is not None],
            house=[each for each in found if each.person_id is None],
            may_keep_house=actor.has(*phrases.MAY_KEEP_HOUSE),
            problem=problem,
            sent=request.form,
        )


@blueprint.post("/")
@signed_in
def add() -> ResponseReturnValue:
    """Keep a phrase."""
    try:
        with once() as operation:
            of_house = request.form.get("of_house") == "1"
            phrases.add(operation.session, current_actor(), request.form.get("text", ""), of_house=of_house)
            flash(_("已添加常用意见。"))
            return operation.done(url_for("phrases.index"))
    except (Invalid, Conflict) as problem:
        return _page(problem.text), problem.status


@blueprint.post("/<uuid:phrase_id>/remove")
@signed_in
def remove(phrase_id: UUID) -> ResponseReturnValue:
    """Keep a phrase no longer."""
    with once() as operation:
        phrases.remove(operation.session, current_actor(), phrase_id)
        flash(_("已删除常用意见。"))
        return operation.done(url_for("phrases.index"))
