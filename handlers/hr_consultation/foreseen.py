"""A change of a reading as it is compared: the readings before and after it, and what differs between them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from processes.registers.appointments import Appointment
from processes.registers.switches import Readings
from processes.rules.workdays import WorkCalendar

UNMOVED = "不变"


@dataclass(frozen=True)
class Change:
    """One case or figure under the present and under the new reading."""

    area: str
    subject: str
    before: str
    after: str
    """`不变` for what keeps the reading it was computed with."""

    def row(self) -> dict[str, str]:
        """As the form and the register keep it."""
        return {"area": self.area, "subject": self.subject, "before": self.before, "after": self.after}


@dataclass(frozen=True)
class Comparison:
    """The readings before and after the change of one switch, looked at on a day."""

    session: Session
    calendar: WorkCalendar
    code: str
    day: date
    """Today: what is open now is compared."""
    valid_from: date
    before: Readings
    after: Readings


def who(appointment: Appointment) -> str:
    """A planner with the unit served."""
    return f"{appointment.person.name}（{appointment.unit.name}）"


def yes_or_no(value: bool) -> str:
    """A truth in a word."""
    return "是" if value else "否"
