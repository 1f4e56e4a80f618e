"""会议缺席计次: only where both bureaus read meetings into the activities of 第十五条(三)."""

from __future__ import annotations

from typing import Any

from handlers.dismissal.counting import count_for
from processes import clock
from processes.engine.house import Call
from processes.messages import message
from processes.notices import notify
from processes.registers.appointments import Appointment
from processes.registers.dismissals import dismissal_going_on
from processes.registers.ledger import in_office
from processes.registers.meetings import Meeting, Presence
from processes.registers.switches import readings_on
from processes.rules.absence import AbsenceLevel


def absent_near_the_ground(call: Call, meeting: Meeting) -> list[dict[str, Any]]:
    """The planners who stayed away and have come to the ground; who is one absence from it is warned (R07)."""
    if readings_on(call.session).choice("absence.activity_scope") != "with_meetings":
        return []
    day, found = meeting.starts_on or clock.today(), []
    for each in meeting.attendances:
        if each.presence == Presence.AWAY and each.countable:
            serving = in_office(call.session, each.person_id, day)
            found.extend(_counted(call, serving[-1]) if serving else [])
    return found


def _counted(call: Call, appointment: Appointment) -> list[dict[str, Any]]:
    counted = count_for(call.session, appointment)
    now = counted.in_force
    if now.level == AbsenceLevel.WARNING:
        _warn(call, appointment, now.current_run, now.current_total)
    if not now.trigger or dismissal_going_on(call.session, appointment.id) is not None:
        return []
    return [
        {
            "appointment_id": str(appointment.id),
            "kind": str(now.kind or ""),
            "trigger_event": now.trigger_event or "",
            "attendance_ids": list(counted.events),
        }
    ]


def _warn(call: Call, appointment: Appointment, run: int, total: int) -> None:
    told = message(
        "%(name)s无正当理由缺席：连续%(run)s次，一年内合计%(total)s次；再缺席一次将提请核查（第十五条（三））。",
        name=appointment.person.name, run=run, total=total,
    )  # fmt: skip
    notify(call.session, "warning", told, person_id=appointment.person_id, case_id=call.case.id)
    notify(call.session, "warning", told, role="city_bureau.clerk", organization_id="city_bureau", case_id=call.case.id)
