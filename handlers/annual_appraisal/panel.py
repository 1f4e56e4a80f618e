"""考核组评议: grades within the ceiling; ties are settled by people alone, and a place may stay empty (第十四条)."""

from __future__ import annotations

from typing import Any

from handlers.annual_appraisal.roll import this_appraisal
from handlers.annual_appraisal.scoring import SETTLED, ceiling, graded_of, shown_grades, tied_ids
from handlers.annual_appraisal.words import points
from handlers.answers import answers, identified, rows, text
from handlers.registry import operation
from processes.engine.house import Call
from processes.registers.appraisals import AppraisalStatus
from processes.registers.grading import Given, cap_standing, give_grades
from processes.registers.history import change_status
from processes.rules.appraisal import Grade

Variables = dict[str, Any]
CHOSEN = "评为优秀"


@operation("annual_appraisal.take_grades", zh="登记评议等次", en="Take the grades")
def take_grades(call: Call) -> Variables:
    """Every grade of the panel as a version of its own; those who stand equal at the line come before it again."""
    appraisal, given = this_appraisal(call), answers(call)
    votes, listed = text(given, "votes"), rows(given, "grades")
    grades = {
        identified(key): Given(row["grade"], text(row, "reason"), votes)
        for key, row in zip(call.data["grade_ids"], listed, strict=True)
    }
    standing = give_grades(call.session, call.actor, appraisal, grades, "panel", call.case.id)
    _, tied = tied_ids(call.session, appraisal)
    open_ones = [
        each for each in graded_of(call.session, appraisal) if str(each.id) in tied and each.grade != Grade.EXCELLENT
    ]
    return {
        **ceiling(standing),
        "ties_open": bool(open_ones) and standing.left > 0,
        "tie_ids": [str(each.id) for each in open_ones],
        "tie_rows": [
            {"facts": f"{points(each.score_x100)}：质量{each.inputs['quality']}，实地{each.inputs['visits']}次，"
             f"咨询{each.inputs['attended']}次",
             "person": each.person.name, "unit": each.appointment.unit.name, "total": points(each.score_x100),
             "quality": each.inputs["quality"], "visits": each.inputs["visits"], "consults": each.inputs["attended"]}
            for each in open_ones
        ],
    }  # fmt: skip


@operation("annual_appraisal.take_ties", zh="登记合议结果", en="Take what was settled")
def take_ties(call: Call) -> Variables:
    """Votes and reason are kept with each grade; nobody need be chosen."""
    appraisal, given = this_appraisal(call), answers(call)
    grades = {
        identified(key): Given(
            Grade.EXCELLENT.value if row["chosen"] == CHOSEN else Grade.COMPETENT.value,
            f"{SETTLED}{text(row, 'tie_reason')}",
            text(row, "tie_votes"),
        )
        for key, row in zip(call.data["tie_ids"], rows(given, "ties"), strict=True)
    }
    standing = give_grades(call.session, call.actor, appraisal, grades, "panel", call.case.id)
    return {**ceiling(standing), "ties_open": False}


@operation("annual_appraisal.return_grades", zh="退回重新评议", en="Return to the panel")
def return_grades(call: Call) -> Variables:
    """The panel grades again, with the leader's reasons before it."""
    appraisal, reason = this_appraisal(call), text(answers(call), "return_reason")
    change_status(call.session, call.actor, appraisal, AppraisalStatus.GRADING, reason)
    return {**shown_grades(call.session, appraisal), **ceiling(cap_standing(call.session, appraisal)),
            "return_reason": reason}  # fmt: skip
