"""实地指导进度提醒: who is behind the pace is told at each quarter's end, and on 1 November (第八条(六), D)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from handlers.planner_suggestion.calendar import KEY
from handlers.registry import operation
from processes import clock
from processes.engine.calendar_starts import PeriodDue
from processes.engine.house import Call
from processes.messages import Message, message
from processes.notices import notify
from processes.registers.appointments import Appointment
from processes.registers.ledger import appointments_in
from processes.registers.switches import readings_on
from processes.registers.warnings.planners import Pace, paces, serving
from processes.registers.warnings.scope import Scope

LOOKS = ((4, 1), (7, 1), (10, 1), (11, 1))
"""Month and day on which the pace is looked at: the day after a quarter, and two months before the year ends."""
STILL = timedelta(days=30)
"""A look that was missed is made up for so long."""
FEW = 8
"""Visits below which a planner is named to the city bureau."""


def paces_due(session: Session, today: date) -> list[PeriodDue]:
    """The last look of the year, if it is not long past and the desk knew then of somebody in office."""
    passed = [day for month, each in LOOKS if (day := date(today.year, month, each)) <= today]
    if not passed or today - passed[-1] > STILL:
        return []
    day, known = passed[-1], session.scalar(select(func.min(Appointment.created_at)))
    if known is None or clock.local(known).date() > day or not appointments_in(session, day, day):
        return []
    told = {"day_text": f"{day.year}年{day.month}月{day.day}日"}
    return [PeriodDue(f"visit_pace:{day.isoformat()}", KEY, "pace_reminder", told)]


@operation("planner_suggestion.remind_pace", zh="提醒进度落后的人", en="Remind those behind the pace")
def remind_pace(call: Call) -> dict[str, Any]:
    """Each planner behind the pace is told by how much, the city bureau how many there are and who has made few."""
    today = clock.today()
    behind = paces(call.session, serving(call.session, Scope(), today), readings_on(call.session, today), today)
    for each in behind:
        told = message(
            "今年已完成实地指导%(made)s次，按进度应达%(expected)s次，全年要求%(target)s次（第八条（六）），请及早安排。",
            made=each.made, expected=each.expected, target=each.target,
        )  # fmt: skip
        notify(call.session, "reminder", told, person_id=each.appointment.person_id, case_id=call.case.id)
    if behind:
        notify(call.session, "reminder", _of_all(behind), role="city_bureau.clerk", case_id=call.case.id)
    return {"behind": len(behind)}


def _of_all(behind: list[Pace]) -> Message:
    few = [each.appointment.person.name for each in behind if each.made < FEW]
    return message(
        "实地指导进度落后的首席规划师%(count)s人，其中不足%(few)s次的%(named)s人：%(names)s。",
        count=len(behind), few=FEW, named=len(few), names="、".join(few) or "无",
    )  # fmt: skip
