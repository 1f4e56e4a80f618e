"""A person's own account: posts, password, open sessions, tokens for programs."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from processes import clock
from processes.delivery import choices, feeds
from processes.errors import Invalid
from processes.identity import log_in, people, tokens
from processes.identity.actor import Actor
from processes.messages import Message, message
from webapp.access import current_actor, signed_in
from webapp.desk import current_desk
from webapp.operation_key import once
from webapp.visitors import current_token

blueprint = Blueprint("account", __name__, url_prefix="/account")


@blueprint.get("/")
@signed_in
def index() -> str:
    """The account page."""
    with current_desk().db.reading() as session:
        return _page(session, current_actor())


@blueprint.post("/password")
@signed_in
def change_password() -> ResponseReturnValue:
    """Change the password; every other session ends."""
    form, actor = request.form, current_actor()
    try:
        if form.get("password") != form.get("repeated"):
            text = message("两次输入的新密码不一致。")
            raise Invalid(text, {"repeated": text})
        with once() as operation:
            people.change_password(
                operation.session, actor, form.get("old_password", ""), form.get("password", ""), keep=current_token()
            )
            flash(_("密码已更改，其他设备上的登录已结束。"))
            return operation.done(url_for(".index"))
    except Invalid as refused:
        return _again(actor, refused, "password"), 422


@blueprint.post("/notices")
@signed_in
def choose_notices() -> ResponseReturnValue:
    """Choose how to be told outside the desk."""
    form, actor = request.form, current_actor()
    try:
        with once() as operation:
            choices.choose(
                operation.session, actor, form.get("mail", ""), form.get("quiet_from", ""), form.get("quiet_to", "")
            )
            flash(_("提醒方式已保存。"))
            return operation.done(url_for(".index") + "#notices")
    except Invalid as refused:
        return _again(actor, refused, "notices"), 422


@blueprint.post("/sessions/<token_hash>/end")
@signed_in
def end_session(token_hash: str) -> ResponseReturnValue:
    """End one of the person's own sessions."""
    actor = current_actor()
    with once() as operation:
        if actor.person_id is not None:
            log_in.end_session(operation.session, actor.person_id, token_hash)
        flash(_("该登录已结束。"))
        return operation.done(url_for(".index") + "#sessions")


@blueprint.post("/tokens")
@signed_in
def create_token() -> ResponseReturnValue:
    """Make a token for programs and show it, this once."""
    actor = current_actor()
    try:
        with once() as operation:
            token = tokens.create(operation.session, actor, request.form.get("name", ""))
            operation.done(url_for(".index") + "#tokens")  # where a repeated click leads: the token is told once
    except Invalid as refused:
        return _again(actor, refused, "token"), 422
    with current_desk().db.reading() as session:
        return _page(session, actor, new_token=token)


@blueprint.post("/tokens/<token_hash>/revoke")
@signed_in
def revoke_token(token_hash: str) -> ResponseReturnValue:
    """Take a token back."""
    with once() as operation:
        tokens.revoke(operation.session, current_actor(), token_hash)
        flash(_("令牌已停用。"))
        return operation.done(url_for(".index") + "#tokens")


def _again(actor: Actor, refused: Invalid, form: str) -> str:
    """The page once more with what was wrong; passwords are never sent back."""
    with current_desk().db.reading() as session:
        return _page(session, actor, errors={**refused.fields, f"{form}_form": refused.text})


def _page(
    session: Session, actor: Actor, *, errors: dict[str, Message] | None = None, new_token: str | None = None
) -> str:
    assert actor.person_id is not None
    token = current_token()
    return render_template(
        "account.html",
        person=people.person(session, actor.person_id),
        holdings=people.holdings_on(session, actor.person_id, clock.today()),
        sessions=log_in.sessions_of(session, actor.person_id),
        this_session=log_in.token_hash(token) if token else None,
        tokens=tokens.tokens_of(session, actor),
        new_token=new_token,
        choice=choices.choice_of(session, actor),
        feed=feeds.feed_of(session, actor),
        mail_on=current_desk().settings.mail is not None,
        errors=errors or {},
        typed=request.form,
    )
