"""The first pages of the studio: every procedure with its versions and drafts, and all drafts."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from processes.engine import drafts as kept
from processes.engine.deployment import MAY_LOOK
from processes.engine.drafts.lists import ORDERS
from webapp.access import post_needed
from webapp.desk import current_desk
from webapp.pages.lists import asked
from webapp.visitors import current_actor

blueprint = Blueprint("studio", __name__, url_prefix="/studio")
STATES = {
    kept.OPEN: _l("编辑中"),
    kept.SUBMITTED: _l("待审核"),
    kept.APPROVED: _l("已通过审核"),
    kept.PUBLISHED: _l("已发布"),
    kept.DISCARDED: _l("已放弃"),
}
TONES = {kept.OPEN: "blue", kept.SUBMITTED: "warn", kept.APPROVED: "good", kept.PUBLISHED: "good"}
"""How the state of a draft is shown; the word is always beside the colour."""
DRAFT_ORDERS = ("title", "-title", "changed", "-changed")


@blueprint.get("/")
@post_needed(*MAY_LOOK)
def index() -> ResponseReturnValue:
    """Every procedure: its active version, the cases that go on, its drafts and the last change."""
    actor, wanted = current_actor(), asked("q", sort="key")
    actor.need(*MAY_LOOK)
    order = wanted.sort if wanted.sort in ORDERS else "key"
    with current_desk().db.reading() as session:
        rows, total = kept.procedures(session, wanted.get("q"), order, offset=wanted.offset, limit=wanted.size)
        at_work = kept.present(session, [each.id for row in rows for each in row.drafts])
        return render_template(
            "studio/index.html",
            rows=rows,
            at_work=at_work,
            page=wanted.page(total),
            asked=wanted,
            order=order,
            states=STATES,
            tones=TONES,
            may_edit=actor.has(*kept.MAY_EDIT),
        )


@blueprint.get("/drafts")
@post_needed(*MAY_LOOK)
def drafts() -> ResponseReturnValue:
    """All drafts; unless asked otherwise those that may still become a version."""
    actor, wanted = current_actor(), asked("q", "state", sort="-changed")
    actor.need(*MAY_LOOK)
    order = wanted.sort if wanted.sort in DRAFT_ORDERS else "-changed"
    state = wanted.get("state")
    states = tuple(STATES) if state == "all" else (state,) if state in STATES else kept.ALIVE
    with current_desk().db.reading() as session:
        rows, total = kept.listed(session, wanted.get("q"), states, order, offset=wanted.offset, limit=wanted.size)
        return render_template(
            "studio/drafts.html",
            rows=rows,
            at_work=kept.present(session, [each.id for each in rows]),
            page=wanted.page(total),
            asked=wanted,
            order=order,
            states=STATES,
            tones=TONES,
            may_edit=actor.has(*kept.MAY_EDIT),
        )
