"""服务年限: a planner's service and final grades, as R09 and R10 ask for them (第十四条)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from processes.registers.appointments import Appointment
from processes.registers.appraisals import Appraisal, AppraisalEntry
from processes.registers.leaves import Leave
from processes.registers.ledger import SERVED, service_of
from processes.registers.switches import Readings
from processes.rules.appraisal import Grade
from processes.rules.benefits import ServiceRecord

CENTRE = "中心城区"


def served_appointments(session: Session, person_id: UUID, through: date, readings: Readings) -> list[Appointment]:
    """The appointments whose service counts, oldest first; outside the centre only where both bureaus read it so."""
    mine = (Appointment.person_id == person_id, Appointment.status.in_(SERVED), Appointment.term_start <= through)
    found = select(Appointment).where(*mine).options(selectinload(Appointment.unit)).order_by(Appointment.term_start)
    outside = readings.choice("benefits.zone_filter") == "outside_centre"
    return [each for each in session.scalars(found) if not (outside and each.unit.zone == CENTRE)]


def final_grades(session: Session, person_id: UUID) -> dict[int, Grade | None]:
    """Final grades by year; a year on the roll without a grade is None."""
    mine = select(AppraisalEntry).join(AppraisalEntry.appraisal).where(AppraisalEntry.person_id == person_id)
    found: dict[int, Grade | None] = {}
    for entry in session.scalars(mine.order_by(Appraisal.year)):
        if entry.roll == "NOT_GRADED":
            found[entry.appraisal.year] = None
        elif entry.final and entry.grade:
            found[entry.appraisal.year] = Grade(entry.grade)
    return found


def service_record(
    session: Session, person_id: UUID, through: date, readings: Readings, outstanding: bool = False
) -> ServiceRecord | None:
    """Service from the first day to a day, less days between appointments and of registered leave; None without any."""
    served = served_appointments(session, person_id, through, readings)
    if not served:
        return None
    start = served[0].term_start
    last = min(through, max(service_of(each).end or through for each in served))
    away = _days_away(served, _leaves(session, served), start, last)
    return ServiceRecord(start, last, final_grades(session, person_id), away, outstanding)


def _leaves(session: Session, served: Sequence[Appointment]) -> Sequence[Leave]:
    return session.scalars(select(Leave).where(Leave.appointment_id.in_([each.id for each in served]))).all()


def _days_away(served: Sequence[Appointment], leaves: Sequence[Leave], start: date, last: date) -> int:
    """Days of a span on which no appointment ran, or every one that ran was on leave."""
    spans = [(each.id, each.term_start, service_of(each).end or last) for each in served]
    off = [(each.appointment_id, each.first_day, each.last_day or last) for each in leaves]
    away, day = 0, start
    while day <= last:
        running = [key for key, first, end in spans if first <= day <= end]
        resting = {key for key, first, end in off if first <= day <= end}
        away += not any(key not in resting for key in running)
        day += timedelta(days=1)
    return away
