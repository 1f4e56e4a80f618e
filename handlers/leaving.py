"""离任: an appointment ends; the library, the post and the planner's access follow (第十条、第十五条)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes import clock
from processes.identity.actor import Actor
from processes.identity.models import PostHolding, Unit
from processes.registers import appointments, experts
from processes.registers.appointments import CURRENT, Appointment, AppointmentStatus
from processes.registers.experts import ExpertStatus
from processes.registers.history import change_status
from processes.registers.planner_posts import PostStatus, declare_vacant, post_of
from processes.rules.years import DAY

_IN_LIBRARY = {
    AppointmentStatus.DISMISSED: ExpertStatus.DISMISSED,
    AppointmentStatus.WITHDRAWN: ExpertStatus.WITHDRAWN,
    AppointmentStatus.EXPIRED: ExpertStatus.EXPIRED,
}


def leave_office(
    session: Session,
    actor: Actor,
    appointment: Appointment,
    status: AppointmentStatus,
    last_day: date,
    ground: str,
    item: int | None = None,
) -> None:
    """End an appointment; whoever serves under no other one is no longer 在聘 and loses the planner's access.

    A certificate that would follow this appointment falls with it: nobody who was dismissed or has left is renewed.
    """
    appointments.end(session, actor, appointment, status, last_day, ground, item)
    for each in _to_follow(session, appointment):
        revoke(session, actor, each, appointment, ground)
    post = post_of(session, appointment.post_id)
    if post.status == PostStatus.FILLED:
        declare_vacant(session, actor, post, ground)
    others = select(Appointment.id).where(
        Appointment.person_id == appointment.person_id,
        Appointment.status.in_(CURRENT),
        Appointment.id != appointment.id,
    )
    if session.scalar(others.limit(1)) is not None:
        return
    expert = experts.expert_for(session, appointment.person_id)
    if expert is not None:
        change_status(session, actor, expert, _IN_LIBRARY[status], ground)
    _end_access(session, appointment, last_day)


def _to_follow(session: Session, appointment: Appointment) -> Sequence[Appointment]:
    waits = (Appointment.person_id == appointment.person_id, Appointment.status == AppointmentStatus.TO_SIGN)
    return session.scalars(select(Appointment).where(*waits, Appointment.predecessor_id == appointment.id)).all()


def revoke(session: Session, actor: Actor, following: Appointment, before: Appointment, reason: str) -> None:
    """A certificate that is not taken up; the post elsewhere that was kept for it is free again."""
    appointments.end(session, actor, following, AppointmentStatus.REVOKED, clock.today(), reason)
    if following.post_id != before.post_id:
        declare_vacant(session, actor, post_of(session, following.post_id), reason)


def end_where_unit_was_followed(session: Session, actor: Actor, made: Appointment) -> None:
    """A new certificate for the unit that follows an abolished one takes the place of the old one (第六条)."""
    before = select(Appointment).join(Unit, Appointment.unit_id == Unit.id)
    mine = (Appointment.person_id == made.person_id, Appointment.status.in_(CURRENT), Appointment.id != made.id)
    for each in session.scalars(before.where(*mine, Unit.successor_id == made.unit_id)):
        last_day = made.term_start - DAY
        appointments.end(session, actor, each, AppointmentStatus.EXPIRED, last_day, "服务单元撤并，换发聘书")
        post = post_of(session, each.post_id)
        if post.status == PostStatus.FILLED:
            change_status(session, actor, post, PostStatus.CLOSED, "服务单元撤并")
        made.predecessor_id = made.predecessor_id or each.id


def _end_access(session: Session, appointment: Appointment, last_day: date) -> None:
    held = (PostHolding.person_id == appointment.person_id, PostHolding.role == "planner")
    for each in session.scalars(select(PostHolding).where(*held)):
        if each.valid_to is None or each.valid_to > last_day:
            each.valid_to = last_day
    session.flush()
