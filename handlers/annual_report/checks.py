"""What the forms of the annual report must be checked for against the registers."""

from __future__ import annotations

from handlers.answers import identified, text
from handlers.checking import Problems
from handlers.registry import validator
from processes import clock
from processes.engine.house import FormCheck
from processes.messages import message
from processes.registers.annual_reports import annual_report_on
from processes.registers.planner_year import appointments_of_year


@validator("annual_report.year")
def year(check: FormCheck) -> None:
    """A year in which the planner served, and whose report is not on its way already."""
    problems = Problems()
    wanted, person_id = int(check.answers["year"]), identified(check.data.get("started_by"))
    if wanted > clock.today().year:
        problems.add("year", message("年度不能晚于今年。"))
    elif not appointments_of_year(check.session, person_id, wanted):
        problems.add("year", message("该年度没有您的在聘记录。"))
    elif annual_report_on(check.session, person_id, wanted) is not None:
        problems.add("year", message("该年度工作报告正在办理或已提交，请在原任务中办理。"))
    problems.refuse()


@validator("annual_report.report")
def report(check: FormCheck) -> None:
    """The planner signs what was written."""
    problems = Problems()
    if check.answers.get("signed") is not True:
        problems.add("signed", message("请确认签名后提交。"))
    problems.refuse()


@validator("annual_report.dispute")
def dispute(check: FormCheck) -> None:
    """Numbers that were corrected name the correction; numbers that stand say why."""
    problems = Problems()
    if text(check.answers, "dispute_result") == "已更正" and not text(check.answers, "correction_number"):
        problems.add("correction_number", message("请填写更正编号。"))
    problems.refuse()
