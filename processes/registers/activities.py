"""技术咨询活动: one occasion on which planners are asked for guidance: who invites, when, where, on which schemes
(第七条(三)、第八条、第十二条)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from processes.db import Base
from processes.errors import NotFound
from processes.forms.wording import Wording
from processes.identity.models import Organization, Unit
from processes.messages import message
from processes.registers.history import Stateful, life
from processes.rules.visits import VisitMode

OWN_SURVEY = "own_survey"
"""`host_kind` of a planner's own survey that the district has confirmed as on-site guidance: nobody invited to it."""


class ServiceKind(StrEnum):
    """What the guidance is about (第二条、第八条(二)(三))."""

    PLANNING = "planning"
    IMPLEMENTATION = "implementation"
    ARCHITECTURE = "architecture"
    OTHER = "other"


SERVICE_KINDS: dict[str, Wording] = {
    ServiceKind.PLANNING: Wording("规划编制", "Plan making"),
    ServiceKind.IMPLEMENTATION: Wording("规划实施", "Plan implementation"),
    ServiceKind.ARCHITECTURE: Wording("重要建筑设计", "Important architecture"),
    ServiceKind.OTHER: Wording("其他法定规划", "Other statutory plans"),
}
VISIT_MODES: dict[str, Wording] = {
    VisitMode.ON_SITE: Wording("实地", "On site"),
    VisitMode.ONLINE: Wording("线上", "Online"),
    VisitMode.WRITTEN: Wording("书面", "In writing"),
}


class ActivityStatus(StrEnum):
    """How an activity stands."""

    INVITED = "invited"
    HELD = "held"
    CLOSED = "closed"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


_S = ActivityStatus
ACTIVITY_STATUSES: dict[str, Wording] = {
    _S.INVITED: Wording("已邀请", "Invited"),
    _S.HELD: Wording("已举行", "Held"),
    _S.CLOSED: Wording("已办结", "Closed"),
    _S.POSTPONED: Wording("延期", "Postponed"),
    _S.CANCELLED: Wording("取消", "Cancelled"),
}


class Activity(Stateful, Base):
    """One activity; a postponed one is followed by another."""

    __tablename__ = "activity"
    __table_args__ = (Index("ix_activity_unit_id_starts_on", "unit_id", "starts_on"),)
    STATUSES = ACTIVITY_STATUSES
    LIFE = life(
        (_S.INVITED, (_S.HELD, _S.CLOSED, _S.POSTPONED, _S.CANCELLED)),
        (_S.HELD, (_S.CLOSED, _S.CANCELLED)),
    )

    number: Mapped[str] = mapped_column(unique=True)
    """E.g. `咨询-2026-0001`."""
    case_id: Mapped[UUID | None] = mapped_column(index=True)
    host_kind: Mapped[str]
    """`district_government`, `district_bureau` or `city_bureau`; `own_survey` where nobody invited (第七条(二))."""
    host_id: Mapped[str] = mapped_column(ForeignKey("organization.id"), index=True)
    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"))
    """The unit that is served."""
    kind: Mapped[str]
    mode: Mapped[str]
    title: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    starts_on: Mapped[date] = mapped_column(index=True)
    """The day in the city; a trip over several days is one visit of its first day."""
    place: Mapped[str] = mapped_column(default="")
    sent_on: Mapped[date]
    """Day of the invitation; the notice is counted from it (R20)."""
    classified: Mapped[bool] = mapped_column(default=False)
    """Nothing but the fact and the number is kept of it."""
    contact: Mapped[str] = mapped_column(default="")
    cancelled_why: Mapped[str] = mapped_column(default="")
    follows_id: Mapped[UUID | None] = mapped_column(ForeignKey("activity.id"))
    """The postponed activity that this one takes the place of."""
    meeting_id: Mapped[UUID | None] = mapped_column(index=True)
    """The topic meeting that called it (第十一条)."""
    created_at: Mapped[datetime]

    host: Mapped[Organization] = relationship()
    unit: Mapped[Unit] = relationship()
    schemes: Mapped[list[Scheme]] = relationship(back_populates="activity", order_by="Scheme.place")


class Scheme(Base):
    """A project or scheme on which an activity asks for an opinion."""

    __tablename__ = "scheme"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activity.id"), index=True)
    place: Mapped[int]
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(default="")
    stage: Mapped[str] = mapped_column(default="")
    scale: Mapped[str] = mapped_column(default="")
    compiler: Mapped[str] = mapped_column(default="")
    """Who drew it up; the planner's employer is a conflict of interest."""

    activity: Mapped[Activity] = relationship(back_populates="schemes")


def activity_of(session: Session, activity_id: UUID) -> Activity:
    """The activity, or `NotFound`."""
    found = session.get(Activity, activity_id)
    if found is None:
        raise NotFound(message("未找到该咨询活动。"))
    return found
