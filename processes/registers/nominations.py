"""建议人选和备选人选: who was named for which post, and what became of it (第六条(三)至(五))."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from processes.db import Base
from processes.errors import NotFound
from processes.forms.wording import Wording
from processes.identity.actor import Actor
from processes.messages import message
from processes.registers.application_statuses import SELECTABLE, ApplicationStatus
from processes.registers.applications import Application
from processes.registers.history import Stateful, change_status, enter, life
from processes.registers.planner_posts import PlannerPost


class NominationStatus(StrEnum):
    """How a nomination stands."""

    PROPOSED = "proposed"
    RESERVE = "reserve"
    CONSULTING = "consulting"
    AGREED = "agreed"
    SILENT = "silent"
    CONFIRMED = "confirmed"
    APPOINTED = "appointed"
    HR_OBJECTED = "hr_objected"
    OBJECTED = "objected"
    DROPPED = "dropped"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


_S = NominationStatus
NOMINATION_STATUSES: dict[str, Wording] = {
    _S.PROPOSED: Wording("建议人选", "Nominee"),
    _S.RESERVE: Wording("备选人选", "Reserve"),
    _S.CONSULTING: Wording("征求意见中", "District consulted"),
    _S.AGREED: Wording("区县同意", "District agrees"),
    _S.SILENT: Wording("区县未复函，视情推进", "No reply, carried on by decision"),
    _S.CONFIRMED: Wording("已确定", "Confirmed"),
    _S.APPOINTED: Wording("已聘任", "Appointed"),
    _S.HR_OBJECTED: Wording("市人力社保局不同意", "HR bureau disagrees"),
    _S.OBJECTED: Wording("区县不同意", "District objects"),
    _S.DROPPED: Wording("未采用", "Not used"),
    _S.DECLINED: Wording("本人不接受", "Declined"),
    _S.WITHDRAWN: Wording("本人退出", "Withdrawn"),
}
CURRENT = frozenset({_S.PROPOSED, _S.CONSULTING, _S.AGREED, _S.SILENT, _S.CONFIRMED, _S.APPOINTED})
"""The nomination stands for its post; at most one a post."""
_OUT = (_S.DROPPED, _S.WITHDRAWN)
_MEANS: dict[str, ApplicationStatus] = {
    _S.APPOINTED: ApplicationStatus.ACCEPTED,
    _S.CONFIRMED: ApplicationStatus.CONFIRMED,
    _S.AGREED: ApplicationStatus.CONSULTING,
    _S.SILENT: ApplicationStatus.CONSULTING,
    _S.CONSULTING: ApplicationStatus.CONSULTING,
    _S.PROPOSED: ApplicationStatus.NOMINEE,
    _S.RESERVE: ApplicationStatus.RESERVE,
    _S.DECLINED: ApplicationStatus.WITHDRAWN,
}
"""How an application stands by its nominations, the best first."""
_ORDER: list[str] = [*_MEANS, _S.OBJECTED, _S.HR_OBJECTED, _S.DROPPED, _S.WITHDRAWN]
FOLLOWS = SELECTABLE
"""An application that was withdrawn or refused stands so whatever its nominations do."""


class Nomination(Stateful, Base):
    """A person named for a post, first or in reserve."""

    __tablename__ = "nomination"
    __table_args__ = (Index("ix_nomination_post_id_status", "post_id", "status"),)
    STATUSES = NOMINATION_STATUSES
    LIFE = life(
        (_S.PROPOSED, (_S.CONSULTING, _S.CONFIRMED, _S.HR_OBJECTED, *_OUT)),
        (_S.RESERVE, (_S.PROPOSED, _S.HR_OBJECTED, *_OUT)),
        (_S.CONSULTING, (_S.AGREED, _S.SILENT, _S.OBJECTED, _S.PROPOSED, *_OUT)),
        (_S.AGREED, (_S.CONFIRMED, _S.CONSULTING, _S.DECLINED, *_OUT)),
        (_S.SILENT, (_S.AGREED, _S.OBJECTED, _S.CONFIRMED, _S.CONSULTING, *_OUT)),
        (_S.OBJECTED, (_S.AGREED, _S.CONSULTING, *_OUT)),
        (_S.HR_OBJECTED, (_S.PROPOSED, *_OUT)),
        (_S.CONFIRMED, (_S.APPOINTED, _S.DECLINED, _S.CONSULTING, *_OUT)),
        (_S.DROPPED, (_S.PROPOSED, _S.RESERVE, _S.WITHDRAWN)),
        (_S.APPOINTED, (_S.WITHDRAWN,)),
    )

    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"), index=True)
    post_id: Mapped[UUID] = mapped_column(ForeignKey("planner_post.id"))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), index=True)
    deliberation_id: Mapped[UUID | None] = mapped_column(ForeignKey("deliberation.id"))
    """None for a person put in by the decision of the list itself."""
    rank: Mapped[int]
    """As the panel put it: 0 nominee, 1 and 2 reserves."""
    votes: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    hr_reason: Mapped[str] = mapped_column(default="")
    """Why the HR bureau disagrees with the person."""
    views: Mapped[list[Any]] = mapped_column(default=list)
    """Both leaders' views where the bureaus disagree: `[{"body", "person", "view", "reason", "at"}…]`."""
    district_reason: Mapped[str] = mapped_column(default="")
    """Advice or reasons of the district government."""
    term_start: Mapped[date | None]
    term_end: Mapped[date | None]
    """The term as decided with the list."""

    post: Mapped[PlannerPost] = relationship()
    application: Mapped[Application] = relationship()


