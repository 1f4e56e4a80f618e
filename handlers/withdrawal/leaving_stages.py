"""退出: at which stage somebody asks to leave, and which procedure carries it out (第十五条(一))."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from handlers.answers import answers, identified, needed_day, text
from handlers.documents import issue
from handlers.registry import operation
from processes import clock
from processes.documents.dates import chinese_date
from processes.engine.house import Call
from processes.identity.models import Organization, Person
from processes.messages import message
from processes.notices import notify
from processes.registers.application_statuses import ENDED
from processes.registers.applications import Application
from processes.registers.appointments import CURRENT, Appointment, AppointmentStatus, appointment_of
from processes.registers.history import change_status
from processes.registers.nominations import CURRENT as STANDING
from processes.registers.nominations import Nomination
from processes.registers.objections import objection_going_on
from processes.registers.withdrawals import Stage, Withdrawal, WithdrawalStatus, ask_to_leave, withdrawal_of

Variables = dict[str, Any]
TALK_WD = 5
"""Working days for the talk; a request is never left lying (D)."""


@operation("withdrawal.find_stage", zh="识别申请人所处阶段", en="Find the stage")
def find_stage(call: Call) -> Variables:
    """In office, on the proposed list, or with an application; an employer asks for one of its people."""
    host = str(call.data.get("starter_organization") or "")
    employer = call.session.get(Organization, host) if host else None
    nobody = {"stage": "", "application_id": "", "appointment_id": "", "by_employer": False, "withdrawal_id": ""}
    if employer is not None and employer.kind == "employer":
        return {**nobody, "who": employer.name, "by_employer": True, "stage": Stage.IN_OFFICE.value}
    person = call.session.get_one(Person, identified(call.data.get("started_by")))
    return {**nobody, "who": person.name, **_stage(call, person)}


def _stage(call: Call, person: Person) -> Variables:
    serving = select(Appointment).where(
        Appointment.person_id == person.id,
        Appointment.status.in_(CURRENT - {AppointmentStatus.TO_SIGN}),
    )
    held = call.session.scalars(serving.limit(2)).all()
    if held:
        return {"stage": Stage.IN_OFFICE.value, "only_appointment": str(held[0].id) if len(held) == 1 else ""}
    mine = select(Application).where(Application.person_id == person.id, Application.status.not_in(ENDED))
    for application in call.session.scalars(mine.order_by(Application.created_at.desc())):
        listed = select(Nomination.id).where(
            Nomination.application_id == application.id, Nomination.status.in_(STANDING)
        )
        named = call.session.scalar(listed.limit(1)) is not None
        stage = Stage.PROPOSED if named else Stage.APPLIED
        return {"stage": stage.value, "application_id": str(application.id)}
    return {}


def this_withdrawal(call: Call) -> Withdrawal:
    """The request that the case is about."""
    return withdrawal_of(call.session, identified(call.data.get("withdrawal_id")))


@operation("withdrawal.take_request", zh="登记退出申请", en="Take the request")
def take_request(call: Call) -> Variables:
    """The request is written down as it was made, with the day wished for."""
    given, by_employer = answers(call), bool(call.data.get("by_employer"))
    chosen = given.get("appointment_id")
    appointment = appointment_of(call.session, identified(chosen)) if chosen else None
    person = appointment.person if appointment else call.session.get_one(Person, identified(call.data["started_by"]))
    application = call.data.get("application_id") if appointment is None else None
    made = ask_to_leave(
        call.session, call.actor, case_id=call.case.id, person_id=person.id, stage=str(call.data["stage"]),
        appointment_id=appointment.id if appointment else None, by_employer=by_employer,
        application_id=identified(application) if application else None,
        reason=text(given, "reason"), wished_on=needed_day(given, "wished"), handover=text(given, "handover"),
    )  # fmt: skip
    values = {
        "planner": person.name,
        "stage": made.stage,
        "reason": made.reason,
        "wished": chinese_date(made.wished_on),
        "handover": made.handover or "无",
        "by": call.data["who"],
    }
    issue(call, "request", values, subject_id=None if by_employer else person.id)
    if appointment is not None:
        call.case.unit_id = appointment.unit_id
    due = call.house.calendar.add_workdays(clock.today(), TALK_WD)
    return {
        "withdrawal_id": str(made.id),
        "appointment_id": str(appointment.id) if appointment else "",
        "person_id": str(person.id),
        "planner_name": person.name,
        "reason": made.reason,
        "wished_on": made.wished_on.isoformat(),
        "talk_due": due.isoformat(),
        "outcome": "坚持退出",
        "objection_says": _objection(call, person.id),
    }


def _objection(call: Call, person_id: UUID) -> str:
    """Whether a grade of the person is being reviewed, as the register says."""
    found = objection_going_on(call.session, person_id)
    return f"{found.number}：{found.year}年度考核结果正在复核" if found is not None else "无在办复核"


@operation("withdrawal.take_talk", zh="登记谈话情况", en="Take the talk")
def take_talk(call: Call) -> Variables:
    """What was said; where nobody talked in time the request goes on by itself."""
    made, outcome = this_withdrawal(call), text(call.data, "outcome")
    if text(call.data, "talk"):
        made.talk, made.talked_on = text(call.data, "talk"), clock.today()
        made.objection_open = objection_going_on(call.session, made.person_id) is not None
    if outcome == "撤回申请":
        change_status(call.session, call.actor, made, WithdrawalStatus.TAKEN_BACK, "谈话后撤回")
    else:
        change_status(call.session, call.actor, made, WithdrawalStatus.HANDED_ON)
    return {"result": ""}


@operation("withdrawal.settle", zh="登记退出结果", en="Settle the request")
def settle(call: Call) -> Variables:
    """Whoever left the selection has it confirmed; whoever left office has the notice of P06."""
    made = this_withdrawal(call)
    change_status(call.session, call.actor, made, WithdrawalStatus.WITHDRAWN, text(call.data, "result") or made.stage)
    if made.stage != Stage.IN_OFFICE:
        values = {"planner": made.person.name, "stage": made.stage, "wished": chinese_date(clock.today())}
        issue(call, "confirmation", values, subject_id=made.person_id)
    told = message("您的退出申请（%(number)s）已办结。", number=made.number)
    notify(call.session, "result", told, person_id=made.person_id, case_id=call.case.id)
    return {}


@operation("withdrawal.take_back", zh="登记撤回申请", en="Take the request back")
def take_back(call: Call) -> Variables:
    """Until the decision the person may take the request back."""
    change_status(call.session, call.actor, this_withdrawal(call), WithdrawalStatus.TAKEN_BACK, "本人撤回")
    return {}
