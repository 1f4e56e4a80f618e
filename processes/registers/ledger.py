"""服务台账: what a planner has done, read from the records each time and given to the rules; never a stored counter."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import Session, selectinload

from processes import clock
from processes.identity.models import Person
from processes.registers.activities import OWN_SURVEY, Activity, Scheme
from processes.registers.appointments import Appointment, AppointmentStatus
from processes.registers.attendances import PRESENT, Attendance, RecordState, Standing
from processes.registers.meetings import meeting_events
from processes.registers.opinions import TAKEN_UP, Opinion
from processes.registers.switches import Readings
from processes.rules.absence import (
    AbsenceCount,
    AbsenceRules,
    AttendanceEvent,
    ExcusedMode,
    Outcome,
    YearMode,
    count_absences,
)
from processes.rules.visits import Dedupe, Prorate, Service, Visit, VisitCount, VisitMode, VisitYear, count_visits

SERVED = (
    *(AppointmentStatus.IN_OFFICE, AppointmentStatus.ON_LEAVE, AppointmentStatus.TO_RENEW, AppointmentStatus.RENEWED),
    *(AppointmentStatus.EXPIRED, AppointmentStatus.WITHDRAWN, AppointmentStatus.DISMISSED),
)
"""Statuses of appointments under which a planner serves or has served."""
_OUTCOMES = {each.value: each for each in Outcome}


@dataclass(frozen=True)
class PlannerTotals:
    """What one planner did for one unit in a span of days, as reports print it."""

    person_id: UUID
    person: str
    invited: int
    attended: int
    on_site: int
    online: int
    written: int
    schemes: int
    opinions: int
    items: int
    adopted: int
    excused: int
    unexcused: int
    unconfirmed: int
    """Activities attended whose record the district has not confirmed."""


def appointments_in(session: Session, first: date, last: date, unit_id: str | None = None) -> Sequence[Appointment]:
    """The appointments under which somebody served on a day of a span."""
    ends = func.coalesce(Appointment.ended_on, Appointment.term_end)
    served = (Appointment.status.in_(SERVED), Appointment.term_start <= last, ends >= first)
    found = select(Appointment).where(*served).options(selectinload(Appointment.person), selectinload(Appointment.unit))
    if unit_id is not None:
        found = found.where(Appointment.unit_id == unit_id)
    return session.scalars(found.order_by(Appointment.unit_id, Appointment.term_start, Appointment.id)).all()


def in_office(session: Session, person_id: UUID, day: date) -> Sequence[Appointment]:
    """The appointments of a person that run on a day."""
    return [each for each in appointments_in(session, day, day) if each.person_id == person_id]


def service_of(appointment: Appointment) -> Service:
    """The days of an appointment's service."""
    return Service(appointment.term_start, appointment.ended_on or appointment.term_end)


def visits_of(session: Session, person_id: UUID, year: int, until: int | None = None) -> list[Visit]:
    """The records of a calendar year, or of several, as R06 counts them."""
    return visits_of_all(session, [person_id], year, until).get(person_id, [])


def visits_of_all(
    session: Session, person_ids: Collection[UUID], year: int, until: int | None = None
) -> dict[UUID, list[Visit]]:
    """The records of a calendar year, or of several, by planner; who wrote instead of coming made no visit."""
    rows = session.execute(
        select(
            Attendance.person_id,
            Activity.starts_on,
            Activity.unit_id,
            Activity.mode,
            Attendance.standing,
            Attendance.record,
            _schemes(Activity.id),
            _opinions(Attendance.id),
        )
        .join(Activity, Attendance.activity_id == Activity.id)
        .where(
            Attendance.person_id.in_(list(person_ids)),
            Attendance.standing.in_(PRESENT),
            Activity.starts_on.between(date(year, 1, 1), date(until or year, 12, 31)),
        )
        .order_by(Activity.starts_on, Attendance.id)
    )
    found: dict[UUID, list[Visit]] = {}
    for person_id, day, unit, mode, standing, status, schemes, opinions in rows:
        held = mode if standing == Standing.ATTENDED else VisitMode.WRITTEN
        found.setdefault(person_id, []).append(Visit(day, unit, held, status, schemes, opinions))
    return found


def visits_counted(session: Session, appointment: Appointment, year: int, readings: Readings) -> VisitCount:
    """Visits made and owed by a planner in a year under one appointment (R05, R06)."""
    return visits_counted_of_all(session, [appointment], year, readings)[appointment.id]


def visits_counted_of_all(
    session: Session, appointments: Collection[Appointment], year: int, readings: Readings
) -> dict[UUID, VisitCount]:
    """The same under many appointments, by their ids, asked of the database once."""
    made = visits_of_all(session, {each.person_id for each in appointments}, year, year + 1)
    return {each.id: _visits_counted(each, made.get(each.person_id, []), year, readings) for each in appointments}


def _visits_counted(appointment: Appointment, made: list[Visit], year: int, readings: Readings) -> VisitCount:
    if readings.choice("visits.scope") == "each_unit":
        made = [each for each in made if each.unit == appointment.unit_id]
    return count_visits(
        made,
        service_of(appointment),
        year,
        prorate=Prorate(readings.choice("visits.prorate")),
        dedupe=Dedupe(readings.choice("visits.dedupe")),
        year_mode=VisitYear(readings.choice("visits.year")),
    )


