"""季度快照: a district's report and the city's notification of each quarter, as they were sent (第十二、十三条)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from processes.db import Base
from processes.errors import Invalid, NotFound
from processes.forms.wording import Wording
from processes.identity.actor import Actor
from processes.identity.models import Person, Unit
from processes.messages import message
from processes.registers.history import Stateful, enter, life
from processes.registers.only_growing import refuse_changes
from processes.rules.deadlines import Lateness, lateness
from processes.rules.quarters import Quarter


class ReportStatus(StrEnum):
    """How a district's report of a quarter stands."""

    DRAFTING = "drafting"
    SENT = "sent"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    MISSING = "missing"


_S = ReportStatus
REPORT_STATUSES: dict[str, Wording] = {
    _S.DRAFTING: Wording("编制", "Being written"),
    _S.SENT: Wording("已报送", "Sent"),
    _S.RETURNED: Wording("退回", "Returned"),
    _S.ACCEPTED: Wording("已接收", "Accepted"),
    _S.MISSING: Wording("未报送", "Not sent"),
}


class QuarterReport(Stateful, Base):
    """The report of one unit on one quarter; what it says is in its snapshots."""

    __tablename__ = "quarter_report"
    __table_args__ = (
        UniqueConstraint("unit_id", "quarter"),
        Index("ix_quarter_report_quarter_status", "quarter", "status"),
    )
    STATUSES = REPORT_STATUSES
    LIFE = life(
        (_S.DRAFTING, (_S.SENT, _S.MISSING)),
        (_S.SENT, (_S.RETURNED, _S.ACCEPTED)),
        (_S.RETURNED, (_S.SENT, _S.MISSING)),
        (_S.MISSING, (_S.SENT,)),
        (_S.ACCEPTED, (_S.SENT,)),
    )
    """An accepted report is sent again only where the switch `quarter.late_record` reopens it."""

    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"))
    quarter: Mapped[str]
    """E.g. `2026Q3`."""
    case_id: Mapped[UUID | None] = mapped_column(index=True)
    due_on: Mapped[date]
    sent_on: Mapped[date | None]
    """Day of the first sending; a later one after a return does not make it late."""
    days_late: Mapped[int] = mapped_column(default=0)
    """Of the first sending, or until the report was closed as missing (R13)."""
    accepted_on: Mapped[date | None]
    zero: Mapped[bool] = mapped_column(default=False)
    returns: Mapped[int] = mapped_column(default=0)
    missing_reason: Mapped[str] = mapped_column(default="")
    urged_on: Mapped[date | None]
    """Day of the letter to the district government (T12)."""
    urged_number: Mapped[str] = mapped_column(default="")

    unit: Mapped[Unit] = relationship()
    snapshots: Mapped[list[QuarterSnapshot]] = relationship(back_populates="report", order_by="QuarterSnapshot.version")

    def late(self, as_of: date) -> Lateness:
        """Whether the first sending was in time (R13)."""
        return lateness(self.due_on, as_of, self.sent_on)

    @property
    def sent(self) -> QuarterSnapshot | None:
        """What was sent last."""
        return self.snapshots[-1] if self.snapshots else None


class QuarterSnapshot(Base):
    """What was sent, as it was sent; never changed: later records become supplements of the quarter of their entry."""

    __tablename__ = "quarter_snapshot"
    __table_args__ = (UniqueConstraint("report_id", "version"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    report_id: Mapped[UUID] = mapped_column(ForeignKey("quarter_report.id"))
    version: Mapped[int]
    at: Mapped[datetime]
    sent_by: Mapped[str]
    totals: Mapped[list[Any]]
    """One `PlannerTotals` row for each planner."""
    records: Mapped[list[Any]]
    """The `QuarterRecord` rows that were in it, as they stood."""
    unconfirmed: Mapped[list[Any]]
    """The annex of records that were still open."""
    supplements: Mapped[list[Any]]
    """Records of earlier quarters, entered since their report went out (R14)."""
    corrections: Mapped[list[Any]]
    """Records of earlier reports that stand otherwise by now; those reports stay as they were sent."""
    readings: Mapped[int] = mapped_column(default=0)
    """The version of the switches."""
    texts: Mapped[dict[str, Any]]
    """Situation, problems, the planner's summary, as written."""
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))

    report: Mapped[QuarterReport] = relationship(back_populates="snapshots")


refuse_changes(QuarterSnapshot)


class QuarterNotification(Base):
    """The city bureau's notification of a quarter to the HR bureau; sent on time even where districts are late."""

    __tablename__ = "quarter_notification"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    quarter: Mapped[str] = mapped_column(unique=True)
    case_id: Mapped[UUID | None] = mapped_column(index=True)
    due_on: Mapped[date]
    sent_on: Mapped[date | None]
    number: Mapped[str] = mapped_column(default="")
    """发文字号."""
    received_on: Mapped[date | None]
    received_by: Mapped[str] = mapped_column(default="")
    question: Mapped[str] = mapped_column(default="")
    """What the HR bureau asks back; answered by way of 第十条."""

    content: Mapped[NotificationSnapshot | None] = relationship(back_populates="notification")


