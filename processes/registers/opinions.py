"""意见书: the written opinion on one scheme, its items, and a view the planner reserves (第八条(六)、第九条(三))."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from processes.db import Base
from processes.forms.wording import Wording
from processes.registers.activities import Scheme
from processes.registers.only_growing import refuse_changes


class Level(StrEnum):
    """How strongly an item is meant."""

    MUST = "must"
    ADVICE = "advice"
    HINT = "hint"


LEVELS: dict[str, Wording] = {
    Level.MUST: Wording("必须", "Must"),
    Level.ADVICE: Wording("建议", "Advice"),
    Level.HINT: Wording("提示", "Hint"),
}


class Adoption(StrEnum):
    """What the host made of an item."""

    OPEN = "open"
    ADOPTED = "adopted"
    PARTLY = "partly"
    REJECTED = "rejected"


TAKEN_UP = (Adoption.ADOPTED, Adoption.PARTLY)
"""What counts as adopted."""
ADOPTIONS: dict[str, Wording] = {
    Adoption.OPEN: Wording("未反馈", "No answer yet"),
    Adoption.ADOPTED: Wording("采纳", "Adopted"),
    Adoption.PARTLY: Wording("部分采纳", "Partly adopted"),
    Adoption.REJECTED: Wording("未采纳", "Not adopted"),
}
OVERALL: dict[str, Wording] = {
    "feasible": Wording("可行", "Feasible"),
    "after_changes": Wording("修改后可行", "Feasible after changes"),
    "major_changes": Wording("需重大调整", "Needs major changes"),
    "not_advised": Wording("不建议", "Not advised"),
}


class Opinion(Base):
    """The opinion of one planner on one scheme, signed once."""

    __tablename__ = "opinion"
    __table_args__ = (UniqueConstraint("attendance_id", "scheme_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    attendance_id: Mapped[UUID] = mapped_column(ForeignKey("attendance.id"))
    scheme_id: Mapped[UUID] = mapped_column(ForeignKey("scheme.id"), index=True)
    number: Mapped[str] = mapped_column(default="", index=True)
    overall: Mapped[str]
    signed_on: Mapped[date]
    signed_at: Mapped[datetime]
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    submission_id: Mapped[UUID | None]

    scheme: Mapped[Scheme] = relationship()
    items: Mapped[list[OpinionItem]] = relationship(back_populates="opinion", order_by="OpinionItem.place")
    reserved: Mapped[ReservedOpinion | None] = relationship()


class OpinionItem(Base):
    """One concrete point: the issue, its basis, what is suggested, and whether the host took it up."""

    __tablename__ = "opinion_item"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    opinion_id: Mapped[UUID] = mapped_column(ForeignKey("opinion.id"), index=True)
    place: Mapped[int]
    issue: Mapped[str]
    basis: Mapped[str] = mapped_column(default="")
    suggestion: Mapped[str]
    level: Mapped[str]
    adoption: Mapped[str] = mapped_column(default=Adoption.OPEN, index=True)
    adoption_reason: Mapped[str] = mapped_column(default="")
    adopted_on: Mapped[date | None]

    opinion: Mapped[Opinion] = relationship(back_populates="items")


class ReservedOpinion(Base):
    """保留意见: the planner's own view where it differs; nobody can change, hide or delete it (第九条(三))."""

    __tablename__ = "reserved_opinion"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    opinion_id: Mapped[UUID] = mapped_column(ForeignKey("opinion.id"), unique=True)
    text: Mapped[str]
    person: Mapped[str]
    at: Mapped[datetime]


refuse_changes(ReservedOpinion)
