"""工作经费: the city bureau's yearly funding of planners by their work, in fen (第九条(六))."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from processes.db import Base
from processes.errors import NotFound
from processes.forms.wording import Wording
from processes.identity.models import Person
from processes.messages import message
from processes.registers.claims import ENDED_UNPAID, TravelClaim
from processes.registers.history import Stateful, life
from processes.registers.ledger import appointments_in, totals, visits_counted_of_all
from processes.registers.switches import Readings
from processes.rules.travel import Payer


class FundStatus(StrEnum):
    """How the funding of a year stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    PAID = "paid"


_S = FundStatus
FUND_STATUSES: dict[str, Wording] = {
    _S.PROPOSED: Wording("测算", "Proposed"),
    _S.APPROVED: Wording("已审批", "Approved"),
    _S.PAID: Wording("已拨付", "Paid"),
}


class WorkFund(Stateful, Base):
    """The funding of one year; what is given is never more than the budget."""

    __tablename__ = "work_fund"
    STATUSES = FUND_STATUSES
    LIFE = life((_S.PROPOSED, (_S.APPROVED,)), (_S.APPROVED, (_S.PAID,)))

    year: Mapped[int] = mapped_column(unique=True)
    case_id: Mapped[UUID] = mapped_column(unique=True)
    number: Mapped[str] = mapped_column(default="")
    budget_fen: Mapped[int]
    total_fen: Mapped[int]
    method_changed: Mapped[bool] = mapped_column(default=False)
    """The way of funding was changed: an important matter put to the HR bureau (第十条)."""
    method: Mapped[str] = mapped_column(default="")
    matter_id: Mapped[UUID | None]
    readings_version: Mapped[int]
    approved_on: Mapped[date | None]
    approved_by: Mapped[str] = mapped_column(default="")
    paid_on: Mapped[date | None]
    voucher: Mapped[str] = mapped_column(default="")

    shares: Mapped[list[FundShare]] = relationship(
        back_populates="fund", order_by="FundShare.place", cascade="all, delete-orphan"
    )


class FundShare(Base):
    """What one planner is given, with the work on which it rests."""

    __tablename__ = "fund_share"
    __table_args__ = (UniqueConstraint("fund_id", "person_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    fund_id: Mapped[UUID] = mapped_column(ForeignKey("work_fund.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    place: Mapped[int]
    consultations: Mapped[int]
    visits: Mapped[int]
    opinions: Mapped[int]
    fen: Mapped[int]
    reason: Mapped[str] = mapped_column(default="")

    fund: Mapped[WorkFund] = relationship(back_populates="shares")
    person: Mapped[Person] = relationship()


@dataclass(frozen=True)
class FundBasis:
    """The confirmed work of a planner in a year, and what the fund has paid for trips already."""

    person_id: UUID
    name: str
    consultations: int
    visits: int
    opinions: int
    trips_fen: int


def fund_basis(session: Session, year: int, readings: Readings) -> list[FundBasis]:
    """What the funding of a year rests on, one row for each planner who served, by name."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    done = {each.person_id: each for each in totals(session, first, last)}
    served = {each.person_id: each for each in appointments_in(session, first, last)}
    counted = visits_counted_of_all(session, served.values(), year, readings)
    trips = _paid_for_trips(session, first, last)
    found = []
    for person_id, appointment in served.items():
        row = done.get(person_id)
        found.append(
            FundBasis(
                person_id=person_id,
                name=appointment.person.name,
                consultations=row.attended if row else 0,
                visits=counted[appointment.id].count,
                opinions=row.opinions if row else 0,
                trips_fen=trips.get(person_id, 0),
            )
        )
    return sorted(found, key=lambda each: (each.name, str(each.person_id)))


def _paid_for_trips(session: Session, first: date, last: date) -> dict[UUID, int]:
    """What the fund has paid for trips that began in a span of days, by planner, in fen."""
    by_fund = (TravelClaim.payer == Payer.WORK_FUND, TravelClaim.status.not_in(ENDED_UNPAID))
    query = (
        select(TravelClaim.person_id, func.sum(TravelClaim.total_fen))
        .where(TravelClaim.first_day.between(first, last), *by_fund)
        .group_by(TravelClaim.person_id)
    )
    return {person_id: int(fen) for person_id, fen in session.execute(query)}


def fund_on(session: Session, year: int) -> WorkFund | None:
    """The funding of a year."""
    return session.scalar(select(WorkFund).where(WorkFund.year == year))


def fund_of(session: Session, fund_id: UUID) -> WorkFund:
    """The funding, or `NotFound`."""
    found = session.get(WorkFund, fund_id)
    if found is None:
        raise NotFound(message("未找到该年度工作经费。"))
    return found
