"""The registers of money: travel claims, their invoices, standards, yearly work funding; shown in fen (第九条)."""

from __future__ import annotations

from sqlalchemy import select

from processes.forms.wording import Wording
from processes.identity.models import Person, Unit
from processes.registers.catalogue.columns import column, id_column, status_column
from processes.registers.claims import (
    CLAIM_STATUSES,
    PAYERS,
    STANDARDS,
    TRIPS,
    ClaimLine,
    TravelClaim,
    TravelStandard,
)
from processes.registers.listing import Register
from processes.registers.work_funds import FUND_STATUSES, FundShare, WorkFund

_CLAIMS = Register(
    "travel_claims",
    Wording("差旅费报销", "Travel claims"),
    (
        id_column("id", TravelClaim.id),
        id_column("case_id", TravelClaim.case_id),
        id_column("person_id", TravelClaim.person_id),
        id_column("unit_id", TravelClaim.payer_unit_id),
        column("number", "编号", "No.", TravelClaim.number, search=True),
        column("name", "首席规划师", "Planner", Person.name, search=True),
        column("trip", "事由", "Kind", TravelClaim.trip, "status", words=TRIPS),
        column("trip_title", "行程", "Trip", TravelClaim.trip_title, search=True),
        column("first_day", "起", "From", TravelClaim.first_day, "date"),
        column("last_day", "止", "Until", TravelClaim.last_day, "date"),
        column("payer", "报销单位", "Payer", TravelClaim.payer, "status", words=PAYERS),
        column("unit", "区县", "District", Unit.name, search=True),
        column("payer_ground", "依据", "Ground", TravelClaim.payer_ground),
        column("total_fen", "合计（分）", "Total, fen", TravelClaim.total_fen, "number"),
        status_column(TravelClaim.status, CLAIM_STATUSES),
        column("submitted_on", "填报日期", "Submitted", TravelClaim.submitted_on, "date"),
        column("approved_on", "审批日期", "Approved", TravelClaim.approved_on, "date"),
        column("paid_on", "支付日期", "Paid", TravelClaim.paid_on, "date"),
        column("listed_on", "列为未付日期", "Listed unpaid", TravelClaim.listed_on, "date"),
    ),
    select(TravelClaim).join(TravelClaim.person).outerjoin(TravelClaim.payer_unit),
    (TravelClaim.submitted_on.desc(), TravelClaim.id),
)

_LINES = Register(
    "claim_lines",
    Wording("报销明细与发票", "Expenses and invoices"),
    (
        id_column("id", ClaimLine.id),
        id_column("claim_id", ClaimLine.claim_id),
        id_column("person_id", TravelClaim.person_id),
        id_column("unit_id", TravelClaim.payer_unit_id),
        column("number", "报销单", "Claim", TravelClaim.number, search=True),
        column("name", "首席规划师", "Planner", Person.name, search=True),
        column("day", "日期", "Day", ClaimLine.day, "date"),
        column("text", "内容", "What for", ClaimLine.text, search=True),
        column("fen", "金额（分）", "Fen", ClaimLine.fen, "number"),
        column("invoice", "发票号码", "Invoice", ClaimLine.invoice, search=True),
    ),
    select(ClaimLine).join(ClaimLine.claim).join(TravelClaim.person),
    (ClaimLine.day.desc(), ClaimLine.id),
)

_STANDARDS = Register(
    "travel_standards",
    Wording("差旅标准", "Travel standards"),
    (
        column("kind", "项目", "Kind", TravelStandard.kind, "status", words=STANDARDS),
        column("fen", "标准（分）", "Fen", TravelStandard.fen, "number"),
        column("valid_from", "起用日期", "From", TravelStandard.valid_from, "date"),
        column("basis", "依据", "Basis", TravelStandard.basis, "long", search=True),
        column("set_by", "登记人", "Set by", TravelStandard.set_by),
    ),
    select(TravelStandard),
    (TravelStandard.valid_from.desc(), TravelStandard.id.desc()),
)

_FUNDS = Register(
    "work_funds",
    Wording("工作经费", "Work funding"),
    (
        id_column("id", FundShare.id),
        id_column("case_id", WorkFund.case_id),
        id_column("person_id", FundShare.person_id),
        column("year", "年度", "Year", WorkFund.year, "number"),
        column("number", "核定表编号", "Number", WorkFund.number, search=True),
        column("name", "首席规划师", "Planner", Person.name, search=True),
        column("consultations", "已确认咨询", "Consultations", FundShare.consultations, "number"),
        column("visits", "实地指导", "Visits", FundShare.visits, "number"),
        column("opinions", "意见书", "Opinions", FundShare.opinions, "number"),
        column("fen", "金额（分）", "Fen", FundShare.fen, "number"),
        column("reason", "理由", "Reasons", FundShare.reason, "long"),
        status_column(WorkFund.status, FUND_STATUSES),
        column("budget_fen", "预算（分）", "Budget, fen", WorkFund.budget_fen, "number"),
        column("approved_on", "审批日期", "Approved", WorkFund.approved_on, "date"),
        column("paid_on", "拨付日期", "Paid", WorkFund.paid_on, "date"),
    ),
    select(FundShare).join(FundShare.fund).join(FundShare.person),
    (WorkFund.year.desc(), FundShare.place),
)

EXPENSES = (_CLAIMS, _LINES, _STANDARDS, _FUNDS)
"""The registers of money, in the order in which they are offered."""
