"""交接: what a planner who leaves has open, and who is told to look after it (第十五条、第九条(一))."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.messages import message
from processes.notices import notify
from processes.registers.activities import Activity
from processes.registers.attendances import Attendance, RecordState, Standing
from processes.registers.materials import open_loans

_COMING = (Standing.INVITED, Standing.ACCEPTED, Standing.LEAVE_ASKED, Standing.WRITTEN_ASKED)
_UNWRITTEN = (RecordState.DRAFT, RecordState.SUBMITTED, RecordState.REJECTED)


def open_consultations(session: Session, person_id: UUID) -> list[Attendance]:
    """Activities to which a planner is still invited, or whose record is not settled, by day."""
    waiting = Attendance.standing.in_(_COMING) | Attendance.record.in_(_UNWRITTEN)
    found = select(Attendance).join(Activity).where(Attendance.person_id == person_id, waiting)
    return list(session.scalars(found.order_by(Activity.starts_on, Attendance.id)))


def handover_rows(session: Session, person_id: UUID) -> list[dict[str, Any]]:
    """The rows with which a handover list begins: open activities, material that is lent."""
    named = [f"{each.activity.number} {each.activity.title}" for each in open_consultations(session, person_id)]
    named += [f"归还资料：{each.name}（{each.request.number}）" for each in open_loans(session, person_id)]
    return [{"item": each[:200], "to": "", "due": None, "note": ""} for each in named]


def tell_hosts(session: Session, person_id: UUID, case_id: UUID) -> int:
    """The hosts of what is still to come are asked to invite somebody else; how many activities there are."""
    coming = [each for each in open_consultations(session, person_id) if each.standing in _COMING]
    for each in coming:
        told = message(
            "%(name)s不再担任首席规划师，请为“%(title)s”另行邀请。", name=each.person.name, title=each.activity.title
        )
        role = f"{each.activity.host_kind}.clerk"
        notify(session, "warning", told, role=role, organization_id=each.activity.host_id, case_id=case_id)
    return len(coming)