class NotificationSnapshot(Base):
    """What the notification said, as it was sent; never changed."""

    __tablename__ = "notification_snapshot"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    notification_id: Mapped[UUID] = mapped_column(ForeignKey("quarter_notification.id"), unique=True)
    at: Mapped[datetime]
    sent_by: Mapped[str]
    on_time: Mapped[int]
    late: Mapped[int]
    missing: Mapped[int]
    totals: Mapped[list[Any]]
    """One row for each unit."""
    gaps: Mapped[list[Any]]
    """`[{"unit_id", "unit", "days"}…]`, printed openly."""
    supplements: Mapped[list[Any]]
    """Reports of earlier quarters that came after their notification, with both days."""
    attention: Mapped[list[Any]]
    """Changes of people, absences, visits behind their pace."""
    highlights: Mapped[str]
    next_steps: Mapped[str]
    readings: Mapped[int] = mapped_column(default=0)
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))

    notification: Mapped[QuarterNotification] = relationship(back_populates="content")


refuse_changes(NotificationSnapshot)


class PlannerSummary(Base):
    """What a planner has collected of a unit's consultations in a quarter (第八条(四))."""

    __tablename__ = "planner_summary"
    __table_args__ = (UniqueConstraint("unit_id", "quarter", "person_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"))
    quarter: Mapped[str]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    text: Mapped[str]
    given_on: Mapped[date]
    case_id: Mapped[UUID | None]

    person: Mapped[Person] = relationship()
    unit: Mapped[Unit] = relationship()


def quarter_named(name: str) -> Quarter:
    """The quarter that a register names, e.g. `2026Q3`.

    >>> quarter_named("2026Q3").end
    datetime.date(2026, 9, 30)
    """
    year, found, number = name.partition("Q")
    if not (found and year.isdecimal() and number in ("1", "2", "3", "4")):
        raise Invalid(message("“%(name)s”不是有效的季度。", name=name[:20]))
    return Quarter(int(year), int(number))


def spoken_quarter(quarter: Quarter) -> str:
    """A quarter as letters say it.

    >>> spoken_quarter(Quarter(2026, 3))
    '2026年第三季度'
    """
    return f"{quarter.year}年第{'一二三四'[quarter.number - 1]}季度"


def reporting_units(session: Session, quarter: Quarter) -> list[Unit]:
    """The units served on any day of a quarter: an abolished one and its successor have one line each."""
    begun = or_(Unit.valid_from.is_(None), Unit.valid_from <= quarter.end)
    not_over = or_(Unit.valid_to.is_(None), Unit.valid_to >= quarter.start)
    return list(session.scalars(select(Unit).where(begun, not_over).order_by(Unit.place, Unit.id)))


def bureau_on_duty(unit: Unit, day: date) -> str:
    """The unit whose bureau reports: its own until the last day of duty, afterwards the successor's."""
    if unit.valid_to is not None and unit.valid_to < day and unit.successor_id:
        return unit.successor_id
    return unit.id


def report_on(session: Session, unit_id: str, quarter: Quarter) -> QuarterReport | None:
    """A unit's report of a quarter, where there is one."""
    mine = (QuarterReport.unit_id == unit_id, QuarterReport.quarter == str(quarter))
    return session.scalars(select(QuarterReport).where(*mine)).first()


def reports_of(session: Session, quarter: Quarter) -> dict[str, QuarterReport]:
    """All reports of a quarter, by unit."""
    found = session.scalars(select(QuarterReport).where(QuarterReport.quarter == str(quarter)))
    return {each.unit_id: each for each in found}


def owed_report(
    session: Session, actor: Actor, unit_id: str, quarter: Quarter, due_on: date, case_id: UUID | None
) -> QuarterReport:
    """The report that a unit owes on a quarter, entered when it is asked for first."""
    found = report_on(session, unit_id, quarter)
    if found is None:
        found = QuarterReport(
            status=ReportStatus.DRAFTING, unit_id=unit_id, quarter=str(quarter), due_on=due_on, case_id=case_id
        )
        enter(session, actor, found)
    return found


def report_of(session: Session, report_id: UUID) -> QuarterReport:
    """The report, or `NotFound`."""
    found = session.get(QuarterReport, report_id)
    if found is None:
        raise NotFound(message("未找到该季度报告。"))
    return found


def notification_on(session: Session, quarter: Quarter) -> QuarterNotification | None:
    """The notification of a quarter, where there is one."""
    return session.scalars(select(QuarterNotification).where(QuarterNotification.quarter == str(quarter))).first()


def summaries_of(session: Session, unit_id: str, quarter: Quarter) -> list[PlannerSummary]:
    """What planners have collected of a unit's consultations in a quarter."""
    mine = (PlannerSummary.unit_id == unit_id, PlannerSummary.quarter == str(quarter))
    return list(session.scalars(select(PlannerSummary).where(*mine).order_by(PlannerSummary.given_on)))
