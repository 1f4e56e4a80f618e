"""What begins by the calendar: a round of selection 180 days before a block of terms ends (第五条(三)、第六条, D)."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.annual_appraisal.calendar import appraisals_due
from handlers.annual_summary.calendar import summaries_due
from handlers.benefits.calendar import proofs_due
from handlers.expenses.calendar import funds_due
from handlers.expert_library.calendar import library_checks_due
from handlers.meetings_training.calendar import plans_due
from handlers.planner_suggestion.calendar import surveys_due
from handlers.planner_suggestion.pace import paces_due
from handlers.quarterly_reporting.calendar import quarters_due
from handlers.term_renewal.calendar import renewals_due
from processes.engine.calendar_starts import Calendar, PeriodDue
from processes.registers.appointments import CURRENT, Appointment
from processes.registers.switches import readings_on
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
    years = readings_on(session, today).number("term.years")
    return [_round_after(end, years) for end in sorted(set(ends)) if ends.count(end) >= SMALLEST_BLOCK]


def _round_after(end: date, years: int) -> PeriodDue:
    following = term(end + timedelta(days=1), years)
    name = f"{following.start.year}—{following.end.year - (following.end.month < 2)}聘期"
    return PeriodDue(f"round:{end.isoformat()}", "appointment", "appointment", {"round_name": name})


CALENDARS: tuple[Calendar, ...] = (
    appraisals_due,
    rounds_due,
    quarters_due,
    summaries_due,
    surveys_due,
    paces_due,
    plans_due,
    funds_due,
    renewals_due,
    proofs_due,
    library_checks_due,
)