def attendance_log(
    session: Session, person_id: UUID, readings: Readings, until: date | None = None
) -> list[AttendanceEvent]:
    """The invitations of a planner that R07 looks at, with their outcome as it is found now; an own survey is none."""
    return attendance_logs(session, [person_id], readings, until).get(person_id, [])


def attendance_logs(
    session: Session, person_ids: Collection[UUID], readings: Readings, until: date | None = None
) -> dict[UUID, list[AttendanceEvent]]:
    """The invitations that R07 looks at, by planner; meetings too where both bureaus read it so."""
    found: dict[UUID, list[AttendanceEvent]] = {}
    for person_id, key, at, standing in session.execute(_invitations(person_ids, until)):
        found.setdefault(person_id, []).append(AttendanceEvent(str(key), clock.local(at), _OUTCOMES[standing]))
    if readings.choice("absence.activity_scope") == "with_meetings":
        for person_id, event in meeting_events(session, person_ids, until):
            found.setdefault(person_id, []).append(event)
    return found


def _invitations(person_ids: Collection[UUID], until: date | None) -> Any:
    known = (
        select(Attendance.person_id, Attendance.id, Activity.starts_at, Attendance.standing)
        .join(Activity, Attendance.activity_id == Activity.id)
        .where(
            Attendance.person_id.in_(list(person_ids)),
            Attendance.standing.in_(list(_OUTCOMES)),
            Activity.host_kind != OWN_SURVEY,
        )
    )
    if until is not None:
        known = known.where(Activity.starts_on <= until)
    return known.order_by(Activity.starts_at, Attendance.id)


def absence_rules(appointment: Appointment, readings: Readings) -> AbsenceRules:
    """How absences of a planner are counted as the switches stand."""
    return AbsenceRules(
        YearMode(readings.choice("absence.year_mode")),
        ExcusedMode(readings.choice("absence.excused_mode")),
        appointment.term_start,
    )


def absences_counted(
    session: Session, appointment: Appointment, readings: Readings, as_of: date | None = None
) -> AbsenceCount:
    """How near a planner is to the ground of 第十五条(三), counted anew from the log."""
    day = as_of or clock.today()
    log = attendance_log(session, appointment.person_id, readings, day)
    return count_absences(log, absence_rules(appointment, readings), day)


def totals(
    session: Session, first: date, last: date, *, unit_id: str | None = None, person_ids: Collection[UUID] = ()
) -> list[PlannerTotals]:
    """What planners did for a unit (or for all) in a span of days, one row for each, by name."""
    found = (
        select(Attendance)
        .join(Activity, Attendance.activity_id == Activity.id)
        .where(Activity.starts_on.between(first, last))
        .options(
            selectinload(Attendance.activity).selectinload(Activity.schemes),
            selectinload(Attendance.opinions).selectinload(Opinion.items),
            selectinload(Attendance.person),
        )
    )
    if unit_id is not None:
        found = found.where(Activity.unit_id == unit_id)
    if person_ids:
        found = found.where(Attendance.person_id.in_(list(person_ids)))
    by_person: dict[UUID, list[Attendance]] = {}
    for each in session.scalars(found):
        by_person.setdefault(each.person_id, []).append(each)
    made = [_summed(rows[0].person, rows) for rows in by_person.values()]
    return sorted(made, key=lambda row: (row.person, str(row.person_id)))


def _summed(person: Person, rows: Sequence[Attendance]) -> PlannerTotals:
    present = [each for each in rows if each.standing in PRESENT]
    confirmed = [each for each in present if each.record == RecordState.CONFIRMED]
    items = [item for each in confirmed for opinion in each.opinions for item in opinion.items]
    modes = [each.activity.mode if each.standing == Standing.ATTENDED else "written" for each in confirmed]
    standings = [each.standing for each in rows if each.activity.host_kind != OWN_SURVEY]
    return PlannerTotals(
        person_id=person.id,
        person=person.name,
        invited=sum(1 for each in standings if each not in (Standing.CANCELLED, Standing.POSTPONED)),
        attended=len(confirmed),
        on_site=modes.count("on_site"),
        online=modes.count("online"),
        written=modes.count("written"),
        schemes=sum(len(each.activity.schemes) for each in confirmed),
        opinions=sum(len(each.opinions) for each in confirmed),
        items=len(items),
        adopted=sum(1 for item in items if item.adoption in TAKEN_UP),
        excused=standings.count(Standing.EXCUSED),
        unexcused=standings.count(Standing.UNEXCUSED),
        unconfirmed=len(present) - len(confirmed),
    )


def _schemes(activity_id: Any) -> ScalarSelect[int]:
    return select(func.count(Scheme.id)).where(Scheme.activity_id == activity_id).scalar_subquery()


def _opinions(attendance_id: Any) -> ScalarSelect[int]:
    return select(func.count(Opinion.id)).where(Opinion.attendance_id == attendance_id).scalar_subquery()
