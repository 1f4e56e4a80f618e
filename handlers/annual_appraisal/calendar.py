"""On 1 December a year's appraisal begins (第十四条, D)."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from processes.engine.calendar_starts import PeriodDue
from processes.registers.appraisals import appraisal_on
from processes.registers.ledger import appointments_in

KEY = "annual_appraisal"
LAST_MONTH = 12
CAUGHT_UP_UNTIL = 3
"""Month of the next year up to which a desk that was switched off still begins last year's appraisal."""


def appraisals_due(session: Session, today: date) -> list[PeriodDue]:
    """This year's appraisal from 1 December on; last year's where it has not begun."""
    years = [today.year] if today.month == LAST_MONTH else []
    if today.month <= CAUGHT_UP_UNTIL:
        years.append(today.year - 1)
    return [
        PeriodDue(f"appraisal:{year}", KEY, KEY, {"year": year})
        for year in years
        if appraisal_on(session, year) is None and appointments_in(session, date(year, 1, 1), date(year, 12, 31))
    ]
