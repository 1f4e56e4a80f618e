"""报名: what a person states who offers to serve, and how far the application has come (第四条、第六条(二))."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from processes import clock
from processes.db import Base
from processes.errors import Conflict, NotFound
from processes.identity.actor import Actor
from processes.identity.models import Organization, Person
from processes.messages import message
from processes.registers.application_statuses import (
    APPLICATION_LIFE,
    APPLICATION_STATUSES,
    ENDED,
    SELECTABLE,
    UNSETTLED,
    ApplicationStatus,
)
from processes.registers.history import Stateful, enter
from processes.registers.rounds import Round
from processes.sequences import next_number
from processes.turns import take_turn

TO_RECOGNISE = "建议按实践经验认定"
"""The finding that puts a person before the panel."""


class Application(Stateful, Base):
    """One person's application in one round; the identity number stays with the form that was sent."""

    __tablename__ = "application"
    __table_args__ = (
        Index("ix_application_round_id_status", "round_id", "status"),
        Index("ix_application_round_id_number", "round_id", "number"),
    )
    STATUSES = APPLICATION_STATUSES
    LIFE = APPLICATION_LIFE

    number: Mapped[str] = mapped_column(unique=True)
    """E.g. `BM2026-0012`."""
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    case_id: Mapped[UUID | None] = mapped_column(index=True)
    name: Mapped[str]
    gender: Mapped[str] = mapped_column(default="")
    birth: Mapped[str] = mapped_column(default="")
    """Month, e.g. `1975-04`."""
    mobile: Mapped[str] = mapped_column(default="")
    """Masked in every list."""
    employer_id: Mapped[str | None] = mapped_column(ForeignKey("organization.id"), index=True)
    dispatching_id: Mapped[str | None] = mapped_column(ForeignKey("organization.id"))
    """派出单位; the employer unless another is named (第九条(四))."""
    position: Mapped[str] = mapped_column(default="")
    title_level: Mapped[str] = mapped_column(default="")
    title_name: Mapped[str] = mapped_column(default="")
    title_cert_no: Mapped[str] = mapped_column(default="")
    planner_cert: Mapped[str] = mapped_column(default="")
    planner_cert_no: Mapped[str] = mapped_column(default="")
    claimed_route: Mapped[str] = mapped_column(default="")
    """The route the applicant names, `A` or `B`; the rule may find another."""
    practical_reasons: Mapped[str] = mapped_column(default="")
    experience_evidence: Mapped[int] = mapped_column(default=0)
    influence_evidence: Mapped[int] = mapped_column(default=0)
    specialties: Mapped[list[str]] = mapped_column(default=list)
    units_wanted: Mapped[list[str]] = mapped_column(default=list)
    """Unit ids, the first wish first."""
    accept_assign: Mapped[bool] = mapped_column(default=False)
    """Whether the person may be assigned to another unit than those wished for (第五条(二))."""
    avoid_units: Mapped[list[Any]] = mapped_column(default=list)
    """`[{"unit", "reason"}…]`: units in which the person has a conflict of interest."""
    volunteers: Mapped[bool] = mapped_column(default=False)
    duty_commitment: Mapped[bool] = mapped_column(default=False)
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """The whole form as it was sent last, without the identity number."""
    submitted_at: Mapped[datetime | None]
    late: Mapped[bool] = mapped_column(default=False)
    """Came in after the call had closed."""
    late_reason: Mapped[str] = mapped_column(default="")
    """Why it was taken or refused all the same; empty until the process owner has decided."""
    employer_consent: Mapped[bool | None]
    """None until the employer has answered."""
    employer_opinion: Mapped[dict[str, Any]] = mapped_column(default=dict)
    employer_answered_at: Mapped[datetime | None]
    prior_dismissal_item: Mapped[int | None]
    """The item of 第十五条 on which the person was dismissed before."""
    discipline_record: Mapped[bool] = mapped_column(default=False)
    rule_result: Mapped[str] = mapped_column(default="")
    """What R04 says, e.g. `MEETS_GENERAL`; it decides nothing by itself."""
    route: Mapped[str] = mapped_column(default="")
    """The route R04 finds."""
    missing: Mapped[list[str]] = mapped_column(default=list)
    flags: Mapped[list[str]] = mapped_column(default=list)
    ground: Mapped[str] = mapped_column(default="")
    """The article R04 rests on."""
    supplement_rounds: Mapped[int] = mapped_column(default=0)
    finding: Mapped[str] = mapped_column(default="")
    """What the reviewer found, in the words of the form."""
    finding_reasons: Mapped[str] = mapped_column(default="")
    reviewer_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    reviewer: Mapped[str] = mapped_column(default="")
    reviewed_at: Mapped[datetime | None]
    same_employer: Mapped[bool] = mapped_column(default=False)
    """The reviewer works for the applicant's employer: shown to those who decide."""
    recognised: Mapped[bool | None]
    """Whether the panel recognised the practical route; None: not put to the panel."""
    recognition_reasons: Mapped[str] = mapped_column(default="")
    recognition_votes: Mapped[str] = mapped_column(default="")
    settled_as: Mapped[str] = mapped_column(default="")
    """How its own case settled it; the result of the round is told to those settled `eligible` or `recognition`."""
    created_at: Mapped[datetime]

    round: Mapped[Round] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    employer: Mapped[Organization | None] = relationship(foreign_keys=[employer_id])

    @property
    def employer_name(self) -> str:
        """The employer as documents write it."""
        return self.employer.name if self.employer else ""

    @property
    def direction(self) -> str:
        """The specialties as documents write them."""
        return "、".join(self.specialties)

    @property
    def by_practice(self) -> bool:
        """Whether the person needs, or has, recognition by people instead of title and certificate."""
        return self.rule_result == "NEEDS_RECOGNITION" or self.finding == TO_RECOGNISE

    @property
    def qualification(self) -> str:
        """The ground of qualification as documents write it."""
        return "实践经验认定" if self.route == "B" else "一般条件"


