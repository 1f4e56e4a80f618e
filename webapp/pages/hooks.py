"""消息推送: other systems that are told of notices, and what became of each delivery; for the administrator."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from processes.delivery import hooks, waiting
from processes.errors import Invalid
from webapp.access import post_needed
from webapp.desk import current_desk
from webapp.operation_key import once
from webapp.pages.lists import asked
from webapp.visitors import current_actor

blueprint = Blueprint("hooks", __name__, url_prefix="/hooks")
KINDS = ("reminder", "escalation", "result", "incident")


@blueprint.get("/")
@post_needed(*hooks.MAY_KEEP)
def index() -> ResponseReturnValue:
    """The addresses, and the form for a further one."""
    return _page()


@blueprint.post("/")
@post_needed(*hooks.MAY_KEEP)
def make() -> ResponseReturnValue:
    """Make a hook and show its secret, this once."""
    form = request.form
    try:
        with once() as operation:
            made, secret = hooks.make(
                operation.session, current_actor(), form.get("name", ""), form.get("url", ""),
                [each for each in form.getlist("kinds") if each in KINDS],
            )  # fmt: skip
            name = made.name
            operation.done(url_for(".index"))  # where a repeated click leads: the secret is told once
    except Invalid as refused:
        return _page(errors=refused.fields), 422
    return _page(secret=secret, made=name)


@blueprint.post("/<uuid:hook_id>/turn")
@post_needed(*hooks.MAY_KEEP)
def turn(hook_id: UUID) -> ResponseReturnValue:
    """Let a hook be told, or no longer."""
    with once() as operation:
        active = request.form.get("active") == "yes"
        hooks.turn(operation.session, current_actor(), hook_id, active=active)
        flash(_("推送已启用。") if active else _("推送已停用。"))
        return operation.done(url_for(".index"))


@blueprint.get("/deliveries")
@post_needed(*waiting.MAY_SEE)
def deliveries() -> ResponseReturnValue:
    """What was sent, to whom, when; without what it said to persons."""
    wanted = asked("status", "channel")
    with current_desk().db.reading() as session:
        listing = waiting.deliveries(session, current_actor(), wanted.get("status"), wanted.get("channel"), wanted.part)
        return render_template(
            "hooks/deliveries.html",
            rows=listing.items,
            page=wanted.page_of(listing),
            asked=wanted,
            statuses=[
                ("waiting", _("待发送")),
                ("sent", _("已发送")),
                ("failed", _("未能发送")),
                ("dropped", _("不再发送")),
            ],
            channels=[("mail", _("邮件")), ("hook", _("消息推送"))],
            mail_on=current_desk().settings.mail is not None,
        )


@blueprint.post("/deliveries/<uuid:delivery_id>/again")
@post_needed(*hooks.MAY_KEEP)
def again(delivery_id: UUID) -> ResponseReturnValue:
    """Send what could not be sent once more."""
    with once() as operation:
        waiting.again(operation.session, current_actor(), delivery_id)
        flash(_("已重新排队发送。"))
        return operation.done(url_for(".deliveries", status="failed"))


def _page(errors: object = None, secret: str = "", made: str = "") -> str:
    with current_desk().db.reading() as session:
        return render_template(
            "hooks/index.html",
            hooks=hooks.hooks(session, current_actor()),
            errors=errors or {},
            typed=request.form,
            secret=secret,
            made=made,
            kinds=[("reminder", _("催办")), ("escalation", _("升级")), ("result", _("结果")), ("incident", _("故障"))],
        )
