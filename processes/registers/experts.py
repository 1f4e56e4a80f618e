"""专家库: people who may serve as chief planners, have served, or serve now (第十条)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from processes import clock
from processes.db import Base
from processes.errors import NotFound
from processes.forms.wording import Wording
from processes.identity.actor import Actor
from processes.identity.models import Organization, Person
from processes.messages import message
from processes.registers.history import Stateful, change_status, enter, life


class ExpertStatus(StrEnum):
    """How a person stands in the library."""

    CANDIDATE = "candidate"
    IN_OFFICE = "in_office"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    DISMISSED = "dismissed"
    INACTIVE = "inactive"


_S = ExpertStatus
EXPERT_STATUSES: dict[str, Wording] = {
    _S.CANDIDATE: Wording("候选", "Candidate"),
    _S.IN_OFFICE: Wording("在聘", "In office"),
    _S.EXPIRED: Wording("届满", "Term over"),
    _S.WITHDRAWN: Wording("退出", "Withdrawn"),
    _S.DISMISSED: Wording("解聘", "Dismissed"),
    _S.INACTIVE: Wording("停用", "Inactive"),
}


class Expert(Stateful, Base):
    """A person in the library, once."""

    __tablename__ = "expert"
    __table_args__ = (Index("ix_expert_name", "name", "id"),)
    STATUSES = EXPERT_STATUSES
    LIFE = life(
        (_S.CANDIDATE, (_S.IN_OFFICE, _S.INACTIVE)),
        (_S.IN_OFFICE, (_S.EXPIRED, _S.WITHDRAWN, _S.DISMISSED)),
        (_S.EXPIRED, (_S.CANDIDATE, _S.IN_OFFICE, _S.INACTIVE)),
        (_S.WITHDRAWN, (_S.CANDIDATE, _S.IN_OFFICE, _S.INACTIVE)),
        (_S.DISMISSED, (_S.CANDIDATE, _S.IN_OFFICE, _S.INACTIVE)),
        (_S.INACTIVE, (_S.CANDIDATE,)),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), unique=True)
    name: Mapped[str]
    employer_id: Mapped[str | None] = mapped_column(ForeignKey("organization.id"), index=True)
    title_level: Mapped[str] = mapped_column(default="")
    title_name: Mapped[str] = mapped_column(default="")
    planner_cert: Mapped[str] = mapped_column(default="")
    planner_cert_no: Mapped[str] = mapped_column(default="")
    specialties: Mapped[list[str]] = mapped_column(default=list)
    route: Mapped[str] = mapped_column(default="")
    """On which route of 第四条(二) the person was found fit."""
    cert_valid_until: Mapped[date | None]
    """Last day of the registration; its end is a reminder and removes nobody from the library."""
    checked_on: Mapped[date | None]
    """Day on which the person last checked the record."""
    minimised_on: Mapped[date | None]
    """Day on which personal data were removed at the person's wish."""
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("expert.id"))
    """The record of the same person that took this one's place."""
    entered_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    person: Mapped[Person] = relationship()
    employer: Mapped[Organization | None] = relationship()
    notes: Mapped[list[ExpertNote]] = relationship(order_by="ExpertNote.at")


class ExpertNote(Base):
    """Something to be remembered about a person in the library."""

    __tablename__ = "expert_note"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    expert_id: Mapped[UUID] = mapped_column(ForeignKey("expert.id"), index=True)
    at: Mapped[datetime]
    person: Mapped[str]
    text: Mapped[str]


def enter_library(session: Session, actor: Actor, person: Person, reason: str, **facts: Any) -> Expert:
    """Put a person into the library as a candidate, or bring up to date what it says; never twice."""
    now = clock.now()
    expert = expert_for(session, person.id)
    if expert is None:
        expert = Expert(
            person_id=person.id,
            name=person.name,
            status=ExpertStatus.CANDIDATE,
            entered_at=now,
            changed_at=now,
            **facts,
        )
        enter(session, actor, expert, reason)
        return expert
    for name, value in facts.items():
        setattr(expert, name, value)
    expert.name, expert.changed_at = person.name, now
    return expert


def expert_for(session: Session, person_id: UUID) -> Expert | None:
    """The library's record of a person."""
    return session.scalar(select(Expert).where(Expert.person_id == person_id))


def expert_of(session: Session, expert_id: UUID) -> Expert:
    """A record of the library, or `NotFound`."""
    found = session.get(Expert, expert_id)
    if found is None:
        raise NotFound(message("未找到该专家库记录。"))
    return found


def employer_of(session: Session, person_id: UUID) -> Organization | None:
    """Where a person of the library works."""
    found = expert_for(session, person_id)
    return session.get(Organization, found.employer_id) if found and found.employer_id else None


def take_office(session: Session, actor: Actor, expert: Expert, reason: str) -> None:
    """A candidate is appointed; a person who already serves stays in office."""
    if expert.status == ExpertStatus.INACTIVE:
        change_status(session, actor, expert, ExpertStatus.CANDIDATE, reason)
    change_status(session, actor, expert, ExpertStatus.IN_OFFICE, reason)


def deactivate(session: Session, actor: Actor, expert: Expert, reason: str) -> None:
    """Take a person who does not serve now out of the choice."""
    if expert.status != ExpertStatus.IN_OFFICE:
        change_status(session, actor, expert, ExpertStatus.INACTIVE, reason)


def note(session: Session, actor: Actor, expert: Expert, text: str) -> None:
    """Add a note to a person's record."""
    session.add(ExpertNote(expert_id=expert.id, at=clock.now(), person=actor.name, text=text))
