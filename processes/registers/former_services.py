"""历史聘任: service under the regulation of 2014, entered once; it counts where both bureaus read it so (第十七条)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from processes.db import Base
from processes.identity.models import Person, Unit
from processes.registers.only_growing import refuse_changes
from processes.registers.switches import Readings
from processes.rules.appraisal import Grade


class FormerService(Base):
    """One appointment under the repealed regulation; what was entered wrongly is replaced by a further entry."""

    __tablename__ = "former_service"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("unit.id"), index=True)
    """The unit that is served today in its place, where there is one."""
    unit_name: Mapped[str]
    """As the certificate of that time names it."""
    first_day: Mapped[date]
    last_day: Mapped[date]
    certificate: Mapped[str]
    grades: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Grades of that time by year, `{"2019": "优秀"}`."""
    replaces_id: Mapped[UUID | None] = mapped_column(ForeignKey("former_service.id"), unique=True)
    case_id: Mapped[UUID] = mapped_column(index=True)
    entered_by: Mapped[str]
    entered_at: Mapped[datetime]

    person: Mapped[Person] = relationship()
    unit: Mapped[Unit | None] = relationship()


refuse_changes(FormerService)


def former_services(session: Session, *person_ids: UUID) -> Sequence[FormerService]:
    """What stands of some people's service under the repealed regulation, oldest first."""
    replaced = select(FormerService.replaces_id).where(FormerService.replaces_id.is_not(None))
    mine = select(FormerService).where(FormerService.person_id.in_(person_ids), FormerService.id.not_in(replaced))
    return session.scalars(mine.order_by(FormerService.first_day, FormerService.id)).all()


def counted_former_services(session: Session, readings: Readings, *person_ids: UUID) -> Sequence[FormerService]:
    """The same where both bureaus read it as service under this text; nothing under any other reading."""
    return former_services(session, *person_ids) if readings.choice("old_regime") == "count" else ()


def former_grades(services: Sequence[FormerService]) -> dict[int, Grade | None]:
    """The grades of that time by year."""
    return {int(year): Grade(grade) for each in services for year, grade in sorted(each.grades.items())}
