"""Who is asking: a browser shows the cookie of a session, a program shows a password or a token with each request."""

from __future__ import annotations

import hmac
import secrets
from contextlib import suppress

from flask import Flask, Response, current_app, g, has_request_context, request, session
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from werkzeug.datastructures import Authorization

from processes import clock
from processes.engine.english_names import english_names
from processes.errors import DeskError
from processes.identity import log_in, people, tokens
from processes.identity.actor import Actor
from processes.identity.models import Person
from processes.messages import Message, message
from webapp.desk import Desk, current_desk
from webapp.language import current_language

TOKEN = "log_in"  # noqa: S105 # the name of a place in the cookie, not a token
OF_NOBODY = frozenset({"static", "health.alive", "health.ready", "monitoring.metrics"})
"""What is answered to machines and beside pages, whoever asks: no database is needed to say so."""


class NotSignedIn(DeskError):
    """The request needs a person, and nobody is signed in."""

    status = 401
    code = "not-signed-in"

    def __init__(self, text: Message | None = None) -> None:
        super().__init__(text or message("请先登录。"))


def visitor() -> Actor | None:
    """Who is signed in, or None: for what is drawn on pages for everybody too."""
    actor: Actor | None = g.get("actor")
    return actor


def current_actor() -> Actor:
    """Who acts in this request; `NotSignedIn` when nobody is signed in."""
    actor = visitor()
    if actor is None:
        raise NotSignedIn()
    return actor


def has_expired() -> bool:
    """Whether the cookie named a session that has ended."""
    return bool(g.get("has_expired"))


def must_change_password() -> bool:
    """Whether whoever is signed in has a password of the administrator's making, which opens nothing but its change."""
    return bool(g.get("password_once"))


def current_token() -> str | None:
    """The token of the session in the visitor's cookie."""
    token: str | None = session.get(TOKEN)
    return token


def enter(token: str) -> None:
    """Let the visitor's cookie carry a new session; nothing of an earlier one stays in it."""
    session.clear()
    session[TOKEN] = token


def leave() -> None:
    """Take the session out of the visitor's cookie."""
    session.clear()


def address() -> str:
    """Where the request came from."""
    return request.remote_addr or ""


def agent() -> str:
    """What the visitor's browser calls itself."""
    return request.user_agent.string


def try_password(desk: Desk, login: str, password: str) -> log_in.Outcome:
    """Compare a password and write down what came of it; the comparison holds no transaction open."""
    with desk.db.reading() as database:
        tried = log_in.attempt(database, login, address())
    matched = tried.matches(password)
    with desk.db.reading() as database:
        if log_in.is_right(database, tried, matched):
            return log_in.Outcome(tried.person_id)
    with desk.db.transaction() as database:
        return log_in.conclude(database, tried, matched)


def install(app: Flask) -> None:
    """Let every request be identified before anything else."""
    app.extensions["recent_passwords"] = RecentPasswords()
    app.before_request(_identify)
    app.after_request(_note_use)
    current: Desk = app.extensions["desk"]
    current.db.before_commit.insert(0, _note_use_in)


def _identify() -> None:
    if request.endpoint in OF_NOBODY:
        return
    if "Authorization" in request.headers:
        _identify_program(request.authorization)
    elif (token := current_token()) is not None:
        _identify_browser(token)


def _identify_browser(token: str) -> None:
    desk = current_desk()
    with desk.db.reading() as database:
        found = log_in.session_person(database, token)
        if found is None:
            session.pop(TOKEN)
            g.has_expired = True
            return
        _remember(database, found.person)
        if current_language() == "en":
            g.english_names = english_names(database)
    if found.is_stale:
        g.use_to_note = lambda database: log_in.seen(database, token)


def _note_use_in(database: Session) -> None:
    """The use of a session or token is written down in the transaction that the request opens anyway, near its end."""
    if has_request_context() and "use_to_note" in g:
        g.pop("use_to_note")(database)


def _note_use(response: Response) -> Response:
    """Else in one of its own."""
    if "use_to_note" in g:
        with suppress(OperationalError), current_desk().db.transaction():
            pass  # it is written at the end
    return response


def _identify_program(shown: Authorization | None) -> None:
    if shown is not None and shown.type == "bearer" and shown.token:
        _identify_token(shown.token)
    elif shown is not None and shown.type == "basic" and shown.username:
        _identify_password(shown.username, shown.password or "")
    else:
        raise NotSignedIn(message("请求头 Authorization 应为 Basic 或 Bearer。"))


def _identify_token(token: str) -> None:
    desk = current_desk()
    with desk.db.reading() as database:
        found = tokens.token_person(database, token)
        if found is None:
            raise NotSignedIn(message("令牌无效或已停用。"))
        person, stale = found
        _remember(database, person)
    if stale:
        g.use_to_note = lambda database: tokens.used(database, token)


def _identify_password(login: str, password: str) -> None:
    """A program repeats its password with each request: one that was right a moment ago is not hashed again."""
    desk = current_desk()
    recent: RecentPasswords = current_app.extensions["recent_passwords"]
    with desk.db.reading() as database:
        person = log_in.usable_person(database, login)
        if person is not None and recent.holds(person, password):
            _remember(database, person)
            return
    outcome = try_password(desk, login, password)
    if outcome.person_id is None:
        raise NotSignedIn(outcome.problem)
    with desk.db.reading() as database:
        person = database.get_one(Person, outcome.person_id)
        recent.keep(person, password)
        _remember(database, person)


def _remember(database: Session, person: Person) -> None:
    g.actor = people.actor_of(database, person, clock.today(), address=address())
    g.person_language = person.language
    g.password_once = person.password_once


class RecentPasswords:
    """Passwords that were right a short while ago: digests under a key of this process, bound to the hash they matched.

    A new password or a disabled person is noticed at once, because both are read with each request.
    """

    LASTS = 300.0
    MOST = 1000

    def __init__(self) -> None:
        self._until: dict[bytes, float] = {}
        self._key = secrets.token_bytes(32)

    def holds(self, person: Person, password: str) -> bool:
        """Whether this password was right for this person not long ago; a new password ends it."""
        until = self._until.get(self._digest(person, password))
        return until is not None and clock.now().timestamp() < until

    def keep(self, person: Person, password: str) -> None:
        """Remember a password that has just been right."""
        if len(self._until) >= self.MOST:
            self._until.clear()
        self._until[self._digest(person, password)] = clock.now().timestamp() + self.LASTS

    def _digest(self, person: Person, password: str) -> bytes:
        return hmac.digest(self._key, f"{person.id}\0{person.password_hash}\0{password}".encode(), "sha256")
