"""交接: the open work of somebody who leaves is looked through, moved, and listed on a receipt to be printed."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.engine.verbs import handing_over
from processes.errors import Conflict, Invalid
from processes.identity.models import Person
from processes.messages import Message
from webapp.access import signed_in
from webapp.desk import current_desk
from webapp.operation_key import once
from webapp.visitors import current_actor

blueprint = Blueprint("hand_overs", __name__, url_prefix="/hand-overs")


@blueprint.get("/")
@signed_in
def index() -> ResponseReturnValue:
    """The receipts, and for administrators the form of a new hand-over with what it would move."""
    with current_desk().db.reading() as session:
        return _page(session)


def _page(session: Session, problem: Message | None = None, fields: dict[str, Message] | None = None) -> str:
    actor, asked = current_actor(), request.form or request.args
    may = actor.has(*handing_over.MAY_HAND_OVER)
    leaver, successor = asked.get("leaver", "").strip(), asked.get("successor", "").strip()
    found = None
    if may and leaver and successor and not fields:
        try:
            found = handing_over.preview(session, actor, leaver, successor)
        except Invalid as refused:
            problem, fields = refused.text, refused.fields
    people = select(Person).order_by(Person.name, Person.login).limit(1500)
    return render_template(
        "hand_overs/index.html",
        receipts=handing_over.receipts(session, actor),
        may=may,
        people=session.scalars(people).all() if may else [],
        preview=found,
        leaver=leaver,
        successor=successor,
        problem=problem,
        fields=fields or {},
        sent=request.form,
    )


@blueprint.post("/")
@signed_in
def hand_over() -> ResponseReturnValue:
    """Move everything, and show the receipt."""
    form = request.form
    try:
        with once() as operation:
            receipt = handing_over.hand_over(
                operation.session, current_actor(), form.get("leaver", ""), form.get("successor", ""),
                form.get("reason", ""),
            )  # fmt: skip
            flash(_("交接完成，交接单 %(number)s。", number=receipt.number))
            return operation.done(url_for("hand_overs.show", receipt_id=receipt.id))
    except (Invalid, Conflict) as problem:
        fields = problem.fields if isinstance(problem, Invalid) else {}
        with current_desk().db.reading() as session:
            return _page(session, problem.text, {} if "reason" in fields else fields), problem.status


@blueprint.get("/<uuid:receipt_id>")
@signed_in
def show(receipt_id: UUID) -> ResponseReturnValue:
    """A receipt, to be printed and signed by both."""
    with current_desk().db.reading() as session:
        return render_template(
            "hand_overs/show.html", receipt=handing_over.receipt_for(session, current_actor(), receipt_id)
        )
