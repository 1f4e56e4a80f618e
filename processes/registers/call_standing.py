"""报名情况: rounds whose call is open, the days left, and the posts nobody has applied for (第六条(二))."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from processes.registers.application_statuses import ENDED, ApplicationStatus
from processes.registers.applications import Application
from processes.registers.planner_posts import PlannerPost, PostStatus
from processes.registers.rounds import Round, RoundStatus

GROUND = "第六条（二）"
_WAIT = (PostStatus.OPEN, PostStatus.VACANT)


@dataclass(frozen=True)
class OpenPost:
    """A post of an open call, and the applications of those who may fill it."""

    post: PlannerPost
    wished: Sequence[UUID]
    """Of applicants who wish for its unit."""
    matching: Sequence[UUID]
    """Of applicants who would go anywhere and share a specialty with it."""

    @property
    def empty(self) -> bool:
        """Whether nobody has applied for it."""
        return not self.wished and not self.matching


@dataclass(frozen=True)
class OpenCall:
    """A round that takes applications."""

    round: Round
    days_left: int
    applicants: Sequence[UUID]
    """The applications that stand."""
    posts: Sequence[OpenPost]


def open_calls(session: Session, day: date) -> list[OpenCall]:
    """The calls that are open on a day, the first to close first, posts without an applicant first."""
    wanted = select(Round).where(Round.status == RoundStatus.CALL, Round.apply_until >= day)
    found = []
    for each in session.scalars(wanted.order_by(Round.apply_until, Round.id)):
        people = _applicants(session, each)
        posts = [_post(one, people) for one in _posts(session, each)]
        assert each.apply_until is not None
        ordered = sorted(posts, key=lambda one: (not one.empty, one.post.unit.place, one.post.number))
        found.append(OpenCall(each, (each.apply_until - day).days, _ids(people), ordered))
    return found


def _applicants(session: Session, wanted: Round) -> Sequence[Application]:
    """Those who have sent an application that still stands."""
    gone = (*ENDED, ApplicationStatus.DRAFT)
    mine = select(Application).where(Application.round_id == wanted.id, Application.status.not_in(gone))
    return session.scalars(mine).all()


def _posts(session: Session, wanted: Round) -> Sequence[PlannerPost]:
    mine = select(PlannerPost).where(PlannerPost.round_id == wanted.id, PlannerPost.status.in_(_WAIT))
    return session.scalars(mine.options(joinedload(PlannerPost.unit))).all()


def _post(post: PlannerPost, people: Sequence[Application]) -> OpenPost:
    wished = [each for each in people if post.unit_id in each.units_wanted]
    anywhere = [each for each in people if each.accept_assign and post.unit_id not in each.units_wanted]
    wanted = set(post.specialties)
    return OpenPost(
        post, _ids(wished), _ids([each for each in anywhere if not wanted or wanted & set(each.specialties)])
    )


def _ids(people: Sequence[Application]) -> list[UUID]:
    return [each.id for each in people]
