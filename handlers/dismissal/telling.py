"""Who is told how a dismissal ended: the district, the HR bureau, the employer and the planner."""

from __future__ import annotations

from handlers.parties import bureau_of, government_of
from processes.engine.house import Call
from processes.messages import Message
from processes.notices import notify
from processes.registers.dismissals import Dismissal
from processes.registers.experts import employer_of


def tell_parties(call: Call, made: Dismissal, told: Message) -> None:
    """Only the outcome is told; the facts are in the letter to the planner."""
    employer = employer_of(call.session, made.person_id)
    parties = [
        ("district_government.clerk", government_of(call.session, made.unit_id).id),
        ("district_bureau.clerk", bureau_of(call.session, made.unit_id).id),
        ("hr_bureau.clerk", "hr_bureau"),
        *([("employer.clerk", employer.id)] if employer else []),
    ]
    for role, organization_id in parties:
        notify(call.session, "result", told, role=role, organization_id=organization_id, case_id=call.case.id)
    notify(call.session, "result", told, person_id=made.person_id, case_id=call.case.id)