def nominate(
    session: Session, actor: Actor, post: PlannerPost, application: Application, rank: int, **facts: Any
) -> Nomination:
    """Name a person for a post, as nominee (rank 0) or as reserve; a nomination dropped before is taken up again."""
    status = NominationStatus.RESERVE if rank else NominationStatus.PROPOSED
    known = (Nomination.post_id == post.id, Nomination.application_id == application.id)
    named = session.scalars(select(Nomination).where(*known).order_by(Nomination.rank).limit(1)).first()
    if named is None or (named.status != status and status not in named.LIFE.get(named.status, ())):
        named = Nomination(
            round_id=post.round_id, post_id=post.id, application_id=application.id, rank=rank, status=status, **facts
        )
        enter(session, actor, named)
        _follow(session, actor, named.application, "")
        return named
    named.rank = rank
    for name, value in facts.items():
        setattr(named, name, value)
    stand(session, actor, named, status)
    return named


def stand(session: Session, actor: Actor, nomination: Nomination, status: str, reason: str = "") -> None:
    """Let a nomination stand otherwise, and the person's application with it."""
    if change_status(session, actor, nomination, status, reason):
        _follow(session, actor, nomination.application, reason)


def _follow(session: Session, actor: Actor, application: Application, reason: str) -> None:
    """An application stands as the best of its nominations does."""
    if application.status not in FOLLOWS:
        return
    mine = session.scalars(select(Nomination.status).where(Nomination.application_id == application.id)).all()
    best = min(mine, key=_ORDER.index)
    change_status(session, actor, application, _MEANS.get(best, ApplicationStatus.NOT_SELECTED), reason)


def nomination_of(session: Session, nomination_id: UUID) -> Nomination:
    """The nomination, or `NotFound`."""
    found = session.get(Nomination, nomination_id)
    if found is None:
        raise NotFound(message("未找到该建议人选。"))
    return found


def nominations_of(session: Session, round_id: UUID, *statuses: str) -> Sequence[Nomination]:
    """The nominations of a round, in the order of the posts and the ranks."""
    mine = select(Nomination).join(Nomination.post).where(Nomination.round_id == round_id)
    if statuses:
        mine = mine.where(Nomination.status.in_(statuses))
    ordered = mine.order_by(PlannerPost.unit_id, PlannerPost.number, Nomination.rank, Nomination.id)
    return session.scalars(ordered).all()


def for_post(session: Session, post_id: UUID, *statuses: str) -> Sequence[Nomination]:
    """The nominations for a post by rank, all or those that stand so, in the round that fills it now.

    Who was appointed in an earlier round and has left stands for the post no longer.
    """
    now = select(PlannerPost.round_id).where(PlannerPost.id == post_id).scalar_subquery()
    mine = select(Nomination).where(Nomination.post_id == post_id, Nomination.round_id == now)
    if statuses:
        mine = mine.where(Nomination.status.in_(statuses))
    return session.scalars(mine.order_by(Nomination.rank, Nomination.id)).all()


def standing_elsewhere(session: Session, nomination: Nomination) -> bool:
    """Whether the person stands for another post of the round already."""
    mine = (Nomination.application_id == nomination.application_id, Nomination.post_id != nomination.post_id)
    return bool(session.scalars(select(Nomination.id).where(*mine, Nomination.status.in_(CURRENT)).limit(1)).first())


def move_up(session: Session, actor: Actor, post: PlannerPost, reason: str) -> Nomination | None:
    """Let the next reserve who is still to be had stand for a post; None if there is nobody."""
    for reserve in for_post(session, post.id, NominationStatus.RESERVE):
        if reserve.application.status in FOLLOWS and not standing_elsewhere(session, reserve):
            stand(session, actor, reserve, NominationStatus.PROPOSED, reason)
            return reserve
    return None
