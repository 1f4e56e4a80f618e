"""主动调研与工作建议: own surveys, suggestions, the replies and the measures that follow (第七条(二)、第八条(一))."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from processes.db import Base
from processes.errors import NotFound
from processes.forms.wording import Wording
from processes.identity.models import Organization, Person, Unit
from processes.messages import message
from processes.registers.history import Stateful, life


class SurveyStatus(StrEnum):
    """How a survey stands: on record, or seen by the district as on-site guidance or as none."""

    RECORDED = "recorded"
    ASKED = "asked"
    GUIDANCE = "guidance"
    NO_GUIDANCE = "no_guidance"


_V = SurveyStatus
SURVEY_STATUSES: dict[str, Wording] = {
    _V.RECORDED: Wording("已登记", "On record"),
    _V.ASKED: Wording("待区县确认", "To be confirmed"),
    _V.GUIDANCE: Wording("确认为实地指导", "Confirmed as on-site guidance"),
    _V.NO_GUIDANCE: Wording("调研，不计实地指导", "Survey only"),
}


class Survey(Stateful, Base):
    """One survey that a planner made of own motion."""

    __tablename__ = "survey"
    __table_args__ = (Index("ix_survey_person_id_day", "person_id", "day"),)
    STATUSES = SURVEY_STATUSES
    LIFE = life((_V.RECORDED, (_V.ASKED,)), (_V.ASKED, (_V.GUIDANCE, _V.NO_GUIDANCE)))

    number: Mapped[str] = mapped_column(unique=True)
    """E.g. `调研-2026-0001`."""
    case_id: Mapped[UUID] = mapped_column(index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"), index=True)
    day: Mapped[date]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    place: Mapped[str]
    kind: Mapped[str]
    """What it was about, a `ServiceKind`."""
    subject: Mapped[str]
    people_met: Mapped[str] = mapped_column(default="")
    findings: Mapped[str]
    problems: Mapped[str] = mapped_column(default="")
    travel_days: Mapped[int] = mapped_column(default=0)
    """In halves of a day."""
    recorded_on: Mapped[date]
    confirmed_on: Mapped[date | None]
    confirmed_by: Mapped[str] = mapped_column(default="")
    confirm_reason: Mapped[str] = mapped_column(default="")
    attendance_id: Mapped[UUID | None] = mapped_column(ForeignKey("attendance.id"))
    """The record that counts as a visit, once the district has confirmed on-site guidance (第八条(六))."""

    person: Mapped[Person] = relationship()
    unit: Mapped[Unit] = relationship()


class Reply(StrEnum):
    """What was made of a suggestion."""

    ADOPTED = "adopted"
    PARTLY = "partly"
    STUDIED = "studied"
    REJECTED = "rejected"


REPLIES: dict[str, Wording] = {
    Reply.ADOPTED: Wording("采纳", "Adopted"),
    Reply.PARTLY: Wording("部分采纳", "Partly adopted"),
    Reply.STUDIED: Wording("留作研究", "Kept for study"),
    Reply.REJECTED: Wording("不采纳", "Not adopted"),
}


class SuggestionStatus(StrEnum):
    """How a suggestion stands."""

    SENT = "sent"
    RECEIVED = "received"
    UNANSWERED = "unanswered"
    REPLIED = "replied"
    CARRIED_OUT = "carried_out"
    CLOSED = "closed"


_S = SuggestionStatus
SUGGESTION_STATUSES: dict[str, Wording] = {
    _S.SENT: Wording("待签收", "Sent"),
    _S.RECEIVED: Wording("研究中", "Being studied"),
    _S.UNANSWERED: Wording("逾期未复，已列入季度通报", "No reply, listed in the quarter report"),
    _S.REPLIED: Wording("已答复", "Replied"),
    _S.CARRIED_OUT: Wording("措施已落实", "Measures done"),
    _S.CLOSED: Wording("未复关闭", "Closed without a reply"),
}


class Suggestion(Stateful, Base):
    """A suggestion to the district government or its bureau; to the city bureau where it is about another district."""

    __tablename__ = "suggestion"
    __table_args__ = (Index("ix_suggestion_unit_id_sent_on", "unit_id", "sent_on"),)
    STATUSES = SUGGESTION_STATUSES
    LIFE = life(
        (_S.SENT, (_S.RECEIVED, _S.UNANSWERED, _S.REPLIED, _S.CLOSED)),
        (_S.RECEIVED, (_S.UNANSWERED, _S.REPLIED, _S.CLOSED)),
        (_S.UNANSWERED, (_S.RECEIVED, _S.REPLIED, _S.CLOSED)),
        (_S.REPLIED, (_S.CARRIED_OUT,)),
    )

    number: Mapped[str] = mapped_column(unique=True)
    """Number of the letter (T18)."""
    case_id: Mapped[UUID] = mapped_column(index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"))
    addressee_id: Mapped[str] = mapped_column(ForeignKey("organization.id"), index=True)
    survey_id: Mapped[UUID | None] = mapped_column(ForeignKey("survey.id"))
    subject: Mapped[str]
    problem: Mapped[str]
    cause: Mapped[str] = mapped_column(default="")
    proposal: Mapped[str]
    urgent: Mapped[bool] = mapped_column(default=False)
    sensitive: Mapped[bool] = mapped_column(default=False)
    """Its text is for the addressee and the city bureau only."""
    copied_to_city: Mapped[bool] = mapped_column(default=False)
    sent_on: Mapped[date]
    due_on: Mapped[date]
    """Day of the reply: 20 working days, 5 where it is urgent (D)."""
    received_on: Mapped[date | None]
    listed_on: Mapped[date | None]
    """Day on which it was listed for the quarter report, 20 working days after the reply was due (D)."""
    decision: Mapped[str] = mapped_column(default="")
    """A `Reply`; empty while there is none."""
    reply: Mapped[str] = mapped_column(default="")
    replied_on: Mapped[date | None]
    replied_by: Mapped[str] = mapped_column(default="")
    rating: Mapped[int | None]
    """The planner's rating of the reply, 1 to 5."""
    rating_note: Mapped[str] = mapped_column(default="")
    closed_why: Mapped[str] = mapped_column(default="")

    person: Mapped[Person] = relationship()
    unit: Mapped[Unit] = relationship()
    addressee: Mapped[Organization] = relationship()
    measures: Mapped[list[Measure]] = relationship(back_populates="suggestion", order_by="Measure.place")


