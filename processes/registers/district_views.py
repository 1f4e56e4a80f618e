"""区县评价意见: what the districts say of a planner's year; advice, never the grade itself (第十条、第十四条)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from processes.db import Base
from processes.identity.models import Organization, Unit
from processes.registers.appraisals import AppraisalEntry


class DistrictView(Base):
    """The view of one body of a district on one planner's year; without a score while none was given."""

    __tablename__ = "district_view"
    __table_args__ = (UniqueConstraint("entry_id", "organization_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("appraisal_entry.id"), index=True)
    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"), index=True)
    organization_id: Mapped[str] = mapped_column(ForeignKey("organization.id"))
    body: Mapped[str]
    """`区县政府` or `区县规划自然资源局`."""
    asked_on: Mapped[date]
    due_on: Mapped[date]
    score: Mapped[int | None]
    """0 to 100."""
    comment: Mapped[str] = mapped_column(default="")
    suggested: Mapped[str] = mapped_column(default="")
    """The grade it suggests: advice only."""
    given_on: Mapped[date | None]
    given_by: Mapped[str] = mapped_column(default="")
    missing: Mapped[bool] = mapped_column(default=False)
    """None was given by the day: the appraisal goes on without it."""

    entry: Mapped[AppraisalEntry] = relationship()
    unit: Mapped[Unit] = relationship()
    organization: Mapped[Organization] = relationship()


def views_of(session: Session, entry_id: UUID) -> Sequence[DistrictView]:
    """The views on one planner's year, by unit."""
    mine = select(DistrictView).where(DistrictView.entry_id == entry_id)
    return session.scalars(mine.order_by(DistrictView.unit_id, DistrictView.body, DistrictView.id)).all()


def mean_score(views: Iterable[DistrictView]) -> int | None:
    """The mean of the units' means, rounded down: two districts weigh alike; None where nobody gave a score."""
    by_unit: dict[str, list[int]] = {}
    for view in views:
        if view.score is not None:
            by_unit.setdefault(view.unit_id, []).append(view.score)
    means = [sum(scores) / len(scores) for scores in by_unit.values()]
    return int(sum(means) / len(means)) if means else None
