"""选聘轮次: one run of the five phases of 第六条 for a set of planner posts."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from processes import clock
from processes.db import Base
from processes.errors import Invalid, NotFound
from processes.forms.wording import Wording
from processes.identity.actor import Actor
from processes.messages import message
from processes.registers.history import Stateful, change_status, enter, life


class RoundStatus(StrEnum):
    """The phase a round has reached."""

    SURVEY = "survey"
    CALL = "call"
    QUALIFICATION = "qualification"
    DELIBERATION = "deliberation"
    CONSULTATION = "consultation"
    APPOINTMENT = "appointment"
    COMPLETED = "completed"
    NO_POSTS = "no_posts"
    CANCELLED = "cancelled"


_S = RoundStatus
ROUND_STATUSES: dict[str, Wording] = {
    _S.SURVEY: Wording("需求调查", "Needs survey"),
    _S.CALL: Wording("报名", "Call open"),
    _S.QUALIFICATION: Wording("资格认定", "Qualification"),
    _S.DELIBERATION: Wording("遴选合议", "Joint deliberation"),
    _S.CONSULTATION: Wording("征求意见", "Consultation"),
    _S.APPOINTMENT: Wording("聘任颁证", "Appointment"),
    _S.COMPLETED: Wording("已完成", "Completed"),
    _S.NO_POSTS: Wording("无岗位", "No posts"),
    _S.CANCELLED: Wording("已终止", "Cancelled"),
}


class Round(Stateful, Base):
    """A round: which phase, until when applications are taken, which term is meant."""

    __tablename__ = "round"
    __table_args__ = (Index("ix_round_opened_at", "opened_at", "id"),)
    STATUSES = ROUND_STATUSES
    LIFE = life(
        (_S.SURVEY, (_S.CALL, _S.NO_POSTS, _S.CANCELLED)),
        (_S.CALL, (_S.QUALIFICATION, _S.CANCELLED)),
        (_S.QUALIFICATION, (_S.CALL, _S.DELIBERATION, _S.CANCELLED)),
        (_S.DELIBERATION, (_S.CALL, _S.CONSULTATION, _S.CANCELLED)),
        (_S.CONSULTATION, (_S.DELIBERATION, _S.APPOINTMENT, _S.CANCELLED)),
        (_S.APPOINTMENT, (_S.CONSULTATION, _S.COMPLETED, _S.CANCELLED)),
    )

    name: Mapped[str] = mapped_column(unique=True)
    """E.g. `2025—2027聘期`; also what documents call the term."""
    case_id: Mapped[UUID | None] = mapped_column(index=True)
    short: Mapped[bool] = mapped_column(default=False)
    """The short form for one vacant post: phases two to five."""
    reply_due: Mapped[date | None]
    """Last day for the districts' needs."""
    contact: Mapped[str] = mapped_column(default="")
    """Whom the districts may call, as the letters say."""
    phone: Mapped[str] = mapped_column(default="")
    apply_from: Mapped[date | None]
    apply_until: Mapped[date | None]
    """Last day on which applications are taken."""
    calls: Mapped[int] = mapped_column(default=0)
    """How often the call was published; two for a second call."""
    call_closed_at: Mapped[datetime | None]
    """Set while no application is taken any more; empty again when a second call opens."""
    settled_at: Mapped[datetime | None]
    """When the last application of the call was settled and the round could go on."""
    term_start: Mapped[date | None]
    """First day of the term as proposed in the letters."""
    term_end: Mapped[date | None]
    decided_on: Mapped[date | None]
    decided_by: Mapped[str] = mapped_column(default="")
    """Meeting that decided the list, and who recorded it (第六条(五))."""
    opened_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    opened_by: Mapped[str]
    opened_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    @property
    def takes_applications(self) -> bool:
        """Whether the call is open today."""
        first, last = self.apply_from, self.apply_until
        return self.status == _S.CALL and bool(first and last and first <= clock.today() <= last)


def open_round(session: Session, actor: Actor, name: str, **facts: Any) -> Round:
    """Begin a round under a name that no other round has."""
    opened = Round(
        name=unused_name(session, name),
        status=RoundStatus.QUALIFICATION if facts.get("short") else RoundStatus.SURVEY,
        opened_at=clock.now(),
        opened_by_id=actor.person_id,
        opened_by=actor.name,
        **facts,
    )
    enter(session, actor, opened)
    return opened


def unused_name(session: Session, name: str, but: Round | None = None) -> str:
    """The name itself; `Invalid` if another round has it."""
    taken = session.scalar(select(Round.id).where(Round.name == name))
    if taken and (but is None or taken != but.id):
        problem = message("已有名为“%(name)s”的选聘轮次。", name=name)
        raise Invalid(problem, {"round_name": problem})
    return name


def numbered_name(session: Session, name: str) -> str:
    """The name, with a number behind it from the second round of that name on."""
    alike = session.scalar(select(func.count()).select_from(Round).where(Round.name.startswith(name, autoescape=True)))
    return f"{name}第{alike + 1}次" if alike else name


def round_of(session: Session, round_id: UUID) -> Round:
    """The round, or `NotFound`."""
    found = session.get(Round, round_id)
    if found is None:
        raise NotFound(message("未找到该选聘轮次。"))
    return found


def locked_round(session: Session, round_id: UUID) -> Round:
    """The round with its row locked: who settles and who closes the call wait for one another."""
    found = session.get(Round, round_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound(message("未找到该选聘轮次。"))
    return found


def open_call(session: Session, actor: Actor, called: Round, first: date, last: date) -> None:
    """Take applications from a day to a day; once more after a deliberation that left posts open."""
    called.apply_from, called.apply_until = first, last
    called.calls += 1
    called.call_closed_at = called.settled_at = None
    change_status(session, actor, called, RoundStatus.CALL)


def close_call(session: Session, actor: Actor, called: Round) -> None:
    """Take no more applications."""
    called.call_closed_at = clock.now()
    change_status(session, actor, called, RoundStatus.QUALIFICATION)


def open_calls(session: Session) -> list[Round]:
    """The rounds that take applications today, soonest closing first."""
    today = clock.today()
    open_now = (Round.status == RoundStatus.CALL, Round.apply_from <= today, Round.apply_until >= today)
    return list(session.scalars(select(Round).where(*open_now).order_by(Round.apply_until, Round.name)))
