"""What begins by the calendar: a proof whose grade has changed since is looked at again (第十四条, D)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from handlers.benefits.proving import changed_grades
from processes.engine.calendar_starts import PeriodDue
from processes.registers.benefits import Benefit, issued_benefits
from processes.registers.service_years import final_grades


def proofs_due(session: Session, today: date) -> list[PeriodDue]:
    """One case for each proof and each way in which its grades stand otherwise."""
    found: list[PeriodDue] = []
    known: dict[UUID, dict[int, Any]] = {}
    for made in issued_benefits(session):
        if not made.grades:
            continue
        now = known.setdefault(made.person_id, final_grades(session, made.person_id))
        if changed_grades(made, now):
            variables = {"benefit_id": str(made.id), "person_name": made.person.name}
            found.append(PeriodDue(_period(made, now), "benefits", "proof_withdrawal", variables))
    return found


def _period(made: Benefit, now: dict[int, Any]) -> str:
    stands = ",".join(f"{year}:{now.get(int(year)) or '-'}" for year in sorted(made.grades))
    return f"proof:{made.number}:{stands}"
