"""On 15 January the summary of the year before is begun (D)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from processes import clock
from processes.engine.calendar_starts import PeriodDue
from processes.registers.appointments import Appointment
from processes.registers.ledger import SERVED

KEY = "annual_summary"
MONTH, DAY_OF_MONTH = 1, 15


def summaries_due(session: Session, today: date) -> list[PeriodDue]:
    """The summary of the year before, where somebody served in it and the desk knew of it before it ended."""
    year = today.year - 1
    if today < date(today.year, MONTH, DAY_OF_MONTH):
        return []
    served = select(func.min(Appointment.term_start), func.min(Appointment.created_at))
    first, known = session.execute(served.where(Appointment.status.in_(SERVED))).one()
    if first is None or first.year > year or clock.local(known).year > year:
        return []
    return [PeriodDue(f"summary:{year}", KEY, KEY, {"year": year})]
