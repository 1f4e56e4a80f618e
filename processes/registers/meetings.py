"""会议、培训与人才培养: meetings of the city bureau, who came, and training that planners give
(第七条(四)(五)、第八条(五)、第九条(二)、第十一条)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from processes import clock
from processes.db import Base
from processes.errors import NotFound
from processes.forms.wording import Wording
from processes.identity.models import Person, Unit
from processes.messages import message
from processes.registers.history import Stateful, life
from processes.rules.absence import AttendanceEvent, Outcome


class MeetingKind(StrEnum):
    """What a meeting is for (第十一条)."""

    DEPLOYMENT = "deployment"
    SUMMARY = "summary"
    TRAINING = "training"
    EXCHANGE = "exchange"
    TOPIC = "topic"


MEETING_KINDS: dict[str, Wording] = {
    MeetingKind.DEPLOYMENT: Wording("工作部署", "Deployment"),
    MeetingKind.SUMMARY: Wording("工作总结", "Summary"),
    MeetingKind.TRAINING: Wording("培训", "Training"),
    MeetingKind.EXCHANGE: Wording("交流", "Exchange"),
    MeetingKind.TOPIC: Wording("专题咨询", "Topic consultation"),
}


class MeetingStatus(StrEnum):
    """How a meeting stands."""

    PLANNED = "planned"
    CALLED = "called"
    HELD = "held"
    CANCELLED = "cancelled"


_S = MeetingStatus
MEETING_STATUSES: dict[str, Wording] = {
    _S.PLANNED: Wording("列入计划", "Planned"),
    _S.CALLED: Wording("已通知", "Called"),
    _S.HELD: Wording("已举行", "Held"),
    _S.CANCELLED: Wording("取消", "Cancelled"),
}


class Meeting(Stateful, Base):
    """One meeting or training of the city bureau; an absence of 第十五条(三) only where both bureaus read it so."""

    __tablename__ = "meeting"
    STATUSES = MEETING_STATUSES
    LIFE = life((_S.PLANNED, (_S.CALLED, _S.CANCELLED)), (_S.CALLED, (_S.HELD, _S.CANCELLED)))

    number: Mapped[str] = mapped_column(default="", index=True)
    """发文字号 of the notice (T22)."""
    case_id: Mapped[UUID | None] = mapped_column(index=True)
    kind: Mapped[str]
    title: Mapped[str]
    planned_on: Mapped[date | None]
    """The day in the yearly plan."""
    starts_at: Mapped[datetime | None]
    starts_on: Mapped[date | None] = mapped_column(index=True)
    ends_at: Mapped[datetime | None]
    place: Mapped[str] = mapped_column(default="")
    agenda: Mapped[str] = mapped_column(default="")
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("unit.id"))
    """The unit that a topic consultation serves."""
    sent_on: Mapped[date | None]
    half_hours: Mapped[int] = mapped_column(default=0)
    """Hours of training, in halves."""
    left_out: Mapped[str] = mapped_column(default="")
    """Planners in office who were not invited, and why (第九条(二))."""
    minutes: Mapped[str] = mapped_column(default="")
    cancelled_why: Mapped[str] = mapped_column(default="")

    unit: Mapped[Unit | None] = relationship()
    attendances: Mapped[list[MeetingAttendance]] = relationship(back_populates="meeting")


class Presence(StrEnum):
    """How a planner took part."""

    OPEN = "open"
    THERE = "there"
    ONLINE = "online"
    LEAVE = "leave"
    AWAY = "away"


PRESENCES: dict[str, Wording] = {
    Presence.OPEN: Wording("—", "—"),
    Presence.THERE: Wording("到会", "There"),
    Presence.ONLINE: Wording("线上", "Online"),
    Presence.LEAVE: Wording("请假", "Leave"),
    Presence.AWAY: Wording("未到", "Away"),
}
ANSWERS: dict[str, Wording] = {
    "": Wording("未答复", "No answer"),
    "coming": Wording("报名", "Coming"),
    "online": Wording("线上参加", "Online"),
    "leave": Wording("请假", "Leave"),
}


class MeetingAttendance(Base):
    """One planner invited to one meeting."""

    __tablename__ = "meeting_attendance"
    __table_args__ = (UniqueConstraint("meeting_id", "person_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    answer: Mapped[str] = mapped_column(default="")
    reason_kind: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    answered_on: Mapped[date | None]
    presence: Mapped[str] = mapped_column(default=Presence.OPEN)
    half_hours: Mapped[int] = mapped_column(default=0)
    countable: Mapped[bool] = mapped_column(default=True)
    """The notice left time, or the planner had said yes: staying away would count where meetings count (R20)."""

    meeting: Mapped[Meeting] = relationship(back_populates="attendances")
    person: Mapped[Person] = relationship()


TRAINING_KINDS: dict[str, Wording] = {
    "course": Wording("业务培训", "Training"),
    "mentoring": Wording("带教指导", "Mentoring"),
}
TRAINING_STATUSES: dict[str, Wording] = {
    "submitted": Wording("待确认", "To be confirmed"),
    "confirmed": Wording("已确认", "Confirmed"),
    "rejected": Wording("退回", "Returned"),
}


class TrainingGiven(Stateful, Base):
    """Training or mentoring that a planner gave to people of a district; it counts once the district confirms it."""

    __tablename__ = "training_given"
    __table_args__ = (Index("ix_training_given_person_id_day", "person_id", "day"),)
    STATUSES = TRAINING_STATUSES
    LIFE = life(("submitted", ("confirmed", "rejected")), ("rejected", ("submitted",)))

    number: Mapped[str] = mapped_column(default="")
    """Number of the proof."""
    case_id: Mapped[UUID] = mapped_column(unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"), index=True)
    kind: Mapped[str]
    topic: Mapped[str]
    day: Mapped[date]
    place: Mapped[str] = mapped_column(default="")
    half_hours: Mapped[int]
    participants: Mapped[str]
    people: Mapped[int]
    content: Mapped[str]
    confirmed_on: Mapped[date | None]
    confirmed_by: Mapped[str] = mapped_column(default="")
    return_reason: Mapped[str] = mapped_column(default="")

    person: Mapped[Person] = relationship()
    unit: Mapped[Unit] = relationship()


@dataclass(frozen=True)
class Hours:
    """What a planner did for training in a span of days; hours in halves."""

    meetings_invited: int
    meetings_attended: int
    half_hours_learned: int
    trainings_given: int
    people_trained: int
    half_hours_given: int


def meeting_of(session: Session, meeting_id: UUID) -> Meeting:
    """The meeting, or `NotFound`."""
    found = session.get(Meeting, meeting_id)
    if found is None:
        raise NotFound(message("未找到该会议。"))
    return found


def meetings_on(session: Session, person_id: UUID, day: date) -> Sequence[Meeting]:
    """The meetings to which a planner is invited on a day."""
    called = (Meeting.starts_on == day, Meeting.status.in_((MeetingStatus.CALLED, MeetingStatus.HELD)))
    mine = MeetingAttendance.person_id == person_id
    found = select(Meeting).join(MeetingAttendance).where(*called, mine)
    return session.scalars(found.order_by(Meeting.starts_at)).all()


def planned_in(session: Session, year: int) -> Sequence[Meeting]:
    """The meetings of a year's plan that have not been called yet."""
    days = (date(year, 1, 1), date(year, 12, 31))
    waiting = (Meeting.status == MeetingStatus.PLANNED, Meeting.planned_on.between(*days))
    return session.scalars(select(Meeting).where(*waiting).order_by(Meeting.planned_on, Meeting.id)).all()


