"""资料提供: what planners ask districts for, what was given, lent off line or refused (第九条(一)、第十二条)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from processes.db import Base
from processes.errors import NotFound
from processes.forms.wording import Wording
from processes.identity.models import Person, Unit
from processes.messages import message
from processes.registers.history import Stateful, life


class MaterialStatus(StrEnum):
    """How a request stands."""

    ASKED = "asked"
    GIVEN = "given"
    PARTLY = "partly"
    REFUSED = "refused"


_S = MaterialStatus
MATERIAL_STATUSES: dict[str, Wording] = {
    _S.ASKED: Wording("待答复", "Asked"),
    _S.GIVEN: Wording("提供", "Given"),
    _S.PARTLY: Wording("部分提供", "Partly given"),
    _S.REFUSED: Wording("不提供", "Refused"),
}
SECRECY: dict[str, Wording] = {
    "open": Wording("不涉密", "Not classified"),
    "classified": Wording("涉密", "Classified"),
    "unsure": Wording("不确定", "Not certain"),
}


class MaterialRequest(Stateful, Base):
    """One request of a planner to one district."""

    __tablename__ = "material_request"
    __table_args__ = (Index("ix_material_request_unit_id_asked_on", "unit_id", "asked_on"),)
    STATUSES = MATERIAL_STATUSES
    LIFE = life((_S.ASKED, (_S.GIVEN, _S.PARTLY, _S.REFUSED)))

    number: Mapped[str] = mapped_column(unique=True)
    """E.g. `资料-2026-0001`."""
    case_id: Mapped[UUID] = mapped_column(index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"))
    activity_id: Mapped[UUID | None] = mapped_column(ForeignKey("activity.id"))
    """The activity for which it is needed."""
    secrecy: Mapped[str]
    """What the planner or the secrecy check says; anything but `open` leaves the off-line register only."""
    asked_on: Mapped[date]
    due_on: Mapped[date]
    answered_on: Mapped[date | None]
    answered_by: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    received_on: Mapped[date | None]
    use_note: Mapped[str] = mapped_column(default="")
    mediated_on: Mapped[date | None]
    mediation: Mapped[str] = mapped_column(default="")

    person: Mapped[Person] = relationship()
    unit: Mapped[Unit] = relationship()
    items: Mapped[list[MaterialItem]] = relationship(back_populates="request", order_by="MaterialItem.place")
    deliveries: Mapped[list[Delivery]] = relationship(back_populates="request", order_by="Delivery.place")


class MaterialItem(Base):
    """One thing asked for."""

    __tablename__ = "material_item"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("material_request.id"), index=True)
    place: Mapped[int]
    name: Mapped[str]
    purpose: Mapped[str] = mapped_column(default="")
    period: Mapped[str] = mapped_column(default="")
    format: Mapped[str] = mapped_column(default="")

    request: Mapped[MaterialRequest] = relationship(back_populates="items")


DELIVERY_KINDS: dict[str, Wording] = {
    "file": Wording("系统提供", "Through the system"),
    "handover": Wording("线下交接", "Handed over off line"),
    "loan": Wording("线下借阅", "Lent off line"),
}


class Delivery(Base):
    """One thing given: a file, or a line of the off-line register; with a day of return it is a loan."""

    __tablename__ = "delivery"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    request_id: Mapped[UUID] = mapped_column(ForeignKey("material_request.id"), index=True)
    place: Mapped[int]
    kind: Mapped[str]
    name: Mapped[str]
    carrier: Mapped[str] = mapped_column(default="")
    where: Mapped[str] = mapped_column(default="")
    given_on: Mapped[date]
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    return_due: Mapped[date | None] = mapped_column(index=True)
    returned_on: Mapped[date | None]
    lost: Mapped[bool] = mapped_column(default=False)
    return_note: Mapped[str] = mapped_column(default="")
    reminded_at: Mapped[datetime | None]

    request: Mapped[MaterialRequest] = relationship(back_populates="deliveries")


@dataclass(frozen=True)
class Support:
    """How a district answered requests for material in a span of days; part of its support index (第十二条)."""

    asked: int
    given: int
    partly: int
    refused: int
    late: int
    """Answered after the day, or not answered and past it."""


def material_request_of(session: Session, request_id: UUID) -> MaterialRequest:
    """The request, or `NotFound`."""
    found = session.get(MaterialRequest, request_id)
    if found is None:
        raise NotFound(message("未找到该资料申请。"))
    return found


def delivery_of(session: Session, delivery_id: UUID) -> Delivery:
    """What was given, or `NotFound`."""
    found = session.get(Delivery, delivery_id)
    if found is None:
        raise NotFound(message("未找到该交接记录。"))
    return found


def open_loans(session: Session, person_id: UUID) -> Sequence[Delivery]:
    """What a planner has borrowed and not returned, by day of return; it goes on the handover list."""
    lent = (MaterialRequest.person_id == person_id, Delivery.kind == "loan", Delivery.returned_on.is_(None))
    found = select(Delivery).join(Delivery.request).where(*lent, Delivery.lost.is_(False))
    return session.scalars(found.order_by(Delivery.return_due, Delivery.id)).all()


def support_by(session: Session, unit_id: str, first: date, last: date, today: date) -> Support:
    """How a district answered what was asked in a span of days."""
    here = (MaterialRequest.unit_id == unit_id, MaterialRequest.asked_on.between(first, last))
    found = session.scalars(select(MaterialRequest).where(*here)).all()
    statuses = [each.status for each in found]
    return Support(
        asked=len(found),
        given=statuses.count(MaterialStatus.GIVEN),
        partly=statuses.count(MaterialStatus.PARTLY),
        refused=statuses.count(MaterialStatus.REFUSED),
        late=sum(1 for each in found if (each.answered_on or today) > each.due_on),
    )
