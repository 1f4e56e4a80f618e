"""送达、交接、离任: the notice is served, work handed over, registers and access brought up to date (第十五条)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from handlers.answers import answers, day, rows, text
from handlers.dismissal.hearing import facts_text
from handlers.dismissal.opening import this_dismissal
from handlers.dismissal.telling import tell_parties
from handlers.dismissal.words import NUMERALS, OWN_WISH, spoken_items
from handlers.documents import issue
from handlers.handing_over import handover_rows, tell_hosts
from handlers.leaving import leave_office
from handlers.registry import operation
from processes import clock
from processes.documents.dates import chinese_date
from processes.engine.house import Call
from processes.messages import message
from processes.registers.appointments import CURRENT, AppointmentStatus
from processes.registers.dismissals import Dismissal, DismissalStatus
from processes.registers.history import change_status

Variables = dict[str, Any]
HANDOVER_WD, OBJECTION_WD = 10, 10
"""Working days to hand over, and to object in writing (D)."""


@operation("dismissal.issue_notice", zh="制作解聘通知书", en="Make the notice")
def issue_notice(call: Call) -> Variables:
    """T12a, in quiet words where the planner asked to leave; everybody concerned is told."""
    made = this_dismissal(call)
    due = call.house.calendar.add_workdays(clock.today(), HANDOVER_WD)
    made.notice_number = issue(call, _kind(made), _notice(made, due), subject_id=made.person_id).number
    call.case.subject_id = made.person_id
    _tell_end_of_office(call, made)
    return {
        "notice_number": made.notice_number,
        "handover_due": due.isoformat(),
        "handover_rows": handover_rows(call.session, made.person_id),
        "withdrawal_id": str(made.withdrawal_id or ""),
    }


def _kind(made: Dismissal) -> str:
    return "leaving_notice" if made.executed_item == OWN_WISH else "dismissal_notice"


def _notice(made: Dismissal, due: date) -> Variables:
    assert made.effective_on is not None
    heard = f"您于{chinese_date(made.stated_on)}提出的陈述意见已研究" if made.stated_on else "您未在期限内提出陈述意见"
    return {
        "planner": made.person.name,
        "unit": made.unit.name,
        "item": spoken_items(made.items),
        "facts": facts_text(made),
        "told_on": chinese_date(made.told_on) if made.told_on else "",
        "heard": heard,
        "effective": chinese_date(made.effective_on),
        "certificate_number": made.appointment.certificate_number,
        "handover_by": chinese_date(due),
        "objection_wd": OBJECTION_WD,
    }


def _tell_end_of_office(call: Call, made: Dismissal) -> None:
    effective = chinese_date(made.effective_on) if made.effective_on else ""
    told = message(
        "%(name)s自%(day)s起不再担任%(unit)s首席规划师（%(number)s）。",
        name=made.person.name, day=effective, unit=made.unit.name, number=made.notice_number,
    )  # fmt: skip
    tell_parties(call, made, told)


@operation("dismissal.take_service", zh="登记送达", en="Record the service")
def take_service(call: Call) -> Variables:
    """Served on the planner, or by the employer with a period of notice of ten working days (D)."""
    made, given = this_dismissal(call), answers(call)
    made.served_on, made.served_how = clock.today(), text(given, "served_how")
    change_status(call.session, call.actor, made, DismissalStatus.SERVED, made.served_how)
    assert made.effective_on is not None
    if made.served_how != "本人签收":
        reached = call.house.calendar.add_workdays(made.served_on, OBJECTION_WD)
        if reached > made.effective_on:
            _put_off(call, made, reached)
    return {"effective_on": made.effective_on.isoformat()}


def _put_off(call: Call, made: Dismissal, reached: date) -> None:
    """The notice under its number says the later day from which it takes effect, and everybody is told again."""
    made.effective_on = reached
    due = day(call.data["handover_due"]) or reached
    issue(call, _kind(made), _notice(made, due), subject_id=made.person_id, number=made.notice_number)
    _tell_end_of_office(call, made)


@operation("dismissal.take_handover", zh="登记交接", en="Take the handover")
def take_handover(call: Call) -> Variables:
    """The list as the planner handed it over, or as it stood when he did not."""
    made = this_dismissal(call)
    listed = call.data.get("handover_rows") or []
    made.handover = [dict(row) for row in listed]
    return {"handover_rows": made.handover}


@operation("dismissal.note_handover", zh="登记移交清单", en="Note the handover list")
def note_handover(call: Call) -> Variables:
    """What the planner has put on the list."""
    return {"handover_rows": [dict(row) for row in rows(answers(call), "handover")]}


@operation("dismissal.end_office", zh="更新专家库、收回权限", en="End the appointment")
def end_office(call: Call) -> Variables:
    """Appointment, library, post and access say that the planner has left; open consultations go elsewhere."""
    made = this_dismissal(call)
    assert made.effective_on is not None
    assert made.executed_item is not None
    item = made.executed_item
    status = AppointmentStatus.WITHDRAWN if item == OWN_WISH else AppointmentStatus.DISMISSED
    last_day = made.effective_on - timedelta(days=1)
    ground = f"第十五条（{NUMERALS[item]}）"
    tell_hosts(call.session, made.person_id, call.case.id)
    if made.appointment.status in CURRENT:
        leave_office(call.session, call.actor, made.appointment, status, last_day, ground, item)
    return {"vacant_from": made.effective_on.isoformat(), "reason": f"{made.person.name}离任（{ground}）"}


@operation("dismissal.close", zh="结案", en="Close the case")
def close(call: Call) -> Variables:
    """Served, handed over, registers up to date."""
    change_status(call.session, call.actor, this_dismissal(call), DismissalStatus.CLOSED)
    return {}
