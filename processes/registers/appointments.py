"""聘任: person, planner post, term and certificate (第五条、第六条(五)、第十五条)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from processes import clock
from processes.db import Base
from processes.errors import Conflict, Invalid, NotFound
from processes.forms.wording import Wording
from processes.identity.actor import Actor
from processes.identity.models import Person, Unit
from processes.messages import message
from processes.registers.history import Stateful, change_status, enter, life
from processes.registers.nominations import Nomination
from processes.registers.planner_posts import PlannerPost


class AppointmentStatus(StrEnum):
    """How an appointment stands."""

    TO_SIGN = "to_sign"
    IN_OFFICE = "in_office"
    ON_LEAVE = "on_leave"
    TO_RENEW = "to_renew"
    RENEWED = "renewed"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    DISMISSED = "dismissed"
    REVOKED = "revoked"


_S = AppointmentStatus
APPOINTMENT_STATUSES: dict[str, Wording] = {
    _S.TO_SIGN: Wording("待签收", "To be accepted"),
    _S.IN_OFFICE: Wording("在聘", "In office"),
    _S.ON_LEAVE: Wording("休假·代理", "On leave"),
    _S.TO_RENEW: Wording("到期待定", "Term over, undecided"),
    _S.RENEWED: Wording("续聘", "Renewed"),
    _S.EXPIRED: Wording("届满", "Term over"),
    _S.WITHDRAWN: Wording("退出", "Withdrawn"),
    _S.DISMISSED: Wording("解聘", "Dismissed"),
    _S.REVOKED: Wording("撤销", "Revoked"),
}
CURRENT = frozenset({_S.TO_SIGN, _S.IN_OFFICE, _S.ON_LEAVE, _S.TO_RENEW})
_ENDS = (_S.RENEWED, _S.EXPIRED, _S.WITHDRAWN, _S.DISMISSED, _S.REVOKED)


class Appointment(Stateful, Base):
    """One appointment; its term includes both days."""

    __tablename__ = "appointment"
    __table_args__ = (UniqueConstraint("nomination_id"),)
    STATUSES = APPOINTMENT_STATUSES
    LIFE = life(
        (_S.TO_SIGN, (_S.IN_OFFICE, _S.WITHDRAWN, _S.REVOKED)),
        (_S.IN_OFFICE, (_S.ON_LEAVE, _S.TO_RENEW, *_ENDS)),
        (_S.ON_LEAVE, (_S.IN_OFFICE, _S.TO_RENEW, *_ENDS)),
        (_S.TO_RENEW, _ENDS),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"), index=True)
    post_id: Mapped[UUID] = mapped_column(ForeignKey("planner_post.id"), index=True)
    nomination_id: Mapped[UUID | None] = mapped_column(ForeignKey("nomination.id"))
    """The nomination it came from; None for a renewal."""
    round_id: Mapped[UUID | None] = mapped_column(ForeignKey("round.id"), index=True)
    term_start: Mapped[date]
    term_end: Mapped[date]
    """Last day of the term."""
    certificate_number: Mapped[str] = mapped_column(unique=True)
    """Printed on the certificate; a re-issued one keeps it."""
    certificate_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    issued_on: Mapped[date]
    received_on: Mapped[date | None]
    """Day on which the planner signed for the certificate."""
    predecessor_id: Mapped[UUID | None] = mapped_column(ForeignKey("appointment.id"))
    """The appointment it follows at the same post, or renews."""
    ended_on: Mapped[date | None]
    """Last day of service where it ended before the term did."""
    end_ground: Mapped[str] = mapped_column(default="")
    end_item: Mapped[int | None]
    """Item of 第十五条 on which it ended, 1 to 5."""
    created_at: Mapped[datetime]

    person: Mapped[Person] = relationship()
    unit: Mapped[Unit] = relationship()
    post: Mapped[PlannerPost] = relationship()
    nomination: Mapped[Nomination | None] = relationship()


def appoint(session: Session, actor: Actor, post: PlannerPost, person: Person, **facts: Any) -> Appointment:
    """Enter an appointment that waits to be accepted; `Conflict` if the post is taken in the same period."""
    start, end = facts["term_start"], facts["term_end"]
    if start > end:
        problem = message("聘期止不能早于聘期起。")
        raise Invalid(problem, {"term_end": problem})
    session.get(PlannerPost, post.id, with_for_update=True)
    taken = taken_by(session, post.id, start, end)
    if taken is not None:
        raise Conflict(
            message("%(post)s在该聘期内已由%(name)s任职（%(number)s）。",
                    post=post.label, name=taken.person.name, number=taken.certificate_number)
        )  # fmt: skip
    made = Appointment(
        person_id=person.id,
        unit_id=post.unit_id,
        post_id=post.id,
        status=AppointmentStatus.TO_SIGN,
        created_at=clock.now(),
        **facts,
    )
    enter(session, actor, made)
    return made


def taken_by(session: Session, post_id: UUID, start: date, end: date) -> Appointment | None:
    """The current appointment to a post that shares a day with a period."""
    here = (Appointment.post_id == post_id, Appointment.status.in_(CURRENT))
    within = (Appointment.term_start <= end, Appointment.term_end >= start)
    return session.scalars(select(Appointment).where(*here, *within).limit(1)).first()


def appointment_of(session: Session, appointment_id: UUID) -> Appointment:
    """The appointment, or `NotFound`."""
    found = session.get(Appointment, appointment_id)
    if found is None:
        raise NotFound(message("未找到该聘任。"))
    return found


def appointment_for(session: Session, nomination_id: UUID) -> Appointment | None:
    """The appointment that a nomination led to."""
    return session.scalar(select(Appointment).where(Appointment.nomination_id == nomination_id))


def predecessor_of(session: Session, post_id: UUID) -> Appointment | None:
    """The latest appointment to a post that has ended after service."""
    served = (_S.EXPIRED, _S.WITHDRAWN, _S.DISMISSED)
    here = (Appointment.post_id == post_id, Appointment.status.in_(served), Appointment.received_on.is_not(None))
    return session.scalars(select(Appointment).where(*here).order_by(Appointment.term_start.desc()).limit(1)).first()


def take_up(session: Session, actor: Actor, appointment: Appointment, received_on: date) -> None:
    """The planner has accepted and signed for the certificate."""
    appointment.received_on = received_on
    change_status(session, actor, appointment, AppointmentStatus.IN_OFFICE)


def end(
    session: Session,
    actor: Actor,
    appointment: Appointment,
    status: AppointmentStatus,
    last_day: date,
    ground: str,
    item: int | None = None,
) -> None:
    """End an appointment on a day, with the ground."""
    appointment.ended_on, appointment.end_ground, appointment.end_item = last_day, ground, item
    change_status(session, actor, appointment, status, ground)


def dismissal_item(session: Session, person_id: UUID) -> int | None:
    """The item of 第十五条 on which a person was dismissed last, if ever."""
    dismissed = (Appointment.person_id == person_id, Appointment.status == AppointmentStatus.DISMISSED)
    last = select(Appointment.end_item).where(*dismissed).order_by(Appointment.ended_on.desc()).limit(1)
    return session.scalar(last)
