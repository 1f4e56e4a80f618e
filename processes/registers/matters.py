"""重要事项: what was put to the HR bureau, its view, and what became of it (第十条)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from processes import clock
from processes.db import Base
from processes.errors import NotFound
from processes.forms.wording import Wording
from processes.identity.actor import Actor
from processes.messages import message
from processes.registers.history import Stateful, enter, life


class MatterKind(StrEnum):
    """The important matters of 第十条, as the catalogue of the switch `important_matters` names them."""

    PROPOSED_LIST = "建议名单"
    APPRAISAL = "考核结果"
    DISMISSAL = "解聘"
    RENEWAL = "续聘名单"
    SCORING = "评分办法"
    WORK_FUND = "工作经费办法"
    INTERPRETATION = "条文解释"
    OTHER = "其他"


class MatterStatus(StrEnum):
    """How a matter stands."""

    DRAFTED = "drafted"
    ASKED = "asked"
    ANSWERED = "answered"
    SILENT = "silent"
    CLOSED = "closed"


_S = MatterStatus
MATTER_STATUSES: dict[str, Wording] = {
    _S.DRAFTED: Wording("拟稿", "Drafted"),
    _S.ASKED: Wording("待复", "Waiting for the view"),
    _S.ANSWERED: Wording("已复", "Answered"),
    _S.SILENT: Wording("未复，已研究推进", "No answer, decided to go on"),
    _S.CLOSED: Wording("办结", "Closed"),
}


class Matter(Stateful, Base):
    """One matter in one round of asking; a second round is a matter of its own that follows the first."""

    __tablename__ = "matter"
    __table_args__ = (Index("ix_matter_reference_round", "reference", "round"),)
    STATUSES = MATTER_STATUSES
    LIFE = life(
        (_S.DRAFTED, (_S.ASKED, _S.CLOSED)),
        (_S.ASKED, (_S.ANSWERED, _S.SILENT, _S.CLOSED)),
        (_S.ANSWERED, (_S.CLOSED,)),
        (_S.SILENT, (_S.CLOSED,)),
    )

    case_id: Mapped[UUID] = mapped_column(index=True)
    reference: Mapped[str]
    """What the procedure that asked waits for; the number of its own case where nobody did."""
    round: Mapped[int]
    kind: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    number: Mapped[str] = mapped_column(default="")
    """发文字号 of the letter."""
    asked_on: Mapped[date | None]
    due_on: Mapped[date | None]
    opinion: Mapped[str] = mapped_column(default="")
    """`同意`, `同意并提出建议` or `不同意`; empty while there is none, also where nobody answered."""
    reason: Mapped[str] = mapped_column(default="")
    answered_on: Mapped[date | None]
    answered_by: Mapped[str] = mapped_column(default="")
    silence_reason: Mapped[str] = mapped_column(default="")
    silence_by: Mapped[str] = mapped_column(default="")
    follow_up: Mapped[str] = mapped_column(default="")
    """What was made of advice or of a disagreement."""
    created_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]


def put_down(session: Session, actor: Actor, **facts: Any) -> Matter:
    """Enter a matter that is to be put to the HR bureau."""
    made = Matter(status=MatterStatus.DRAFTED, created_by_id=actor.person_id, created_at=clock.now(), **facts)
    enter(session, actor, made)
    return made


def matter_of(session: Session, matter_id: UUID) -> Matter:
    """The matter, or `NotFound`."""
    found = session.get(Matter, matter_id)
    if found is None:
        raise NotFound(message("未找到该征求意见事项。"))
    return found


def latest_matter(session: Session, case_id: UUID) -> Matter | None:
    """The last round of a consultation."""
    return session.scalars(
        select(Matter).where(Matter.case_id == case_id).order_by(Matter.round.desc()).limit(1)
    ).first()
