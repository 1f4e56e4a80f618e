"""建议分与名额: scores of R19 with the switches frozen at the start, and whom the desk may suggest (第十四条)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.annual_appraisal.roll import look_again, mark_reports, shown_roll, this_appraisal
from handlers.annual_appraisal.words import points, views_text
from handlers.registry import operation
from processes.engine.house import Call
from processes.errors import Conflict
from processes.messages import message
from processes.registers.activities import Activity
from processes.registers.appraisals import Appraisal, AppraisalEntry, AppraisalStatus, entries_of
from processes.registers.attendances import Attendance
from processes.registers.district_views import mean_score, views_of
from processes.registers.excellent_standing import selections
from processes.registers.grading import CapStanding, cap_standing, readings_of
from processes.registers.history import change_status
from processes.registers.planner_year import PlannerYear, planner_year
from processes.registers.switches import Readings
from processes.rules.appraisal import Grade, Performance, Suggestion, Weights, score
from processes.rules.excellent import RollStatus

Variables = dict[str, Any]
BLOCKED = "block_suggestion"
EARLIER = "earlier_scores"
"""Among the inputs of a score: what it was before records were corrected, oldest first."""
SETTLED = "并列合议："
"""How the reason of a grade begins that the panel settled among equals."""


@operation("annual_appraisal.score", zh="计算建议分与名额", en="Scores and ceiling")
def compute(call: Call) -> Variables:
    """Both inputs of 第十四条, number and quality, are in every score; the inputs are frozen with the records' ids."""
    appraisal = this_appraisal(call)
    look_again(call.session, appraisal)
    graded = graded_of(call.session, appraisal)
    mark_reports(call.session, graded)
    readings = readings_of(call.session, appraisal)
    for entry in graded:
        score_entry(call.session, entry, readings)
    call.session.flush()
    change_status(call.session, call.actor, appraisal, AppraisalStatus.GRADING)
    return {**shown_roll(call.session, appraisal), **shown_grades(call.session, appraisal), "panel_opinion": "",
            "votes": "", "ties_open": False}  # fmt: skip


def graded_of(session: Session, appraisal: Appraisal) -> list[AppraisalEntry]:
    """The planners who get a grade."""
    return [each for each in entries_of(session, appraisal.id) if each.roll == RollStatus.GRADED]


def score_entry(session: Session, entry: AppraisalEntry, readings: Readings) -> None:
    """The score of R19 from both inputs, which are frozen with it."""
    found = planner_year(session, entry.person_id, entry.appraisal.year, readings)
    if found is None or "quality" not in entry.inputs:
        raise Conflict(message("%(who)s的意见质量尚未评价，不能计算建议分。", who=entry.person.name))
    views = views_of(session, entry.id)
    scored = score(
        _performance(found, entry.inputs),
        Weights(**readings.parts("appraisal.weights")),
        require_visits=readings.choice("excellent.require_visits") == BLOCKED,
    )
    entry.score_x100, entry.suggestion = scored.score_x100, scored.suggest.value
    entry.inputs = {
        **entry.inputs,
        **found.as_data(),
        "counts_pct": scored.counts_pct,
        "visits_pct": scored.visits_pct,
        "ground": str(scored.ground),
        "view_mean": mean_score(views),
        "views": [
            {"unit": each.unit.name, "body": each.body, "score": each.score, "suggested": each.suggested}
            for each in views
        ],
        "records": _records(session, entry),
    }


def score_again(session: Session, entry: AppraisalEntry) -> None:
    """The score from the records as they are now, where it is another one; the earlier scores are kept beside it."""
    if "quality" not in entry.inputs:
        return  # a result that was entered without its inputs
    before = {"score_x100": entry.score_x100, "suggestion": entry.suggestion, "records": entry.inputs.get("records")}
    score_entry(session, entry, readings_of(session, entry.appraisal))
    if entry.score_x100 != before["score_x100"]:
        entry.inputs = {**entry.inputs, EARLIER: [*entry.inputs.get(EARLIER, []), before]}


