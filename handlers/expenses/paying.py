"""差旅费: approved, paid, arrived; returned twice at most, or refused with reasons (第九条(五)(六))."""

from __future__ import annotations

from typing import Any

from handlers.answers import answers, needed_day, text
from handlers.documents import issue
from handlers.expenses.claiming import this_claim
from handlers.expenses.reckoning import payer_name
from handlers.registry import operation
from processes import clock
from processes.documents.dates import chinese_date
from processes.engine.house import Call
from processes.forms.display import yuan
from processes.messages import message
from processes.notices import notify
from processes.registers.claims import ClaimStatus, TravelClaim, release, set_standard
from processes.registers.history import change_status
from processes.rules.allowances import Standard

Variables = dict[str, Any]
STANDARD_OF = {
    "伙食补助（元/天）": Standard.MEAL,
    "市内交通补助（元/天）": Standard.LOCAL,
    "住宿（元/晚）": Standard.LODGING,
}


@operation("expenses.take_refusal", zh="登记退回或不予报销", en="Record the return or refusal")
def take_refusal(call: Call) -> Variables:
    """A returned claim goes back with the reason; a refused one frees trip, days and invoices."""
    claim = this_claim(call)
    claim.decided_why = text(call.data, "decision_reason")
    returned = text(call.data, "decision") == "退回"
    if returned:
        claim.returns += 1
    else:
        release(claim)
    status = ClaimStatus.RETURNED if returned else ClaimStatus.REFUSED
    change_status(call.session, call.actor, claim, status, claim.decided_why)
    told = message("差旅费（%(number)s）%(decision)s：%(why)s", number=claim.number,
                   decision=text(call.data, "decision"), why=claim.decided_why)  # fmt: skip
    notify(call.session, "result", told, person_id=claim.person_id, case_id=call.case.id)
    return {"return_note": claim.decided_why}


@operation("expenses.take_approval", zh="登记审批", en="Record the approval")
def take_approval(call: Call) -> Variables:
    """The claim form is issued with the approval."""
    claim = this_claim(call)
    claim.approved_on, claim.approved_by = clock.today(), call.actor.name
    change_status(call.session, call.actor, claim, ClaimStatus.APPROVED)
    issue(call, "claim_form", _form_values(call, claim), unit_id=claim.payer_unit_id, subject_id=claim.person_id)
    return {}


def _form_values(call: Call, claim: TravelClaim) -> Variables:
    return {
        "payer": payer_name(call.session, claim.payer, claim.payer_unit_id),
        "ground": claim.payer_ground,
        "planner": claim.person.name,
        "number": claim.number,
        "trip": claim.trip_title,
        "first_day": chinese_date(claim.first_day),
        "last_day": chinese_date(claim.last_day),
        "lines": [
            {"text": each.text, "day": chinese_date(each.day), "amount": yuan(each.fen), "invoice": each.invoice or "—"}
            for each in claim.lines
        ],
        "meal": yuan(claim.meal_fen),
        "local": yuan(claim.local_fen),
        "total": yuan(claim.total_fen),
        "approved_by": claim.approved_by,
    }


@operation("expenses.take_payment", zh="登记支付", en="Record the payment")
def take_payment(call: Call) -> Variables:
    """Paid on a day, with its voucher."""
    claim, given = this_claim(call), answers(call)
    claim.paid_on, claim.voucher = needed_day(given, "paid_on"), text(given, "voucher")
    change_status(call.session, call.actor, claim, ClaimStatus.PAID)
    return {"arrived": ""}


@operation("expenses.take_arrival", zh="登记到账情况", en="Record the arrival")
def take_arrival(call: Call) -> Variables:
    """Arrived; or not, and finance looks again."""
    claim = this_claim(call)
    if text(call.data, "arrived") == "已到账":
        claim.received_on = clock.today()
        change_status(call.session, call.actor, claim, ClaimStatus.RECEIVED)
    else:
        claim.paid_on = None
        change_status(call.session, call.actor, claim, ClaimStatus.APPROVED, text(call.data, "arrival_note"))
    return {}


@operation("expenses.enter_standard", zh="登记标准", en="Enter the standard")
def enter_standard(call: Call) -> Variables:
    """A standard holds from its day on; days before keep theirs."""
    given = answers(call)
    kind, day = STANDARD_OF[given["kind"]], needed_day(given, "valid_from")
    set_standard(call.session, call.actor, kind, given["amount"], day, text(given, "basis"))
    return {}
