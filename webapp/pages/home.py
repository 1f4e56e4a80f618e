"""The way in: where a person lands, the language of the pages, and the keys."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from processes.engine import inbox
from processes.identity import people
from processes.identity.actor import Actor
from webapp.access import public, signed_in
from webapp.addresses import own_address, without_language
from webapp.desk import current_desk
from webapp.language import COOKIE, LANGUAGES
from webapp.security import ONE_YEAR
from webapp.visitors import visitor

blueprint = Blueprint("home", __name__)


LANDINGS = {"applicant": "applications.index", "administrator": "people.index", "auditor": "audit.index"}
"""Where the holders of one post and no other land, in place of an inbox that is always empty."""


@blueprint.get("/")
@public
def index() -> ResponseReturnValue:
    """Lead to the inbox, to the place of a post that has none, a stranger to the log-in page."""
    actor = visitor()
    return redirect(url_for("log_in.form" if actor is None else _landing(actor)))


def _landing(actor: Actor) -> str:
    roles = {each.role for each in actor.holdings}
    if len(roles) == 1 and (found := LANDINGS.get(next(iter(roles)))):
        return found
    if not actor.has("manager"):
        return "inbox.index"
    with current_desk().db.reading() as session:
        return "inbox.index" if inbox.counts(session, actor).todo else "waiting.index"


@blueprint.post("/language")
@public
def language() -> ResponseReturnValue:
    """Change the language: for the person who is signed in, and in the cookie for the log-in page."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        chosen = "zh"
    desk, actor = current_desk(), visitor()
    if actor is not None:
        with desk.db.transaction() as session:
            people.set_language(session, actor, chosen)
    response = redirect(without_language(own_address(request.form.get("next"))) or url_for("home.index"), 303)
    response.set_cookie(COOKIE, chosen, ONE_YEAR, secure=desk.settings.https, httponly=True, samesite="Lax")
    return response


@blueprint.get("/keys")
@signed_in
def keys() -> str:
    """The keys that work in lists, as a page."""
    return render_template("keys.html")
