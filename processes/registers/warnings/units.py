"""Warnings about units: letters without an answer, posts without a planner (第六条(四)、第二条)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from processes import clock
from processes.identity.models import Unit
from processes.registers.history import StatusChange
from processes.registers.letters import Letter, LetterStatus
from processes.registers.planner_posts import PlannerPost, PostStatus
from processes.registers.switches import Readings
from processes.registers.warnings.scope import Scope
from processes.rules.letters import ReplyState, consult_reply
from processes.rules.workdays import WorkCalendar

VACANCY_GROUND = "第六条（五）"


@dataclass(frozen=True)
class Unanswered:
    """A letter that waits for a reply; silence is no consent."""

    letter: Letter
    state: ReplyState


@dataclass(frozen=True)
class Vacancy:
    """A post without a planner, and since when."""

    post: PlannerPost
    since: date | None
    days: int | None


def unanswered(
    session: Session, scope: Scope, day: date, readings: Readings, calendar: WorkCalendar
) -> list[Unanswered]:
    """Letters that wait for a reply, the longest waiting first (R-consult_reply)."""
    found = select(Letter).where(Letter.status == LetterStatus.WAITING, scope.of_units(Letter.unit_id))
    limit = readings.number("reply.limit_wd")
    rows = session.scalars(found.order_by(Letter.sent_on, Letter.number))
    return [
        Unanswered(each, consult_reply(each.sent_on, as_of=day, limit_workdays=limit, calendar=calendar))
        for each in rows
    ]


def vacancies(session: Session, scope: Scope, day: date) -> list[Vacancy]:
    """Posts that are vacant, the longest vacant first."""
    entered = (
        select(func.max(StatusChange.at))
        .where(
            StatusChange.register == PlannerPost.__tablename__,
            StatusChange.record_id == PlannerPost.id,
            StatusChange.to_status == PostStatus.VACANT,
        )
        .scalar_subquery()
    )
    found = (
        select(PlannerPost, entered)
        .join(PlannerPost.unit)
        .where(PlannerPost.status == PostStatus.VACANT, scope.of_units(PlannerPost.unit_id))
        .options(joinedload(PlannerPost.unit))
        .order_by(entered, Unit.place, PlannerPost.number)
    )
    rows = []
    for post, at in session.execute(found):
        since = clock.local(at).date() if at else None
        rows.append(Vacancy(post, since, (day - since).days if since else None))
    return rows
