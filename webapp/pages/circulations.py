"""Copies that were sent to me and questions aside: read, answered, passed on; and what I have sent, with receipts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from processes.engine.models import WorkItem
from processes.engine.permissions import sees_all
from processes.engine.verbs import circulating
from processes.engine.verbs.choosing import staff
from processes.engine.verbs.circulating import BOXES, Box
from processes.engine.verbs.sheet import sheet_for_reader
from processes.errors import Conflict, Invalid
from processes.identity.actor import Actor
from processes.messages import Message
from webapp.access import signed_in
from webapp.desk import current_desk
from webapp.operation_key import once
from webapp.pages.lists import asked
from webapp.pages.sheets import drawn
from webapp.visitors import current_actor

blueprint = Blueprint("circulations", __name__, url_prefix="/circulations")


@blueprint.get("/")
@signed_in
def index() -> ResponseReturnValue:
    """One of the boxes, newest first."""
    actor, wanted = current_actor(), asked("box")
    box: Box = next((each for each in BOXES if each == wanted.get("box")), "unread")
    with current_desk().db.reading() as session:
        listing = circulating.circulations(session, actor, box, wanted.part)
        return render_template(
            "circulations/index.html", box=box, titles=_titles(), rows=listing.items, page=wanted.page_of(listing)
        )


def _titles() -> dict[Box, str]:
    return {"unread": _("待阅、待复"), "read": _("已阅"), "questions": _("沟通"), "sent": _("我发出的")}


@blueprint.get("/<uuid:circulation_id>")
@signed_in
def show(circulation_id: UUID) -> ResponseReturnValue:
    """A copy with the opinions of the case as its sender sees them, or a question."""
    with current_desk().db.reading() as session:
        return _page(session, current_actor(), circulation_id)


def _page(session: Session, actor: Actor, circulation_id: UUID, problem: Message | None = None) -> str:
    found = circulating.circulation_for(session, actor, circulation_id)
    item = session.get(WorkItem, found.work_item_id) if found.work_item_id else None
    mine = found.to_id == actor.person_id
    return render_template(
        "circulations/show.html",
        found=found,
        item=item,
        mine=mine,
        problem=problem,
        sent=request.form,
        opens_case=sees_all(actor),
        sheet=drawn(session, current_desk(), actor, sheet_for_reader(session, found)),
        people=staff(session, actor) if mine and found.kind == circulating.COPY else [],
    )


@blueprint.post("/<uuid:circulation_id>/read")
@signed_in
def read(circulation_id: UUID) -> ResponseReturnValue:
    """Note that one has read it."""
    return _act(circulation_id, circulating.read, _("已标记为已阅。"))


@blueprint.post("/<uuid:circulation_id>/answer")
@signed_in
def answer(circulation_id: UUID) -> ResponseReturnValue:
    """Answer a question, or leave an opinion on a copy."""
    return _act(circulation_id, circulating.answer, _("已回复。"), request.form.get("text", ""))


@blueprint.post("/<uuid:circulation_id>/pass-on")
@signed_in
def pass_on(circulation_id: UUID) -> ResponseReturnValue:
    """Show a copy to others as well."""
    people = [part.strip() for part in request.form.get("to", "").replace("，", ",").split(",") if part.strip()]
    return _act(circulation_id, circulating.pass_on, _("已传阅。"), people, request.form.get("text", ""))


def _act(circulation_id: UUID, act: Callable[..., Any], told: str, *args: Any) -> ResponseReturnValue:
    actor = current_actor()
    try:
        with once() as operation:
            act(operation.session, actor, circulation_id, *args)
            flash(told)
            return operation.done(url_for("circulations.show", circulation_id=circulation_id))
    except (Invalid, Conflict) as problem:
        with current_desk().db.reading() as session:
            return _page(session, actor, circulation_id, problem.text), problem.status
