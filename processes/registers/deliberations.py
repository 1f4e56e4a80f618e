"""遴选合议: the meeting of both bureaus, its members, and views reserved by members (第六条(三)、第九条(三))."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, UniqueConstraint, event, func, select
from sqlalchemy.orm import Mapped, Mapper, Session, mapped_column, relationship

from processes import clock
from processes.db import Base
from processes.errors import Conflict
from processes.identity.actor import Actor
from processes.messages import message
from processes.registers.rounds import Round


class Deliberation(Base):
    """One meeting of a round; a second call or a disagreement makes a second one."""

    __tablename__ = "deliberation"
    __table_args__ = (UniqueConstraint("round_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"))
    number: Mapped[int]
    """First, second … meeting of the round."""
    met_at: Mapped[datetime | None]
    met_on: Mapped[date]
    place: Mapped[str] = mapped_column(default="")
    chair: Mapped[str] = mapped_column(default="")
    recorder: Mapped[str] = mapped_column(default="")
    observers: Mapped[str] = mapped_column(default="")
    members: Mapped[list[Any]] = mapped_column(default=list)
    """`[{"name", "body", "role", "conflict", "conflict_with"}…]`."""
    minutes_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    recorded_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]

    round: Mapped[Round] = relationship()
    reserved_views: Mapped[list[ReservedView]] = relationship(order_by="ReservedView.place")


class ReservedView(Base):
    """A view that a member reserved; it cannot be changed or removed."""

    __tablename__ = "reserved_view"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    deliberation_id: Mapped[UUID] = mapped_column(ForeignKey("deliberation.id"), index=True)
    place: Mapped[int]
    member: Mapped[str]
    text: Mapped[str]
    at: Mapped[datetime]


@event.listens_for(ReservedView, "before_update")
@event.listens_for(ReservedView, "before_delete")
def _refuse(mapper: Mapper[Any], connection: Any, target: ReservedView) -> None:
    raise Conflict(message("保留意见不得修改或删除。"))


def record_deliberation(
    session: Session, actor: Actor, met: Round, facts: dict[str, Any], reserved: Sequence[tuple[str, str]]
) -> Deliberation:
    """Write down a meeting and the views its members reserved."""
    held = session.scalar(select(func.count()).select_from(Deliberation).where(Deliberation.round_id == met.id)) or 0
    meeting = Deliberation(
        round_id=met.id,
        number=held + 1,
        recorded_at=clock.now(),
        recorded_by_id=actor.person_id,
        recorded_by=actor.name,
        **facts,
    )
    session.add(meeting)
    session.flush()
    for place, (member, text) in enumerate(reserved, start=1):
        view = ReservedView(deliberation_id=meeting.id, place=place, member=member, text=text, at=clock.now())
        session.add(view)
    session.flush()
    return meeting
