"""Organizations, for those who keep them: names as papers print them, employers of applicants, first and last days."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from processes.errors import Invalid
from processes.identity import organizations
from processes.identity.actor import Actor
from processes.identity.models import Unit
from processes.identity.organizations import KINDS, LASTING, MAY_KEEP_EMPLOYERS, Given, OrganizationFilter
from processes.messages import Message
from webapp.access import post_needed
from webapp.desk import current_desk
from webapp.language import current_language
from webapp.operation_key import once
from webapp.pages.inbox import unit_choices
from webapp.pages.lists import asked, typed_day
from webapp.visitors import current_actor

blueprint = Blueprint("organizations", __name__, url_prefix="/organizations")
STATES = (("unconfirmed", _l("名称待核对")), ("unmanned", _l("无人任职")), ("ended", _l("已过终止日期")))


@blueprint.get("/")
@post_needed(*MAY_KEEP_EMPLOYERS)
def index() -> ResponseReturnValue:
    """Every organization, with the mark of a name that nobody has checked."""
    actor, wanted = current_actor(), asked("q", "kind", "unit", "state")
    narrowed = OrganizationFilter(wanted.get("q"), wanted.get("kind"), wanted.get("unit"), wanted.get("state"))
    with current_desk().db.reading() as session:
        rows, total = organizations.listing(
            session, actor, narrowed, sort=wanted.sort, offset=wanted.offset, limit=wanted.size
        )
        return render_template(
            "organizations/index.html",
            rows=rows,
            page=wanted.page(total),
            asked=wanted,
            unconfirmed=organizations.unconfirmed_count(session, actor),
            unmanned=organizations.unmanned_count(session, actor),
            kinds=[(kind, kind_name(kind)) for kind in KINDS],
            kind_name=kind_name,
            units=unit_choices(session),
            states=STATES,
        )


@blueprint.get("/new")
@post_needed(*MAY_KEEP_EMPLOYERS)
def new() -> ResponseReturnValue:
    """The form for a further employer."""
    return render_template("organizations/new.html", typed={}, errors={})


@blueprint.post("/new")
@post_needed(*MAY_KEEP_EMPLOYERS)
def add() -> ResponseReturnValue:
    """Let applicants choose a further employer."""
    actor = current_actor()
    try:
        with once() as operation:
            made = organizations.add_employer(operation.session, actor, _given())
            flash(_("已登记单位：%(name)s。请为其登记至少一名“所在单位人事经办”。", name=made.name))
            return operation.done(_place(made.id))
    except Invalid as refused:
        return render_template("organizations/new.html", typed=request.form, errors=refused.fields), 422


@blueprint.get("/<organization_id>")
@post_needed(*MAY_KEEP_EMPLOYERS)
def show(organization_id: str) -> ResponseReturnValue:
    """One organization, to be read or corrected."""
    return _page(current_actor(), organization_id, None, {})


@blueprint.post("/<organization_id>")
@post_needed(*MAY_KEEP_EMPLOYERS)
def change(organization_id: str) -> ResponseReturnValue:
    """Correct the names and the days of an organization."""
    actor = current_actor()
    try:
        with once() as operation:
            organizations.change(operation.session, actor, organization_id, _given())
            flash(_("已保存。此后印制的公文、聘书使用新的名称，已印制的不变。"))
            return operation.done(_place(organization_id))
    except Invalid as refused:
        return _page(actor, organization_id, request.form, refused.fields), 422


@blueprint.post("/<organization_id>/confirm")
@post_needed(*MAY_KEEP_EMPLOYERS)
def confirm(organization_id: str) -> ResponseReturnValue:
    """Note that the name has been checked."""
    actor = current_actor()
    with once() as operation:
        found = organizations.confirm(operation.session, actor, organization_id)
        flash(_("名称已核对：%(name)s。", name=found.name))
        return operation.done(_place(organization_id))


def _page(actor: Actor, organization_id: str, typed: Mapping[str, str] | None, errors: Mapping[str, Message]) -> str:
    with current_desk().db.reading() as session:
        found = organizations.organization(session, actor, organization_id)
        standing = {
            "name": found.name,
            "name_en": found.name_en,
            "valid_from": found.valid_from.isoformat() if found.valid_from else "",
            "valid_to": found.valid_to.isoformat() if found.valid_to else "",
        }
        return render_template(
            "organizations/show.html",
            organization=found,
            unit=session.get(Unit, found.unit_id) if found.unit_id else None,
            kind=kind_name(found.kind),
            lasting=found.kind in LASTING,
            may_change=organizations.may_change(actor, found),
            sees_people=actor.has("administrator"),
            typed=standing if typed is None else typed,
            errors=errors,
        )


def kind_name(kind: str) -> str:
    """A kind of organization in the reader's language."""
    return KINDS[kind].text(current_language()) if kind in KINDS else kind


def _given() -> Given:
    form = request.form
    return Given(form.get("name", ""), form.get("name_en", ""), typed_day("valid_from"), typed_day("valid_to"))


def _place(organization_id: str) -> str:
    return url_for("organizations.show", organization_id=organization_id)
