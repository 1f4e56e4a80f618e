"""What the forms of a withdrawal offer and are checked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import false, select
from sqlalchemy.orm import Session

from handlers.answers import identified
from handlers.checking import Problems
from handlers.registry import options, validator
from processes.engine.house import FormCheck
from processes.forms.wording import Option
from processes.registers.appointments import CURRENT, Appointment, appointment_of
from processes.registers.experts import Expert
from processes.registers.withdrawals import going_on_already, withdrawal_going_on

Variables = Mapping[str, Any]


@options("own_appointments")
def own_appointments(session: Session, variables: Variables) -> Sequence[Option]:
    """The appointments of who asks, or those of an employer's people."""
    found = select(Appointment).where(Appointment.status.in_(CURRENT))
    if variables.get("by_employer"):
        people = select(Expert.person_id).where(Expert.employer_id == variables.get("starter_organization"))
        found = found.where(Appointment.person_id.in_(people))
    else:
        person_id = variables.get("started_by")
        found = found.where(Appointment.person_id == identified(person_id) if person_id else false())
    listed = session.scalars(found.order_by(Appointment.term_start, Appointment.id))
    return [Option(str(each.id), f"{each.person.name}（{each.unit.name}）") for each in listed]


@validator("withdrawal.request", zh="退出申请：一次一件", en="Withdrawal: one request at a time")
def request(check: FormCheck) -> None:
    """One request at a time."""
    problems = Problems()
    appointment = appointment_of(check.session, identified(check.answers["appointment_id"]))
    standing = withdrawal_going_on(check.session, appointment.person_id)
    if standing is not None:
        problems.add("appointment_id", going_on_already(standing))
    problems.refuse()
