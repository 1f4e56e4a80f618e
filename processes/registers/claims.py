"""差旅费: claims of planners, their invoices and days, the standards; all amounts in fen (第九条(四)(五))."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from processes import clock
from processes.db import Base
from processes.errors import NotFound
from processes.forms.wording import Wording
from processes.identity.actor import Actor
from processes.identity.models import Person, Unit
from processes.messages import message
from processes.registers.history import Stateful, life
from processes.rules.allowances import USUAL, Standard, Standards
from processes.rules.travel import Payer, Trip


class ClaimStatus(StrEnum):
    """How a claim stands."""

    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    PAID = "paid"
    RECEIVED = "received"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


_S = ClaimStatus
CLAIM_STATUSES: dict[str, Wording] = {
    _S.SUBMITTED: Wording("待审核", "To be checked"),
    _S.RETURNED: Wording("退回", "Returned"),
    _S.APPROVED: Wording("待支付", "To be paid"),
    _S.PAID: Wording("已支付", "Paid"),
    _S.RECEIVED: Wording("已到账", "Received"),
    _S.REFUSED: Wording("不予报销", "Refused"),
    _S.WITHDRAWN: Wording("撤回", "Withdrawn"),
}
ENDED_UNPAID = (ClaimStatus.REFUSED, ClaimStatus.WITHDRAWN)
UNPAID = (ClaimStatus.SUBMITTED, ClaimStatus.APPROVED)
PAYERS: dict[str, Wording] = {
    Payer.DISTRICT_BUREAU: Wording("区县规划自然资源局", "District bureau"),
    Payer.WORK_FUND: Wording("工作经费", "Work fund"),
}
TRIPS: dict[str, Wording] = {
    Trip.CONSULTATION: Wording("技术咨询", "Consultation"),
    Trip.ON_SITE_GUIDANCE: Wording("实地指导", "On-site guidance"),
    Trip.OWN_SURVEY: Wording("主动调研", "Own survey"),
    Trip.CITY_MEETING: Wording("市局会议", "City meeting"),
    Trip.CITY_TRAINING: Wording("市局培训", "City training"),
}
STANDARDS: dict[str, Wording] = {
    Standard.MEAL: Wording("伙食补助（元/天）", "Meals, a day"),
    Standard.LOCAL: Wording("市内交通补助（元/天）", "Local transport, a day"),
    Standard.LODGING: Wording("住宿（元/晚）", "Lodging, a night"),
}


class TravelClaim(Stateful, Base):
    """One claim for one trip of one planner; a trip to two districts is split by days into two."""

    __tablename__ = "travel_claim"
    __table_args__ = (Index("ix_travel_claim_payer_unit_id_status", "payer_unit_id", "status"),)
    STATUSES = CLAIM_STATUSES
    LIFE = life(
        (_S.SUBMITTED, (_S.RETURNED, _S.APPROVED, _S.REFUSED)),
        (_S.RETURNED, (_S.SUBMITTED, _S.WITHDRAWN)),
        (_S.APPROVED, (_S.PAID,)),
        (_S.PAID, (_S.RECEIVED, _S.APPROVED)),
    )

    number: Mapped[str] = mapped_column(unique=True)
    """E.g. `差旅-2026-0001`."""
    case_id: Mapped[UUID] = mapped_column(unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    trip: Mapped[str]
    trip_key: Mapped[str]
    """What the trip was for: `attendance:…`, `survey:…` or `meeting:…` with its id."""
    stands_for: Mapped[str | None] = mapped_column(unique=True)
    """Person and trip while the claim stands; empty once it was refused or withdrawn, so that it may be made again."""
    trip_title: Mapped[str]
    payer: Mapped[str]
    payer_unit_id: Mapped[str | None] = mapped_column(ForeignKey("unit.id"))
    payer_ground: Mapped[str]
    readings_version: Mapped[int]
    """The version of the switches with which the payer was found."""
    first_day: Mapped[date]
    last_day: Mapped[date]
    trip_fen: Mapped[int] = mapped_column(default=0)
    lodging_fen: Mapped[int] = mapped_column(default=0)
    other_fen: Mapped[int] = mapped_column(default=0)
    meal_fen: Mapped[int] = mapped_column(default=0)
    local_fen: Mapped[int] = mapped_column(default=0)
    total_fen: Mapped[int] = mapped_column(default=0)
    late_reason: Mapped[str] = mapped_column(default="")
    submitted_on: Mapped[date]
    returns: Mapped[int] = mapped_column(default=0)
    decided_why: Mapped[str] = mapped_column(default="")
    approved_on: Mapped[date | None]
    approved_by: Mapped[str] = mapped_column(default="")
    paid_on: Mapped[date | None]
    voucher: Mapped[str] = mapped_column(default="")
    received_on: Mapped[date | None]
    listed_on: Mapped[date | None]
    """Day on which it was listed as not paid within 30 working days (D)."""
    mediation: Mapped[str] = mapped_column(default="")

    person: Mapped[Person] = relationship()
    payer_unit: Mapped[Unit | None] = relationship()
    lines: Mapped[list[ClaimLine]] = relationship(
        back_populates="claim", order_by="ClaimLine.place", cascade="all, delete-orphan"
    )
    days: Mapped[list[ClaimDay]] = relationship(
        back_populates="claim", order_by="ClaimDay.day", cascade="all, delete-orphan"
    )


class ClaimLine(Base):
    """One expense with its invoice; an invoice number stands in one claim only."""

    __tablename__ = "claim_line"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    claim_id: Mapped[UUID] = mapped_column(ForeignKey("travel_claim.id"), index=True)
    place: Mapped[int]
    kind: Mapped[str]
    """`trip`, `lodging` or `other`."""
    text: Mapped[str]
    day: Mapped[date]
    fen: Mapped[int]
    invoice: Mapped[str] = mapped_column(default="", index=True)
    stands_for: Mapped[str | None] = mapped_column(unique=True)
    """The invoice number while the claim stands."""

    claim: Mapped[TravelClaim] = relationship(back_populates="lines")


class ClaimDay(Base):
    """One day for which allowances are paid; a planner's day stands in one claim only."""

    __tablename__ = "claim_day"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    claim_id: Mapped[UUID] = mapped_column(ForeignKey("travel_claim.id"), index=True)
    day: Mapped[date]
    stands_for: Mapped[str | None] = mapped_column(unique=True)
    """Person and day while the claim stands."""

    claim: Mapped[TravelClaim] = relationship(back_populates="days")


