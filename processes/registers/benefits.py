"""政策待遇: what good service has earned, for which application it was proved, what was withdrawn (第十四条)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from processes import clock
from processes.db import Base
from processes.errors import Conflict, NotFound
from processes.forms.wording import Wording
from processes.identity.actor import Actor
from processes.identity.models import Person
from processes.messages import Message, message
from processes.registers.history import Stateful, enter, life
from processes.sequences import yearly_number


class BenefitKind(StrEnum):
    """The four benefits of 第十四条(一)(二)(三)."""

    WAIVER = "ce_waiver"
    REPORT = "report"
    PRIORITY = "title_priority"
    RECOMMENDATION = "talent_recommend"


BENEFIT_KINDS: dict[str, Wording] = {
    BenefitKind.WAIVER: Wording("继续教育减免", "Training hours waived"),
    BenefitKind.REPORT: Wording("技术报告业绩", "Report counts as achievement"),
    BenefitKind.PRIORITY: Wording("优先评聘证明", "Priority in title appraisal"),
    BenefitKind.RECOMMENDATION: Wording("优先推荐", "Priority recommendation"),
}


class BenefitStatus(StrEnum):
    """How a request stands."""

    APPLIED = "applied"
    REFUSED = "refused"
    ISSUED = "issued"
    WITHDRAWN = "withdrawn"


_S = BenefitStatus
BENEFIT_STATUSES: dict[str, Wording] = {
    _S.APPLIED: Wording("已申请", "Applied"),
    _S.REFUSED: Wording("不予办理", "Refused"),
    _S.ISSUED: Wording("已发证明", "Issued"),
    _S.WITHDRAWN: Wording("已撤回", "Withdrawn"),
}


class Benefit(Stateful, Base):
    """One benefit asked for by one planner for one application."""

    __tablename__ = "benefit"
    __table_args__ = (Index("ix_benefit_person_id_kind", "person_id", "kind"),)
    STATUSES = BENEFIT_STATUSES
    LIFE = life((_S.APPLIED, (_S.REFUSED, _S.ISSUED)), (_S.ISSUED, (_S.WITHDRAWN,)))

    number: Mapped[str] = mapped_column(unique=True)
    """E.g. `待遇-2026-0001`."""
    case_id: Mapped[UUID] = mapped_column(index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]
    application_year: Mapped[int]
    """Year of the application in which it is used."""
    institution: Mapped[str]
    use: Mapped[str]
    reports: Mapped[list[Any]] = mapped_column(default=list)
    """Technical reports with title, kind, problem, authors, who accepted them and when."""
    deeds: Mapped[str] = mapped_column(default="")
    checked: Mapped[list[Any]] = mapped_column(default=list)
    """The conditions as they were shown: `[{"condition", "found", "met", "ground"}…]`."""
    full_years: Mapped[int] = mapped_column(default=0)
    waived_years: Mapped[int] = mapped_column(default=0)
    grades: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """The final grades on which it rests, by year; where one changes the proof is looked at again."""
    readings_version: Mapped[int] = mapped_column(default=0)
    finding: Mapped[str] = mapped_column(default="")
    """业绩突出 or the report, found by people; the employer's word on a recommendation."""
    joint: Mapped[bool] = mapped_column(default=False)
    """The employer recommends too (第十四条(三))."""
    refused_why: Mapped[str] = mapped_column(default="")
    proof_number: Mapped[str] = mapped_column(default="", index=True)
    signed_by: Mapped[str] = mapped_column(default="")
    issued_on: Mapped[date | None]
    noted_on: Mapped[date | None]
    """Day on which the HR bureau entered it."""
    withdrawn_on: Mapped[date | None]
    withdrawn_why: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]

    person: Mapped[Person] = relationship()


def ask_for_benefit(session: Session, actor: Actor, **facts: Any) -> Benefit:
    """Enter a request, numbered within its year; `Conflict` where the waiver of the year is used: two sent at once."""
    number = yearly_number(session, "待遇", "benefit", clock.today().year)
    if facts["kind"] == BenefitKind.WAIVER:
        used = waiver_used(session, facts["person_id"], facts["application_year"])
        if used is not None:
            raise Conflict(waived_already(used))
    made = Benefit(status=BenefitStatus.APPLIED, number=number, created_at=clock.now(), **facts)
    enter(session, actor, made)
    return made


def benefit_of(session: Session, benefit_id: UUID) -> Benefit:
    """The benefit, or `NotFound`."""
    found = session.get(Benefit, benefit_id)
    if found is None:
        raise NotFound(message("未找到该待遇申请。"))
    return found


def waived_already(used: Benefit) -> Message:
    """Why there is not to be another."""
    return message(
        "%(year)s年度的继续教育减免已申请或使用（%(number)s），同一年度不能再次减免。", year=used.application_year,
        number=used.proof_number or used.number,
    )  # fmt: skip


def waiver_used(session: Session, person_id: UUID, application_year: int) -> Benefit | None:
    """The waiver of a person for a year that is asked for or proved already."""
    mine = (Benefit.person_id == person_id, Benefit.kind == BenefitKind.WAIVER)
    held = (Benefit.application_year == application_year, Benefit.status.in_((_S.APPLIED, _S.ISSUED)))
    return session.scalars(select(Benefit).where(*mine, *held).order_by(Benefit.created_at).limit(1)).first()


def issued_benefits(session: Session) -> Sequence[Benefit]:
    """Every proof that stands."""
    return session.scalars(select(Benefit).where(Benefit.status == _S.ISSUED).order_by(Benefit.number)).all()
