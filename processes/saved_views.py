"""保存的视图: addresses of lists and figures that a person keeps under a name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, UniqueConstraint, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from processes import clock
from processes.db import Base
from processes.errors import Invalid, NotFound
from processes.identity.actor import Actor
from processes.messages import message

MOST_VIEWS = 50
LONGEST_NAME = 60
LONGEST_ADDRESS = 2_000


class SavedView(Base):
    """A page with its filters and order, under the name that one person gave it."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("person_id", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str]
    address: Mapped[str]
    """Path and query of a page of this desk."""
    saved_at: Mapped[datetime]


def views(session: Session, actor: Actor) -> Sequence[SavedView]:
    """What the actor has kept, by name."""
    return session.scalars(
        select(SavedView).where(SavedView.person_id == actor.person_id).order_by(SavedView.name)
    ).all()


def keep(session: Session, actor: Actor, name: str, address: str) -> SavedView:
    """Keep a page under a name; a name that is used already means the new page from now on.

    Raises `Invalid` for an empty name, an address that leaves the desk, or more views than one person may keep.
    """
    name, address = name.strip(), address.strip()
    if actor.person_id is None or not 0 < len(name) <= LONGEST_NAME:
        raise Invalid(message("请填写视图名称（不超过 %(count)s 个字）。", count=LONGEST_NAME))
    if not _is_here(address):
        raise Invalid(message("只能保存本系统内的页面。"))
    found = session.scalars(
        select(SavedView).where(SavedView.person_id == actor.person_id, SavedView.name == name)
    ).one_or_none()
    if found is None:
        kept = session.scalar(select(func.count()).where(SavedView.person_id == actor.person_id)) or 0
        if kept >= MOST_VIEWS:
            raise Invalid(message("最多保存 %(count)s 个视图，请先删除不用的。", count=MOST_VIEWS))
        found = SavedView(person_id=actor.person_id, name=name)
        session.add(found)
    found.address, found.saved_at = address, clock.now()
    session.flush()
    return found


def drop(session: Session, actor: Actor, view_id: UUID) -> None:
    """Forget a view of one's own."""
    query = delete(SavedView).where(SavedView.id == view_id, SavedView.person_id == actor.person_id)
    if not session.execute(query.returning(SavedView.id)).first():
        raise NotFound(message("没有这个视图。"))


def _is_here(address: str) -> bool:
    plain = address.isprintable() and "\\" not in address and len(address) <= LONGEST_ADDRESS
    return plain and address.startswith("/") and not address.startswith("//")
