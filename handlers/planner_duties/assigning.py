"""市局交办事项: a task is set, reported, checked and closed; it is no activity of 第十五条(三) (第八条(四))."""

from __future__ import annotations

from typing import Any

from handlers.answers import answers, identified, needed_day, text
from handlers.checking import Problems
from handlers.registry import operation, validator
from processes import clock
from processes.engine.house import Call, FormCheck
from processes.identity.models import Person
from processes.messages import message
from processes.notices import notify
from processes.registers.assignments import Assignment, AssignmentStatus, assignment_of
from processes.registers.history import change_status, enter
from processes.registers.ledger import in_office
from processes.sequences import yearly_number

Variables = dict[str, Any]
CANNOT = "不能办理"


@validator("planner_duties.assignment", zh="布置学习：人员在聘", en="Assignment to planners in office")
def assignment(check: FormCheck) -> None:
    """Tasks are for planners in office."""
    problems = Problems()
    for each in check.answers["people"]:
        if not in_office(check.session, identified(each), clock.today()):
            name = check.session.get_one(Person, identified(each)).name
            problems.add("people", message("%(name)s不在聘期内，不能交办。", name=name))
    problems.refuse()


@operation("planner_duties.send_assignment", zh="登记并送达", en="Enter and send the task")
def send_assignment(call: Call) -> Variables:
    """One record for each planner, and one task."""
    given, today = answers(call), clock.today()
    parties = {}
    for person_id in map(identified, given["people"]):
        person = call.session.get_one(Person, person_id)
        made = Assignment(
            status=AssignmentStatus.GIVEN,
            number=yearly_number(call.session, "交办", "assignment", today.year),
            case_id=call.case.id, person_id=person_id, title=text(given, "title"), content=text(given, "content"),
            assigned_on=today, assigned_by=call.actor.name, due_on=needed_day(given, "due"),
        )  # fmt: skip
        enter(call.session, call.actor, made)
        parties[str(person_id)] = {
            "person_id": str(person_id), "planner_name": person.name, "assignment_id": str(made.id)
        }  # fmt: skip
    return {"assignment_title": text(given, "title"), "assigned": parties}


def _mine(call: Call) -> Assignment:
    return assignment_of(call.session, identified(call.data["party"]["assignment_id"]))


@operation("planner_duties.show_assignment", zh="出示交办事项", en="Show the task")
def show_assignment(call: Call) -> Variables:
    """What is to be done, by when."""
    made = _mine(call)
    return {
        "assignment_number": made.number,
        "assignment_title": made.title,
        "assignment_content": made.content,
        "assigned_by": made.assigned_by,
        "assignment_due": made.due_on.isoformat(),
        "planner_name": call.data["party"]["planner_name"],
        "return_remark": "",
        "assignment_state": "",
    }


@operation("planner_duties.take_report", zh="登记反馈", en="Take the report")
def take_report(call: Call) -> Variables:
    """What was done, or why it cannot be."""
    made = _mine(call)
    made.report, made.reported_on = text(answers(call), "report"), clock.today()
    change_status(call.session, call.actor, made, AssignmentStatus.REPORTED, text(call.data, "doing"))
    return {"report_says": made.report}


@operation("planner_duties.return_assignment", zh="退回继续办理", en="Return the report")
def return_assignment(call: Call) -> Variables:
    """It goes on, with what was missing."""
    made, remark = _mine(call), text(call.data, "remark")
    change_status(call.session, call.actor, made, AssignmentStatus.GIVEN, remark)
    made.remark = remark
    return {"return_remark": remark}


@operation("planner_duties.close_assignment", zh="登记办结", en="Close the task")
def close_assignment(call: Call) -> Variables:
    """Done, or excused for the reasons given."""
    made = _mine(call)
    excused = text(call.data, "doing") == CANNOT
    status = AssignmentStatus.EXCUSED if excused else AssignmentStatus.ACCEPTED
    change_status(call.session, call.actor, made, status, text(call.data, "remark"))
    made.closed_on, made.closed_by, made.remark = clock.today(), call.actor.name, text(call.data, "remark")
    told = message("交办事项“%(title)s”已办结。", title=made.title)
    notify(call.session, "result", told, person_id=made.person_id, case_id=call.case.id)
    return {"assignment_state": "说明后免办" if excused else "已办结"}
