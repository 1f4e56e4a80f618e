"""聘期考核与续聘: the appraisal of a term, the answers of all sides, the decision and what followed (第五条(三))."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from processes import clock
from processes.db import Base
from processes.errors import NotFound
from processes.forms.wording import Wording
from processes.identity.actor import Actor
from processes.messages import message
from processes.registers.appointments import Appointment, AppointmentStatus
from processes.registers.former_services import counted_former_services
from processes.registers.history import Stateful, enter, life
from processes.registers.switches import Readings


class RenewalStatus(StrEnum):
    """How the end of a term stands."""

    GATHERING = "gathering"
    ASKED = "asked"
    TO_RENEW = "to_renew"
    TO_MOVE = "to_move"
    NOT_RENEWED = "not_renewed"
    RENEWED = "renewed"
    MOVED = "moved"
    ENDED = "ended"
    LAPSED = "lapsed"


_S = RenewalStatus
RENEWAL_STATUSES: dict[str, Wording] = {
    _S.GATHERING: Wording("聘期考核", "Being appraised"),
    _S.ASKED: Wording("征求意见", "HR bureau asked"),
    _S.TO_RENEW: Wording("决定续聘", "Renewal decided"),
    _S.TO_MOVE: Wording("决定调整区县续聘", "Renewal elsewhere decided"),
    _S.NOT_RENEWED: Wording("决定不续聘", "Not renewed"),
    _S.RENEWED: Wording("已续聘", "Renewed"),
    _S.MOVED: Wording("已调整区县续聘", "Renewed in another district"),
    _S.ENDED: Wording("已离任", "Left office"),
    _S.LAPSED: Wording("逾期未决终止", "Lapsed undecided"),
}
_DECIDED = (_S.TO_RENEW, _S.TO_MOVE, _S.NOT_RENEWED)


class Renewal(Stateful, Base):
    """What happens at the end of one appointment's term."""

    __tablename__ = "renewal"
    STATUSES = RENEWAL_STATUSES
    LIFE = life(
        (_S.GATHERING, (_S.ASKED, _S.ENDED, _S.LAPSED)),
        (_S.ASKED, (*_DECIDED, _S.ENDED, _S.LAPSED)),
        (_S.TO_RENEW, (_S.RENEWED, _S.ENDED)),
        (_S.TO_MOVE, (_S.MOVED, _S.ENDED, _S.ASKED, _S.LAPSED)),
        (_S.NOT_RENEWED, (_S.ENDED,)),
    )

    case_id: Mapped[UUID] = mapped_column(index=True)
    appointment_id: Mapped[UUID] = mapped_column(ForeignKey("appointment.id"), unique=True)
    summary: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """The term in numbers, as it was summed up, with the version of the switches."""
    term_result: Mapped[str] = mapped_column(default="")
    """`合格` or `不合格`, found by people."""
    term_reason: Mapped[str] = mapped_column(default="")
    willing: Mapped[str] = mapped_column(default="")
    need: Mapped[str] = mapped_column(default="")
    consent: Mapped[str] = mapped_column(default="")
    availability: Mapped[str] = mapped_column(default="")
    """What the employer says of when the planner can be reached; it is no word on willingness."""
    rule_result: Mapped[str] = mapped_column(default="")
    """What R16 proposed when it was decided."""
    rule_reasons: Mapped[list[str]] = mapped_column(default=list)
    gap_days: Mapped[int | None]
    opinion: Mapped[str] = mapped_column(default="")
    hr_reason: Mapped[str] = mapped_column(default="")
    decision: Mapped[str] = mapped_column(default="")
    decision_reason: Mapped[str] = mapped_column(default="")
    decided_on: Mapped[date | None]
    decided_by: Mapped[str] = mapped_column(default="")
    extended_until: Mapped[date | None]
    """延期履职 by the leader, sixty days at most."""
    extension_reason: Mapped[str] = mapped_column(default="")
    next_id: Mapped[UUID | None] = mapped_column(ForeignKey("appointment.id"))
    """The appointment that follows."""
    created_at: Mapped[datetime]

    appointment: Mapped[Appointment] = relationship(foreign_keys=[appointment_id])
    following: Mapped[Appointment | None] = relationship(foreign_keys=[next_id])


def begin_renewal(session: Session, actor: Actor, appointment: Appointment, case_id: UUID) -> Renewal:
    """The end of a term comes near."""
    made = Renewal(
        status=RenewalStatus.GATHERING, appointment_id=appointment.id, case_id=case_id, created_at=clock.now()
    )
    enter(session, actor, made)
    return made


def renewal_of(session: Session, renewal_id: UUID) -> Renewal:
    """The record, or `NotFound`."""
    found = session.get(Renewal, renewal_id)
    if found is None:
        raise NotFound(message("未找到该续聘事项。"))
    return found


def terms_served(session: Session, appointment: Appointment, readings: Readings | None = None) -> int:
    """How many terms a person has served one after another, this one included; those of 2014 where they count.

    The certificate that a dissolved unit's planner got for the unit that follows is for the rest of the same term.
    """
    former = counted_former_services(session, readings, appointment.person_id) if readings else ()
    own = _one_after_another(session, appointment)
    return 1 + len(former) + sum(not cut_short(each) for each in own[:-1])


def of_the_same_term(session: Session, appointment: Appointment) -> list[Appointment]:
    """The appointment and those of the same person that it is the rest of, oldest first."""
    own = _one_after_another(session, appointment)
    first = len(own) - 1
    while first and cut_short(own[first - 1]):
        first -= 1
    return own[first:]


def _one_after_another(session: Session, appointment: Appointment) -> list[Appointment]:
    found, before = [appointment], appointment.predecessor_id
    while before is not None:
        earlier = session.get_one(Appointment, before)
        if earlier.person_id != appointment.person_id:
            break
        found.insert(0, earlier)
        before = earlier.predecessor_id
    return found


def cut_short(appointment: Appointment) -> bool:
    """Whether its unit was dissolved: only then does a term expire before its last day."""
    ended = appointment.ended_on
    return appointment.status == AppointmentStatus.EXPIRED and ended is not None and ended < appointment.term_end


def renewal_for(session: Session, appointment_id: UUID) -> Renewal | None:
    """What happens at the end of an appointment's term, once it has begun."""
    return session.scalar(select(Renewal).where(Renewal.appointment_id == appointment_id))
