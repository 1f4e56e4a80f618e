"""A round or an application is given up: its case ends, and the registers say so with the reason."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes import clock
from processes.engine import cases
from processes.engine.house import House
from processes.engine.messages_later import send_later
from processes.engine.models import Case
from processes.engine.verbs import sending_back
from processes.identity.actor import SYSTEM, Actor
from processes.messages import message
from processes.notices import notify
from processes.registers.application_statuses import ApplicationStatus
from processes.registers.applications import Application
from processes.registers.history import change_status
from processes.registers.planner_posts import PostStatus, posts_of
from processes.registers.rounds import Round, RoundStatus

GOING_ON = ("running", "suspended")
FREE = frozenset({PostStatus.OPEN, PostStatus.PROPOSED, PostStatus.DECIDED})
"""Posts that nobody has taken up; they are closed with their round."""


def cancel(session: Session, house: House, actor: Actor, case_id: UUID, reason: str) -> Case:
    """End a case from outside, as `cases.cancel` does; a round takes its applications with it."""
    return _settle(session, house, actor, cases.cancel(session, house, actor, case_id, reason), reason)


def withdraw(session: Session, house: House, actor: Actor, case_id: UUID, reason: str) -> Case:
    """Whoever has started a case takes it back (撤销); the registers say so."""
    return _settle(session, house, actor, cases.withdraw(session, house, actor, case_id, reason), reason)


def reject(session: Session, house: House, actor: Actor, item_id: UUID, reason: str) -> Case:
    """Whoever decides refuses what a case is about (驳回); the registers say so."""
    return _settle(session, house, actor, sending_back.reject(session, house, actor, item_id, reason), reason)


def _settle(session: Session, house: House, actor: Actor, case: Case, reason: str) -> Case:
    case_id = case.id
    ended = session.scalars(select(Round).where(Round.case_id == case_id)).first()
    if ended is not None:
        _cancel_round(session, actor, ended, reason)
    for child in session.scalars(select(Case).where(Case.parent_id == case_id, Case.status.in_(GOING_ON))).all():
        cancel(session, house, actor if actor.has(*cases.MAY_STOP) else SYSTEM, child.id, reason)
    application = session.scalars(select(Application).where(Application.case_id == case_id)).first()
    if application is not None:
        _cancel_application(session, actor, application, reason)
    return case


def _cancel_round(session: Session, actor: Actor, ended: Round, reason: str) -> None:
    ended.ended_at = clock.now()
    change_status(session, actor, ended, RoundStatus.CANCELLED, reason)
    for post in posts_of(session, ended.id):
        if post.status in FREE:
            change_status(session, actor, post, PostStatus.CLOSED, reason)
        send_later(session, "round_ended", str(post.id), {"appointed_total": 0, "vacant_total": 1})


def _cancel_application(session: Session, actor: Actor, application: Application, reason: str) -> None:
    if ApplicationStatus.CANCELLED not in application.LIFE.get(application.status, ()):
        return
    application.settled_as = "cancelled"
    change_status(session, actor, application, ApplicationStatus.CANCELLED, reason)
    told = message("您的报名（%(number)s）已终止：%(reason)s", number=application.number, reason=reason)
    notify(session, "result", told, person_id=application.person_id, case_id=application.case_id)
