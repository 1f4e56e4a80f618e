"""首席规划师岗位: a place for a chief planner in a unit, born from a need, filled by an appointment (第二条)."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from processes.db import Base
from processes.errors import NotFound
from processes.forms.wording import Wording
from processes.identity.actor import Actor
from processes.identity.models import Unit
from processes.messages import message
from processes.registers.history import Stateful, change_status, enter, life
from processes.registers.needs import Need
from processes.registers.rounds import Round


class PostStatus(StrEnum):
    """Whether a post has a planner."""

    OPEN = "open"
    PROPOSED = "proposed"
    DECIDED = "decided"
    FILLED = "filled"
    VACANT = "vacant"
    CLOSED = "closed"


_S = PostStatus
POST_STATUSES: dict[str, Wording] = {
    _S.OPEN: Wording("待遴选", "Open"),
    _S.PROPOSED: Wording("已提出人选", "Nominee proposed"),
    _S.DECIDED: Wording("已确定人选", "Decided"),
    _S.FILLED: Wording("已到岗", "Filled"),
    _S.VACANT: Wording("空缺", "Vacant"),
    _S.CLOSED: Wording("已撤销", "Closed"),
}


class PlannerPost(Stateful, Base):
    """One post of one unit."""

    __tablename__ = "planner_post"
    __table_args__ = (UniqueConstraint("round_id", "unit_id", "number"),)
    STATUSES = POST_STATUSES
    LIFE = life(
        (_S.OPEN, (_S.PROPOSED, _S.VACANT, _S.CLOSED)),
        (_S.PROPOSED, (_S.OPEN, _S.DECIDED, _S.VACANT, _S.CLOSED)),
        (_S.DECIDED, (_S.PROPOSED, _S.FILLED, _S.VACANT, _S.CLOSED)),
        (_S.FILLED, (_S.VACANT, _S.CLOSED)),
        (_S.VACANT, (_S.OPEN, _S.PROPOSED, _S.CLOSED)),
    )

    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"))
    """The round that fills it; a short round takes a vacant post over."""
    need_id: Mapped[UUID | None] = mapped_column(ForeignKey("need.id"), index=True)
    """The need it was born from, in whatever round."""
    unit_id: Mapped[str] = mapped_column(ForeignKey("unit.id"), index=True)
    number: Mapped[int]
    """First, second or third post of the unit."""
    specialties: Mapped[list[str]] = mapped_column(default=list)
    vacancy_reason: Mapped[str] = mapped_column(default="")
    next_step: Mapped[str] = mapped_column(default="")
    """What is to be done about the vacancy."""

    round: Mapped[Round] = relationship()
    unit: Mapped[Unit] = relationship()

    @property
    def label(self) -> str:
        """What people call it: «万州区岗位1»."""
        return f"{self.unit.name}岗位{self.number}"

    @property
    def direction(self) -> str:
        """The specialties as documents write them."""
        return "、".join(self.specialties)


def create_posts(session: Session, actor: Actor, need: Need, count: int, reason: str = "") -> list[PlannerPost]:
    """Fix the posts of a need: so many places in the unit, each with the specialties asked for."""
    need.posts_fixed, need.fix_reason = count, reason
    facts = {
        "round_id": need.round_id,
        "need_id": need.id,
        "unit_id": need.unit_id,
        "specialties": list(need.specialties),
    }
    posts = [PlannerPost(status=PostStatus.OPEN, number=place, **facts) for place in range(1, count + 1)]
    for post in posts:
        enter(session, actor, post, reason)
    return posts


def post_of(session: Session, post_id: UUID) -> PlannerPost:
    """The post, or `NotFound`."""
    found = session.get(PlannerPost, post_id)
    if found is None:
        raise NotFound(message("未找到该岗位。"))
    return found


def posts_of(session: Session, round_id: UUID) -> Sequence[PlannerPost]:
    """All posts of a round: the first posts of all units before the second ones."""
    ordered = select(PlannerPost).join(PlannerPost.unit).where(PlannerPost.round_id == round_id)
    return session.scalars(ordered.order_by(PlannerPost.number, Unit.place, Unit.id)).all()


def declare_vacant(session: Session, actor: Actor, post: PlannerPost, reason: str, next_step: str = "") -> None:
    """Record that a post has nobody, why, and what is to be done."""
    post.vacancy_reason, post.next_step = reason, next_step
    change_status(session, actor, post, PostStatus.VACANT, reason)


def describe(session: Session, post: PlannerPost, **facts: Any) -> None:
    """Bring up to date what is said of a post: specialties, why it is vacant, what is to be done."""
    for name, value in facts.items():
        setattr(post, name, value)
    session.flush()


def take_over(session: Session, actor: Actor, post: PlannerPost, by: Round, reason: str) -> None:
    """Let a round fill a post that an earlier round left, or lost, a planner for."""
    post.round_id = by.id
    change_status(session, actor, post, PostStatus.VACANT, reason)
    change_status(session, actor, post, PostStatus.OPEN, reason)


def move_to_unit(session: Session, post: PlannerPost, unit_id: str) -> None:
    """A unit was dissolved: its post becomes the next one of its successor."""
    if post.unit_id == unit_id:
        return
    there = (PlannerPost.round_id == post.round_id, PlannerPost.unit_id == unit_id)
    last = session.scalar(select(func.max(PlannerPost.number)).where(*there)) or 0
    post.number, post.unit_id = last + 1, unit_id
    session.flush()
    session.refresh(post)


def count_with_status(session: Session, round_id: UUID, status: PostStatus) -> int:
    """How many posts of a round stand so."""
    mine = (PlannerPost.round_id == round_id, PlannerPost.status == status)
    return session.scalar(select(func.count()).select_from(PlannerPost).where(*mine)) or 0
