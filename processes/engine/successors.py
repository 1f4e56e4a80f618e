"""Who does what somebody would do whose work has been handed over (交接)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.engine.verbs.models import HandOver
from processes.identity.models import Person

MOST = 5
"""Hand-overs that are followed, one after the other."""
KNOWN = "successors"


def successor(session: Session, person_id: UUID | None) -> UUID | None:
    """Whoever may not log in any more is followed to the one who got the work; all others stay themselves."""
    if person_id is None:
        return None
    if KNOWN not in session.info:
        query = select(HandOver.from_id, HandOver.to_id).join(Person, Person.id == HandOver.from_id)
        rows = session.execute(query.where(Person.disabled).order_by(HandOver.at))
        session.info[KNOWN] = {row.from_id: row.to_id for row in rows}
    known: dict[UUID, UUID] = session.info[KNOWN]
    for _hand_over in range(MOST):
        person_id = known.get(person_id, person_id)
    return person_id
