"""What begins by the calendar: the yearly plan of meetings, on the first days of January (第十一条, D)."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from processes.engine.calendar_starts import PeriodDue

LAST_MONTH = 3
"""A desk that is switched on after March asks for no plan of the running year."""


def plans_due(session: Session, today: date) -> list[PeriodDue]:
    """One plan a year."""
    if today.month > LAST_MONTH:
        return []
    return [PeriodDue(f"meeting_plan:{today.year}", "meetings_training", "yearly_plan", {"plan_year": today.year})]
