"""年度工作报告: prefilled, written and signed, its numbers checked, accepted by the city bureau (第七条(六))."""

from __future__ import annotations

from datetime import date
from typing import Any

from handlers.answers import answers, day, identified, rows, text
from handlers.documents import draft, issue
from handlers.parties import bureau_of
from handlers.registry import operation
from processes import clock
from processes.engine.house import Call, FormCheck
from processes.errors import Invalid
from processes.messages import message
from processes.registers.annual_reports import AnnualReport, AnnualReportStatus, annual_report_of
from processes.registers.appraisals import entry_for
from processes.registers.history import change_status, enter
from processes.registers.planner_year import PlannerYear, appointments_of_year, planner_year
from processes.registers.switches import readings_on

Variables = dict[str, Any]
LEAVER_WD = 20
"""Working days within which one who leaves in mid-year reports (D)."""
DUTIES = (
    "（一）熟悉和掌握法律法规", "（二）主动调研，了解现状和问题", "（三）按时参加技术咨询，提出具体意见",
    "（四）帮助区县培养技术人才", "（五）参加业务和工作交流会议", "（六）形成年度工作报告",
)  # fmt: skip
"""第七条, items 1 to 6."""
TASKS = (
    "（一）了解问题，及时提出工作建议", "（二）对规划编制、实施和重要建筑设计指导把关",
    "（三）对其他法定规划提出咨询意见",
    "（四）配合市局工作，收集咨询情况", "（五）对区县规划人员指导和培训", "（六）实地指导并提出书面意见和建议",
)  # fmt: skip
"""第八条, items 1 to 6."""
CORRECTED = "已更正"


def this_report(step: Call | FormCheck) -> AnnualReport:
    """The report that the case is about."""
    return annual_report_of(step.session, identified(step.data.get("report_id")))


@operation("annual_report.open", zh="登记应提交的年度工作报告", en="Enter the report that is owed")
def open_report(call: Call) -> Variables:
    """One report a planner and year; its day is 31 December, for one who leaves twenty working days from now."""
    person_id, year = identified(call.data["person_id"]), int(call.data["year"])
    served = appointments_of_year(call.session, person_id, year)
    if not served:
        raise Invalid(message("%(year)s年度没有在聘记录，无须提交工作报告。", year=year))
    leaving = bool(call.data.get("leaving"))
    due = day(call.data.get("due")) or (
        call.house.calendar.add_workdays(clock.today(), LEAVER_WD) if leaving else date(year, 12, 31)
    )
    units = {each.unit_id: each.unit for each in served}
    report = AnnualReport(
        status=AnnualReportStatus.OWED, case_id=call.case.id, person_id=person_id, unit_id=served[-1].unit_id,
        year=year, leaving=leaving, due_on=due,
    )  # fmt: skip
    enter(call.session, call.actor, report)
    call.case.unit_id = report.unit_id
    entry = entry_for(call.session, person_id, year)
    return {
        "report_id": str(report.id),
        "entry_id": call.data.get("entry_id") or (str(entry.id) if entry else ""),
        "person_name": served[-1].person.name,
        "unit_name": "、".join(unit.name for unit in units.values()),
        "year": year,
        "due": due.isoformat(),
        "bureaus": [{"id": bureau_of(call.session, unit.id).id, "unit_name": unit.name} for unit in units.values()],
        "return_reason": "",
        "disagree": "",
    }


@operation("annual_report.prefill", zh="预填统计", en="Prefill the numbers")
def prefill(call: Call) -> Variables:
    """The numbers as the records stand now, and the six items each of 第七条 and 第八条."""
    report = this_report(call)
    return {
        "statistics": _figures(call, report).rows(),
        "duty_rows": report.duties or [{"item": item} for item in DUTIES],
        "task_rows": report.tasks or [{"item": item} for item in TASKS],
        "example_rows": report.examples,
        "problems_before": report.problems,
        "plan_before": report.plan,
        "checked": "",
        "check_notes": "",
    }


