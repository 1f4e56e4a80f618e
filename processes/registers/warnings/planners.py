"""Warnings about planners in office: visits behind the pace, absences near the ground, terms that end
(第八条(六)、第十五条(三)、第五条(三))."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from processes.registers.activities import OWN_SURVEY, Activity
from processes.registers.appointments import Appointment, AppointmentStatus
from processes.registers.attendances import Attendance, Standing
from processes.registers.ledger import absence_rules, attendance_logs, service_of, visits_of_all
from processes.registers.switches import Readings
from processes.registers.warnings.scope import Scope
from processes.rules.absence import AbsenceCount, AbsenceLevel, count_absences
from processes.rules.visits import Dedupe, Prorate, Service, VisitCount, VisitYear, count_visits, visits_expected
from processes.rules.years import months_in_service

IN_OFFICE = (AppointmentStatus.IN_OFFICE, AppointmentStatus.ON_LEAVE, AppointmentStatus.TO_RENEW)
TERM_DAYS = 90
"""Days before the end of a term from which it is told (D)."""
TERM_GROUND = "第五条（三）"
_AHEAD = (Standing.INVITED, Standing.ACCEPTED, Standing.LEAVE_ASKED, Standing.WRITTEN_ASKED)
_NEAR = (AbsenceLevel.WARNING, AbsenceLevel.TRIGGER)


@dataclass(frozen=True)
class Pace:
    """A planner who has made fewer visits than are due by the day."""

    appointment: Appointment
    made: int
    target: int
    expected: int
    shortfall: int
    months_left: int
    ground: str

    @property
    def needed_x10(self) -> int:
        """Visits needed in each month that is left, in tenths, rounded up."""
        return -(-self.shortfall * 10 // max(1, self.months_left))


@dataclass(frozen=True)
class Absences:
    """A planner who is one absence from the ground of 第十五条(三), or past it."""

    appointment: Appointment
    count: AbsenceCount
    next_on: date | None
    next_activity: str

    @property
    def ground(self) -> str:
        """The article."""
        return str(self.count.ground)


def serving(session: Session, scope: Scope, day: date) -> Sequence[Appointment]:
    """The appointments that run on a day, in the order of the units."""
    running = (
        Appointment.status.in_(IN_OFFICE),
        Appointment.term_start <= day,
        func.coalesce(Appointment.ended_on, Appointment.term_end) >= day,
    )
    found = select(Appointment).where(*running, scope.appointments())
    loaded = found.options(joinedload(Appointment.person), joinedload(Appointment.unit))
    return session.scalars(loaded.order_by(Appointment.unit_id, Appointment.term_start, Appointment.id)).all()


def paces(session: Session, running: Sequence[Appointment], readings: Readings, day: date) -> list[Pace]:
    """Planners behind the pace, the largest shortfall first (R05, R06)."""
    made = visits_of_all(session, {each.person_id for each in running}, day.year, day.year + 1)
    found = []
    for appointment in _counted_once(running, readings):
        visits = made.get(appointment.person_id, [])
        if readings.choice("visits.scope") == "each_unit":
            visits = [each for each in visits if each.unit == appointment.unit_id]
        service = service_of(appointment)
        count = count_visits(
            visits, service, day.year, prorate=Prorate(readings.choice("visits.prorate")),
            dedupe=Dedupe(readings.choice("visits.dedupe")), year_mode=VisitYear(readings.choice("visits.year")),
        )  # fmt: skip
        pace = _pace(appointment, count, service, day)
        if pace.made < pace.expected:
            found.append(pace)
    return sorted(found, key=lambda each: (-each.shortfall, each.appointment.person.name))


def absences(session: Session, running: Sequence[Appointment], readings: Readings, day: date) -> list[Absences]:
    """Planners at the level of warning or past it, with the next invitation, the nearest to the ground first (R07)."""
    people = {each.person_id for each in running}
    logs = attendance_logs(session, people, readings, day)
    ahead = _next_invitations(session, people, day)
    found = []
    for appointment in {each.person_id: each for each in running}.values():
        count = count_absences(logs.get(appointment.person_id, []), absence_rules(appointment, readings), day)
        if count.level in _NEAR:
            found.append(Absences(appointment, count, *ahead.get(appointment.person_id, (None, ""))))
    return sorted(
        found, key=lambda each: (-each.count.current_run, -each.count.current_total, each.next_on or date.max)
    )


def terms_ending(running: Sequence[Appointment], day: date) -> list[Appointment]:
    """Appointments whose term ends within 90 days, the first to end first."""
    soon = [each for each in running if each.term_end <= day + timedelta(days=TERM_DAYS)]
    return sorted(soon, key=lambda each: (each.term_end, each.unit_id))


def _counted_once(running: Sequence[Appointment], readings: Readings) -> list[Appointment]:
    """One appointment for each planner, or for each planner and unit where the switch says so (`visits.scope`)."""
    apart = readings.choice("visits.scope") == "each_unit"
    return list({(each.person_id, each.unit_id if apart else ""): each for each in reversed(running)}.values())


def _pace(appointment: Appointment, count: VisitCount, service: Service, day: date) -> Pace:
    left = months_in_service(max(day, service.start), service.end, day.year)
    expected = min(count.target, visits_expected(service, day.year, day))
    return Pace(appointment, count.count, count.target, expected, count.shortfall, left, str(count.ground))


def _next_invitations(session: Session, people: set[UUID], day: date) -> dict[UUID, tuple[date, str]]:
    rows = session.execute(
        select(Attendance.person_id, Activity.starts_on, Activity.title)
        .join(Activity, Attendance.activity_id == Activity.id)
        .where(
            Attendance.person_id.in_(people),
            Attendance.standing.in_(_AHEAD),
            Activity.starts_on >= day,
            Activity.host_kind != OWN_SURVEY,
        )
        .order_by(Activity.starts_at.desc(), Attendance.id)
    )
    return {person_id: (starts_on, title) for person_id, starts_on, title in rows}
