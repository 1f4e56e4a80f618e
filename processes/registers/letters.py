"""函件: what was sent to whom under which number, what was replied, and what was decided where nobody replied."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from processes import clock
from processes.db import Base
from processes.errors import NotFound
from processes.forms.wording import Wording
from processes.identity.actor import Actor
from processes.identity.models import Organization, Unit
from processes.messages import message
from processes.registers.history import Stateful, change_status, enter, life
from processes.registers.nominations import Nomination


class LetterKind(StrEnum):
    """What a letter is about."""

    NEED_SURVEY = "need_survey"
    CONSULTATION = "consultation"
    PUBLICATION = "publication"


LETTER_KINDS: dict[str, Wording] = {
    LetterKind.NEED_SURVEY: Wording("需求调查通知", "Needs survey"),
    LetterKind.CONSULTATION: Wording("征求意见函", "Consultation letter"),
    LetterKind.PUBLICATION: Wording("名单公布通知", "Publication of the list"),
}


class LetterStatus(StrEnum):
    """How a letter stands; silence is no reply and no consent (第六条(四))."""

    SENT = "sent"
    WAITING = "waiting"
    REPLIED = "replied"
    DECIDED_WITHOUT_REPLY = "decided_without_reply"
    SUPERSEDED = "superseded"


_S = LetterStatus
LETTER_STATUSES: dict[str, Wording] = {
    _S.SENT: Wording("已发出", "Sent"),
    _S.WAITING: Wording("待复函", "Waiting for a reply"),
    _S.REPLIED: Wording("已复函", "Replied"),
    _S.DECIDED_WITHOUT_REPLY: Wording("未复函，已研究处理", "No reply, decided"),
    _S.SUPERSEDED: Wording("已另行发函", "Superseded"),
}


class Letter(Stateful, Base):
    """One letter to one organization."""

    __tablename__ = "letter"
    __table_args__ = (
        Index("ix_letter_round_id_kind", "round_id", "kind"),
        Index("ix_letter_sent_on_number", "sent_on", "number"),
        Index("ix_letter_unit_id_sent_on_number", "unit_id", "sent_on", "number"),
    )
    STATUSES = LETTER_STATUSES
    LIFE = life(
        (_S.SENT, (_S.SUPERSEDED,)),
        (_S.WAITING, (_S.REPLIED, _S.DECIDED_WITHOUT_REPLY, _S.SUPERSEDED)),
        (_S.REPLIED, (_S.SUPERSEDED,)),
        (_S.DECIDED_WITHOUT_REPLY, (_S.REPLIED, _S.SUPERSEDED)),
    )

    number: Mapped[str] = mapped_column(index=True)
    """发文字号; letters of one notice to all districts share it."""
    kind: Mapped[str]
    round_id: Mapped[UUID | None] = mapped_column(ForeignKey("round.id"))
    case_id: Mapped[UUID | None] = mapped_column(index=True)
    organization_id: Mapped[str] = mapped_column(ForeignKey("organization.id"), index=True)
    addressee: Mapped[str]
    """The organization's name on the day it was sent."""
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("unit.id"))
    subject: Mapped[str]
    sent_on: Mapped[date]
    due_on: Mapped[date | None]
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    replied_on: Mapped[date | None]
    """Day of the reply as it says itself."""
    received_at: Mapped[datetime | None]
    received_by: Mapped[str] = mapped_column(default="")
    opinion: Mapped[str] = mapped_column(default="")
    """`同意`, `同意并提出建议` or `不同意`; empty while there is no reply."""
    advice: Mapped[str] = mapped_column(default="")
    other_wish: Mapped[str] = mapped_column(default="")
    """What other person the district would like."""
    reply_no: Mapped[str] = mapped_column(default="")
    reply_file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    mediation: Mapped[str] = mapped_column(default="")
    """What came of talks after an objection, by whom."""
    silence_decision: Mapped[str] = mapped_column(default="")
    """What a leader decided about the missing reply, in the words of the form."""
    silence_reason: Mapped[str] = mapped_column(default="")
    silence_by: Mapped[str] = mapped_column(default="")
    silence_at: Mapped[datetime | None]
    list_decision: Mapped[str] = mapped_column(default="")
    """What the decision of the list says about the missing reply, with the reason (第六条(五))."""
    superseded_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("letter.id"))

    organization: Mapped[Organization] = relationship()
    unit: Mapped[Unit | None] = relationship()
    nominations: Mapped[list[LetterNominee]] = relationship(
        back_populates="letter", order_by="LetterNominee.place", cascade="all, delete-orphan"
    )


