"""退出: a wish to leave the selection or the office, and what became of it (第五条(二)、第十五条(一))."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from processes import clock
from processes.db import Base
from processes.errors import Conflict, NotFound
from processes.forms.wording import Wording
from processes.identity.actor import Actor
from processes.identity.models import Person
from processes.messages import Message, message
from processes.registers.history import Stateful, enter, life
from processes.sequences import yearly_number


class WithdrawalStatus(StrEnum):
    """How a request to leave stands."""

    ASKED = "asked"
    HANDED_ON = "handed_on"
    WITHDRAWN = "withdrawn"
    TAKEN_BACK = "taken_back"


_S = WithdrawalStatus
WITHDRAWAL_STATUSES: dict[str, Wording] = {
    _S.ASKED: Wording("已申请", "Asked"),
    _S.HANDED_ON: Wording("办理中", "Being carried out"),
    _S.WITHDRAWN: Wording("已退出", "Left"),
    _S.TAKEN_BACK: Wording("已撤回", "Taken back"),
}


class Stage(StrEnum):
    """At what stage somebody leaves."""

    APPLIED = "报名"
    PROPOSED = "建议名单"
    IN_OFFICE = "已聘任"


class Withdrawal(Stateful, Base):
    """One request to leave; an employer's request is no wish of the person and is marked as such."""

    __tablename__ = "withdrawal"
    STATUSES = WITHDRAWAL_STATUSES
    LIFE = life(
        (_S.ASKED, (_S.HANDED_ON, _S.WITHDRAWN, _S.TAKEN_BACK)),
        (_S.HANDED_ON, (_S.WITHDRAWN, _S.TAKEN_BACK)),
    )

    number: Mapped[str] = mapped_column(unique=True)
    """E.g. `退出-2026-0001`."""
    case_id: Mapped[UUID] = mapped_column(index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    stage: Mapped[str]
    application_id: Mapped[UUID | None] = mapped_column(ForeignKey("application.id"))
    appointment_id: Mapped[UUID | None] = mapped_column(ForeignKey("appointment.id"), index=True)
    by_employer: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str]
    wished_on: Mapped[date]
    handover: Mapped[str] = mapped_column(default="")
    talked_on: Mapped[date | None]
    talk: Mapped[str] = mapped_column(default="")
    objection_open: Mapped[bool] = mapped_column(default=False)
    """The person's grade was being reviewed when he asked; both are kept."""
    created_at: Mapped[datetime]

    person: Mapped[Person] = relationship()


def ask_to_leave(session: Session, actor: Actor, **facts: Any) -> Withdrawal:
    """Enter a request, numbered within its year; `Conflict` where one of the same person is going on.

    Two that are sent at once wait for each other at the number; the second looks after the first is written.
    """
    number = yearly_number(session, "退出", "withdrawal", clock.today().year)
    standing = withdrawal_going_on(session, facts["person_id"])
    if standing is not None:
        raise Conflict(going_on_already(standing))
    made = Withdrawal(status=WithdrawalStatus.ASKED, number=number, created_at=clock.now(), **facts)
    enter(session, actor, made)
    return made


def withdrawal_of(session: Session, withdrawal_id: UUID) -> Withdrawal:
    """The request, or `NotFound`."""
    found = session.get(Withdrawal, withdrawal_id)
    if found is None:
        raise NotFound(message("未找到该退出申请。"))
    return found


def going_on_already(standing: Withdrawal) -> Message:
    """Why there is not to be another."""
    return message("已有办理中的退出申请（%(number)s）。", number=standing.number)


def withdrawal_going_on(session: Session, person_id: UUID) -> Withdrawal | None:
    """A request of a person that is not settled."""
    mine = (Withdrawal.person_id == person_id, Withdrawal.status.in_((_S.ASKED, _S.HANDED_ON)))
    return session.scalars(select(Withdrawal).where(*mine).limit(1)).first()
