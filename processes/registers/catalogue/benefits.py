"""The register of benefits and their proofs (第十四条)."""

from __future__ import annotations

from sqlalchemy import select

from processes.forms.wording import Wording
from processes.identity.models import Person
from processes.registers.benefits import BENEFIT_KINDS, BENEFIT_STATUSES, Benefit
from processes.registers.catalogue.columns import column, ids, planner_column, readings_column, status_column
from processes.registers.listing import Register

_BENEFITS = Register(
    "benefits",
    Wording("政策待遇", "Benefits"),
    (
        *ids(Benefit, "id", "case_id", "person_id"),
        column("number", "编号", "No.", Benefit.number, search=True),
        planner_column(),
        column("kind", "类别", "Kind", Benefit.kind, "status", words=BENEFIT_KINDS),
        status_column(Benefit.status, BENEFIT_STATUSES),
        column("application_year", "申报年度", "Year", Benefit.application_year, "number"),
        column("institution", "受理机构", "Received by", Benefit.institution, search=True),
        column("use", "用途", "Use", Benefit.use, "long"),
        column("full_years", "服务满年数", "Full years", Benefit.full_years, "number"),
        column("checked", "条件核验", "Check", Benefit.checked, "list"),
        column("finding", "认定（推荐）意见", "Finding", Benefit.finding, "long"),
        column("proof_number", "证明编号", "Proof", Benefit.proof_number, search=True),
        column("issued_on", "签发日期", "Issued", Benefit.issued_on, "date"),
        column("noted_on", "备案日期", "Entered", Benefit.noted_on, "date"),
        column("refused_why", "不予办理理由", "Why refused", Benefit.refused_why, "long"),
        column("withdrawn_on", "撤回日期", "Withdrawn", Benefit.withdrawn_on, "date"),
        column("withdrawn_why", "撤回理由", "Why withdrawn", Benefit.withdrawn_why, "long"),
        readings_column(Benefit.readings_version),
    ),
    select(Benefit).join(Person, Benefit.person_id == Person.id),
    (Benefit.created_at.desc(), Benefit.id),
)

BENEFITS = (_BENEFITS,)
"""The register of benefits."""
