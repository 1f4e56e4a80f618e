"""A task handed to a colleague, or its holder asked to hurry: what is refused is said beside what was filled in."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from processes.engine import handing_on
from processes.errors import Conflict, Invalid
from webapp.access import signed_in
from webapp.desk import current_desk
from webapp.operation_key import once
from webapp.pages.tasks import refused_page
from webapp.visitors import current_actor

blueprint = Blueprint("handing_on", __name__, url_prefix="/tasks")


@blueprint.post("/<uuid:item_id>/transfer")
@signed_in
def transfer(item_id: UUID) -> ResponseReturnValue:
    """Hand a task to a colleague who holds the same post."""
    to, reason = request.form.get("to", ""), request.form.get("reason", "")
    try:
        with once() as operation:
            item = handing_on.transfer(operation.session, current_actor(), item_id, to, reason)
            flash(_("%(title)s：已转由%(person)s办理。", title=item.title, person=item.claimed_by))
            return operation.done(url_for("tasks.show", item_id=item_id))
    except (Invalid, Conflict) as problem:
        return refused_page(current_desk(), current_actor(), item_id, ("transfer", problem.text)), problem.status


@blueprint.post("/<uuid:item_id>/remind")
@signed_in
def remind(item_id: UUID) -> ResponseReturnValue:
    """Ask whoever holds a task to hurry."""
    try:
        with once() as operation:
            item = handing_on.remind(operation.session, current_actor(), item_id, request.form.get("reason", ""))
            flash(_("%(title)s：已催办。", title=item.title))
            return operation.done(url_for("tasks.show", item_id=item_id))
    except (Invalid, Conflict) as problem:
        return refused_page(current_desk(), current_actor(), item_id, ("remind", problem.text)), problem.status
