"""The day after a quarter ends its reports are asked for (第十二条)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from processes import clock
from processes.engine.calendar_starts import PeriodDue
from processes.registers.appointments import Appointment
from processes.registers.ledger import SERVED
from processes.registers.quarter_reports import spoken_quarter
from processes.rules.quarters import Quarter
from processes.rules.years import DAY

KEY = "quarterly_reporting"
CAUGHT_UP = 4
"""Quarters that a desk which was switched off makes up for."""


def quarters_due(session: Session, today: date) -> list[PeriodDue]:
    """The quarters that are over, in which somebody served, and that ended since the desk has known of it."""
    served = select(func.min(Appointment.term_start), func.min(Appointment.created_at))
    first, known = session.execute(served.where(Appointment.status.in_(SERVED))).one()
    due: list[PeriodDue] = []
    quarter = Quarter.of(Quarter.of(today).start - DAY)
    while first is not None and len(due) < CAUGHT_UP:
        if quarter < Quarter.of(first) or quarter.end < clock.local(known).date():
            break
        due.insert(0, PeriodDue(f"quarter:{quarter}", KEY, KEY, _variables(quarter)))
        quarter = Quarter.of(quarter.start - DAY)
    return due


def _variables(quarter: Quarter) -> dict[str, str]:
    return {"quarter": str(quarter), "quarter_text": spoken_quarter(quarter)}
