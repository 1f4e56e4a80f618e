"""Logging in: a wrong password is counted, a right one opens a session that ends by itself.

A password is compared outside any transaction, because that takes a tenth of a second on purpose:
`attempt` reads who it may be, `attempt.matches` compares, `conclude` writes what came of it.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session, joinedload

from processes import audit, clock
from processes.identity import passwords
from processes.identity.actor import Actor
from processes.identity.models import FailedLogIn, LogInSession, Person, PostHolding, StandIn
from processes.messages import Message, message

WRONG_BEFORE_LOCK = 5
"""Wrong passwords in a row for one log-in name."""
WRONG_BEFORE_ADDRESS_LOCK = 30
"""Wrong passwords from one address; a whole bureau may share it."""
LOCK = timedelta(minutes=10)
FORGET_AFTER = timedelta(hours=1)
"""A wrong password longer ago no longer counts."""
IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
"""How often a session's last use is written down at most."""
LONGEST_LOGIN = 64
_POSTS = joinedload(Person.holdings).joinedload(PostHolding.organization)
_STANDS_IN = joinedload(Person.stands_in).joinedload(StandIn.principal)
WITH_POSTS = (_POSTS, _STANDS_IN, _STANDS_IN.joinedload(Person.holdings).joinedload(PostHolding.organization))
"""Loads a person with the posts and their organizations, and for whom the person stands in with theirs, in one
statement: every request asks for that."""


@dataclass(frozen=True)
class Attempt:
    """Somebody gave a log-in name: whose it may be, and whether it is locked."""

    login: str
    address: str
    person_id: UUID | None
    password_hash: str | None
    locked: bool
    counted: bool = False
    """Whether wrong passwords were counted for the name before."""

    def matches(self, password: str) -> bool:
        """Whether the password is right; takes as long for a name that nobody has."""
        return not self.locked and passwords.matches(self.password_hash, password)


@dataclass(frozen=True)
class Outcome:
    """What came of an attempt: who logged in, or the sentence that says why nobody did."""

    person_id: UUID | None
    problem: Message | None = None


@dataclass(frozen=True)
class OpenSession:
    """A session that is still open, and whose it is."""

    person: Person
    token_hash: str
    created_at: datetime
    seen_at: datetime

    @property
    def is_stale(self) -> bool:
        """Whether its last use is to be written down again."""
        return clock.now() - self.seen_at >= SEEN_EVERY


def attempt(session: Session, login: str, address: str) -> Attempt:
    """Who may be logging in, read before the password is compared."""
    login = login.replace("\0", "").strip()[:LONGEST_LOGIN].lower()
    usable = usable_person(session, login)
    return Attempt(
        login=login,
        address=address,
        person_id=usable.id if usable else None,
        password_hash=usable.password_hash if usable else None,
        locked=_is_locked(session, login, address),
        counted=session.get(FailedLogIn, f"login:{login}") is not None,
    )


def is_right(session: Session, tried: Attempt, matched: bool) -> bool:
    """Whether an attempt succeeds without anything to be written down; a lock may have come up meanwhile."""
    return matched and not tried.counted and not _is_locked(session, tried.login, tried.address)


def usable_person(session: Session, login: str) -> Person | None:
    """Who has a log-in name, unless disabled."""
    query = select(Person).where(with_login(login), Person.disabled.is_(False)).options(*WITH_POSTS)
    return session.scalars(query).unique().one_or_none()


def with_login(login: str) -> ColumnElement[bool]:
    """The condition that a person has a log-in name; large and small letters are the same."""
    return func.lower(Person.login) == login.replace("\0", "").strip().lower()  # PostgreSQL takes no NUL


def conclude(session: Session, tried: Attempt, matched: bool) -> Outcome:
    """Write down what came of an attempt; a lock that came up meanwhile wins over a right password."""
    if _is_locked(session, tried.login, tried.address):
        _note(session, tried, "locked")
        return Outcome(None, _locked_sentence())
    if matched and tried.person_id is not None:
        session.execute(delete(FailedLogIn).where(FailedLogIn.subject == f"login:{tried.login}"))
        return Outcome(tried.person_id)
    locks = [
        _count(session, f"login:{tried.login}", WRONG_BEFORE_LOCK),
        _count(session, f"address:{tried.address}", WRONG_BEFORE_ADDRESS_LOCK),
    ]
    _note(session, tried, "wrong")
    return Outcome(None, _locked_sentence() if any(locks) else message("登录名或密码不正确。"))


