"""更正: what was corrected in a record, who agreed, and every value as it stood before (第十二条、第十四条)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from processes import clock
from processes.db import Base
from processes.errors import NotFound
from processes.forms.wording import Wording
from processes.identity.actor import Actor
from processes.identity.models import Unit
from processes.messages import message
from processes.registers.attendances import Attendance
from processes.registers.history import Stateful, enter, life
from processes.registers.only_growing import refuse_changes
from processes.sequences import yearly_number


class CorrectionStatus(StrEnum):
    """How a request for a correction stands."""

    ASKED = "asked"
    VERIFIED = "verified"
    APPROVED = "approved"
    CORRECTED = "corrected"
    REFUSED = "refused"
    NOTED = "noted"


_S = CorrectionStatus
CORRECTION_STATUSES: dict[str, Wording] = {
    _S.ASKED: Wording("已申请", "Asked"),
    _S.VERIFIED: Wording("已核实", "Verified"),
    _S.APPROVED: Wording("已同意", "Approved"),
    _S.CORRECTED: Wording("已更正", "Corrected"),
    _S.REFUSED: Wording("不予更正", "Refused"),
    _S.NOTED: Wording("已附说明", "Note added"),
}


class Correction(Stateful, Base):
    """One request to correct one field of one record; a note beside a record that nobody may correct is one too."""

    __tablename__ = "correction"
    STATUSES = CORRECTION_STATUSES
    LIFE = life(
        (_S.ASKED, (_S.VERIFIED, _S.APPROVED, _S.CORRECTED, _S.REFUSED)),
        (_S.VERIFIED, (_S.APPROVED, _S.CORRECTED, _S.REFUSED)),
        (_S.APPROVED, (_S.CORRECTED, _S.REFUSED)),
    )

    number: Mapped[str] = mapped_column(unique=True)
    """E.g. `更正-2026-0001`."""
    case_id: Mapped[UUID] = mapped_column(index=True)
    attendance_id: Mapped[UUID] = mapped_column(ForeignKey("attendance.id"), index=True)
    """The record, or the record whose opinion the note is about."""
    opinion_id: Mapped[UUID | None] = mapped_column(ForeignKey("opinion.id"), index=True)
    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"), index=True)
    field: Mapped[str] = mapped_column(default="")
    old: Mapped[str] = mapped_column(default="")
    new: Mapped[str] = mapped_column(default="")
    """As people read it; of a note its text."""
    value: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """`{"value": …}` as the register takes it."""
    reason: Mapped[str]
    submission_id: Mapped[UUID | None]
    asked_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    asked_by: Mapped[str]
    effects: Mapped[list[Any]] = mapped_column(default=list)
    """What it touches, as it was shown to those who decided: `[{"kind", "subject", "effect"}…]`."""
    self_service: Mapped[bool] = mapped_column(default=False)
    """Own typing error, taken without anybody else."""
    verified: Mapped[str] = mapped_column(default="")
    approved: Mapped[str] = mapped_column(default="")
    opinion: Mapped[str] = mapped_column(default="")
    """View of the HR bureau where a final grade is touched (第十条)."""
    decided: Mapped[str] = mapped_column(default="")
    grade_effect: Mapped[str] = mapped_column(default="")
    corrected_on: Mapped[date | None]
    created_at: Mapped[datetime]

    attendance: Mapped[Attendance] = relationship()
    unit: Mapped[Unit] = relationship()
    versions: Mapped[list[RecordVersion]] = relationship(back_populates="correction", order_by="RecordVersion.id")


class RecordVersion(Base):
    """A value as it stood before a correction and as it stands since; written once."""

    __tablename__ = "record_version"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    correction_id: Mapped[UUID] = mapped_column(ForeignKey("correction.id"), index=True)
    attendance_id: Mapped[UUID] = mapped_column(ForeignKey("attendance.id"), index=True)
    at: Mapped[datetime]
    field: Mapped[str]
    before: Mapped[str]
    after: Mapped[str]
    by: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")

    correction: Mapped[Correction] = relationship(back_populates="versions")


refuse_changes(RecordVersion)


def ask_for_correction(session: Session, actor: Actor, status: CorrectionStatus = _S.ASKED, **facts: Any) -> Correction:
    """Enter a request, or a note that stands at once."""
    year = clock.today().year
    number = yearly_number(session, "更正", "correction", year)
    made = Correction(
        status=status, number=number, asked_by_id=actor.person_id, asked_by=actor.name, created_at=clock.now(), **facts
    )
    enter(session, actor, made)
    return made


def keep_version(session: Session, actor: Actor, correction: Correction) -> RecordVersion:
    """Write down the value that a correction replaces, beside the new one."""
    made = RecordVersion(
        correction_id=correction.id, attendance_id=correction.attendance_id, at=clock.now(), field=correction.field,
        before=correction.old, after=correction.new, by=actor.name, reason=correction.reason,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def correction_of(session: Session, correction_id: UUID) -> Correction:
    """The correction, or `NotFound`."""
    found = session.get(Correction, correction_id)
    if found is None:
        raise NotFound(message("未找到该更正申请。"))
    return found


def has_corrected(session: Session, number: str, person_id: UUID) -> bool:
    """Whether a correction of that number was carried out on a record of the planner."""
    wanted = (Correction.number == number, Correction.status == _S.CORRECTED, Attendance.person_id == person_id)
    return session.scalar(select(Correction.id).join(Correction.attendance).where(*wanted)) is not None


def corrections_of(session: Session, attendance_id: UUID) -> Sequence[Correction]:
    """What was corrected in a record or noted beside it, oldest first."""
    mine = select(Correction).where(
        Correction.attendance_id == attendance_id, Correction.status.in_((_S.CORRECTED, _S.NOTED))
    )
    return session.scalars(mine.order_by(Correction.created_at, Correction.number)).all()


def correction_going_on(session: Session, attendance_id: UUID, field: str) -> Correction | None:
    """A request for the same field of the same record that is not settled."""
    mine = (Correction.attendance_id == attendance_id, Correction.field == field)
    open_ones = (_S.ASKED, _S.VERIFIED, _S.APPROVED)
    return session.scalars(select(Correction).where(*mine, Correction.status.in_(open_ones)).limit(1)).first()
