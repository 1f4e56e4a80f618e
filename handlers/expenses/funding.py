"""工作经费: proposed on confirmed work, the HR bureau asked of a new way, approved, paid (第九条(六)、第十条)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from handlers.answers import answers, identified, needed_day, rows, text
from handlers.asking_hr import put_to_hr
from handlers.documents import issue
from handlers.registry import operation
from processes import clock
from processes.engine.house import Call
from processes.forms.display import yuan
from processes.messages import message
from processes.notices import notify
from processes.registers.history import change_status, enter
from processes.registers.matters import MatterKind
from processes.registers.switches import readings_on
from processes.registers.work_funds import FundShare, FundStatus, WorkFund, fund_basis, fund_of

Variables = dict[str, Any]


@operation("expenses.prepare_fund", zh="汇总已确认工作", en="Gather the confirmed work")
def prepare_fund(call: Call) -> Variables:
    """The basis is what was confirmed, read anew; after 退回 each planner's amount stands beside it as proposed."""
    year = int(call.data.get("fund_year") or clock.today().year)
    basis = fund_basis(call.session, year, readings_on(call.session))
    before = _fund_of_case(call)
    shares = {each.person_id: each for each in before.shares} if before else {}
    return {
        "fund_year": year,
        "budget": before.budget_fen if before else None,
        "fund_rows": [
            {"person_id": str(each.person_id), "name": each.name, "consultations": each.consultations,
             "visits": each.visits, "opinions": each.opinions, "trips": each.trips_fen,
             **_proposed(shares.get(each.person_id))}
            for each in basis
        ],
        "back_reason": text(call.data, "fund_reason") or "无",
        "fund_reason": "",
        "method_changed": bool(before and before.method_changed),
        "method": before.method if before else "",
        "hr_says": call.data.get("hr_says") or "未涉及经费办法调整",
        "hr_seen": bool(call.data.get("hr_seen")),
    }  # fmt: skip


def _fund_of_case(call: Call) -> WorkFund | None:
    return call.session.scalar(select(WorkFund).where(WorkFund.case_id == call.case.id))


def _proposed(share: FundShare | None) -> Variables:
    return {"amount": share.fen, "reason": share.reason} if share else {}


@operation("expenses.enter_fund", zh="登记测算", en="Enter the proposal")
def enter_fund(call: Call) -> Variables:
    """One funding a year, with a share for each planner and the work on which it rests."""
    given, shown = answers(call), call.data["fund_rows"]
    listed = rows(given, "fund_rows")
    facts = {
        "year": given["fund_year"],
        "budget_fen": given["budget"],
        "total_fen": sum(row.get("amount") or 0 for row in listed),
        "method_changed": bool(given.get("method_changed")),
        "method": text(given, "method"),
        "readings_version": readings_on(call.session).version,
    }
    fund = _fund_of_case(call)
    if fund is None:
        fund = WorkFund(status=FundStatus.PROPOSED, case_id=call.case.id, **facts)
        enter(call.session, call.actor, fund)
    else:
        for name, value in facts.items():
            setattr(fund, name, value)
        fund.shares.clear()
        call.session.flush()
    for place, (known, row) in enumerate(zip(shown, listed, strict=True), 1):
        work = {key: known[key] for key in ("consultations", "visits", "opinions")}
        person_id = identified(known["person_id"])
        share = FundShare(
            person_id=person_id, place=place, fen=row.get("amount") or 0, reason=text(row, "reason"), **work
        )
        fund.shares.append(share)
    call.session.flush()
    return _shown(call, fund)


def _shown(call: Call, fund: WorkFund) -> Variables:
    return {
        "fund_id": str(fund.id),
        "budget": fund.budget_fen,
        "fund_total": fund.total_fen,
        "share_rows": [
            {"name": each.person.name, "consultations": each.consultations, "visits": each.visits,
             "opinions": each.opinions, "amount": each.fen, "reason": each.reason}
            for each in fund.shares
        ],
        **put_to_hr(
            MatterKind.WORK_FUND,
            f"{fund.year}年度首席规划师工作经费办法调整",
            fund.method,
            reference=f"{call.case.number}-1",
        ),
    }  # fmt: skip


@operation("expenses.note_view", zh="登记意见", en="Note the HR bureau's view")
def note_view(call: Call) -> Variables:
    """The view of the HR bureau, or its silence, stands before the leader (第十条)."""
    fund = this_fund(call)
    fund.matter_id = identified(call.data["matter_id"]) if call.data.get("matter_id") else None
    said = "未复，经研究推进" if call.data.get("hr_silent") else text(call.data, "opinion")
    reason = text(call.data, "hr_reason")
    return {"hr_says": f"{said}：{reason}" if reason else said, "hr_seen": True}


@operation("expenses.take_fund_approval", zh="登记审批，印发核定表", en="Record the approval, issue the table")
def take_fund_approval(call: Call) -> Variables:
    """The table of the funding goes out with the leader's approval."""
    fund = this_fund(call)
    fund.approved_on, fund.approved_by = clock.today(), call.actor.name
    change_status(call.session, call.actor, fund, FundStatus.APPROVED)
    shares = [
        {"name": each.person.name, "consultations": each.consultations, "visits": each.visits,
         "opinions": each.opinions, "amount": yuan(each.fen)}
        for each in fund.shares
    ]  # fmt: skip
    values = {
        "year": str(fund.year),
        "budget": yuan(fund.budget_fen),
        "total": yuan(fund.total_fen),
        "shares": shares,
        "approved_by": fund.approved_by,
    }
    fund.number = issue(call, "fund_table", values).number
    return {}


@operation("expenses.take_fund_payment", zh="登记拨付", en="Record the payment of the funding")
def take_fund_payment(call: Call) -> Variables:
    """Paid; every planner is told the own share."""
    fund, given = this_fund(call), answers(call)
    fund.paid_on, fund.voucher = needed_day(given, "paid_on"), text(given, "voucher")
    change_status(call.session, call.actor, fund, FundStatus.PAID)
    for each in fund.shares:
        if each.fen:
            told = message("%(year)s年度工作经费%(amount)s元已拨付。", year=fund.year, amount=yuan(each.fen))
            notify(call.session, "result", told, person_id=each.person_id, case_id=call.case.id)
    return {}


def this_fund(call: Call) -> WorkFund:
    """The funding that the case is about."""
    return fund_of(call.session, identified(call.data["fund_id"]))
