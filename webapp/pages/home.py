"""The way in: where a person lands, the language of the pages, and the keys."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from processes.identity import people
from webapp.access import public, signed_in
from webapp.addresses import own_address, without_language
from webapp.desk import current_desk
from webapp.language import COOKIE, LANGUAGES
from webapp.security import ONE_YEAR
from webapp.visitors import visitor

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@public
def index() -> ResponseReturnValue:
    """Lead to the inbox, an applicant to the applications, a stranger to the log-in page."""
    actor = visitor()
    if actor is None:
        return redirect(url_for("log_in.form"))
    only_applies = bool(actor.holdings) and all(each.role == "applicant" for each in actor.holdings)
    return redirect(url_for("applications.index" if only_applies else "inbox.index"))


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
