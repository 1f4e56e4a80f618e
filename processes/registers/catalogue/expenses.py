"""The registers of money: claims, invoices, standards, work funding; kept in fen, shown in yuan (第九条)."""

from __future__ import annotations

from sqlalchemy import select

from processes.forms.wording import Wording
from processes.identity.models import Unit
from processes.registers.catalogue.columns import column, id_column, ids, planner_column, status_column
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
        *ids(TravelClaim, "id", "case_id", "person_id"),
        id_column("unit_id", TravelClaim.payer_unit_id),
        column("number", "编号", "No.", TravelClaim.number, search=True),
        planner_column(),
        column("trip_title", "行程", "Trip", TravelClaim.trip_title, search=True),
        column("total_fen", "合计（元）", "Total, yuan", TravelClaim.total_fen, "money"),
        status_column(TravelClaim.status, CLAIM_STATUSES),
        column("first_day", "起", "From", TravelClaim.first_day, "date"),
        column("last_day", "止", "Until", TravelClaim.last_day, "date"),
        column("payer", "报销单位", "Payer", TravelClaim.payer, "status", words=PAYERS),
        column("unit", "区县", "District", Unit.name, search=True),
        column("payer_ground", "依据", "Ground", TravelClaim.payer_ground),
        column("trip", "事由", "Kind", TravelClaim.trip, "status", words=TRIPS),
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
        *ids(ClaimLine, "id", "claim_id"),
        id_column("person_id", TravelClaim.person_id),
        id_column("unit_id", TravelClaim.payer_unit_id),
        column("number", "报销单", "Claim", TravelClaim.number, search=True),
        planner_column(),
        column("day", "日期", "Day", ClaimLine.day, "date"),
        column("text", "内容", "What for", ClaimLine.text, search=True),
        column("fen", "金额（元）", "Amount, yuan", ClaimLine.fen, "money"),
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
        column("fen", "标准（元）", "Amount, yuan", TravelStandard.fen, "money"),
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
        planner_column(),
        column("consultations", "已确认咨询", "Consultations", FundShare.consultations, "number"),
        column("visits", "实地指导", "Visits", FundShare.visits, "number"),
        column("opinions", "意见书", "Opinions", FundShare.opinions, "number"),
        column("fen", "金额（元）", "Amount, yuan", FundShare.fen, "money"),
        column("reason", "理由", "Reasons", FundShare.reason, "long"),
        status_column(WorkFund.status, FUND_STATUSES),
        column("budget_fen", "预算（元）", "Budget, yuan", WorkFund.budget_fen, "money"),
        column("approved_on", "审批日期", "Approved", WorkFund.approved_on, "date"),
        column("paid_on", "拨付日期", "Paid", WorkFund.paid_on, "date"),
    ),
    select(FundShare).join(FundShare.fund).join(FundShare.person),
    (WorkFund.year.desc(), FundShare.place),
)

EXPENSES = (_CLAIMS, _LINES, _STANDARDS, _FUNDS)
"""The registers of money, in the order in which they are offered."""
