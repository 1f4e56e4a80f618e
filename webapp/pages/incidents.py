"""Incidents: what failed, doing it again, and giving it up."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from processes.engine import incidents
from processes.engine.failures import CaseFailed
from processes.engine.incidents import WorkFailed
from processes.engine.permissions import sees_all
from processes.errors import Invalid
from webapp.access import post_needed
from webapp.addresses import own_address
from webapp.desk import current_desk
from webapp.language import say
from webapp.operation_key import once
from webapp.pages.lists import asked
from webapp.visitors import current_actor

blueprint = Blueprint("incidents", __name__, url_prefix="/incidents")
STATUSES = {
    "resolved": ("resolved",),
    "discarded": ("discarded",),
    "all": ("open", "resolved", "discarded"),
}


@blueprint.get("/")
@post_needed(*incidents.MAY_RETRY)
def index() -> ResponseReturnValue:
    """Incidents, newest first; those that wait for somebody unless the address asks for more."""
    desk, actor = current_desk(), current_actor()
    wanted = asked("status")
    statuses = STATUSES.get(wanted.get("status"), ("open",))
    with desk.db.reading() as session:
        rows, total = incidents.incidents(session, statuses, offset=wanted.offset, limit=wanted.size)
        return render_template(
            "incidents/index.html",
            rows=rows,
            page=wanted.page(total),
            asked=wanted,
            may_open=sees_all(actor),
            may_discard=lambda incident: incidents.may_discard(desk.house, incident),
            show_trace=actor.has("administrator", "process_owner"),
        )


@blueprint.post("/<uuid:incident_id>/retry")
@post_needed(*incidents.MAY_RETRY)
def retry(incident_id: UUID) -> ResponseReturnValue:
    """Do again what failed, with the reason; a second failure counts on the same incident."""
    desk, actor = current_desk(), current_actor()
    place, reason = _place(), request.form.get("reason", "")
    try:
        with once() as operation:
            found = incidents.retry(operation.session, desk.house, actor, incident_id, reason)
            if found.element_id:
                flash(_("步骤“%(step)s”已重试成功，案件继续办理。", step=found.step or found.element_id))
            else:
                flash(_("“%(step)s”已重试成功。", step=found.step))
            return operation.done(place)
    except Invalid as problem:
        flash(say(problem.text), "error")
        return redirect(place, 303)
    except (CaseFailed, WorkFailed) as failure:
        with desk.db.transaction() as session:
            incidents.fail_again(session, actor, incident_id, failure, reason)
        flash(_("重试仍未成功：%(reason)s", reason=say(failure.text)), "error")
        return redirect(place, 303)


@blueprint.post("/<uuid:incident_id>/discard")
@post_needed(*incidents.MAY_RETRY)
def discard(incident_id: UUID) -> ResponseReturnValue:
    """Give up what failed, with the reason."""
    desk, actor = current_desk(), current_actor()
    place = _place()
    try:
        with once() as operation:
            reason = request.form.get("reason", "")
            found = incidents.discard(operation.session, desk.house, actor, incident_id, reason)
            flash(_("“%(step)s”已放弃，不再办理。", step=found.step or found.element_id))
            return operation.done(place)
    except Invalid as problem:
        flash(say(problem.text), "error")
        return redirect(place, 303)


def _place() -> str:
    return own_address(request.form.get("next")) or url_for("incidents.index")
