"""What the forms of the annual report must be checked for against the registers."""

from __future__ import annotations

from handlers.answers import identified, text
from handlers.checking import Problems
from handlers.registry import validator
from processes import clock
from processes.engine.house import FormCheck
from processes.messages import message
from processes.registers.annual_reports import annual_report_on
from processes.registers.corrections import has_corrected
from processes.registers.planner_year import appointments_of_year


@validator("annual_report.year", zh="报告年度：在聘且未重复填报", en="Year of service, not reported already")
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


@validator("annual_report.report", zh="工作报告由本人签署", en="The report is signed by the planner")
def report(check: FormCheck) -> None:
    """The planner signs what was written."""
    problems = Problems()
    if check.answers.get("signed") is not True:
        problems.add("signed", message("请确认签名后提交。"))
    problems.refuse()


@validator("annual_report.dispute", zh="数据核对：更正或说明理由", en="Numbers: corrected, or why they stand")
def dispute(check: FormCheck) -> None:
    """Numbers that were corrected name the correction, one that was carried out; numbers that stand say why."""
    problems, number = Problems(), text(check.answers, "correction_number")
    if text(check.answers, "dispute_result") == "已更正":
        if not number:
            problems.add("correction_number", message("请填写更正编号。"))
        elif not has_corrected(check.session, number, identified(check.data["person_id"])):
            problems.add(
                "correction_number", message("没有编号为%(number)s、已办结的该首席规划师记录更正。", number=number)
            )
    problems.refuse()
