"""Who is asking: a browser shows the cookie of a session, a program shows a password or a token with each request."""

from __future__ import annotations

import hashlib

from flask import Flask, current_app, g, request, session
from sqlalchemy.orm import Session
from werkzeug.datastructures import Authorization

from processes import clock
from processes.errors import DeskError
from processes.identity import log_in, people, tokens
from processes.identity.actor import Actor
from processes.identity.models import Person
from processes.messages import Message, message
from webapp.desk import Desk, current_desk

TOKEN = "log_in"  # noqa: S105 # the name of a place in the cookie, not a token


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
    with desk.db.transaction() as database:
        return log_in.conclude(database, tried, matched)


def install(app: Flask) -> None:
    """Let every request be identified before anything else."""
    app.extensions["recent_passwords"] = RecentPasswords()
    app.before_request(_identify)


def _identify() -> None:
    if request.endpoint == "static":
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
        stale = found.is_stale
    if stale:
        with desk.db.transaction() as database:
            log_in.seen(database, token)


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
        with desk.db.transaction() as database:
            tokens.used(database, token)


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
    """Passwords that were right a short while ago, as digests bound to the hash they matched."""

    LASTS = 300.0
    MOST = 1000

    def __init__(self) -> None:
        self._until: dict[bytes, float] = {}

    def holds(self, person: Person, password: str) -> bool:
        """Whether this password was right for this person not long ago; a new password ends it."""
        until = self._until.get(self._digest(person, password))
        return until is not None and clock.now().timestamp() < until

    def keep(self, person: Person, password: str) -> None:
        """Remember a password that has just been right."""
        if len(self._until) >= self.MOST:
            self._until.clear()
        self._until[self._digest(person, password)] = clock.now().timestamp() + self.LASTS

    @staticmethod
    def _digest(person: Person, password: str) -> bytes:
        return hashlib.blake2b(password.encode(), key=hashlib.sha256(person.password_hash.encode()).digest()).digest()
