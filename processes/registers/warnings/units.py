"""Warnings about units: letters without an answer, posts without a planner (第六条(四)、第二条)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from processes import clock
from processes.identity.models import Unit
from processes.registers.appointments import Appointment
from processes.registers.history import StatusChange
from processes.registers.letters import Letter, LetterNominee, LetterStatus
from processes.registers.needs import Need
from processes.registers.nominations import Nomination
from processes.registers.planner_posts import PlannerPost, PostStatus
from processes.registers.rounds import Round
from processes.registers.switches import Readings
from processes.registers.warnings.scope import Scope
from processes.rules.letters import ReplyState, consult_reply
from processes.rules.workdays import WorkCalendar
from processes.rules.years import DAY

VACANCY_GROUND = "第六条（五）"


@dataclass(frozen=True)
class Unanswered:
    """A letter that waits for a reply; silence is no consent."""

    letter: Letter
    state: ReplyState
    contact: str
    """Whom the district named in its need, with the telephone number."""

    @property
    def nominees(self) -> str:
        """Whom the letter asks about."""
        return "、".join(each.nomination.application.name for each in self.letter.nominations)


@dataclass(frozen=True)
class Vacancy:
    """A post without a planner, and the first day on which it had none."""

    post: PlannerPost
    since: date | None
    days: int | None


def unanswered(
    session: Session, scope: Scope, day: date, readings: Readings, calendar: WorkCalendar
) -> list[Unanswered]:
    """Letters that wait for a reply, the longest waiting first (R-consult_reply)."""
    of_the_unit = and_(Need.round_id == Letter.round_id, Need.unit_id == Letter.unit_id)
    named = joinedload(LetterNominee.nomination).joinedload(Nomination.application)
    found = (
        select(Letter, Need.contact, Need.phone)
        .outerjoin(Need, of_the_unit)
        .where(Letter.status == LetterStatus.WAITING, scope.of_units(Letter.unit_id))
        .options(selectinload(Letter.nominations).options(named))
        .order_by(Letter.sent_on, Letter.number)
    )
    limit = readings.number("reply.limit_wd")
    return [
        Unanswered(
            letter,
            consult_reply(letter.sent_on, as_of=day, limit_workdays=limit, calendar=calendar),
            f"{contact or ''} {phone or ''}".strip(),
        )
        for letter, contact, phone in session.execute(found)
    ]


def count_vacancies(session: Session, scope: Scope) -> int:
    """How many posts are vacant."""
    vacant = (PlannerPost.status == PostStatus.VACANT, scope.of_units(PlannerPost.unit_id))
    return session.scalar(select(func.count()).select_from(PlannerPost).where(*vacant)) or 0


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
    served = select(func.max(Appointment.ended_on)).where(Appointment.post_id == PlannerPost.id).scalar_subquery()
    found = (
        select(PlannerPost, entered, served, Round.decided_on)
        .join(PlannerPost.unit)
        .join(Round, Round.id == PlannerPost.round_id)
        .where(PlannerPost.status == PostStatus.VACANT, scope.of_units(PlannerPost.unit_id))
        .options(joinedload(PlannerPost.unit))
        .order_by(Unit.place, PlannerPost.number)
    )
    rows = []
    for post, at, last_served, decided_on in session.execute(found):
        since = _empty_since(clock.local(at).date() if at else None, last_served, decided_on)
        rows.append(Vacancy(post, since, (day - since).days if since else None))
    return sorted(rows, key=lambda each: each.since or date.max)


def _empty_since(entered: date | None, last_served: date | None, decided_on: date | None) -> date | None:
    """The day after the last planner's last, whenever that was entered; never filled, since its round was decided."""
    if last_served is not None:
        return last_served + DAY
    known = [each for each in (entered, decided_on) if each is not None]
    return min(known, default=None)
