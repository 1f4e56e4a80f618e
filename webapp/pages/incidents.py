"""Incidents: steps that failed, and doing them again."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from processes.engine import incidents
from processes.engine.failures import CaseFailed
from processes.engine.models import Case, Incident
from processes.engine.permissions import sees_all
from processes.errors import NotFound
from webapp.access import post_needed
from webapp.addresses import own_address
from webapp.desk import current_desk
from webapp.language import say
from webapp.operation_key import once
from webapp.pages.lists import asked
from webapp.visitors import current_actor

blueprint = Blueprint("incidents", __name__, url_prefix="/incidents")


@blueprint.get("/")
@post_needed(*incidents.MAY_RETRY)
def index() -> ResponseReturnValue:
    """Incidents, newest first; those that wait for somebody unless the address asks for more."""
    desk, actor = current_desk(), current_actor()
    wanted = asked("status")
    statuses = {"resolved": ("resolved",), "all": ("open", "resolved")}.get(wanted.get("status"), ("open",))
    with desk.db.reading() as session:
        total = session.scalar(select(func.count()).select_from(Incident).where(Incident.status.in_(statuses))) or 0
        query = (
            select(Incident)
            .join(Case)
            .options(contains_eager(Incident.case))
            .where(Incident.status.in_(statuses))
            .order_by(Incident.at.desc(), Incident.id)
            .offset(wanted.offset)
            .limit(wanted.size)
        )
        return render_template(
            "incidents/index.html",
            rows=session.scalars(query).all(),
            page=wanted.page(total),
            asked=wanted,
            may_open=sees_all(actor),
            show_trace=actor.has("administrator", "process_owner"),
        )


@blueprint.post("/<uuid:incident_id>/retry")
@post_needed(*incidents.MAY_RETRY)
def retry(incident_id: UUID) -> ResponseReturnValue:
    """Do again what failed; a second failure counts on the same incident."""
    desk, actor = current_desk(), current_actor()
    place = own_address(request.form.get("next")) or url_for("incidents.index")
    try:
        with once() as operation:
            found = incidents.retry(operation.session, desk.house, actor, incident_id)
            flash(_("步骤“%(step)s”已重试成功，案件继续办理。", step=found.step or found.element_id))
            return operation.done(place)
    except CaseFailed as failure:
        with desk.db.transaction() as session:
            incident = session.get(Incident, incident_id)
            if incident is None:
                raise NotFound() from failure
            incidents.record(session, failure, incident.action)
        flash(_("重试仍未成功：%(reason)s", reason=say(failure.text)), "error")
        return redirect(place, 303)
