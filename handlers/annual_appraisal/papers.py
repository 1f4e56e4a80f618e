"""What the papers of one planner's result say: the appraisal sheet (T09) and the notices (T10, T10b)."""

from __future__ import annotations

from typing import Any

from handlers.annual_appraisal.words import UNGRADED, WHY, grade_text, points, views_text
from handlers.answers import text
from processes.engine.house import Call
from processes.registers.annual_reports import annual_report_on
from processes.registers.appraisals import AppraisalEntry
from processes.registers.district_views import views_of
from processes.registers.experts import employer_of
from processes.registers.grading import readings_of
from processes.registers.planner_year import planner_year, year_rows
from processes.rules.appraisal import Why
from processes.rules.excellent import RollStatus

Variables = dict[str, Any]
LONGEST = 500
"""Characters of the planner's own summary on the sheet."""


def result_values(entry: AppraisalEntry) -> Variables:
    """One planner's own result, and nobody else's."""
    return {
        "planner": entry.person.name,
        "unit": entry.appointment.unit.name,
        "year": entry.appraisal.year,
        "grade": grade_text(entry),
    }


def sheet_values(call: Call, entry: AppraisalEntry) -> Variables:
    """The sheet that goes into the personal file."""
    employer, appointment = employer_of(call.session, entry.person_id), entry.appointment
    last = entry.versions[-1] if entry.versions else None
    return {
        **result_values(entry),
        "employer": employer.name if employer else "—",
        "term": f"{appointment.term_start.isoformat()}—{appointment.term_end.isoformat()}",
        "numbers": _numbers(call, entry),
        "quality": _quality(entry),
        "report": _report(call, entry),
        "views": views_text(views_of(call.session, entry.id)),
        "panel": _panel(call, entry),
        "hr_view": text(call.data, "opinion_says") or "—",
        "reason": last.reason if last and last.reason else "—",
        "boxes": _boxes(entry),
        "version": entry.appraisal.readings_version,
    }


def _numbers(call: Call, entry: AppraisalEntry) -> list[Variables]:
    """The numbers that the score was counted from; of who was not scored, as the records stand."""
    if frozen := year_rows(entry.inputs):
        return frozen
    found = planner_year(
        call.session, entry.person_id, entry.appraisal.year, readings_of(call.session, entry.appraisal)
    )
    return found.rows() if found else []


def _quality(entry: AppraisalEntry) -> str:
    inputs = entry.inputs
    if "quality" not in inputs:
        return "—"
    return f"{inputs['quality']}分（抽评{len(inputs['sample'])}份，评价人：{inputs['quality_by']}）"


def _report(call: Call, entry: AppraisalEntry) -> str:
    report = annual_report_on(call.session, entry.person_id, entry.appraisal.year)
    if report is None or not report.duties or entry.report_missing:
        return "未提交报告"
    return "".join(f"{row['item']}：{row['text']}" for row in report.duties)[:LONGEST]


def _panel(call: Call, entry: AppraisalEntry) -> str:
    if entry.score_x100 is None:
        return "不确定等次，未评分"
    said = f"建议分{points(entry.score_x100)}，建议：{entry.suggestion}"
    return "。".join(filter(None, (said, text(call.data, "panel_opinion"))))


def _boxes(entry: AppraisalEntry) -> str:
    boxes = ["■" if entry.grade == each else "□" for each in ("优秀", "称职", "不称职")]
    ticked = "　".join(f"{box}{each}" for box, each in zip(boxes, ("优秀", "称职", "不称职"), strict=True))
    ungraded = entry.roll != RollStatus.GRADED
    return f"{ticked}　（{'■' if ungraded else '□'}{UNGRADED}{'，原因：' + WHY[Why(entry.why)] if ungraded else ''}）"