class TravelStandard(Base):
    """A standard from a day on; a later one takes its place, none is changed."""

    __tablename__ = "travel_standard"
    __table_args__ = (Index("ix_travel_standard_kind_valid_from", "kind", "valid_from"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    kind: Mapped[str]
    fen: Mapped[int]
    valid_from: Mapped[date]
    basis: Mapped[str]
    set_by: Mapped[str]
    set_at: Mapped[datetime]


def standards(session: Session) -> Standards:
    """All standards with the days from which they hold."""
    found = dict(USUAL)
    for each in session.scalars(select(TravelStandard).order_by(TravelStandard.valid_from, TravelStandard.id)):
        kind = Standard(each.kind)
        found[kind] = found[kind].amended(each.valid_from, each.fen)
    return found


def set_standard(session: Session, actor: Actor, kind: Standard, fen: int, valid_from: date, basis: str) -> None:
    """Enter a standard from a day on."""
    session.add(
        TravelStandard(
            kind=kind, fen=fen, valid_from=valid_from, basis=basis, set_by=actor.name, set_at=clock.now()
        )
    )  # fmt: skip
    session.flush()


def claim_of(session: Session, claim_id: UUID) -> TravelClaim:
    """The claim, or `NotFound`."""
    found = session.get(TravelClaim, claim_id)
    if found is None:
        raise NotFound(message("未找到该报销单。"))
    return found


def claimed_trips(session: Session, person_id: UUID) -> set[str]:
    """The trips of a planner for which a claim stands."""
    mine = (TravelClaim.person_id == person_id, TravelClaim.stands_for.is_not(None))
    return set(session.scalars(select(TravelClaim.trip_key).where(*mine)))


def taken_invoices(session: Session, numbers: Iterable[str], but_of: UUID) -> dict[str, str]:
    """Invoice numbers that stand in a claim of another case already, with the number of that claim."""
    found = select(ClaimLine.stands_for, TravelClaim.number).join(ClaimLine.claim)
    rows = session.execute(found.where(ClaimLine.stands_for.in_(list(numbers)), TravelClaim.case_id != but_of))
    return {str(invoice): number for invoice, number in rows}


def taken_days(session: Session, person_id: UUID, days: Iterable[date], but_of: UUID) -> dict[date, str]:
    """Days of a planner that stand in a claim of another case already, with the number of that claim."""
    found = select(ClaimDay.day, TravelClaim.number).join(ClaimDay.claim)
    mine = (TravelClaim.person_id == person_id, TravelClaim.case_id != but_of, ClaimDay.stands_for.is_not(None))
    return {day: number for day, number in session.execute(found.where(*mine, ClaimDay.day.in_(list(days))))}


def release(claim: TravelClaim) -> None:
    """Let trip, days and invoices of a claim that came to nothing be claimed again."""
    claim.stands_for = None
    for line in claim.lines:
        line.stands_for = None
    for day in claim.days:
        day.stands_for = None


def unpaid(session: Session, unit_id: str | None = None, listed: bool = True) -> Sequence[TravelClaim]:
    """Claims that a district has not paid, the oldest first: those listed after 30 working days, or all."""
    found = select(TravelClaim).where(TravelClaim.status.in_(UNPAID), TravelClaim.payer == Payer.DISTRICT_BUREAU)
    if listed:
        found = found.where(TravelClaim.listed_on.is_not(None))
    if unit_id is not None:
        found = found.where(TravelClaim.payer_unit_id == unit_id)
    return session.scalars(found.order_by(TravelClaim.submitted_on, TravelClaim.id)).all()
