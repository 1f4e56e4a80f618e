"""聘期届满前90日: what begins by the calendar, one case for each appointment (第五条(三), D)."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.engine.calendar_starts import PeriodDue
from processes.registers.appointments import Appointment, AppointmentStatus
from processes.rules.terms import REMIND_DAYS


def renewals_due(session: Session, today: date) -> list[PeriodDue]:
    """The appointments whose term ends within ninety days."""
    serving = (AppointmentStatus.IN_OFFICE, AppointmentStatus.ON_LEAVE)
    ending = select(Appointment.id).where(
        Appointment.status.in_(serving),
        Appointment.term_end >= today,
        Appointment.term_end <= today + timedelta(days=REMIND_DAYS[0]),
    )
    key = "term_renewal"
    return [
        PeriodDue(f"renewal:{each}", key, key, {"appointment_id": str(each)})
        for each in session.scalars(ending.order_by(Appointment.term_end, Appointment.id))
    ]
