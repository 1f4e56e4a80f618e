"""Notices: short messages to a person, or to whoever holds a post, shown in the desk."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    Boolean,
    ColumnElement,
    ForeignKey,
    Index,
    and_,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    text,
    true,
    union_all,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from processes import clock
from processes.db import Base
from processes.identity.actor import Actor
from processes.messages import Message
from processes.paging import MOST_BESIDE, MOST_COUNTED, Listing, Page, Total, capped, counting, listed

WHOSE = "_whose"
"""Among the values of a sentence, the name of whose work it is; no sentence shows it."""
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Notice(Base):
    """Something people should know; `text` is a sentence of the catalog with its values."""

    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_person_id_at_id", "person_id", "at", "id"),
        Index("ix_notice_role_organization_id_at_id", "role", "organization_id", "at", "id", "person_id"),
        Index("ix_notice_not_spread", "at", sqlite_where=text("NOT spread"), postgresql_where=text("NOT spread")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    at: Mapped[datetime]
    kind: Mapped[str]
    """`reminder`, `escalation`, `result`, `incident` …"""
    text: Mapped[str]
    params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str | None]
    organization_id: Mapped[str | None] = mapped_column(ForeignKey("organization.id"))
    case_id: Mapped[UUID | None]
    work_item_id: Mapped[UUID | None]
    spread: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether it has been handed to the ways out of the desk."""

    def message(self) -> Message:
        """The sentence, to be drawn in the reader's language."""
        return Message(self.text, self.params)

    @property
    def whose(self) -> str:
        """Whose work it is about, where the reader stands in for somebody (代理)."""
        return str(self.params.get(WHOSE, ""))


NOT_SPREAD: ColumnElement[bool] = literal_column("NOT spread", Boolean)
"""As the partial index has it."""


class NoticesSeen(Base):
    """Up to when a person has read the notices: one row a person, however many there are."""

    __tablename__ = "notices_seen"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    until: Mapped[datetime]


def notify(
    session: Session,
    kind: str,
    text: Message,
    *,
    person_id: UUID | None = None,
    role: str | None = None,
    organization_id: str | None = None,
    case_id: UUID | None = None,
    work_item_id: UUID | None = None,
    inside: bool = False,
    whose: str = "",
) -> None:
    """Leave a notice for one person, or for whoever holds a post (at one organization, or anywhere).

    One that stays `inside` is shown in the desk and told by no other way. `whose` work it is about is told to a
    stand-in beside it.
    """
    told = {WHOSE: whose} if whose else {}
    session.add(
        Notice(
            at=clock.now(),
            kind=kind,
            text=text.msgid,
            params={name: str(value) for name, value in text.params.items()} | told,
            person_id=person_id,
            role=role,
            organization_id=organization_id,
            case_id=case_id,
            work_item_id=work_item_id,
            spread=inside,
        )
    )


def any_to_spread(session: Session) -> bool:
    """Whether there is a notice that was not handed to the ways out of the desk."""
    return session.scalar(select(Notice.id).where(NOT_SPREAD).limit(1)) is not None


def _shares(actor: Actor) -> list[tuple[ColumnElement[bool], ...]]:
    """One's own notices, and those of each post at its organization and at any: each is the rows of one index."""
    posts = dict.fromkeys((each.role, place) for each in actor.holdings for place in (None, each.organization_id))
    own: list[tuple[ColumnElement[bool], ...]] = [(Notice.person_id == actor.person_id,)]
    others = or_(Notice.person_id.is_(None), Notice.person_id != actor.person_id)
    return own + [
        (Notice.role == role, Notice.organization_id == place if place else Notice.organization_id.is_(None), others)
        for role, place in posts
    ]


def _until(actor: Actor) -> Any:
    """Up to when the actor has read; the beginning of time for whoever never has."""
    seen = select(NoticesSeen.until).where(NoticesSeen.person_id == actor.person_id).scalar_subquery()
    return func.coalesce(seen, literal(LONG_AGO, Notice.at.type))


def notices(
    session: Session, actor: Actor, *, offset: int = 0, limit: int = 20
) -> tuple[list[tuple[Notice, bool]], int]:
    """Some of a person's notices, newest first, each with whether it was read; and how many there are."""
    found = notices_of(session, actor, Page(offset=offset, limit=limit))
    return list(found.items), found.total


def notices_of(session: Session, actor: Actor, page: Page) -> Listing[tuple[Notice, bool]]:
    """A page of a person's notices, newest first, each with whether it was read."""
    last = session.get(Notice, page.after) if page.after else None
    offset = 0 if last is not None else min(page.offset, MOST_COUNTED)
    behind = _behind(last) if last is not None else true()
    parts = [
        select(Notice.id, Notice.at)
        .where(*share, behind)
        .order_by(Notice.at.desc(), Notice.id.desc())
        .limit(offset + page.rows + 1)
        .subquery()
        for share in _shares(actor)
    ]
    found = union_all(*(select(each) for each in parts)).subquery()
    ids = select(found.c.id).order_by(found.c.at.desc(), found.c.id.desc()).offset(offset).limit(page.rows + 1)
    query = select(Notice, Notice.at <= _until(actor)).where(Notice.id.in_(select(ids.subquery())))
    rows = [(row[0], bool(row[1])) for row in session.execute(query.order_by(Notice.at.desc(), Notice.id.desc()))]
    shown = rows[: page.rows]
    return listed(rows, page, lambda: _size(session, actor), after=shown[-1][0].id if shown else None)


def _behind(last: Notice) -> ColumnElement[bool]:
    return and_(Notice.at <= last.at, or_(Notice.at < last.at, Notice.id < last.id))


def _size(session: Session, actor: Actor) -> Total:
    sizes = [counting(select(Notice.id).where(*share)) for share in _shares(actor)]
    return capped(session.scalar(select(sum(sizes[1:], sizes[0]))))


def unread(actor: Actor, most: int = MOST_BESIDE) -> Any:
    """How many notices a person has not read, up to one more than is counted, as a part of a larger question."""
    since = Notice.at > _until(actor)
    sizes = [counting(select(Notice.id).where(*share, since), most) for share in _shares(actor)]
    return sum(sizes[1:], sizes[0])


def mark_all_read(session: Session, actor: Actor) -> None:
    """Note that a person has seen all notices that are there now; not by the clock: another may just be on its way."""
    newest = [select(func.max(Notice.at).label("at")).where(*share) for share in _shares(actor)]
    until = session.scalar(select(func.max(union_all(*newest).subquery().c.at)))
    if actor.person_id is None or until is None:
        return
    seen = session.get(NoticesSeen, actor.person_id)
    if seen is None:
        session.add(NoticesSeen(person_id=actor.person_id, until=until))
    else:
        seen.until = max(seen.until, until)
