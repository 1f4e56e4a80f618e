"""年度总结: the yearly report on the whole scheme, as it was sent (第一、十一、十三条)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from processes.db import Base
from processes.errors import NotFound
from processes.forms.wording import Wording
from processes.identity.actor import Actor
from processes.messages import message
from processes.registers.history import Stateful, enter, life
from processes.registers.only_growing import refuse_changes


class SummaryStatus(StrEnum):
    """How a year's summary stands."""

    WRITING = "writing"
    APPROVED = "approved"
    SENT = "sent"


_S = SummaryStatus
SUMMARY_STATUSES: dict[str, Wording] = {
    _S.WRITING: Wording("撰写", "Being written"),
    _S.APPROVED: Wording("已审定", "Approved"),
    _S.SENT: Wording("已印发", "Sent"),
}


class AnnualSummary(Stateful, Base):
    """The summary of one year; what it says is in its snapshot."""

    __tablename__ = "annual_summary"
    STATUSES = SUMMARY_STATUSES
    LIFE = life((_S.WRITING, (_S.APPROVED,)), (_S.APPROVED, (_S.SENT,)))

    year: Mapped[int] = mapped_column(unique=True)
    case_id: Mapped[UUID | None] = mapped_column(index=True)
    due_on: Mapped[date]
    approved_on: Mapped[date | None]
    approved_by: Mapped[str] = mapped_column(default="")
    sent_on: Mapped[date | None]
    number: Mapped[str] = mapped_column(default="")
    """发文字号."""
    meeting_on: Mapped[date | None]
    """Day of the summary meeting that it is put to (第十一条)."""
    received_on: Mapped[date | None]
    received_by: Mapped[str] = mapped_column(default="")

    content: Mapped[SummarySnapshot | None] = relationship(back_populates="summary")


class SummarySnapshot(Base):
    """What the summary said, as it was sent; never changed."""

    __tablename__ = "summary_snapshot"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    summary_id: Mapped[UUID] = mapped_column(ForeignKey("annual_summary.id"), unique=True)
    at: Mapped[datetime]
    sent_by: Mapped[str]
    figures: Mapped[dict[str, Any]]
    """The figures of `scheme_year.YearFigures`."""
    grades: Mapped[dict[str, Any] | None]
    """How many of each grade; None where the appraisal was not final."""
    texts: Mapped[dict[str, Any]]
    readings: Mapped[int] = mapped_column(default=0)
    """The version of the switches."""
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))

    summary: Mapped[AnnualSummary] = relationship(back_populates="content")


refuse_changes(SummarySnapshot)


def summary_on(session: Session, year: int) -> AnnualSummary | None:
    """The summary of a year, where there is one."""
    return session.scalars(select(AnnualSummary).where(AnnualSummary.year == year)).first()


def summary_of(session: Session, summary_id: UUID) -> AnnualSummary:
    """The summary, or `NotFound`."""
    found = session.get(AnnualSummary, summary_id)
    if found is None:
        raise NotFound(message("未找到该年度总结。"))
    return found


def owed_summary(session: Session, actor: Actor, year: int, due_on: date, case_id: UUID) -> AnnualSummary:
    """The summary that is owed on a year."""
    found = summary_on(session, year)
    if found is None:
        found = AnnualSummary(status=SummaryStatus.WRITING, year=year, due_on=due_on, case_id=case_id)
        enter(session, actor, found)
    return found
