"""On 1 March everybody in the library is asked to check the own record (第十条, D)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from processes import clock
from processes.engine.calendar_starts import PeriodDue
from processes.registers.experts import Expert, ExpertStatus

KEY, PROCESS = "expert_library", "yearly_check"


def library_checks_due(session: Session, today: date) -> list[PeriodDue]:
    """The check of this year, where anybody has been in the library since before March."""
    first = date(today.year, 3, 1)
    if today < first:
        return []
    entered = session.scalar(select(func.min(Expert.entered_at)).where(Expert.status != ExpertStatus.INACTIVE))
    if entered is None or clock.local(entered).date() >= first:
        return []
    return [PeriodDue(f"library_check:{today.year}", KEY, PROCESS, {"year": today.year})]
