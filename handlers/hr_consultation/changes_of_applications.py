"""What another reading changes for applications that are being examined, and for letters that are out (第四、六条)."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from handlers.appointment.eligibility_items import RESULTS
from handlers.appointment.eligibility_readings import rules_of, stated
from handlers.hr_consultation.foreseen import UNMOVED, Change, Comparison
from processes.registers.application_statuses import UNSETTLED
from processes.registers.applications import Application
from processes.registers.letters import Letter, LetterKind, LetterStatus
from processes.rules.eligibility import EligibilityResult, eligibility


def applications(found: Comparison) -> Iterator[Change]:
    """The open applications about which R04 says something else; a finding that people have made stays."""
    before, after = rules_of(found.before), rules_of(found.after)
    query = select(Application).where(Application.status.in_(UNSETTLED), Application.submitted_at.is_not(None))
    for each in found.session.scalars(query.order_by(Application.number)):
        results = [eligibility(stated(each), rules) for rules in (before, after)]
        if results[0] != results[1]:
            yield Change("在办报名", f"{each.name}（{each.number}）", *map(_said, results))


def _said(result: EligibilityResult) -> str:
    missing = f"，缺{len(result.missing)}项" if result.missing else ""
    return f"{RESULTS[result.result]}{missing}"


def letters(found: Comparison) -> Iterator[Change]:
    """A letter that is out keeps the last day it names."""
    query = (
        select(Letter)
        .where(Letter.kind == LetterKind.CONSULTATION, Letter.status == LetterStatus.WAITING)
        .options(selectinload(Letter.unit))
        .order_by(Letter.due_on, Letter.number)
    )
    for each in found.session.scalars(query):
        unit = each.unit.name if each.unit else each.addressee
        yield Change("待复函件", f"{each.number}（{unit}）", f"期限{each.due_on}", UNMOVED)
