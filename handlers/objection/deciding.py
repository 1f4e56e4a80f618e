"""复核、决定: looked at again by others, the HR bureau asked, decided by the leader and served (第十条、第十四条)."""

from __future__ import annotations

from typing import Any

from handlers.answers import answers, identified, rows, text
from handlers.asking_hr import put_to_hr
from handlers.documents import issue
from handlers.objection.filing import this_objection
from handlers.registry import operation
from processes import clock
from processes.engine.house import Call
from processes.identity.models import Person
from processes.messages import message
from processes.notices import notify
from processes.registers.grading import Given, cap_standing, give_grades
from processes.registers.history import change_status
from processes.registers.matters import MatterKind
from processes.registers.objections import Objection, ObjectionStatus

Variables = dict[str, Any]
UPHELD, CHANGED, AGAIN = "维持", "变更", "撤销重评"
STATUS_OF = {UPHELD: ObjectionStatus.UPHELD, CHANGED: ObjectionStatus.CHANGED, AGAIN: ObjectionStatus.AGAIN}
SPOKEN = {UPHELD: "维持", AGAIN: "撤销原结果，重新评议"}


@operation("objection.take_review", zh="登记复核意见", en="Take the review")
def take_review(call: Call) -> Variables:
    """Facts, reviewers and proposal are kept and put to the HR bureau."""
    made, given = this_objection(call), answers(call)
    made.facts, made.corrected = text(given, "facts"), text(call.data, "corrected")
    made.reviewers = [_reviewer(call, row) for row in rows(given, "reviewers")]
    made.proposal = spoken(text(given, "decision"), text(given, "new_grade"))
    says = (
        f"{made.person.name}同志对{made.year}年度考核结果（{made.old_grade}）提出异议：{made.statement[:1500]}。"
        f"复核事实：{made.facts[:1500]}。复核意见：{made.proposal}。依据第十条征求意见，请予研究。"
    )
    number = int(call.data.get("hr_rounds") or 0) + 1
    return {
        "hr_rounds": number,
        **put_to_hr(
            MatterKind.APPRAISAL,
            f"{made.person.name}同志{made.year}年度考核结果异议复核",
            says,
            reference=f"{made.number}-{number}",
        ),
        "facts": made.facts,
        "reviewers_say": "；".join(f"{each['name']}：{each['view'] or '同意'}" for each in made.reviewers),
        "proposal_says": made.proposal,
    }


def _reviewer(call: Call, row: Any) -> dict[str, str]:
    person = call.session.get_one(Person, identified(row.get("reviewer")))
    return {"person_id": str(person.id), "name": person.name, "view": text(row, "view")}


def spoken(decision: str, new_grade: str) -> str:
    """A decision as the letter says it."""
    return SPOKEN.get(decision) or f"变更为{new_grade}"


@operation("objection.show_room", zh="出示名额", en="Show the places that are free")
def show_room(call: Call) -> Variables:
    """The HR bureau's view is kept; the leader sees how many places of 优秀 are free."""
    made = this_objection(call)
    made.opinion, made.hr_reason = text(call.data, "opinion"), text(call.data, "hr_reason")
    return {"cap_line": cap_standing(call.session, made.entry.appraisal).sentence, "opinion": made.opinion or "未复"}


@operation("objection.take_decision", zh="登记决定并送达", en="Take the decision and serve it")
def take_decision(call: Call) -> Variables:
    """A change goes through the ceiling like every grade; the decision is served as a letter (T23)."""
    made, given = this_objection(call), answers(call)
    decision, made.new_grade = text(given, "decision"), text(given, "new_grade")
    made.reason, made.decided_by, made.decided_on = text(given, "reason"), call.actor.name, clock.today()
    if decision == CHANGED:
        grades = {made.entry_id: Given(made.new_grade, f"{made.number}：{made.reason}")}
        give_grades(call.session, call.actor, made.entry.appraisal, grades, "objection", call.case.id)
    values = {
        "planner": made.person.name,
        "year": made.year,
        "old_grade": made.old_grade,
        "decision": spoken(decision, made.new_grade),
        "reason": made.reason,
    }
    made.document_number = issue(call, "objection_decision", values, subject_id=made.person_id).number
    change_status(call.session, call.actor, made, STATUS_OF[decision], made.reason)
    _tell(call, made, spoken(decision, made.new_grade))
    return {"result": STATUS_OF[decision].value}


def _tell(call: Call, made: Objection, decision: str) -> None:
    told = message("您对%(year)s年度考核结果的异议已作出复核决定：%(decision)s（%(number)s）。", year=made.year,
                   decision=decision, number=made.document_number)  # fmt: skip
    notify(call.session, "result", told, person_id=made.person_id, case_id=call.case.id)
