"""Logging in and out."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from processes.identity import log_in, passwords, people
from processes.messages import Message
from webapp.access import public, signed_in
from webapp.addresses import own_address
from webapp.demonstration import DEMONSTRATION_LOG_INS, DEMONSTRATION_PASSWORD, DemonstrationLogIn
from webapp.desk import current_desk
from webapp.visitors import address, agent, current_token, enter, leave, try_password, visitor

blueprint = Blueprint("log_in", __name__)


@blueprint.get("/log-in")
@public
def form() -> ResponseReturnValue:
    """The page to log in; whoever has logged in is led on."""
    if visitor() is not None:
        return redirect(_wanted() or url_for("home.index"))
    return _page()


@blueprint.post("/log-in")
@public
def submit() -> ResponseReturnValue:
    """Open a session for the right password; the session before it, if any, ends."""
    login, password = request.form.get("login", "").strip(), request.form.get("password", "")
    if not login or not password:
        return _page(login, missing=True), 422
    desk = current_desk()
    outcome = try_password(desk, login, password[: passwords.LONGEST])
    if outcome.person_id is None:
        return _page(login, outcome.problem), 422
    with desk.db.transaction() as session:
        if (earlier := current_token()) is not None:
            log_in.log_out(session, earlier)
        token = log_in.open_session(session, outcome.person_id, address(), agent())
    wanted = _wanted()
    enter(token)
    return redirect(wanted or url_for("home.index"), 303)


@blueprint.post("/log-out")
@signed_in
def log_out() -> ResponseReturnValue:
    """End the session, and let the browser forget what it has kept of it."""
    if (token := current_token()) is not None:
        with current_desk().db.transaction() as session:
            log_in.log_out(session, token)
    leave()
    flash(_("您已退出。"))
    response = redirect(url_for("log_in.form"), 303)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _page(login: str = "", problem: Message | None = None, *, missing: bool = False) -> str:
    return render_template(
        "log_in.html",
        login=login or request.args.get("login", ""),
        problem=problem,
        missing=missing,
        next=_wanted(),
        demonstration_log_ins=_demonstration_log_ins(),
        demonstration_password=DEMONSTRATION_PASSWORD,
    )


def _demonstration_log_ins() -> list[DemonstrationLogIn]:
    """The log-ins that a demonstration has; an installation that is none shows nobody's."""
    desk = current_desk()
    if not desk.settings.demonstration:
        return []
    with desk.db.reading() as session:
        known = people.known_logins(session, [each.login for each in DEMONSTRATION_LOG_INS])
    return [each for each in DEMONSTRATION_LOG_INS if each.login in known]


def _wanted() -> str | None:
    return own_address(request.values.get("next"))
