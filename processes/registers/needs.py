"""需求: what a unit asks for in a round (第五条(一)、第六条(一))."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from processes import clock
from processes.db import Base
from processes.errors import NotFound
from processes.forms.wording import Wording
from processes.identity.actor import Actor
from processes.identity.models import Unit
from processes.messages import message
from processes.registers.history import Stateful, change_status, enter, life
from processes.registers.rounds import Round


class NeedStatus(StrEnum):
    """Whether a unit has answered the survey."""

    ASKED = "asked"
    ANSWERED = "answered"
    UNANSWERED_CLOSED = "unanswered_closed"
    MERGED = "merged"


_S = NeedStatus
NEED_STATUSES: dict[str, Wording] = {
    _S.ASKED: Wording("待填报", "Asked"),
    _S.ANSWERED: Wording("已填报", "Answered"),
    _S.UNANSWERED_CLOSED: Wording("未填报，已关闭", "Closed without an answer"),
    _S.MERGED: Wording("已并入承接单位", "Merged into the successor"),
}


class Need(Stateful, Base):
    """The need of one unit in one round, once it has answered."""

    __tablename__ = "need"
    __table_args__ = (UniqueConstraint("round_id", "unit_id"),)
    STATUSES = NEED_STATUSES
    LIFE = life(
        (_S.ASKED, (_S.ANSWERED, _S.UNANSWERED_CLOSED, _S.MERGED)),
        (_S.UNANSWERED_CLOSED, (_S.ANSWERED, _S.MERGED)),
    )

    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"))
    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"), index=True)
    has_need: Mapped[bool | None]
    """None while the unit has not answered."""
    posts: Mapped[int] = mapped_column(default=0)
    """How many planners the unit asks for."""
    specialties: Mapped[list[str]] = mapped_column(default=list)
    key_projects: Mapped[list[Any]] = mapped_column(default=list)
    """`[{"name", "stage", "expected_time"}…]`."""
    annual_demand: Mapped[int | None]
    """Consultations the unit expects in a year."""
    wish_person: Mapped[str] = mapped_column(default="")
    """Whom the unit would like; advice, not binding (第五条(一))."""
    contact: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    """Why there is no need, or why three posts; or why the survey of this unit was closed."""
    scan_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str] = mapped_column(default="")
    answered_on: Mapped[date | None]
    posts_fixed: Mapped[int | None]
    """How many posts the city bureau has fixed; None before."""
    fix_reason: Mapped[str] = mapped_column(default="")

    round: Mapped[Round] = relationship()
    unit: Mapped[Unit] = relationship()

    @property
    def late(self) -> bool:
        """Whether the answer came after the day it was due."""
        return bool(self.answered_on and self.round.reply_due and self.answered_on > self.round.reply_due)


def ask(session: Session, actor: Actor, asked: Round, unit_ids: Sequence[str]) -> None:
    """Enter one unanswered need for each unit surveyed; a unit that is not surveyed after all is struck off."""
    known = {need.unit_id: need for need in needs_of(session, asked.id)}
    for unit_id, need in known.items():
        if unit_id not in unit_ids:
            session.delete(need)
    for unit_id in unit_ids:
        if unit_id not in known:
            enter(session, actor, Need(round_id=asked.id, unit_id=unit_id, status=NeedStatus.ASKED))
    session.flush()


def need_of(session: Session, round_id: UUID, unit_id: str) -> Need:
    """The need of a unit in a round, or `NotFound`."""
    found = session.scalar(select(Need).where(Need.round_id == round_id, Need.unit_id == unit_id))
    if found is None:
        raise NotFound(message("该区县不在本轮需求调查范围内。"))
    return found


def answer(session: Session, actor: Actor, need: Need, **content: Any) -> None:
    """Write down what a unit has answered."""
    for name, value in content.items():
        setattr(need, name, value)
    need.answered_at, need.answered_on, need.answered_by = clock.now(), clock.today(), actor.name
    change_status(session, actor, need, NeedStatus.ANSWERED)


def close_unanswered(session: Session, actor: Actor, need: Need, reason: str) -> None:
    """Close the survey of a unit that has not answered: a decision of a person, with the reason."""
    need.reason, need.has_need = reason, None
    change_status(session, actor, need, NeedStatus.UNANSWERED_CLOSED, reason)


def merge(session: Session, actor: Actor, need: Need, successor_id: str, reason: str) -> Need:
    """A unit was dissolved: its need goes to its successor, which may be in the survey already."""
    change_status(session, actor, need, NeedStatus.MERGED, reason)
    into = session.scalar(select(Need).where(Need.round_id == need.round_id, Need.unit_id == successor_id))
    if into is None:
        into = Need(round_id=need.round_id, unit_id=successor_id, status=NeedStatus.ASKED)
        enter(session, actor, into, reason)
    return into


def needs_of(session: Session, round_id: UUID) -> Sequence[Need]:
    """All needs of a round in the order of the units."""
    ordered = select(Need).join(Need.unit).where(Need.round_id == round_id).order_by(Unit.place, Unit.id)
    return session.scalars(ordered).all()
