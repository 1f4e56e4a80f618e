"""Who may: every view says for whom it is, and a view that says nothing is served to nobody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, abort, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from processes.errors import NotAllowed
from processes.messages import message
from webapp.addresses import this_address
from webapp.programs import is_program
from webapp.visitors import NotSignedIn, current_actor, has_expired, must_change_password, visitor

__all__ = ["access_of", "current_actor", "post_needed", "public", "signed_in"]

BEFORE_CHANGE = frozenset({"account.index", "account.change_password", "log_in.log_out"})
"""What is open to somebody whose password was made by the administrator."""
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Access:
    """For whom a view is: everybody, whoever is signed in, or the holders of one of certain posts."""

    public: bool = False
    posts: tuple[str, ...] = ()


def public(view: View) -> View:
    """Mark a view as one for everybody."""
    return _mark(view, Access(public=True))


def signed_in(view: View) -> View:
    """Mark a view as one for whoever is signed in; the action it calls checks the rest."""
    return _mark(view, Access())


def post_needed(*posts: str) -> Callable[[View], View]:
    """Mark a view as one for the holders of one of the posts."""

    def mark(view: View) -> View:
        return _mark(view, Access(posts=posts))

    return mark


def access_of(view: Any) -> Access | None:
    """For whom a view is, or None when it does not say."""
    found = getattr(view, "desk_access", None)
    return found if isinstance(found, Access) else None


def install(app: Flask) -> None:
    """Let every request be admitted or refused by what its view says."""
    app.view_functions["static"] = public(app.view_functions["static"])
    app.before_request(_admit)


def _admit() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None
    access = access_of(current_app.view_functions[request.endpoint])
    if access is None:
        abort(500, f"the view {request.endpoint} does not say for whom it is")
    if access.public:
        return None
    if visitor() is None:
        return _ask_to_log_in()
    if must_change_password() and request.endpoint not in BEFORE_CHANGE:
        return _ask_to_change_password()
    if access.posts and not current_actor().has(*access.posts):
        raise NotAllowed()
    return None


def _ask_to_change_password() -> ResponseReturnValue:
    if is_program():
        raise NotAllowed(message("请先在网页上更改管理员设置的密码。"))
    flash(_("您的密码由管理员设置，请先更改，然后再办理其他事项。"), "warning")
    return redirect(url_for("account.index") + "#password", 303)


def _ask_to_log_in() -> ResponseReturnValue:
    if is_program():
        raise NotSignedIn()
    if has_expired():
        flash(_("登录已超时，请重新登录。"), "warning")
    wanted = this_address() if request.method == "GET" else None
    return redirect(url_for("log_in.form", next=wanted), 303)


def _mark(view: View, access: Access) -> View:
    view.desk_access = access  # type: ignore[attr-defined]  # a view is a function and takes attributes
    return view
