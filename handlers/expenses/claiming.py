"""差旅费: filled in, computed by the standards of each day, sent to whoever pays by 第九条(五)(六)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from handlers.answers import answers, identified, needed_day, rows, text
from handlers.documents import issue
from handlers.expenses.reckoning import LINES, payer_name, reckon
from handlers.expenses.trips import TripFacts, payer_of, trip_of
from handlers.parties import unit_of
from handlers.registry import operation
from processes import clock
from processes.documents.dates import chinese_date
from processes.engine.house import Call
from processes.forms.display import yuan
from processes.identity.models import Person
from processes.messages import message
from processes.notices import notify
from processes.registers.claims import (
    ClaimDay,
    ClaimLine,
    ClaimStatus,
    TravelClaim,
    claim_of,
    release,
    standards,
    unpaid,
)
from processes.registers.history import change_status, enter
from processes.registers.switches import readings_on
from processes.rules.allowances import days_between
from processes.sequences import yearly_number

Variables = dict[str, Any]


@operation("expenses.prepare", zh="准备报销单", en="Prepare the claim")
def prepare(call: Call) -> Variables:
    """Who travelled."""
    person = call.session.get_one(Person, identified(call.data["started_by"]))
    empty = dict.fromkeys(("return_note", "decision", "decision_reason", "payer", "unit_id", "trip_key"), "")
    return {"planner_name": person.name, "trip_title": "差旅费报销", "claim_id": "", **empty}


@operation("expenses.withdraw", zh="登记撤回", en="Record the withdrawal")
def withdraw(call: Call) -> Variables:
    """A returned claim is not made again; trip, days and invoices are free."""
    if call.data.get("claim_id"):
        claim = this_claim(call)
        release(claim)
        change_status(call.session, call.actor, claim, ClaimStatus.WITHDRAWN)
    return {}


@operation("expenses.enter_claim", zh="校核标准与重复，确定报销单位", en="Check, compute, find the payer")
def enter_claim(call: Call) -> Variables:
    """The amounts are sums of whole fen; the payer follows from the trip and the readings of its day (R18)."""
    given = answers(call)
    person_id = identified(call.data["started_by"])
    trip = trip_of(call.session, person_id, given["trip_key"])
    claim = call.session.scalar(select(TravelClaim).where(TravelClaim.case_id == call.case.id))
    facts = _facts(call, person_id, trip, given)
    if claim is None:
        year = clock.today().year
        number = yearly_number(call.session, "差旅", "travel_claim", year)
        claim = TravelClaim(
            status=ClaimStatus.SUBMITTED, number=number, case_id=call.case.id, person_id=person_id, **facts
        )
        enter(call.session, call.actor, claim)
    else:
        for name, value in facts.items():
            setattr(claim, name, value)
        claim.lines.clear()
        claim.days.clear()
        call.session.flush()
        change_status(call.session, call.actor, claim, ClaimStatus.SUBMITTED)
    _fill(call, claim, given)
    call.case.unit_id = claim.payer_unit_id
    return _shown(call, claim, given)


def _facts(call: Call, person_id: UUID, trip: TripFacts, given: Mapping[str, Any]) -> Variables:
    payer = payer_of(call.session, trip)
    return {
        "trip": trip.trip,
        "trip_key": trip.key,
        "stands_for": f"{person_id}:{trip.key}",
        "trip_title": trip.title,
        "payer": payer.payer,
        "payer_unit_id": payer.unit,
        "payer_ground": str(payer.ground),
        "readings_version": readings_on(call.session, trip.first).version,
        "first_day": needed_day(given, "first_day"),
        "last_day": needed_day(given, "last_day"),
        "late_reason": text(given, "late_reason"),
        "submitted_on": clock.today(),
    }


def _fill(call: Call, claim: TravelClaim, given: Mapping[str, Any]) -> None:
    for kind, key in LINES.items():
        for row in rows(given, key):
            invoice = text(row, "invoice")
            claim.lines.append(
                ClaimLine(
                    place=len(claim.lines) + 1, kind=kind, text=_said(kind, row), day=needed_day(row, "day"),
                    fen=row["amount"], invoice=invoice, stands_for=invoice or None,
                )
            )  # fmt: skip
    days = days_between(claim.first_day, claim.last_day)
    claim.days.extend(ClaimDay(day=day, stands_for=f"{claim.person_id}:{day.isoformat()}") for day in days)
    sums = reckon(given, days, standards(call.session))
    claim.trip_fen, claim.lodging_fen, claim.other_fen = sums.trip, sums.lodging, sums.other
    claim.meal_fen, claim.local_fen, claim.total_fen = sums.meal, sums.local, sums.total
    call.session.flush()


def _said(kind: str, row: Mapping[str, Any]) -> str:
    if kind == "trip":
        return f"{text(row, 'origin')}—{text(row, 'goal')} {text(row, 'vehicle')}"
    return f"住宿{row['nights']}晚" if kind == "lodging" else text(row, "name")


def _shown(call: Call, claim: TravelClaim, given: Mapping[str, Any]) -> Variables:
    count = len(claim.days)
    meals, car = ("主办方提供" if given.get(key) else f"{count}天" for key in ("host_meals", "host_car"))
    return {
        "claim_id": str(claim.id),
        "claim_number": claim.number,
        "trip_key": claim.trip_key,
        "trip_title": claim.trip_title,
        "payer": str(claim.payer),
        "payer_says": f"{payer_name(call.session, claim.payer, claim.payer_unit_id)}（{claim.payer_ground}）",
        "unit_id": claim.payer_unit_id or "",
        "late_note": claim.late_reason or "无",
        "claim_rows": [
            {"text": each.text, "day": chinese_date(each.day), "amount": each.fen, "invoice": each.invoice or "—"}
            for each in claim.lines
        ],
        "meal_fen": claim.meal_fen,
        "local_fen": claim.local_fen,
        "total_fen": claim.total_fen,
        "days_say": f"伙食：{meals}；市内交通：{car}",
        "decision": "",
    }


@operation("expenses.list_unpaid", zh="列入未付清单", en="List it as not paid")
def list_unpaid(call: Call) -> Variables:
    """Thirty working days without payment: listed for the quarter report; the city bureau mediates, it does not pay."""
    claim = this_claim(call)
    if claim.status not in (ClaimStatus.SUBMITTED, ClaimStatus.APPROVED) or claim.payer_unit_id is None:
        return {}
    claim.listed_on = clock.today()
    call.session.flush()
    listed = [
        {"number": each.number, "planner": each.person.name, "submitted": chinese_date(each.submitted_on),
         "total": yuan(each.total_fen)}
        for each in unpaid(call.session, claim.payer_unit_id)
    ]  # fmt: skip
    values = {
        "unit": unit_of(call.session, claim.payer_unit_id).name,
        "day": chinese_date(clock.today()),
        "claims": listed,
    }
    issue(call, "unpaid_list", values, unit_id=claim.payer_unit_id)
    return {}


@operation("expenses.take_mediation", zh="登记协调情况", en="Record the mediation")
def take_mediation(call: Call) -> Variables:
    """The district bureau's leader is told; the city bureau does not pay instead."""
    claim = this_claim(call)
    claim.mediation = text(call.data, "mediation")
    told = message("差旅费（%(number)s）逾三十个工作日未支付：%(note)s", number=claim.number, note=claim.mediation)
    notify(call.session, "warning", told, role="district_bureau.leader",
           organization_id=f"bureau:{claim.payer_unit_id}", case_id=call.case.id)  # fmt: skip
    return {}


def this_claim(call: Call) -> TravelClaim:
    """The claim that the case is about."""
    return claim_of(call.session, identified(call.data["claim_id"]))
