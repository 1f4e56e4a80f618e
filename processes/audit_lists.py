"""The audit trail as it is read: pages of entries, narrowed, and the rows of a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, union_all
from sqlalchemy.orm import Session

from processes import clock
from processes.audit import BATCH, MAY_READ, VERIFIED, AuditEntry
from processes.errors import NotFound
from processes.identity.actor import Actor
from processes.messages import message
from processes.paging import MOST_COUNTED, WINDOW, Bound, Listing, Page, contains, counted, listed, word


@dataclass(frozen=True)
class AuditFilter:
    """Which entries a reader asks for; both days are days of the city and are included."""

    who: str = ""
    action: str = ""
    subject: str = ""
    subjects: Sequence[str] = ()
    """Subjects that `subject` stands for besides those that contain its text."""
    first_day: date | None = None
    last_day: date | None = None
    failures: bool = False


def entries(
    session: Session, actor: Actor, narrowed: AuditFilter, *, offset: int = 0, limit: int = 20
) -> Listing[AuditEntry]:
    """A page of the entries, newest first; parts of names are looked for among the newest entries alone."""
    actor.need(*MAY_READ)
    bound = _bound(session) if narrowed.who or narrowed.subject else None
    since = select(func.max(AuditEntry.seq)).scalar_subquery() - WINDOW if bound else None
    ids = select(AuditEntry.seq).where(*_conditions(narrowed, since))
    page = Page(offset=min(offset, MOST_COUNTED), limit=limit)
    part = ids.order_by(AuditEntry.seq.desc()).offset(page.offset).limit(page.rows + 1).subquery()
    query = select(AuditEntry).where(AuditEntry.seq.in_(select(part))).order_by(AuditEntry.seq.desc())
    return listed(session.scalars(query).all(), page, lambda: counted(session, ids), bound=bound)


def exported(session: Session, actor: Actor, narrowed: AuditFilter, before: int | None) -> Sequence[AuditEntry]:
    """The next entries of a file, newest first; nothing is left out of it."""
    actor.need(*MAY_READ)
    newest = select(AuditEntry).where(*_conditions(narrowed)).order_by(AuditEntry.seq.desc())
    return session.scalars((newest if before is None else newest.where(AuditEntry.seq < before)).limit(BATCH)).all()


def size(session: Session, actor: Actor, narrowed: AuditFilter) -> int:
    """How many entries there are, however many."""
    actor.need(*MAY_READ)
    query = select(func.count()).select_from(AuditEntry).where(*_conditions(narrowed))
    return session.scalar(query) or 0


def _bound(session: Session) -> Bound | None:
    newest, oldest = session.execute(select(func.max(AuditEntry.seq), func.min(AuditEntry.seq))).one()
    return Bound(WINDOW) if newest is not None and newest - oldest >= WINDOW else None


def entry(session: Session, actor: Actor, seq: int) -> AuditEntry:
    """One entry, or `NotFound`."""
    actor.need(*MAY_READ)
    found = session.get(AuditEntry, seq)
    if found is None:
        raise NotFound(message("没有这条日志。"))
    return found


def last_check(session: Session, actor: Actor) -> AuditEntry | None:
    """The entry that the latest check of the chain has left."""
    actor.need(*MAY_READ)
    verified = AuditEntry.action == word(VERIFIED)
    query = select(AuditEntry).where(verified).order_by(AuditEntry.seq.desc()).limit(1)
    return session.scalars(query).first()


def _conditions(narrowed: AuditFilter, since: Any = None) -> list[ColumnElement[bool]]:
    """What a filter means; with `since`, parts of texts are looked for from that entry on, whole ones everywhere."""
    found: list[ColumnElement[bool]] = []
    if narrowed.who:
        found.append(_named(AuditEntry.actor, [narrowed.who], narrowed.who, since))
    if narrowed.action:
        found.append(AuditEntry.action == narrowed.action)
    if narrowed.subject:
        whole = [narrowed.subject, f"person:{narrowed.subject}", *narrowed.subjects]
        found.append(_named(AuditEntry.subject, whole, narrowed.subject, since))
    if narrowed.first_day is not None:
        found.append(AuditEntry.at >= datetime.combine(narrowed.first_day, time.min, clock.CITY))
    if narrowed.last_day is not None:
        found.append(AuditEntry.at < datetime.combine(narrowed.last_day + timedelta(days=1), time.min, clock.CITY))
    if narrowed.failures:
        found.append(~AuditEntry.ok)
    return found


def _named(column: Any, whole: list[str], part: str, since: Any) -> ColumnElement[bool]:
    contained = contains(part, column)
    if since is None:
        return or_(column.in_(whole), contained)
    # Two ways of their own: one question with «or» would be answered by reading the whole trail.
    everywhere = select(AuditEntry.seq).where(column.in_(whole)).order_by(AuditEntry.seq.desc())
    newest = select(AuditEntry.seq).where(AuditEntry.seq > since, contained)
    ways = (everywhere.limit(MOST_COUNTED + 1).subquery(), newest.subquery())
    return AuditEntry.seq.in_(union_all(*(select(each) for each in ways)))
