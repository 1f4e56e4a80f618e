"""What begins by the calendar: the work funding of the year, on 1 December (第九条(六), D)."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from processes.engine.calendar_starts import PeriodDue
from processes.registers.ledger import appointments_in
from processes.registers.work_funds import fund_on

MONTH = 12


def funds_due(session: Session, today: date) -> list[PeriodDue]:
    """One funding of each year in which somebody served, unless somebody has begun it by hand."""
    if today.month < MONTH or fund_on(session, today.year) is not None:
        return []
    if not appointments_in(session, date(today.year, 1, 1), date(today.year, 12, 31)):
        return []
    return [PeriodDue(f"work_fund:{today.year}", "expenses", "work_fund", {"fund_year": today.year})]
