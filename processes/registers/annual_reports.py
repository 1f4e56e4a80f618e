"""年度工作报告: what each planner reports once a year to the city bureau (第七条(六))."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from processes.db import Base
from processes.errors import NotFound
from processes.forms.wording import Wording
from processes.identity.models import Person, Unit
from processes.messages import message
from processes.registers.history import Stateful, life


class AnnualReportStatus(StrEnum):
    """How a planner's report stands."""

    OWED = "owed"
    WRITTEN = "written"
    CHECKED = "checked"
    ACCEPTED = "accepted"


_S = AnnualReportStatus
ANNUAL_REPORT_STATUSES: dict[str, Wording] = {
    _S.OWED: Wording("待提交", "Owed"),
    _S.WRITTEN: Wording("待核对", "Sent, numbers to be checked"),
    _S.CHECKED: Wording("待接收", "Checked"),
    _S.ACCEPTED: Wording("已接收", "Accepted"),
}


class AnnualReport(Stateful, Base):
    """A planner's report on a year, or on the part of it served by one who leaves."""

    __tablename__ = "annual_report"
    __table_args__ = (Index("ix_annual_report_person_id_year", "person_id", "year"),)
    STATUSES = ANNUAL_REPORT_STATUSES
    LIFE = life(
        (_S.OWED, (_S.WRITTEN,)),
        (_S.WRITTEN, (_S.CHECKED,)),
        (_S.CHECKED, (_S.ACCEPTED, _S.OWED)),
    )

    number: Mapped[str] = mapped_column(default="")
    """Given when it is sent, e.g. `述职〔2026〕1号`."""
    case_id: Mapped[UUID] = mapped_column(index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"), index=True)
    """The unit whose bureau checks the numbers."""
    year: Mapped[int]
    leaving: Mapped[bool] = mapped_column(default=False)
    """Written on leaving office in mid-year; the appraisal need not look at it."""
    due_on: Mapped[date]
    statistics: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """The numbers as they were computed from the records when it was sent."""
    readings_version: Mapped[int] = mapped_column(default=0)
    duties: Mapped[list[Any]] = mapped_column(default=list)
    """第七条, items 1 to 6."""
    tasks: Mapped[list[Any]] = mapped_column(default=list)
    """第八条, items 1 to 6."""
    examples: Mapped[list[Any]] = mapped_column(default=list)
    problems: Mapped[str] = mapped_column(default="")
    plan: Mapped[str] = mapped_column(default="")
    disagreement: Mapped[str] = mapped_column(default="")
    """What the planner holds against the numbers; settled by way of a correction."""
    sent_on: Mapped[date | None]
    checked_on: Mapped[date | None]
    checked_by: Mapped[str] = mapped_column(default="")
    """Empty where the bureau was silent, which agrees to the numbers alone."""
    check_result: Mapped[str] = mapped_column(default="")
    check_note: Mapped[str] = mapped_column(default="")
    accepted_on: Mapped[date | None]
    accepted_by: Mapped[str] = mapped_column(default="")
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))

    person: Mapped[Person] = relationship()
    unit: Mapped[Unit] = relationship()

    @property
    def late(self) -> bool:
        """Whether it was sent after its day."""
        return self.sent_on is not None and self.sent_on > self.due_on


def annual_report_of(session: Session, report_id: UUID) -> AnnualReport:
    """The report, or `NotFound`."""
    found = session.get(AnnualReport, report_id)
    if found is None:
        raise NotFound(message("未找到该年度工作报告。"))
    return found


def annual_report_on(session: Session, person_id: UUID, year: int) -> AnnualReport | None:
    """The latest report of a planner on a year."""
    mine = select(AnnualReport).where(AnnualReport.person_id == person_id, AnnualReport.year == year)
    return session.scalars(mine.order_by(AnnualReport.due_on.desc(), AnnualReport.id).limit(1)).first()
