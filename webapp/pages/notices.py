"""The notices of a person: reminders, escalations, results."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from processes import notices
from webapp.access import signed_in
from webapp.desk import current_desk
from webapp.navigation import numbers_beside
from webapp.operation_key import once
from webapp.pages.lists import asked
from webapp.visitors import current_actor

blueprint = Blueprint("notices", __name__, url_prefix="/notices")


@blueprint.get("/")
@signed_in
def index() -> ResponseReturnValue:
    """All notices, newest first."""
    desk, actor = current_desk(), current_actor()
    wanted = asked()
    with desk.db.reading() as session:
        listing = notices.notices_of(session, actor, wanted.part)
        return render_template(
            "notices/index.html",
            rows=listing.items,
            page=wanted.page_of(listing),
            unread=numbers_beside(session, actor)["unread"],
            kinds={
                "reminder": _("催办"),
                "escalation": _("升级"),
                "result": _("结果"),
                "incident": _("故障"),
            },
        )


@blueprint.post("/read")
@signed_in
def mark_read() -> ResponseReturnValue:
    """Note that all have been read."""
    with once() as operation:
        notices.mark_all_read(operation.session, current_actor())
        flash(_("已全部标为已读。"))
        return operation.done(url_for("notices.index"))
