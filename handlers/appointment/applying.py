"""What an applicant does from the public page: apply, withdraw, change the employer (第五条(二)、第六条(二))."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from processes import clock
from processes.engine import cases, messaging
from processes.engine.definitions import definition
from processes.engine.house import House
from processes.engine.models import Case
from processes.errors import Conflict, Invalid, NotAllowed, NotFound
from processes.identity.actor import Actor
from processes.identity.models import Organization, Person
from processes.messages import Message, message
from processes.registers import applications
from processes.registers.application_statuses import ENDED
from processes.registers.applications import Application, application_of
from processes.registers.rounds import Round, RoundStatus, round_of

LATE_DAYS = 4
"""Days after the call has closed in which a late application may still be put before the process owner (two working
days, a weekend in between)."""
SHORTEST_REASON = 5


def begin_application(
    session: Session, house: House, actor: Actor, round_id: UUID, employer_id: str, *, late_reason: str = ""
) -> Case:
    """Begin an application in a round, as a case of its own on the version that the round runs on.

    After the call has closed a reason is needed, and the process owner decides whether it is taken. Raises `Conflict`
    when the round takes no applications or the person has one already.
    """
    called = round_of(session, round_id)
    person = session.get(Person, actor.person_id) if actor.person_id else None
    if person is None or not actor.has("applicant"):
        raise NotAllowed(message("请以报名人选的账号登录后报名。"))
    employer = session.get(Organization, employer_id)
    if employer is None or employer.kind != "employer":
        raise _wrong("employer_id", message("请从列表中选择所在单位。"))
    late = not called.takes_applications
    if late:
        _check_late(called, late_reason)
    begun = applications.apply(session, actor, called, person, employer_id=employer.id, late=late)
    round_case = session.get(Case, called.case_id) if called.case_id else None
    if round_case is None:
        raise Conflict(message("本轮选聘尚未开始。"))
    variables = {
        "round_id": str(called.id),
        "round_name": called.name,
        "application_id": str(begun.id),
        "person_id": str(person.id),
        "applicant_name": person.name,
        "employer_id": employer.id,
        "apply_until": called.apply_until.isoformat() if called.apply_until else clock.today().isoformat(),
        "late": late,
        "late_reason": late_reason.strip(),
    }
    case = cases.start(
        session, house, actor, round_case.key, "application", variables,
        subject_id=person.id, parent_id=round_case.id, definition=definition(session, round_case.definition_id),
        by_hand=False,
    )  # fmt: skip
    begun.case_id = case.id
    return case


def _check_late(called: Round, reason: str) -> None:
    closed = called.status == RoundStatus.QUALIFICATION and called.apply_until is not None
    if not closed or clock.today() > (called.apply_until or clock.today()) + timedelta(days=LATE_DAYS):
        raise Conflict(message("本轮选聘现在不接受报名。"))
    if len(reason.strip()) < SHORTEST_REASON:
        raise _wrong("late_reason", message("报名已截止。如因技术故障等原因未能按时报名，请说明理由（不少于5字）。"))


def withdraw_application(
    session: Session, house: House, actor: Actor, application_id: UUID, reason: str
) -> Application:
    """Withdraw one's own application, with a reason, at whatever stage; whoever waits for the person is told."""
    mine = _own(session, actor, application_id)
    if mine.status in ENDED:
        raise Conflict(message("该报名已结束。"))
    if len(reason.strip()) < SHORTEST_REASON:
        raise _wrong("reason", message("请说明退出的理由（不少于5字）。"))
    if not messaging.deliver(session, house, "withdraw", str(mine.id), {"reason": reason.strip()}, actor):
        raise Conflict(message("该报名已办结，不能在此退出。"))
    session.refresh(mine)
    return mine


def change_employer(
    session: Session, house: House, actor: Actor, application_id: UUID, employer_id: str
) -> Application:
    """Name a new employer during the round; it is asked for its opinion as the first one was."""
    mine = _own(session, actor, application_id)
    employer = session.get(Organization, employer_id)
    if employer is None or employer.kind != "employer" or employer.id == mine.employer_id:
        raise _wrong("employer_id", message("请从列表中选择新的所在单位。"))
    if not messaging.deliver(session, house, "employer_changed", str(mine.id), {"employer_id": employer.id}, actor):
        raise Conflict(message("该报名现在不能变更单位。"))
    return mine


def _own(session: Session, actor: Actor, application_id: UUID) -> Application:
    found = application_of(session, application_id)
    if actor.person_id is None or found.person_id != actor.person_id:
        raise NotFound(message("未找到该报名。"))
    return found


def _wrong(field: str, problem: Message) -> Invalid:
    return Invalid(problem, {field: problem})
