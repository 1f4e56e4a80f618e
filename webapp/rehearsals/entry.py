"""Entering a scratch desk as one of its stand-ins, without a password: whoever comes here may rehearse."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from processes.errors import NotFound
from processes.identity import log_in
from processes.messages import message
from webapp.access import public
from webapp.addresses import own_address
from webapp.desk import current_desk
from webapp.visitors import enter

blueprint = Blueprint("rehearsal_entry", __name__)


@blueprint.get("/as/<login>")
@public
def enter_as(login: str) -> ResponseReturnValue:
    """Act as a stand-in from now on; the door before the scratch desk has asked who comes."""
    desk = current_desk()
    if not desk.settings.rehearsal:
        raise NotFound()
    with desk.db.transaction() as session:
        person = log_in.usable_person(session, login)
        if person is None:
            raise NotFound(message("彩排环境中没有登录名为“%(login)s”的替身。", login=login))
        token = log_in.open_session(session, person.id, "", "rehearsal")
    enter(token)
    return redirect(own_address(request.args.get("next")) or url_for("home.index"), 303)