def log_in(
    session: Session, login: str, password: str, address: str, agent: str = ""
) -> tuple[str | None, Message | None]:
    """All three steps in one transaction: the token of a new session, or why there is none."""
    tried = attempt(session, login, address)
    outcome = conclude(session, tried, tried.matches(password))
    if outcome.person_id is None:
        return None, outcome.problem
    return open_session(session, outcome.person_id, address, agent), None


def open_session(session: Session, person_id: UUID, address: str = "", agent: str = "") -> str:
    """Open a session and give its token, which is told once and kept only as a hash."""
    token = secrets.token_urlsafe(32)
    moment = clock.now()
    session.execute(delete(LogInSession).where(LogInSession.created_at < moment - ABSOLUTE))
    session.add(
        LogInSession(
            token_hash=token_hash(token),
            person_id=person_id,
            created_at=moment,
            seen_at=moment,
            address=address,
            agent=agent[:200],
        )
    )
    person = session.get_one(Person, person_id)
    audit.record(
        session, Actor(person.id, person.name, person.login, address=address), "person.log_in", f"person:{person.login}"
    )
    session.flush()
    return token


def session_person(session: Session, token: str) -> OpenSession | None:
    """Whose session a token opens; None when it has ended or its person has been disabled."""
    query = select(LogInSession, Person).join(Person, Person.id == LogInSession.person_id).options(*WITH_POSTS)
    row = session.execute(query.where(LogInSession.token_hash == token_hash(token))).unique().one_or_none()
    if row is None:
        return None
    found, person = row
    moment = clock.now()
    if moment - found.seen_at >= IDLE or moment - found.created_at >= ABSOLUTE or person.disabled:
        return None
    return OpenSession(person, found.token_hash, found.created_at, found.seen_at)


def seen(session: Session, token: str) -> None:
    """Write down that a session has just been used."""
    moment = clock.now()
    used = update(LogInSession).where(LogInSession.token_hash == token_hash(token), LogInSession.seen_at < moment)
    session.execute(used.values(seen_at=moment))


def log_out(session: Session, token: str) -> None:
    """End the session of a token."""
    session.execute(delete(LogInSession).where(LogInSession.token_hash == token_hash(token)))


def sessions_of(session: Session, person_id: UUID) -> list[LogInSession]:
    """The sessions of a person that are still open, newest use first."""
    moment = clock.now()
    return list(
        session.scalars(
            select(LogInSession)
            .where(
                LogInSession.person_id == person_id,
                LogInSession.seen_at > moment - IDLE,
                LogInSession.created_at > moment - ABSOLUTE,
            )
            .order_by(LogInSession.seen_at.desc())
        )
    )


def end_session(session: Session, person_id: UUID, hash_of_token: str) -> bool:
    """End one of a person's own sessions; False when it had ended already."""
    found = session.get(LogInSession, hash_of_token)
    if found is None or found.person_id != person_id:
        return False
    session.delete(found)
    return True


def end_all_sessions(session: Session, person_id: UUID, *, but: str | None = None) -> None:
    """End every session of a person, except the one whose token is `but`."""
    ending = delete(LogInSession).where(LogInSession.person_id == person_id)
    if but is not None:
        ending = ending.where(LogInSession.token_hash != token_hash(but))
    session.execute(ending)


def token_hash(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _is_locked(session: Session, login: str, address: str) -> bool:
    moment = clock.now()
    subjects = (f"login:{login}", f"address:{address}")
    return any(
        each is not None and moment < each
        for each in session.scalars(select(FailedLogIn.locked_until).where(FailedLogIn.subject.in_(subjects)))
    )


def _count(session: Session, subject: str, most: int) -> bool:
    """Count a wrong password; True when that locks the subject."""
    moment = clock.now()
    session.execute(delete(FailedLogIn).where(FailedLogIn.last_at < moment - FORGET_AFTER))
    failed = session.get(FailedLogIn, subject, with_for_update=True)
    if failed is None:
        failed = FailedLogIn(subject=subject, count=0, last_at=moment, locked_until=None)
        session.add(failed)
    if failed.locked_until is not None and failed.locked_until <= moment:
        failed.count, failed.locked_until = 0, None
    failed.count += 1
    failed.last_at = moment
    if failed.count >= most:
        failed.locked_until = moment + LOCK
    session.flush()
    return failed.locked_until is not None


def _locked_sentence() -> Message:
    return message(
        "连续输错次数过多，已暂停登录 %(minutes)s 分钟，请稍后再试。", minutes=int(LOCK.total_seconds() // 60)
    )


def _note(session: Session, tried: Attempt, reason: str) -> None:
    nobody = Actor(None, "", address=tried.address)
    audit.record(session, nobody, "person.log_in_refused", f"person:{tried.login}", ok=False, reason=reason)
