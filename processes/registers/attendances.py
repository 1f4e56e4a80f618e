"""活动与出席: what became of each invitation, as a log of outcomes that only grows (第七条(三)、第十五条(三))."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from processes import clock
from processes.db import Base
from processes.errors import NotFound
from processes.forms.wording import Wording
from processes.identity.actor import Actor
from processes.identity.models import Person
from processes.messages import message
from processes.registers.activities import Activity
from processes.registers.appointments import Appointment
from processes.registers.only_growing import refuse_changes
from processes.registers.opinions import Opinion


class Standing(StrEnum):
    """How an invitation stands; the outcomes that count are those of `rules.absence.Outcome`."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    LEAVE_ASKED = "leave_asked"
    WRITTEN_ASKED = "written_asked"
    DECLINED = "declined"
    ATTENDED = "attended"
    WRITTEN_ACCEPTED = "written_accepted"
    PENDING = "pending"
    EXCUSED = "excused"
    UNEXCUSED = "unexcused"
    LATE_NOTICE = "late_notice"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"


PRESENT = (Standing.ATTENDED, Standing.WRITTEN_ACCEPTED)
"""How whoever served stands: came, or wrote instead with the host's consent."""
UNSETTLED = (Standing.INVITED, Standing.ACCEPTED, Standing.LEAVE_ASKED, Standing.WRITTEN_ASKED, Standing.PENDING)
"""Where nobody has said yet what came of the invitation."""
_S = Standing
STANDINGS: dict[str, Wording] = {
    _S.INVITED: Wording("已邀请", "Invited"),
    _S.ACCEPTED: Wording("接受", "Accepted"),
    _S.LEAVE_ASKED: Wording("请假待定", "Leave asked for"),
    _S.WRITTEN_ASKED: Wording("申请改书面", "Asked to write instead"),
    _S.DECLINED: Wording("婉拒（非义务）", "Declined, no duty"),
    _S.ATTENDED: Wording("参加", "Attended"),
    _S.WRITTEN_ACCEPTED: Wording("书面参加", "Took part in writing"),
    _S.PENDING: Wording("未参加待说明", "Absent, to be explained"),
    _S.EXCUSED: Wording("有正当理由", "Excused"),
    _S.UNEXCUSED: Wording("无正当理由", "Unexcused"),
    _S.LATE_NOTICE: Wording("不计（通知过迟）", "Not counted: late notice"),
    _S.CANCELLED: Wording("取消", "Cancelled"),
    _S.POSTPONED: Wording("延期", "Postponed"),
}


class RecordState(StrEnum):
    """How the record of a planner's service at an activity stands (第十二条)."""

    NONE = "none"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


RECORD_STATES: dict[str, Wording] = {
    RecordState.NONE: Wording("—", "—"),
    RecordState.DRAFT: Wording("待填写", "To be written"),
    RecordState.SUBMITTED: Wording("待确认", "To be confirmed"),
    RecordState.CONFIRMED: Wording("已确认", "Confirmed"),
    RecordState.REJECTED: Wording("退回", "Returned"),
}


class Attendance(Base):
    """One planner at one activity: how the invitation stands now, and the record of the service given."""

    __tablename__ = "attendance"
    __table_args__ = (
        UniqueConstraint("activity_id", "person_id"),
        Index("ix_attendance_person_id_standing", "person_id", "standing"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activity.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    appointment_id: Mapped[UUID] = mapped_column(ForeignKey("appointment.id"), index=True)
    """The appointment under which the planner was invited."""
    standing: Mapped[str]
    """The newest outcome of the log."""
    countable: Mapped[bool] = mapped_column(default=True)
    """Whether an absence would count: enough notice or accepted, and no option of 第八条(三) (R20)."""
    answered_on: Mapped[date | None]
    record: Mapped[str] = mapped_column(default=RecordState.NONE, index=True)
    recorded_on: Mapped[date | None]
    """Day on which the planner sent the record."""
    confirmed_on: Mapped[date | None]
    confirmed_by: Mapped[str] = mapped_column(default="")
    actual_start: Mapped[datetime | None]
    actual_end: Mapped[datetime | None]
    punctual: Mapped[bool | None]
    summary: Mapped[str] = mapped_column(default="")
    travel_days: Mapped[int] = mapped_column(default=0)
    """In halves of a day."""
    quality: Mapped[int | None]
    """The district's rating of the opinions, 0 to 100; reserved views are not shown with it (第九条(三))."""
    conflict: Mapped[bool] = mapped_column(default=False)
    """The planner's employer drew up a scheme."""
    support_note: Mapped[str] = mapped_column(default="")
    """What the planner says about the district's support (第十二条)."""

    activity: Mapped[Activity] = relationship()
    person: Mapped[Person] = relationship()
    appointment: Mapped[Appointment] = relationship()
    outcomes: Mapped[list[OutcomeEntry]] = relationship(back_populates="attendance", order_by="OutcomeEntry.id")
    opinions: Mapped[list[Opinion]] = relationship(order_by="Opinion.signed_at")


class OutcomeEntry(Base):
    """One entry of the log: what was found, when, by whom and why; never changed, a later entry takes its place."""

    __tablename__ = "outcome_entry"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    attendance_id: Mapped[UUID] = mapped_column(ForeignKey("attendance.id"), index=True)
    at: Mapped[datetime]
    standing: Mapped[str]
    reason_kind: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    person: Mapped[str]
    body: Mapped[str] = mapped_column(default="")
    """The bureau that found it, where a bureau did."""
    submission_id: Mapped[UUID | None]
    """The form on which it rests."""

    attendance: Mapped[Attendance] = relationship(back_populates="outcomes")


refuse_changes(OutcomeEntry)


def stand(session: Session, actor: Actor, attendance: Attendance, standing: Standing, **ground: object) -> OutcomeEntry:
    """Write an outcome into the log; it is how the invitation stands from now on."""
    entry = OutcomeEntry(
        attendance_id=attendance.id, at=clock.now(), standing=standing, person_id=actor.person_id,
        person=actor.name, **ground,
    )  # fmt: skip
    session.add(entry)
    attendance.standing = standing
    session.flush()
    return entry


def attendance_of(session: Session, attendance_id: UUID) -> Attendance:
    """The attendance, or `NotFound`."""
    found = session.get(Attendance, attendance_id)
    if found is None:
        raise NotFound(message("未找到该出席记录。"))
    return found


def attendances_of(session: Session, activity_id: UUID) -> Sequence[Attendance]:
    """Everybody who was invited to an activity, in a lasting order."""
    invited = select(Attendance).where(Attendance.activity_id == activity_id)
    return session.scalars(invited.order_by(Attendance.id)).all()
