"""征求意见与审定: the HR bureau's view, then the decision of the city bureau (第十条、第十四条)."""

from __future__ import annotations

from typing import Any

from handlers.annual_appraisal.roll import items_of, this_appraisal
from handlers.annual_appraisal.scoring import ceiling, shown_grades
from handlers.annual_appraisal.words import UNGRADED, grade_text, points, summary
from handlers.answers import answers, identified, rows, text
from handlers.asking_hr import UNANSWERED, put_to_hr
from handlers.documents import issue
from handlers.registry import operation
from processes import clock
from processes.engine.house import Call
from processes.registers.appraisals import Appraisal, AppraisalStatus, entries_of
from processes.registers.grading import Given, cap_standing, give_grades
from processes.registers.history import change_status
from processes.registers.matters import MatterKind
from processes.rules.excellent import RollStatus

Variables = dict[str, Any]


@operation("annual_appraisal.put_to_hr", zh="整理征求意见事项", en="Put the results to the HR bureau")
def put_results_to_hr(call: Call) -> Variables:
    """The results are an important matter: the whole list with the ceiling (第十条)."""
    appraisal = this_appraisal(call)
    change_status(call.session, call.actor, appraisal, AppraisalStatus.HR)
    standing = cap_standing(call.session, appraisal)
    number = int(call.data["hr_rounds"]) + 1
    listed, said = summary(entries_of(call.session, appraisal.id)), text(call.data, "panel_opinion")
    return {
        "hr_rounds": number,
        **put_to_hr(
            MatterKind.APPRAISAL,
            f"{appraisal.year}年度区县首席规划师考核结果",
            f"{standing.sentence}。拟评{listed}。考核组意见：{said}",
            reference=f"{call.case.number}-{number}",
        ),
        **UNANSWERED,
    }


@operation("annual_appraisal.take_hr", zh="登记市人力社保局意见", en="Take the HR bureau's view")
def take_hr(call: Call) -> Variables:
    """The leader decides with the view, or with the record that none was given."""
    appraisal = this_appraisal(call)
    change_status(call.session, call.actor, appraisal, AppraisalStatus.DECISION)
    return {"opinion_says": opinion_says(call), "both_views": "", **shown_grades(call.session, appraisal)}


def opinion_says(call: Call) -> str:
    """The HR bureau's view in words."""
    given = "：".join(filter(None, (text(call.data, "opinion"), text(call.data, "hr_reason"))))
    return given or "逾期未复，经市局领导研究推进"


@operation("annual_appraisal.take_decision", zh="登记审定结果", en="Take the decision")
def take_decision(call: Call) -> Variables:
    """Decided under the same ceiling; then everybody on the roll is told, each in a process of its own."""
    appraisal, listed = this_appraisal(call), rows(answers(call), "grades")
    grades = {
        identified(key): Given(row["grade"], text(row, "reason"))
        for key, row in zip(call.data["grade_ids"], listed, strict=True)
    }
    standing = give_grades(call.session, call.actor, appraisal, grades, "decision", call.case.id)
    appraisal.decided_on = clock.today()
    change_status(call.session, call.actor, appraisal, AppraisalStatus.TOLD)
    _draw_grades_table(call, appraisal)
    told = [each for each in entries_of(call.session, appraisal.id) if each.roll != RollStatus.NOT_INCLUDED]
    return {**ceiling(standing), "told": items_of(call.session, told)}


def _draw_grades_table(call: Call, appraisal: Appraisal) -> None:
    """Everybody's grade on one table: without a number, so that the bureaus alone read it (第十四条)."""
    listed = [each for each in entries_of(call.session, appraisal.id) if each.roll != RollStatus.NOT_INCLUDED]
    values = {
        "year": appraisal.year,
        "cap_line": cap_standing(call.session, appraisal).sentence,
        "hr_view": call.data["opinion_says"],
        "grades": [
            {"person": each.person.name, "unit": each.appointment.unit.name, "total": points(each.score_x100),
             "grade": each.grade or UNGRADED, "why": "" if each.grade else grade_text(each)}
            for each in listed
        ],
    }  # fmt: skip
    issue(call, "grades_table", values, number="")


@operation("annual_appraisal.close", zh="年度考核存档", en="File the year")
def close(call: Call) -> Variables:
    """Every result is final and filed; the year is closed."""
    change_status(call.session, call.actor, this_appraisal(call), AppraisalStatus.FILED)
    return {}
