"""Two requests of one person, sent at once, where there may be one: the second is told of the first (第十四条)."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from processes.errors import Invalid
from processes.identity.actor import SYSTEM
from processes.registers.benefits import Benefit, BenefitKind, ask_for_benefit, waived_already, waiver_used
from processes.registers.withdrawals import Stage, Withdrawal, ask_to_leave, going_on_already, withdrawal_going_on
from tests.engine.races.stepping import COMMIT


def leaves(session, person_id):
    """As the form is checked, and then taken."""
    standing = withdrawal_going_on(session, person_id)
    if standing is not None:
        raise Invalid(going_on_already(standing))
    return ask_to_leave(
        session, SYSTEM, case_id=uuid4(), person_id=person_id, stage=Stage.IN_OFFICE.value, reason="出国访学",
        wished_on=date(2027, 1, 31),
    )  # fmt: skip


def waives(session, person_id):
    used = waiver_used(session, person_id, 2026)
    if used is not None:
        raise Invalid(waived_already(used))
    return ask_for_benefit(
        session,
        SYSTEM,
        case_id=uuid4(),
        person_id=person_id,
        kind=BenefitKind.WAIVER,
        application_year=2026,
        institution="市城市规划学会",
        use="注册城乡规划师继续教育",
    )


@pytest.mark.parametrize(("asks", "register"), [(leaves, Withdrawal), (waives, Benefit)], ids=["withdrawal", "waiver"])
def test_of_two_that_are_sent_at_once_one_is_entered(scene, race, people, asks, register):
    person_id = people.clerk.person_id
    first = race.begin("first", lambda session: asks(session, person_id), until=COMMIT)
    second = race.begin("second", lambda session: asks(session, person_id))
    number = first.outcome().value.number
    refused = second.outcome()
    assert refused.status in (409, 422)
    assert number in refused.told
    with scene.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(register)) == 1