MEASURE_STATES: dict[str, Wording] = {
    "open": Wording("推进中", "Going on"),
    "done": Wording("已落实", "Done"),
    "failed": Wording("无法落实", "Cannot be done"),
}


class Measure(Base):
    """What the district undertook to do about a suggestion."""

    __tablename__ = "measure"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    suggestion_id: Mapped[UUID] = mapped_column(ForeignKey("suggestion.id"), index=True)
    place: Mapped[int]
    text: Mapped[str]
    owner: Mapped[str] = mapped_column(default="")
    due_on: Mapped[date]
    state: Mapped[str] = mapped_column(default="open", index=True)
    note: Mapped[str] = mapped_column(default="")
    reported_on: Mapped[date | None]

    suggestion: Mapped[Suggestion] = relationship(back_populates="measures")


def survey_of(session: Session, survey_id: UUID) -> Survey:
    """The survey, or `NotFound`."""
    found = session.get(Survey, survey_id)
    if found is None:
        raise NotFound(message("未找到该调研记录。"))
    return found


def suggestion_of(session: Session, suggestion_id: UUID) -> Suggestion:
    """The suggestion, or `NotFound`."""
    found = session.get(Suggestion, suggestion_id)
    if found is None:
        raise NotFound(message("未找到该工作建议。"))
    return found


def surveys_by(session: Session, person_id: UUID, first: date, last: date) -> Sequence[Survey]:
    """The surveys of a planner in a span of days."""
    mine = (Survey.person_id == person_id, Survey.day.between(first, last))
    return session.scalars(select(Survey).where(*mine).order_by(Survey.day, Survey.id)).all()


def last_surveys(session: Session) -> dict[UUID, date]:
    """The day of each planner's last survey."""
    rows = session.execute(select(Survey.person_id, func.max(Survey.day)).group_by(Survey.person_id))
    return {person_id: day for person_id, day in rows}


def unanswered(session: Session, unit_id: str | None = None, until: date | None = None) -> Sequence[Suggestion]:
    """Suggestions without a reply that the quarter report lists, the oldest first."""
    found = select(Suggestion).where(Suggestion.listed_on.is_not(None), Suggestion.decision == "")
    if unit_id is not None:
        found = found.where(Suggestion.unit_id == unit_id)
    if until is not None:
        found = found.where(Suggestion.listed_on <= until)
    return session.scalars(found.order_by(Suggestion.sent_on, Suggestion.id)).all()


def adoption(session: Session, person_id: UUID, first: date, last: date) -> tuple[int, int, int]:
    """A planner's suggestions of a span of days: how many were sent, answered, and adopted in whole or part."""
    mine = (Suggestion.person_id == person_id, Suggestion.sent_on.between(first, last))
    decisions = session.scalars(select(Suggestion.decision).where(*mine)).all()
    adopted = sum(1 for each in decisions if each in (Reply.ADOPTED, Reply.PARTLY))
    return len(decisions), sum(1 for each in decisions if each), adopted
