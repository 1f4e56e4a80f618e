"""我的视图: pages that a person keeps under a name, with their filters."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from processes import saved_views
from processes.errors import Invalid
from webapp.access import signed_in
from webapp.desk import current_desk
from webapp.language import say
from webapp.visitors import current_actor

blueprint = Blueprint("saved_views", __name__, url_prefix="/views")


@blueprint.get("/")
@signed_in
def index() -> ResponseReturnValue:
    """What the visitor has kept."""
    with current_desk().db.reading() as session:
        return render_template("saved_views/index.html", views=saved_views.views(session, current_actor()))


@blueprint.post("/")
@signed_in
def keep() -> ResponseReturnValue:
    """Keep the page the visitor comes from."""
    address = request.form.get("address", "")
    try:
        with current_desk().db.transaction() as session:
            kept = saved_views.keep(session, current_actor(), request.form.get("name", ""), address)
            flash(_("已保存为“%(name)s”。", name=kept.name))
            return redirect(kept.address, 303)
    except Invalid as problem:
        flash(say(problem.text), "error")
        return redirect(url_for("saved_views.index"), 303)


@blueprint.post("/<uuid:view_id>/drop")
@signed_in
def drop(view_id: UUID) -> ResponseReturnValue:
    """Forget a view."""
    with current_desk().db.transaction() as session:
        saved_views.drop(session, current_actor(), view_id)
    flash(_("视图已删除。"))
    return redirect(url_for("saved_views.index"), 303)
