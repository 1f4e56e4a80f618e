"""休假·代理: days on which a planner is away from office, and who acts meanwhile."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from processes import clock
from processes.db import Base
from processes.errors import NotFound
from processes.identity.actor import Actor
from processes.identity.models import Person
from processes.messages import message
from processes.registers.appointments import Appointment, AppointmentStatus
from processes.registers.history import change_status


class Leave(Base):
    """Registered leave of one appointment; both days included, no end while it goes on."""

    __tablename__ = "planner_leave"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    appointment_id: Mapped[UUID] = mapped_column(ForeignKey("appointment.id"), index=True)
    first_day: Mapped[date]
    last_day: Mapped[date | None]
    reason: Mapped[str]
    acting_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """The planner who acts for the post meanwhile."""
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]

    appointment: Mapped[Appointment] = relationship()
    acting: Mapped[Person | None] = relationship()


def on_leave(session: Session, appointment_id: UUID, day: date) -> bool:
    """Whether a planner is on registered leave on a day."""
    covering = select(Leave.id).where(
        Leave.appointment_id == appointment_id,
        Leave.first_day <= day,
        (Leave.last_day.is_(None)) | (Leave.last_day >= day),
    )
    return session.scalar(covering.limit(1)) is not None


def days_of_leave(session: Session, appointment_ids: list[UUID], first: date, last: date) -> int:
    """How many days of a period were days of leave."""
    taken: set[date] = set()
    for leave in session.scalars(select(Leave).where(Leave.appointment_id.in_(appointment_ids))):
        day, until = max(first, leave.first_day), min(last, leave.last_day or last)
        while day <= until:
            taken.add(day)
            day += timedelta(days=1)
    return len(taken)


def register_leave(session: Session, actor: Actor, appointment: Appointment, **facts: Any) -> Leave:
    """Enter leave, or who acts for a post that is vacant."""
    made = Leave(appointment_id=appointment.id, recorded_by=actor.name, recorded_at=clock.now(), **facts)
    session.add(made)
    session.flush()
    session.refresh(made)
    return made


def begin_leave(session: Session, actor: Actor, leave: Leave) -> None:
    """From the first day on a planner in office is 休假·代理."""
    if leave.appointment.status == AppointmentStatus.IN_OFFICE:
        change_status(session, actor, leave.appointment, AppointmentStatus.ON_LEAVE, leave.reason)


def end_leave(session: Session, actor: Actor, leave: Leave, last_day: date) -> None:
    """The leave, or the acting, is over; a planner who was away is back in office."""
    if leave.last_day is None or last_day < leave.last_day:
        leave.last_day = max(last_day, leave.first_day)
    appointment = leave.appointment
    if appointment.status == AppointmentStatus.ON_LEAVE:
        change_status(session, actor, appointment, AppointmentStatus.IN_OFFICE, "休假结束")
    session.flush()


def leave_of(session: Session, leave_id: UUID) -> Leave:
    """The leave, or `NotFound`."""
    found = session.get(Leave, leave_id)
    if found is None:
        raise NotFound(message("未找到该休假登记。"))
    return found