def apply(session: Session, actor: Actor, called: Round, person: Person, **facts: Any) -> Application:
    """Begin an application; `Conflict` if the person has another one in the round that is not over."""
    take_turn(session, f"application:{called.id}:{person.id}")
    open_already = other_application(session, called.id, person.id)
    if open_already is not None:
        raise Conflict(message("您在本轮已有报名（%(number)s），不能重复报名。", number=open_already.number))
    year = clock.today().year
    number = f"BM{year}-{next_number(session, f'application:{year}'):04d}"
    begun = Application(
        number=number,
        round_id=called.id,
        person_id=person.id,
        name=person.name,
        status=ApplicationStatus.DRAFT,
        created_at=clock.now(),
        **facts,
    )
    enter(session, actor, begun)
    return begun


def other_application(
    session: Session, round_id: UUID, person_id: UUID, than: UUID | None = None
) -> Application | None:
    """Another application of a person in a round that has not been withdrawn, refused by the employer or let lapse."""
    mine = select(Application).where(Application.round_id == round_id, Application.person_id == person_id)
    return session.scalars(mine.where(Application.status.not_in(ENDED), Application.id != than).limit(1)).first()


def application_of(session: Session, application_id: UUID) -> Application:
    """The application, or `NotFound`."""
    found = session.get(Application, application_id)
    if found is None:
        raise NotFound(message("未找到该报名。"))
    return found


def applications_of(session: Session, round_id: UUID) -> Sequence[Application]:
    """All applications of a round by number."""
    mine = select(Application).where(Application.round_id == round_id)
    return session.scalars(mine.order_by(Application.number)).all()


def selectable_applications(session: Session, round_id: UUID) -> Sequence[Application]:
    """The people whom the panel may name: found fit, or put forward for recognition."""
    return [each for each in applications_of(session, round_id) if each.status in SELECTABLE]


def unsettled(session: Session, round_id: UUID) -> int:
    """How many applications the deliberation still waits for; an accepted late one is among them."""
    mine = (Application.round_id == round_id, Application.status.in_(UNSETTLED))
    return session.scalar(select(func.count()).select_from(Application).where(*mine)) or 0