class LetterNominee(Base):
    """A nomination that a consultation letter asks about."""

    __tablename__ = "letter_nominee"

    letter_id: Mapped[UUID] = mapped_column(ForeignKey("letter.id"), primary_key=True)
    nomination_id: Mapped[UUID] = mapped_column(ForeignKey("nomination.id"), primary_key=True)
    place: Mapped[int]
    objected: Mapped[bool] = mapped_column(default=False)
    """The district does not agree with this person."""

    letter: Mapped[Letter] = relationship(back_populates="nominations")
    nomination: Mapped[Nomination] = relationship()


def send_letter(
    session: Session, actor: Actor, addressee: Organization, nominations: Sequence[Nomination] = (), **facts: Any
) -> Letter:
    """Enter a letter as sent; one that asks for a reply waits from now on."""
    status = LetterStatus.WAITING if facts.get("kind") == LetterKind.CONSULTATION else LetterStatus.SENT
    letter = Letter(
        organization_id=addressee.id, addressee=addressee.name, unit_id=addressee.unit_id, status=status, **facts
    )
    letter.nominations = [
        LetterNominee(nomination=each, place=place) for place, each in enumerate(nominations, start=1)
    ]
    enter(session, actor, letter)
    return letter


def letter_of(session: Session, letter_id: UUID) -> Letter:
    """The letter, or `NotFound`."""
    found = session.get(Letter, letter_id)
    if found is None:
        raise NotFound(message("未找到该函件。"))
    return found


def receive_reply(session: Session, actor: Actor, letter: Letter, **content: Any) -> None:
    """Write down a reply."""
    for name, value in content.items():
        setattr(letter, name, value)
    letter.received_at, letter.received_by = clock.now(), actor.name
    change_status(session, actor, letter, LetterStatus.REPLIED, letter.opinion)


def decide_silence(session: Session, actor: Actor, letter: Letter, decision: str, reason: str, *, ends: bool) -> None:
    """Write down what a leader decided about a missing reply; only some decisions end the waiting."""
    letter.silence_decision, letter.silence_reason = decision, reason
    letter.silence_by, letter.silence_at = actor.name, clock.now()
    if ends:
        change_status(session, actor, letter, LetterStatus.DECIDED_WITHOUT_REPLY, f"{decision}：{reason}")


def supersede(session: Session, actor: Actor, old: Letter, new: Letter, reason: str) -> None:
    """Let a new letter stand for an old one."""
    old.superseded_by_id = new.id
    change_status(session, actor, old, LetterStatus.SUPERSEDED, reason)


def consultation_letters(session: Session, round_id: UUID) -> Sequence[Letter]:
    """The consultation letters of a round in the order of the units, older ones first."""
    mine = (Letter.round_id == round_id, Letter.kind == LetterKind.CONSULTATION)
    ordered = select(Letter).outerjoin(Letter.unit).where(*mine)
    return session.scalars(ordered.order_by(Unit.place, Letter.sent_on, Letter.number)).all()


def letters_about(session: Session, nomination_id: UUID) -> Sequence[Letter]:
    """The letters that asked about a nomination, the latest first."""
    mine = select(Letter).join(LetterNominee).where(LetterNominee.nomination_id == nomination_id)
    return session.scalars(mine.order_by(Letter.sent_on.desc(), Letter.number.desc())).all()


def was_consulted(session: Session, application_id: UUID, unit_id: str) -> bool:
    """Whether the government of a unit, or of the one that follows it, was asked about a person."""
    asked = (
        select(func.count())
        .select_from(Letter)
        .join(LetterNominee)
        .join(Nomination, Nomination.id == LetterNominee.nomination_id)
        .where(Nomination.application_id == application_id, Letter.unit_id == unit_id)
    )
    return bool(session.scalar(asked))


def has_objected(session: Session, nomination_id: UUID) -> bool:
    """Whether the district has objected to a person as nominated."""
    asked = select(LetterNominee.nomination_id).where(LetterNominee.nomination_id == nomination_id)
    return session.scalar(asked.where(LetterNominee.objected.is_(True)).limit(1)) is not None


def objections_to(session: Session, post_id: UUID) -> int:
    """How often the district has objected to a person for a post."""
    asked = (
        select(func.count())
        .select_from(LetterNominee)
        .join(Nomination, Nomination.id == LetterNominee.nomination_id)
        .where(Nomination.post_id == post_id, LetterNominee.objected.is_(True))
    )
    return session.scalar(asked) or 0
