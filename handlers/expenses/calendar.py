"""What begins by the calendar: the work funding of the year, on 1 December (第九条(六), D)."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from processes.engine.calendar_starts import PeriodDue
from processes.registers.work_funds import fund_for

MONTH = 12


def funds_due(session: Session, today: date) -> list[PeriodDue]:
    """One funding a year, unless somebody has begun it by hand."""
    if today.month < MONTH or fund_for(session, today.year) is not None:
        return []
    return [PeriodDue(f"work_fund:{today.year}", "expenses", "work_fund", {"fund_year": today.year})]
