"""交办事项: tasks that the city bureau sets planners, and what was done about them (第八条(四))."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from processes.db import Base
from processes.errors import NotFound
from processes.forms.wording import Wording
from processes.identity.models import Person
from processes.messages import message
from processes.registers.history import Stateful, life


class AssignmentStatus(StrEnum):
    """How a task stands."""

    GIVEN = "given"
    REPORTED = "reported"
    ACCEPTED = "accepted"
    EXCUSED = "excused"


_S = AssignmentStatus
ASSIGNMENT_STATUSES: dict[str, Wording] = {
    _S.GIVEN: Wording("办理中", "Being done"),
    _S.REPORTED: Wording("已反馈", "Reported"),
    _S.ACCEPTED: Wording("已办结", "Done"),
    _S.EXCUSED: Wording("说明后免办", "Excused"),
}


class Assignment(Stateful, Base):
    """One task for one planner; it is no activity of 第十五条(三)."""

    __tablename__ = "assignment"
    __table_args__ = (Index("ix_assignment_person_id_due_on", "person_id", "due_on"),)
    STATUSES = ASSIGNMENT_STATUSES
    LIFE = life((_S.GIVEN, (_S.REPORTED,)), (_S.REPORTED, (_S.GIVEN, _S.ACCEPTED, _S.EXCUSED)))

    number: Mapped[str] = mapped_column(unique=True)
    """E.g. `交办-2026-0001`."""
    case_id: Mapped[UUID] = mapped_column(index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    title: Mapped[str]
    content: Mapped[str]
    assigned_on: Mapped[date]
    assigned_by: Mapped[str]
    due_on: Mapped[date]
    report: Mapped[str] = mapped_column(default="")
    reported_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    closed_by: Mapped[str] = mapped_column(default="")
    remark: Mapped[str] = mapped_column(default="")

    person: Mapped[Person] = relationship()


def assignment_of(session: Session, assignment_id: UUID) -> Assignment:
    """The task, or `NotFound`."""
    found = session.get(Assignment, assignment_id)
    if found is None:
        raise NotFound(message("未找到该交办事项。"))
    return found


def assigned_in(session: Session, person_id: UUID, first: date, last: date) -> tuple[int, int]:
    """How many tasks fell due for a planner in a span of days, and how many of them are done."""
    mine = select(func.count(Assignment.id)).where(
        Assignment.person_id == person_id, Assignment.due_on.between(first, last), Assignment.status != _S.EXCUSED
    )
    return session.scalar(mine) or 0, session.scalar(mine.where(Assignment.status == _S.ACCEPTED)) or 0