@operation("annual_report.send", zh="登记并送核", en="Enter the report")
def send(call: Call) -> Variables:
    """The report as it was signed, with the numbers that it was written on."""
    report, given = this_report(call), answers(call)
    report.duties, report.tasks = (
        [dict(row) for row in rows(given, "duties")],
        [dict(row) for row in rows(given, "tasks")],
    )
    report.examples = [dict(row) for row in rows(given, "cases")]
    report.problems, report.plan = text(given, "problems"), text(given, "plan")
    report.disagreement, report.sent_on = text(given, "disagree"), clock.today()
    report.checked_by = report.check_note = report.check_result = ""
    _keep_figures(call, report)
    change_status(call.session, call.actor, report, AnnualReportStatus.WRITTEN)
    draft(call, "annual_report", _printed(report), unit_id=report.unit_id)
    return {"disagree": report.disagreement, "late_text": "逾期提交" if report.late else "按时提交"}


@operation("annual_report.note_check", zh="登记核对结果", en="Note the check")
def note_check(call: Call) -> Variables:
    """A bureau has looked at the numbers; its silence agrees to the numbers alone, and to nothing else."""
    report, name = this_report(call), call.data["bureau"]["unit_name"]
    wrong, said = call.data.get("numbers") == "数据有误", text(call.data, "numbers_note")
    found = "数据有误" if wrong else "数据一致" if call.data.get("numbers") else "逾期未核对，视为对数据无异议"
    report.check_result = "；".join(filter(None, (report.check_result, f"{name}：{found}")))
    report.check_note = "；".join(filter(None, (report.check_note, f"{name}：{said}" if said else "")))
    if call.data.get("numbers"):
        report.checked_by, report.checked_on = call.actor.name, clock.today()
    return {"check_result": found}


@operation("annual_report.close_check", zh="汇总核对结果", en="Close the check")
def close_check(call: Call) -> Variables:
    """All bureaus have answered or stayed silent."""
    report = this_report(call)
    change_status(call.session, call.actor, report, AnnualReportStatus.CHECKED, report.check_result)
    return {
        "checked": report.check_result,
        "check_notes": report.check_note,
        "disputed": bool(report.disagreement) or "数据有误" in report.check_result,
        "dispute_result": "",
    }


@operation("annual_report.recount", zh="重新统计", en="Count anew")
def recount(call: Call) -> Variables:
    """The records were corrected: the report keeps the new numbers."""
    report = this_report(call)
    _keep_figures(call, report)
    return {"statistics": _figures(call, report).rows()}


@operation("annual_report.send_back", zh="退回补充", en="Return the report")
def send_back(call: Call) -> Variables:
    """Returned with what is to be added."""
    reason = text(answers(call), "return_reason")
    change_status(call.session, call.actor, this_report(call), AnnualReportStatus.OWED, reason)
    return {"return_reason": reason}


@operation("annual_report.accept", zh="接收年度工作报告", en="Accept the report")
def accept(call: Call) -> Variables:
    """Accepted: T14 gets its number and goes into the file."""
    report = this_report(call)
    paper = issue(call, "annual_report", _printed(report), unit_id=report.unit_id, subject_id=report.person_id)
    report.number, report.file_id = paper.number, paper.file_id
    report.accepted_on, report.accepted_by = clock.today(), call.actor.name
    change_status(call.session, call.actor, report, AnnualReportStatus.ACCEPTED)
    return {"report_number": report.number}


def _figures(call: Call, report: AnnualReport) -> PlannerYear:
    found = planner_year(call.session, report.person_id, report.year, readings_on(call.session))
    assert found is not None
    return found


def _keep_figures(call: Call, report: AnnualReport) -> None:
    figures = _figures(call, report)
    report.statistics, report.readings_version = figures.as_data(), figures.readings_version


def _printed(report: AnnualReport) -> Variables:
    numbers = report.statistics
    listed = ("invited", "attended", "visits", "opinions", "suggestions")
    return {
        "planner": report.person.name,
        "unit": report.unit.name,
        "year": report.year,
        **{key: numbers[key] for key in listed},
        "duties": report.duties,
        "tasks": report.tasks,
        "examples": "；".join(f"{row.get('title', '')}：{row.get('text', '')}" for row in report.examples) or "无",
        "problems": report.problems or "无",
        "plan": report.plan,
        "disagreement": report.disagreement or "对统计数据无异议",
    }
