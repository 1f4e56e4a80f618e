"""What begins by the calendar: a round of selection 180 days before a block of terms ends (第五条(三)、第六条, D)."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.engine.calendar_starts import Calendar, PeriodDue
from processes.registers.appointments import CURRENT, Appointment
from processes.rules.terms import term

DAYS_BEFORE = 180
"""Natural days before the last day of a block of terms on which the next round begins (D)."""
SMALLEST_BLOCK = 5
"""Appointments that end on one day and make a block; fewer are renewed or replaced one by one (D)."""


def rounds_due(session: Session, today: date) -> list[PeriodDue]:
    """A round for each block of terms that ends within 180 days."""
    ends = session.scalars(
        select(Appointment.term_end).where(
            Appointment.status.in_(CURRENT),
            Appointment.term_end >= today,
            Appointment.term_end <= today + timedelta(days=DAYS_BEFORE),
        )
    ).all()
    return [_round_after(end) for end in sorted(set(ends)) if ends.count(end) >= SMALLEST_BLOCK]


def _round_after(end: date) -> PeriodDue:
    following = term(end + timedelta(days=1))
    name = f"{following.start.year}—{following.end.year - (following.end.month < 2)}聘期"
    return PeriodDue(f"round:{end.isoformat()}", "appointment", "appointment", {"round_name": name})


CALENDARS: tuple[Calendar, ...] = (rounds_due,)
