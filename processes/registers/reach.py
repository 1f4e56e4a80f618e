"""Benefits within reach: who has earned one, or lacks one more good year or the finding of people alone (第十四条)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.forms.wording import Wording
from processes.messages import Message, message
from processes.registers.appointments import Appointment
from processes.registers.benefits import BENEFIT_STATUSES, Benefit
from processes.registers.rights import Right, rights_of_all
from processes.registers.switches import Readings

REACH_GROUND = "第十四条（一）（二）（三）"
NOT_ASKED = message("尚未申请")


@dataclass(frozen=True)
class Reach:
    """A planner in office and a benefit that is there or near, with what has come of it."""

    appointment: Appointment
    right: Right
    asked: Benefit | None
    """The latest application for it."""

    @property
    def standing_words(self) -> Message | Wording:
        """How the latest application stands."""
        return BENEFIT_STATUSES[self.asked.status] if self.asked else NOT_ASKED


def within_reach(session: Session, running: Sequence[Appointment], day: date, readings: Readings) -> list[Reach]:
    """What planners in office have earned or will with one more year: what is earned first, then by name."""
    people = {each.person_id: each for each in running}
    asked, rights = _applications(session, people), rights_of_all(session, people, day, readings)
    found = [
        Reach(appointment, right, asked.get((person_id, right.key)))
        for person_id, appointment in people.items()
        for right in rights.get(person_id, [])
        if right.within_reach
    ]
    return sorted(found, key=lambda each: (not each.right.met, each.appointment.person.name, each.right.key))


def _applications(session: Session, people: dict[UUID, Appointment]) -> dict[tuple[UUID, str], Benefit]:
    mine = select(Benefit).where(Benefit.person_id.in_(list(people))).order_by(Benefit.created_at, Benefit.id)
    return {(each.person_id, each.kind): each for each in session.scalars(mine)}
