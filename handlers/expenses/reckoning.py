"""差旅费计算: what a claim comes to, its lines and the allowances of each day, and who pays (第九条(五)(六))."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from handlers.answers import day, identified, rows
from handlers.expenses.checks import LONGEST
from handlers.expenses.trips import TripFacts, payer_of, trips_of
from handlers.parties import bureau_of
from handlers.registry import tally
from processes.engine.house import FormCheck, Tally
from processes.forms.display import yuan
from processes.messages import Message, message
from processes.registers.claims import standards
from processes.rules.allowances import Standard, Standards, allowance, days_between
from processes.rules.travel import Payer

LINES = {"trip": "trip_rows", "lodging": "lodging_rows", "other": "other_rows"}
"""Tables of the form by the kind of their lines."""


@dataclass(frozen=True)
class Reckoned:
    """The parts of a claim. Units: fen."""

    trip: int
    lodging: int
    other: int
    meal: int
    local: int

    @property
    def total(self) -> int:
        """What is paid."""
        return self.trip + self.lodging + self.other + self.meal + self.local


def reckon(given: Mapping[str, Any], days: Sequence[date], known: Standards) -> Reckoned:
    """The lines of a form, and the allowances of the days that the host did not provide for."""
    lines = {kind: sum(row.get("amount") or 0 for row in rows(given, key)) for kind, key in LINES.items()}
    meal = allowance(days, known[Standard.MEAL], bool(given.get("host_meals")))
    local = allowance(days, known[Standard.LOCAL], bool(given.get("host_car")))
    return Reckoned(**lines, meal=meal, local=local)


def payer_name(session: Session, payer: str | None, unit_id: str | None) -> str:
    """Who pays, as documents name it."""
    if payer == Payer.DISTRICT_BUREAU and unit_id:
        return bureau_of(session, unit_id).name
    return "重庆市规划和自然资源局（工作经费）"


@tally("expenses.claim", zh="差旅费：付款单位、补助与合计", en="Claim: who pays, allowances and sum")
def claim(check: FormCheck) -> Tally:
    """What the claim comes to while it is filled in, and who pays for the trip that is chosen."""
    given = check.answers
    sums = reckon(given, _days(given), standards(check.session))
    figures = (
        (message("票据金额（元）"), yuan(sums.trip + sums.lodging + sums.other)),
        (message("伙食补助（元）"), yuan(sums.meal)),
        (message("市内交通补助（元）"), yuan(sums.local)),
        (message("合计（元）"), yuan(sums.total)),
    )
    trips = trips_of(check.session, identified(check.data["started_by"]))
    return Tally(figures, _paid_by(check, next((each for each in trips if each.key == given.get("trip_key")), None)))


def _days(given: Mapping[str, Any]) -> list[date]:
    first, last = day(given.get("first_day")), day(given.get("last_day"))
    if first is None or last is None or not 0 <= (last - first).days <= LONGEST:
        return []
    return days_between(first, last)


def _paid_by(check: FormCheck, trip: TripFacts | None) -> Message:
    if trip is None:
        return message("选择行程后显示付款单位。")
    found = payer_of(check.session, trip)
    if found.payer is None:
        return message("该行程按规定不予报销。")
    name = payer_name(check.session, found.payer, found.unit)
    return message("由%(payer)s支付（%(ground)s）。", payer=name, ground=str(found.ground))
