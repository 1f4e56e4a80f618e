"""解聘: the file of a dismissal case, from the ground to the handover; part of it may be restricted (第十五条)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from processes import clock
from processes.db import Base
from processes.errors import NotFound
from processes.forms.wording import Wording
from processes.identity.actor import Actor
from processes.identity.models import Person, Unit
from processes.messages import message
from processes.registers.appointments import Appointment
from processes.registers.history import Stateful, change_status, enter, life
from processes.sequences import yearly_number


class DismissalStatus(StrEnum):
    """How a dismissal case stands."""

    OPENED = "opened"
    ON_HOLD = "on_hold"
    VERIFYING = "verifying"
    TOLD = "told"
    HEARD = "heard"
    ASKED = "asked"
    DISMISSED = "dismissed"
    SERVED = "served"
    CLOSED = "closed"
    NOT_DISMISSED = "not_dismissed"
    UNFOUNDED = "unfounded"
    TAKEN_BACK = "taken_back"
    REVOKED = "revoked"


_S = DismissalStatus
DISMISSAL_STATUSES: dict[str, Wording] = {
    _S.OPENED: Wording("立案", "Opened"),
    _S.ON_HOLD: Wording("暂停", "On hold"),
    _S.VERIFYING: Wording("核实", "Facts being verified"),
    _S.TOLD: Wording("告知", "Planner told"),
    _S.HEARD: Wording("陈述", "Planner heard"),
    _S.ASKED: Wording("征求意见", "HR bureau asked"),
    _S.DISMISSED: Wording("决定解聘", "Dismissal decided"),
    _S.SERVED: Wording("送达", "Served"),
    _S.CLOSED: Wording("结案", "Closed"),
    _S.NOT_DISMISSED: Wording("不解聘", "Not dismissed"),
    _S.UNFOUNDED: Wording("不成立", "Unfounded"),
    _S.TAKEN_BACK: Wording("本人撤回", "Request taken back"),
    _S.REVOKED: Wording("撤销", "Revoked"),
}
_FORWARD = (_S.OPENED, _S.ON_HOLD, _S.VERIFYING, _S.TOLD, _S.HEARD, _S.ASKED)
OPEN = frozenset({*_FORWARD, _S.DISMISSED, _S.SERVED})
"""Statuses of a case that goes on."""
_OVER = (_S.DISMISSED, _S.NOT_DISMISSED, _S.UNFOUNDED, _S.TAKEN_BACK)


class Dismissal(Stateful, Base):
    """One dismissal case of one appointment; a planner may have several one after another."""

    __tablename__ = "dismissal"
    STATUSES = DISMISSAL_STATUSES
    LIFE = life(
        *((each, tuple(other for other in (*_FORWARD, *_OVER) if other != each)) for each in _FORWARD),
        (_S.DISMISSED, (_S.SERVED,)),
        (_S.SERVED, (_S.CLOSED,)),
        (_S.CLOSED, (_S.REVOKED,)),
    )

    number: Mapped[str] = mapped_column(unique=True)
    """E.g. `解聘-2026-0001`."""
    case_id: Mapped[UUID] = mapped_column(index=True)
    appointment_id: Mapped[UUID] = mapped_column(ForeignKey("appointment.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"), index=True)
    items: Mapped[list[Any]] = mapped_column(default=list)
    """Items of 第十五条 on which the case rests, 1 to 5."""
    executed_item: Mapped[int | None]
    """The item on which the appointment ended; the other grounds stay in the file."""
    finding: Mapped[str] = mapped_column(default="")
    """The written finding with which the case began; of item 5 only that there is one."""
    trigger_events: Mapped[list[str]] = mapped_column(default=list)
    """Attendances counted for item 3; once the case is settled they open no other."""
    counted: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """The count of absences under each reading of 一年内, as it was shown last."""
    readings_version: Mapped[int] = mapped_column(default=0)
    """Version of the switches with which it was counted."""
    withdrawal_id: Mapped[UUID | None]
    wished_on: Mapped[date | None]
    facts: Mapped[list[Any]] = mapped_column(default=list)
    """`[{"item", "fact", "doc"}…]`; item 5 is in the restricted file."""
    told_on: Mapped[date | None]
    statement: Mapped[str] = mapped_column(default="")
    stated_on: Mapped[date | None]
    remarks: Mapped[str] = mapped_column(default="")
    """What the district government says about its work."""
    opinion: Mapped[str] = mapped_column(default="")
    """View of the HR bureau (第十条); empty where it was silent."""
    hr_reason: Mapped[str] = mapped_column(default="")
    both_views: Mapped[str] = mapped_column(default="")
    """The views of both bureaus where they differ."""
    decision_reason: Mapped[str] = mapped_column(default="")
    decided_by: Mapped[str] = mapped_column(default="")
    decided_on: Mapped[date | None]
    effective_on: Mapped[date | None]
    notice_number: Mapped[str] = mapped_column(default="")
    served_on: Mapped[date | None]
    served_how: Mapped[str] = mapped_column(default="")
    handover: Mapped[list[Any]] = mapped_column(default=list)
    created_at: Mapped[datetime]

    appointment: Mapped[Appointment] = relationship()
    person: Mapped[Person] = relationship()
    unit: Mapped[Unit] = relationship()
    restricted: Mapped[RestrictedFile | None] = relationship(back_populates="dismissal")


class RestrictedFile(Base):
    """Evidence of 第十五条(五): the finding of the competent body; few may open it, everybody else sees the outcome."""

    __tablename__ = "restricted_file"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    dismissal_id: Mapped[UUID] = mapped_column(ForeignKey("dismissal.id"), unique=True)
    body: Mapped[str]
    """The body that made the finding."""
    document_number: Mapped[str]
    finding: Mapped[str] = mapped_column(default="")
    facts: Mapped[str] = mapped_column(default="")
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]

    dismissal: Mapped[Dismissal] = relationship(back_populates="restricted")


def open_dismissal_case(session: Session, actor: Actor, appointment: Appointment, **facts: Any) -> Dismissal:
    """Enter a new case; there is one at a time for each appointment (`dismissal_going_on`)."""
    year = clock.today().year
    made = Dismissal(
        status=DismissalStatus.OPENED, number=yearly_number(session, "解聘", "dismissal", year),
        appointment_id=appointment.id, person_id=appointment.person_id, unit_id=appointment.unit_id,
        created_at=clock.now(), **facts,
    )  # fmt: skip
    enter(session, actor, made)
    return made


def restrict(session: Session, actor: Actor, dismissal: Dismissal, **texts: str) -> RestrictedFile:
    """Put something into the restricted file of a case."""
    found = dismissal.restricted
    if found is None:
        found = RestrictedFile(
            dismissal_id=dismissal.id, body="", document_number="", recorded_by=actor.name, recorded_at=clock.now()
        )
        session.add(found)
    for name, value in texts.items():
        setattr(found, name, value)
    session.flush()
    session.refresh(dismissal)
    return found


def dismissal_of(session: Session, dismissal_id: UUID) -> Dismissal:
    """The case file, or `NotFound`."""
    found = session.get(Dismissal, dismissal_id)
    if found is None:
        raise NotFound(message("未找到该解聘案。"))
    return found


def dismissal_going_on(session: Session, appointment_id: UUID) -> Dismissal | None:
    """The case of an appointment that is not over."""
    mine = (Dismissal.appointment_id == appointment_id, Dismissal.status.in_(OPEN))
    return session.scalars(select(Dismissal).where(*mine).order_by(Dismissal.created_at).limit(1)).first()


def settled_events(session: Session, person_id: UUID) -> set[str]:
    """Attendances on which a case came to no dismissal, or to one that was revoked: they open no other."""
    over = (DismissalStatus.NOT_DISMISSED, DismissalStatus.REVOKED)
    mine = (Dismissal.person_id == person_id, Dismissal.status.in_(over))
    listed: Sequence[list[str]] = session.scalars(select(Dismissal.trigger_events).where(*mine)).all()
    return {event for events in listed for event in events}


def revoke(session: Session, actor: Actor, dismissal: Dismissal, reason: str) -> None:
    """A decision found wrong later: the record stays, with 撤销 and the reason; it speaks against nobody any more."""
    change_status(session, actor, dismissal, DismissalStatus.REVOKED, reason)
    ended = dismissal.appointment
    ended.end_item, ended.end_ground = None, f"{ended.end_ground}（解聘决定已撤销）"
    session.flush()
