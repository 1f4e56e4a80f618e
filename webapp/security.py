"""What every answer says to the browser, how the cookie is kept, and the token that forged requests lack."""

from __future__ import annotations

from flask import Flask, Response, abort, request
from flask_wtf.csrf import CSRFProtect

from webapp.desk import current_desk
from webapp.programs import is_program, shows_itself
from webapp.visitors import visitor

POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""Scripts and styles come from files of the desk alone; a page carries neither."""
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
ONE_YEAR = 365 * 24 * 3600

csrf = CSRFProtect()


def install(app: Flask) -> None:
    """Keep the cookie safe, check the token of every changing request, and add the headers."""
    https: bool = app.extensions["desk"].settings.https
    app.config.update(
        SESSION_COOKIE_NAME="__Host-desk" if https else "desk",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,  # it ends with the session
        WTF_CSRF_SSL_STRICT=https,
        SEND_FILE_MAX_AGE_DEFAULT=ONE_YEAR,  # the address of a static file changes with its content
    )
    csrf.init_app(app)
    app.before_request(_refuse_forged)
    app.before_request(_refuse_nul)
    app.after_request(_add_headers)


def _refuse_forged() -> None:
    """A program shows who it is with each request; whoever comes with a cookie needs the token too.

    A program that shows nothing at all is nobody, and is told to say who it is.
    """
    if not shows_itself() and not (is_program() and visitor() is None):
        csrf.protect()


def _refuse_nul() -> None:
    """No person types it, and PostgreSQL takes it in no text; a program is told which value it was."""
    if not is_program() and any(
        "\0" in each for given in (request.args, request.form) for _, each in given.items(True)
    ):
        abort(400)


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "static" and (visitor() is not None or "Cache-Control" not in response.headers):
        response.headers["Cache-Control"] = "no-store"
    if current_desk().settings.https:
        response.headers["Strict-Transport-Security"] = f"max-age={ONE_YEAR}; includeSubDomains"
    return response