def meeting_events(
    session: Session, person_ids: Collection[UUID], until: date | None = None
) -> list[tuple[UUID, AttendanceEvent]]:
    """Meetings that were held, as R07 reads them where meetings count; a topic consultation is an activity already."""
    held = (Meeting.status == MeetingStatus.HELD, Meeting.kind != MeetingKind.TOPIC)
    mine = (MeetingAttendance.person_id.in_(list(person_ids)), MeetingAttendance.presence != Presence.OPEN)
    found = select(MeetingAttendance, Meeting.starts_at).join(Meeting).where(*held, *mine)
    if until is not None:
        found = found.where(Meeting.starts_on <= until)
    return [
        (each.person_id, AttendanceEvent(str(each.id), clock.local(at), _outcome(each)))
        for each, at in session.execute(found.order_by(Meeting.starts_at, MeetingAttendance.id))
        if at is not None
    ]


def _outcome(attendance: MeetingAttendance) -> Outcome:
    """What the city bureau has found in its minutes: there, on leave that was granted, or away without leave."""
    if attendance.presence in (Presence.THERE, Presence.ONLINE):
        return Outcome.ATTENDED
    if attendance.presence == Presence.LEAVE:
        return Outcome.EXCUSED
    return Outcome.UNEXCUSED if attendance.countable else Outcome.LATE_NOTICE


def hours_of(session: Session, person_id: UUID, first: date, last: date) -> Hours:
    """Meetings attended, hours learned, training given and confirmed, of one planner in a span of days."""
    held = (Meeting.status == MeetingStatus.HELD, Meeting.starts_on.between(first, last))
    mine = select(MeetingAttendance).join(Meeting).where(MeetingAttendance.person_id == person_id, *held)
    invited = session.scalars(mine).all()
    there = [each for each in invited if each.presence in (Presence.THERE, Presence.ONLINE)]
    given = session.scalars(
        select(TrainingGiven).where(
            TrainingGiven.person_id == person_id,
            TrainingGiven.status == "confirmed",
            TrainingGiven.day.between(first, last),
        )
    ).all()
    return Hours(
        meetings_invited=len(invited),
        meetings_attended=len(there),
        half_hours_learned=sum(each.half_hours for each in there),
        trainings_given=len(given),
        people_trained=sum(each.people for each in given),
        half_hours_given=sum(each.half_hours for each in given),
    )
