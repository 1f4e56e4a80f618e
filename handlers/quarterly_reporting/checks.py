"""What the forms of the quarterly reports must be checked for against the registers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.answers import day, text
from handlers.checking import Problems
from handlers.quarterly_reporting.district import content, this_report
from handlers.registry import options, validator
from processes import clock
from processes.engine.house import FormCheck
from processes.engine.models import Case
from processes.forms.wording import Option, Wording
from processes.identity.models import Organization
from processes.messages import message
from processes.registers.quarter_reports import (
    QuarterReport,
    ReportStatus,
    quarter_named,
    report_on,
    spoken_quarter,
)
from processes.registers.switches import readings_on
from processes.rules.quarters import LateRecord

GOING_ON = ("running", "suspended")
MOST_RETURNS = 2
"""Times a report is returned; then one telephones (G3)."""


@options("quarters_to_report")
def quarters_to_report(session: Session, variables: Mapping[str, Any]) -> Sequence[Option]:
    """The quarters of the own unit that were closed without a report; accepted ones where the switch reopens them."""
    own = session.get(Organization, str(variables.get("starter_organization") or ""))
    open_ones = [ReportStatus.MISSING]
    if readings_on(session).choice("quarter.late_record") == LateRecord.REOPEN:
        open_ones.append(ReportStatus.ACCEPTED)
    mine = (QuarterReport.unit_id == (own.unit_id if own else None), QuarterReport.status.in_(open_ones))
    found = session.scalars(select(QuarterReport.quarter).where(*mine).order_by(QuarterReport.quarter.desc()))
    return [Option(each, Wording(spoken_quarter(quarter_named(each)), each)) for each in found]


@validator("quarterly_reporting.quarter", zh="季度填报：不重复", en="Quarter reported once")
def quarter(check: FormCheck) -> None:
    """A report that is being written elsewhere is not begun twice."""
    problems = Problems()
    own = check.session.get(Organization, str(check.data.get("starter_organization") or ""))
    found = report_on(check.session, (own.unit_id if own else "") or "", quarter_named(text(check.answers, "quarter")))
    case = check.session.get(Case, found.case_id) if found is not None and found.case_id else None
    if case is not None and case.id != check.case.id and case.status in GOING_ON:
        problems.add("quarter", message("该季度报告正在办理，请在原任务中办理。"))
    problems.refuse()


@validator("quarterly_reporting.settle", zh="提前报送：未结记录写明理由", en="Early: open records with a reason")
def settle(check: FormCheck) -> None:
    """Before the due day open records go along only with a reason."""
    problems = Problems()
    along = text(check.answers, "handling") == "列入未确认附件"
    if along and clock.today() < this_report(check).due_on and not text(check.answers, "open_note"):
        problems.add("open_note", message("报送期限未到，未确认记录列入附件的，请说明原因。"))
    problems.refuse()


@validator("quarterly_reporting.report", zh="零报告写明原因", en="A zero report says why")
def report(check: FormCheck) -> None:
    """A zero report says why; a report with service has no such note."""
    problems = Problems()
    nothing = content(check).nothing
    if nothing and not text(check.answers, "zero_note"):
        problems.add("zero_note", message("本季度各项数字均为零，请说明零报告原因。"))
    if not nothing and text(check.answers, "zero_note"):
        problems.add("zero_note", message("本季度有咨询服务记录，不是零报告，请删去零报告说明。"))
    problems.refuse()


@validator("quarterly_reporting.check", zh="季度审核：最多退回两次", en="Quarter returned twice at most")
def check_report(check: FormCheck) -> None:
    """Returned twice at most; then one telephones and writes down what was said."""
    problems = Problems()
    returned = text(check.answers, "decision") == "退回"
    if returned and this_report(check).returns >= MOST_RETURNS:
        problems.add("decision", message("报告已退回%(count)s次，请电话沟通后接收并记录沟通情况。", count=MOST_RETURNS))
    problems.refuse()


@validator("quarterly_reporting.urging", zh="催报：新期限在今后", en="Urging: the new day lies ahead")
def urging(check: FormCheck) -> None:
    """The new day lies ahead."""
    problems = Problems()
    wanted = day(check.answers.get("new_due"))
    if wanted is not None and wanted <= clock.today():
        problems.add("new_due", message("新期限应在今日之后。"))
    problems.refuse()
