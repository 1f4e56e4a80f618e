"""服务年限: a planner's service and final grades, as R09 and R10 ask for them (第十四条)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from processes.registers.appointments import Appointment
from processes.registers.appraisals import Appraisal, AppraisalEntry
from processes.registers.former_services import FormerService, counted_former_services, former_grades
from processes.registers.leaves import Leave
from processes.registers.ledger import SERVED, service_of
from processes.registers.switches import Readings
from processes.rules.appraisal import Grade
from processes.rules.benefits import ServiceRecord

CENTRE = "中心城区"


def served_appointments(session: Session, person_id: UUID, through: date, readings: Readings) -> list[Appointment]:
    """The appointments whose service counts, oldest first; outside the centre only where both bureaus read it so."""
    return _served(session, [person_id], through, readings).get(person_id, [])


def final_grades(session: Session, person_id: UUID) -> dict[int, Grade | None]:
    """Final grades by year; a year on the roll without a grade is None."""
    return _grades(session, [person_id]).get(person_id, {})


def service_record(
    session: Session, person_id: UUID, through: date, readings: Readings, outstanding: bool = False
) -> ServiceRecord | None:
    """Service from the first day to a day, less days between appointments and of registered leave; None without any.

    Service and grades under the text of 2014 are among them where both bureaus read it so (switch `old_regime`).
    """
    return service_records(session, [person_id], through, readings, outstanding).get(person_id)


def service_records(
    session: Session, person_ids: Collection[UUID], through: date, readings: Readings, outstanding: bool = False
) -> dict[UUID, ServiceRecord]:
    """The service of many people at once, by person; those who never served are left out."""
    served, former = _served(session, person_ids, through, readings), _former(session, person_ids, readings)
    leaves, grades = _leaves(session, served), _grades(session, person_ids)
    found = {}
    for person_id in person_ids:
        mine, before = served.get(person_id, []), former.get(person_id, [])
        spans = [(each.id, each.term_start, service_of(each).end or through) for each in mine]
        spans += [(each.id, each.first_day, each.last_day) for each in before if each.first_day <= through]
        if not spans:
            continue
        start = min(first for _, first, _ in spans)
        last = min(through, max(end for _, _, end in spans))
        off = [each for one in mine for each in leaves.get(one.id, [])]
        given = {**former_grades(before), **grades.get(person_id, {})}
        found[person_id] = ServiceRecord(start, last, given, _days_away(spans, off, start, last), outstanding)
    return found


def _served(
    session: Session, person_ids: Collection[UUID], through: date, readings: Readings
) -> dict[UUID, list[Appointment]]:
    mine = (Appointment.person_id.in_(list(person_ids)), Appointment.status.in_(SERVED),
            Appointment.term_start <= through)  # fmt: skip
    wanted = select(Appointment).where(*mine).options(selectinload(Appointment.unit)).order_by(Appointment.term_start)
    outside = readings.choice("benefits.zone_filter") == "outside_centre"
    found: dict[UUID, list[Appointment]] = {}
    for each in session.scalars(wanted):
        if not (outside and each.unit.zone == CENTRE):
            found.setdefault(each.person_id, []).append(each)
    return found


def _grades(session: Session, person_ids: Collection[UUID]) -> dict[UUID, dict[int, Grade | None]]:
    mine = select(AppraisalEntry, Appraisal.year).join(AppraisalEntry.appraisal)
    mine = mine.where(AppraisalEntry.person_id.in_(list(person_ids))).order_by(Appraisal.year)
    found: dict[UUID, dict[int, Grade | None]] = {}
    for entry, year in session.execute(mine):
        if entry.roll == "NOT_GRADED":
            found.setdefault(entry.person_id, {})[year] = None
        elif entry.final and entry.grade:
            found.setdefault(entry.person_id, {})[year] = Grade(entry.grade)
    return found


def _former(
    session: Session, person_ids: Collection[UUID], readings: Readings
) -> dict[UUID, list[FormerService]]:  # fmt: skip
    """Service under the text of 2014 that counts, by the same reading of 基层 as all other service."""
    outside = readings.choice("benefits.zone_filter") == "outside_centre"
    found: dict[UUID, list[FormerService]] = {}
    for each in counted_former_services(session, readings, *person_ids):
        if not (outside and each.unit is not None and each.unit.zone == CENTRE):
            found.setdefault(each.person_id, []).append(each)
    return found


def _leaves(session: Session, served: Mapping[UUID, Sequence[Appointment]]) -> dict[UUID, list[Leave]]:
    ids = [each.id for mine in served.values() for each in mine]
    found: dict[UUID, list[Leave]] = {}
    for each in session.scalars(select(Leave).where(Leave.appointment_id.in_(ids))):
        found.setdefault(each.appointment_id, []).append(each)
    return found


def _days_away(spans: Sequence[tuple[UUID, date, date]], leaves: Sequence[Leave], start: date, last: date) -> int:
    """Days of a span on which no appointment ran, or every one that ran was on leave."""
    off = [(each.appointment_id, each.first_day, each.last_day or last) for each in leaves]
    away, day = 0, start
    while day <= last:
        running = [key for key, first, end in spans if first <= day <= end]
        resting = {key for key, first, end in off if first <= day <= end}
        away += not any(key not in resting for key in running)
        day += timedelta(days=1)
    return away
