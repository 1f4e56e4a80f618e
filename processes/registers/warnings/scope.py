"""Whose warnings somebody sees: all, those of the own unit, or the own ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, true
from sqlalchemy.orm import InstrumentedAttribute

from processes.identity.actor import Actor
from processes.registers.activities import Activity
from processes.registers.appointments import Appointment
from processes.registers.attendances import Attendance
from processes.registers.reading import READS_ALL, READS_OWN, READS_PERSONAL

READERS = (*READS_ALL, *READS_OWN, *READS_PERSONAL)
"""The posts that have warnings to see."""


@dataclass(frozen=True)
class Scope:
    """The rows that are looked at; neither units nor a person: all of them."""

    units: frozenset[str] | None = None
    person_id: UUID | None = None

    @property
    def personal(self) -> bool:
        """Whether one planner looks at the own rows."""
        return self.person_id is not None

    def appointments(self) -> ColumnElement[bool]:
        """Appointments that are seen."""
        return self._within(Appointment.unit_id, Appointment.person_id)

    def attendances(self) -> ColumnElement[bool]:
        """Attendances, joined with their activities, that are seen."""
        return self._within(Activity.unit_id, Attendance.person_id)

    def of_units(self, unit_id: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
        """Rows that belong to a unit and to no planner."""
        return true() if self.units is None else unit_id.in_(sorted(self.units))

    def _within(
        self, unit_id: InstrumentedAttribute[str], person_id: InstrumentedAttribute[UUID]
    ) -> ColumnElement[bool]:
        return self.of_units(unit_id) if self.person_id is None else person_id == self.person_id


def scope_of(actor: Actor) -> Scope:
    """What the actor may see; `NotAllowed` for a post without warnings."""
    actor.need(*READERS)
    if actor.has(*READS_ALL):
        return Scope()
    if actor.has(*READS_OWN):
        return Scope(units=actor.units(*READS_OWN))
    return Scope(person_id=actor.person_id)
