"""异议复核: an objection to a grade, who looked at it again, and what was decided (第十条、第十四条)."""

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
from processes.registers.appraisals import UNGRADED, AppraisalEntry
from processes.registers.history import Stateful, enter, life
from processes.sequences import yearly_number


class ObjectionStatus(StrEnum):
    """How an objection stands."""

    FILED = "filed"
    REVIEWED = "reviewed"
    UPHELD = "upheld"
    CHANGED = "changed"
    AGAIN = "again"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


_S = ObjectionStatus
OBJECTION_STATUSES: dict[str, Wording] = {
    _S.FILED: Wording("已提出", "Filed"),
    _S.REVIEWED: Wording("复核中", "Being reviewed"),
    _S.UPHELD: Wording("维持", "Grade upheld"),
    _S.CHANGED: Wording("变更", "Grade changed"),
    _S.AGAIN: Wording("撤销重评", "To be graded again"),
    _S.REFUSED: Wording("不予受理", "Not accepted"),
    _S.WITHDRAWN: Wording("已撤回", "Taken back"),
}
OPEN = (_S.FILED, _S.REVIEWED)


class Objection(Stateful, Base):
    """One objection of one planner to the grade of one year."""

    __tablename__ = "objection"
    STATUSES = OBJECTION_STATUSES
    LIFE = life(
        (_S.FILED, (_S.REVIEWED, _S.REFUSED, _S.WITHDRAWN)),
        (_S.REVIEWED, (_S.UPHELD, _S.CHANGED, _S.AGAIN, _S.WITHDRAWN)),
    )

    number: Mapped[str] = mapped_column(unique=True)
    """E.g. `异议-2026-0001`."""
    case_id: Mapped[UUID] = mapped_column(index=True)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("appraisal_entry.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    year: Mapped[int]
    old_grade: Mapped[str]
    statement: Mapped[str]
    filed_on: Mapped[date]
    window_ends: Mapped[date | None]
    """Last day for objecting, with the readings of the day on which the grade was told."""
    late: Mapped[bool] = mapped_column(default=False)
    force_majeure: Mapped[str] = mapped_column(default="")
    acceptance_reason: Mapped[str] = mapped_column(default="")
    accepted_on: Mapped[date | None]
    review_due: Mapped[date | None]
    reviewers: Mapped[list[Any]] = mapped_column(default=list)
    """`[{"person_id", "name", "view"}…]`, three at least, none of the first assessment."""
    facts: Mapped[str] = mapped_column(default="")
    proposal: Mapped[str] = mapped_column(default="")
    corrected: Mapped[str] = mapped_column(default="")
    """What was corrected in the records before the review went on."""
    opinion: Mapped[str] = mapped_column(default="")
    """View of the HR bureau (第十条); empty where it was silent."""
    hr_reason: Mapped[str] = mapped_column(default="")
    new_grade: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    decided_by: Mapped[str] = mapped_column(default="")
    decided_on: Mapped[date | None]
    document_number: Mapped[str] = mapped_column(default="")
    readings_version: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]

    entry: Mapped[AppraisalEntry] = relationship()
    person: Mapped[Person] = relationship()


def enter_objection(session: Session, actor: Actor, entry: AppraisalEntry, **facts: Any) -> Objection:
    """Enter an objection to the grade as it stands; `Conflict` where there is one: the second of two sent at once."""
    number = yearly_number(session, "异议", "objection", clock.today().year)
    standing = objection_to(session, entry.id)
    if standing is not None:
        raise Conflict(objected_already(standing))
    made = Objection(
        status=ObjectionStatus.FILED, number=number, entry_id=entry.id, person_id=entry.person_id,
        year=entry.appraisal.year, old_grade=entry.grade or UNGRADED, created_at=clock.now(), **facts,
    )  # fmt: skip
    enter(session, actor, made)
    return made


def objection_of(session: Session, objection_id: UUID) -> Objection:
    """The objection, or `NotFound`."""
    found = session.get(Objection, objection_id)
    if found is None:
        raise NotFound(message("未找到该异议。"))
    return found


def objected_already(standing: Objection) -> Message:
    """Why there is not to be another."""
    return message("已对该考核结果提出过异议（%(number)s）。", number=standing.number)


def objection_to(session: Session, entry_id: UUID, open_only: bool = False) -> Objection | None:
    """The latest objection to a grade; one that was taken back or refused lets another be filed."""
    mine = select(Objection).where(Objection.entry_id == entry_id)
    mine = mine.where(Objection.status.in_(OPEN) if open_only else Objection.status.not_in((_S.REFUSED, _S.WITHDRAWN)))
    return session.scalars(mine.order_by(Objection.created_at.desc()).limit(1)).first()


def objection_going_on(session: Session, person_id: UUID) -> Objection | None:
    """An objection of a person that is not decided yet, whatever the year."""
    mine = select(Objection).where(Objection.person_id == person_id, Objection.status.in_(OPEN))
    return session.scalars(mine.order_by(Objection.created_at).limit(1)).first()