def _performance(found: PlannerYear, inputs: Mapping[str, Any]) -> Performance:
    return Performance(
        attended=found.attended,
        invited=found.invited,
        quality=int(inputs["quality"]),
        visits=found.visits,
        visit_target=found.visit_target,
        duties=int(inputs["duties"]),
    )


def _records(session: Session, entry: AppraisalEntry) -> list[str]:
    year = entry.appraisal.year
    within = Activity.starts_on.between(date(year, 1, 1), date(year, 12, 31))
    mine = select(Attendance.id).join(Activity, Attendance.activity_id == Activity.id)
    return [str(each) for each in session.scalars(mine.where(Attendance.person_id == entry.person_id, within))]


def tied_ids(session: Session, appraisal: Appraisal) -> tuple[set[str], set[str]]:
    """Who is suggested for 优秀, and who stands equal at the line, left to people."""
    found = selections(graded_of(session, appraisal), readings_of(session, appraisal), appraisal.freeze_on)
    return {one for each in found for one in each.selected}, {one for each in found for one in each.tied}


def shown_grades(session: Session, appraisal: Appraisal) -> Variables:
    """The rows that the panel grades, best score first, with what the desk suggests, and the ceiling."""
    chosen, tied = tied_ids(session, appraisal)
    graded = sorted(graded_of(session, appraisal), key=lambda each: (-(each.score_x100 or 0), each.person.name))
    return {
        "grade_rows": [_row(session, each, chosen, tied) for each in graded],
        "grade_ids": [str(each.id) for each in graded],
        **ceiling(cap_standing(session, appraisal)),
    }


def ceiling(standing: CapStanding) -> Variables:
    """The numbers that are shown while people grade."""
    return {
        "n": standing.n, "cap": standing.cap, "used": standing.used, "left": standing.left,
        "cap_line": standing.sentence, "readings_version": standing.readings_version,
    }  # fmt: skip


def _row(session: Session, entry: AppraisalEntry, chosen: Iterable[str], tied: Iterable[str]) -> Variables:
    inputs, key = entry.inputs, str(entry.id)
    offered = Grade.EXCELLENT if key in chosen else Grade.COMPETENT
    if entry.suggestion == Suggestion.INCOMPETENT:
        offered = ""  # type: ignore[assignment]  # people decide; the desk proposes nothing
    return {
        "person": entry.person.name,
        "unit": entry.appointment.unit.name,
        "counts": f"{inputs['attended']}／{inputs['invited']}（{inputs['counts_pct']}%）",
        "quality": inputs["quality"],
        "visits": f"{inputs['visits']}／{inputs['visit_target']}（{inputs['visits_pct']}%）",
        "duties": inputs["duties"],
        "total": points(entry.score_x100),
        "views": views_text(views_of(session, entry.id)),
        "suggest": entry.suggestion,
        "mark": "；".join(marks(entry, key in tied)) or "—",
        "facts": f"{points(entry.score_x100)}（{entry.suggestion}）：次数{inputs['attended']}／{inputs['invited']}，"
        f"质量{inputs['quality']}，实地{inputs['visits']}／{inputs['visit_target']}，职责{inputs['duties']}",
        "grade": entry.grade or str(offered),
        "reason": entry.versions[-1].reason if entry.versions else "",
    }


def marks(entry: AppraisalEntry, is_tied: bool) -> list[str]:
    """What panel and leader must see beside the score."""
    said = []
    if entry.report_missing:
        said.append("未提交报告")
    if entry.inputs["visits"] < entry.inputs["visit_target"]:
        said.append("实地次数不足")
    if entry.inputs.get("unconfirmed"):
        said.append(f"有{entry.inputs['unconfirmed']}条记录未确认，未计入")
    if is_tied:
        said.append(_equal(entry))
    return said


def _equal(entry: AppraisalEntry) -> str:
    """Equal at the line: before the panel, after its vote, or where all places went to others."""
    if entry.appraisal.status == AppraisalStatus.GRADING:
        return "并列，须合议"
    voted = any(each.reason.startswith(SETTLED) for each in entry.versions)
    return "并列，已合议" if voted else "并列"
