"""考核档案: the yearly appraisal, each planner's inputs and scores, and every version of a grade (第十四条)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from processes.db import Base
from processes.errors import NotFound
from processes.forms.wording import Wording
from processes.identity.models import Person
from processes.messages import message
from processes.registers.appointments import Appointment
from processes.registers.history import Stateful, life
from processes.registers.only_growing import refuse_changes

UNGRADED = "不确定等次"
"""Of who gets no grade: a status, never a grade."""


class AppraisalStatus(StrEnum):
    """How a year's appraisal stands."""

    ROLL = "roll"
    REPORTS = "reports"
    VIEWS = "views"
    GRADING = "grading"
    HR = "hr"
    DECISION = "decision"
    TOLD = "told"
    FILED = "filed"


_S = AppraisalStatus
APPRAISAL_STATUSES: dict[str, Wording] = {
    _S.ROLL: Wording("名册", "Roll"),
    _S.REPORTS: Wording("述职", "Reports"),
    _S.VIEWS: Wording("评价", "Views"),
    _S.GRADING: Wording("评议", "Grading"),
    _S.HR: Wording("征求意见", "HR bureau's view"),
    _S.DECISION: Wording("审定", "Decision"),
    _S.TOLD: Wording("已告知", "Told"),
    _S.FILED: Wording("已存档", "Filed"),
}
GRADES: dict[str, Wording] = {
    "优秀": Wording("优秀", "Excellent"),
    "称职": Wording("称职", "Competent"),
    "不称职": Wording("不称职", "Incompetent"),
}


class Appraisal(Stateful, Base):
    """The appraisal of one year; `not_final` members never hold up the others."""

    __tablename__ = "appraisal"
    STATUSES = APPRAISAL_STATUSES
    LIFE = life(
        (_S.ROLL, (_S.REPORTS,)),
        (_S.REPORTS, (_S.VIEWS,)),
        (_S.VIEWS, (_S.GRADING,)),
        (_S.GRADING, (_S.HR,)),
        (_S.HR, (_S.DECISION, _S.GRADING)),
        (_S.DECISION, (_S.TOLD, _S.GRADING)),
        (_S.TOLD, (_S.FILED, _S.GRADING)),
    )

    year: Mapped[int] = mapped_column(unique=True)
    case_id: Mapped[UUID | None] = mapped_column(index=True)
    freeze_on: Mapped[date]
    """Day whose records are counted, 31 December."""
    readings_version: Mapped[int]
    """The switches it is computed with, see `SwitchSetting.id`."""
    decided_on: Mapped[date | None]

    entries: Mapped[list[AppraisalEntry]] = relationship(back_populates="appraisal")


class AppraisalEntry(Base):
    """One planner on the roll of a year."""

    __tablename__ = "appraisal_entry"
    __table_args__ = (UniqueConstraint("appraisal_id", "person_id"), Index("ix_appraisal_entry_person_id", "person_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    appraisal_id: Mapped[UUID] = mapped_column(ForeignKey("appraisal.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    appointment_id: Mapped[UUID] = mapped_column(ForeignKey("appointment.id"))
    """The latest appointment of the year; all of the year are counted."""
    roll: Mapped[str]
    """`GRADED`, `NOT_GRADED` or `NOT_INCLUDED` (R17)."""
    why: Mapped[str] = mapped_column(default="")
    inputs: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Invited, attended, visits, target, quality, duties … as they were frozen, with the ids of the records."""
    score_x100: Mapped[int | None]
    suggestion: Mapped[str] = mapped_column(default="")
    """What R19 suggests; people decide."""
    grade: Mapped[str] = mapped_column(default="", index=True)
    """The newest version; empty while there is none."""
    final: Mapped[bool] = mapped_column(default=False)
    report_missing: Mapped[bool] = mapped_column(default=False)
    told_on: Mapped[date | None]
    answer: Mapped[str] = mapped_column(default="")
    """`无异议`, `有异议`, or `期满未提出` when the window closed."""
    answered_on: Mapped[date | None]
    filed_on: Mapped[date | None]
    filed_by: Mapped[str] = mapped_column(default="")

    appraisal: Mapped[Appraisal] = relationship(back_populates="entries")
    person: Mapped[Person] = relationship()
    appointment: Mapped[Appointment] = relationship()
    versions: Mapped[list[GradeVersion]] = relationship(back_populates="entry", order_by="GradeVersion.id")


class GradeVersion(Base):
    """A grade as it was given at one point, by whom and why; written once."""

    __tablename__ = "grade_version"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("appraisal_entry.id"), index=True)
    at: Mapped[datetime]
    grade: Mapped[str]
    source: Mapped[str]
    """`panel`, `decision`, `objection`, `correction` or `import`."""
    reason: Mapped[str] = mapped_column(default="")
    votes: Mapped[str] = mapped_column(default="")
    by: Mapped[str]
    case_id: Mapped[UUID | None]

    entry: Mapped[AppraisalEntry] = relationship(back_populates="versions")


refuse_changes(GradeVersion)


def appraisal_of(session: Session, appraisal_id: UUID) -> Appraisal:
    """The appraisal, or `NotFound`."""
    found = session.get(Appraisal, appraisal_id)
    if found is None:
        raise NotFound(message("未找到该年度考核。"))
    return found


def appraisal_on(session: Session, year: int) -> Appraisal | None:
    """The appraisal of a year, if it has begun."""
    return session.scalar(select(Appraisal).where(Appraisal.year == year))


def entry_of(session: Session, entry_id: UUID) -> AppraisalEntry:
    """A planner's place on a roll, or `NotFound`."""
    found = session.get(AppraisalEntry, entry_id)
    if found is None:
        raise NotFound(message("未找到该考核档案。"))
    return found


def entries_of(session: Session, appraisal_id: UUID) -> list[AppraisalEntry]:
    """The roll of a year, by name."""
    mine = select(AppraisalEntry).where(AppraisalEntry.appraisal_id == appraisal_id)
    return list(session.scalars(mine.join(Person).order_by(Person.name, AppraisalEntry.id)))


def entry_for(session: Session, person_id: UUID, year: int) -> AppraisalEntry | None:
    """A planner's place on the roll of a year."""
    mine = select(AppraisalEntry).join(Appraisal)
    return session.scalar(mine.where(AppraisalEntry.person_id == person_id, Appraisal.year == year))
