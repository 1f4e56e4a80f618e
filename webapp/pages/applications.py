"""What an applicant follows: the own applications, what is to be done now, documents; withdrawing, a new employer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from handlers.appointment.applying import change_employer, withdraw_application
from processes.engine.failures import CaseFailed
from processes.engine.models import CaseDocument, WorkItem
from processes.errors import Invalid, NotFound
from processes.identity.actor import Actor
from processes.identity.models import Organization
from processes.messages import Message
from processes.registers.application_statuses import APPLICATION_STATUSES, ENDED, ApplicationStatus
from processes.registers.applications import Application
from processes.registers.rounds import RoundStatus
from webapp.access import post_needed
from webapp.desk import Desk, current_desk
from webapp.language import current_language, say
from webapp.operation_key import once
from webapp.pages.deadlines import Remaining, remaining
from webapp.visitors import current_actor

blueprint = Blueprint("applications", __name__, url_prefix="/my/applications")
_S = ApplicationStatus
PLACES: dict[str, int] = {
    _S.DRAFT: 0, _S.TOO_LATE: 0, _S.LAPSED: 0, _S.EMPLOYER: 1, _S.EMPLOYER_REFUSED: 1, _S.REVIEW: 2, _S.SUPPLEMENT: 2,
    _S.INELIGIBLE: 2, _S.FALSE_CERTIFICATE: 2, _S.ELIGIBLE: 3, _S.RECOGNITION: 3, _S.NOMINEE: 3, _S.RESERVE: 3,
    _S.NOT_SELECTED: 3, _S.CONSULTING: 4, _S.CONFIRMED: 5, _S.ACCEPTED: 6,
}  # fmt: skip
"""How far along the bar each status stands."""
NOT_YET_TOLD = frozenset({_S.NOMINEE, _S.RESERVE, _S.NOT_SELECTED, _S.CONSULTING})
"""What the panel has proposed is not told to applicants before the list is decided (第六条(五))."""
DECIDED = frozenset({RoundStatus.APPOINTMENT, RoundStatus.COMPLETED})
OVER = frozenset({*ENDED, _S.INELIGIBLE, _S.FALSE_CERTIFICATE})


@dataclass(frozen=True)
class BarPart:
    """A part of the bar: its name and `done`, `current`, `ahead` or `ended`."""

    name: str
    state: str


@dataclass(frozen=True)
class Followed:
    """One application as the applicant follows it."""

    application: Application
    status: str
    over: bool
    bar: Sequence[BarPart]
    reasons: str
    may_withdraw: bool


@blueprint.get("/")
@post_needed("applicant")
def index() -> ResponseReturnValue:
    """All applications of the visitor."""
    desk = current_desk()
    with desk.db.reading() as session:
        return _page(session, desk, current_actor())


@blueprint.get("/<uuid:application_id>/withdraw")
@post_needed("applicant")
def confirm_withdrawal(application_id: UUID) -> ResponseReturnValue:
    """Ask before an application is withdrawn."""
    with current_desk().db.reading() as session:
        return _withdrawal_page(_own(session, current_actor(), application_id))


@blueprint.post("/<uuid:application_id>/withdraw")
@post_needed("applicant")
def withdraw(application_id: UUID) -> ResponseReturnValue:
    """Withdraw an application, with a reason."""
    desk, actor = current_desk(), current_actor()
    try:
        with once() as operation:
            mine = withdraw_application(
                operation.session, desk.house, actor, application_id, request.form.get("reason", "")
            )
            flash(_("报名 %(number)s 已退出。", number=mine.number))
            return operation.done(url_for("applications.index"))
    except (Invalid, CaseFailed) as problem:
        with desk.db.reading() as session:
            return _withdrawal_page(_own(session, actor, application_id), problem.text), problem.status


@blueprint.get("/<uuid:application_id>/employer")
@post_needed("applicant")
def employer_form(application_id: UUID) -> ResponseReturnValue:
    """The page to name a new employer."""
    with current_desk().db.reading() as session:
        return _employer_page(session, _own(session, current_actor(), application_id))


@blueprint.post("/<uuid:application_id>/employer")
@post_needed("applicant")
def employer(application_id: UUID) -> ResponseReturnValue:
    """Name a new employer; it is asked for its opinion."""
    desk, actor = current_desk(), current_actor()
    try:
        with once() as operation:
            change_employer(operation.session, desk.house, actor, application_id, request.form.get("employer_id", ""))
            flash(_("已登记单位变更，将征求新单位意见。"))
            return operation.done(url_for("applications.index"))
    except (Invalid, CaseFailed) as problem:
        with desk.db.reading() as session:
            return _employer_page(session, _own(session, actor, application_id), problem.text), problem.status


def _page(session: Session, desk: Desk, actor: Actor) -> str:
    mine = session.scalars(
        select(Application)
        .options(joinedload(Application.round), joinedload(Application.employer))
        .where(Application.person_id == actor.person_id)
        .order_by(Application.created_at.desc())
    ).all()
    documents = session.scalars(
        select(CaseDocument).where(CaseDocument.subject_id == actor.person_id).order_by(CaseDocument.at.desc())
    ).all()
    return render_template(
        "apply/mine.html",
        followed=[followed(each) for each in mine],
        tasks=_tasks(session, desk, actor),
        documents=documents,
    )


def followed(mine: Application) -> Followed:
    """An application in the words that its applicant may read now."""
    hidden = mine.status in NOT_YET_TOLD and mine.round.status not in DECIDED
    status = _("遴选和征求意见中") if hidden else APPLICATION_STATUSES[mine.status].text(current_language())
    over = mine.status in OVER
    told = over or mine.status == _S.SUPPLEMENT
    return Followed(mine, status, over, _bar(mine, hidden), mine.finding_reasons if told else "", not over)


def _bar(mine: Application, hidden: bool) -> list[BarPart]:
    names = [_("报名"), _("单位意见"), _("资格审核"), _("遴选合议"), _("征求意见"), _("聘任颁证")]
    place = 3 if hidden else PLACES.get(mine.status, _reached(mine))
    at = "ended" if mine.status in OVER else "current"
    return [
        BarPart(name, "done" if number < place else at if number == place else "ahead")
        for number, name in enumerate(names)
    ]


def _reached(mine: Application) -> int:
    """How far an application had come when it was withdrawn."""
    return 3 if mine.reviewed_at else 2 if mine.employer_answered_at else 1 if mine.submitted_at else 0


def _tasks(session: Session, desk: Desk, actor: Actor) -> list[tuple[WorkItem, Remaining]]:
    waiting = select(WorkItem).where(WorkItem.person_id == actor.person_id, WorkItem.status == "open")
    found = session.scalars(waiting.order_by(WorkItem.due_at.asc().nulls_last(), WorkItem.created_at)).all()
    return [(each, remaining(each.due_at, desk.house.calendar)) for each in found]


def _own(session: Session, actor: Actor, application_id: UUID) -> Application:
    found = session.get(Application, application_id, options=[joinedload(Application.round)])
    if found is None or found.person_id != actor.person_id:
        raise NotFound()
    return found


def _withdrawal_page(mine: Application, problem: Message | None = None) -> str:
    return render_template(
        "apply/withdraw.html", mine=mine, reason=request.form.get("reason", ""), problem=say(problem) if problem else ""
    )


def _employer_page(session: Session, mine: Application, problem: Message | None = None) -> str:
    known = select(Organization.id, Organization.name).where(
        Organization.kind == "employer", Organization.id != mine.employer_id
    )
    return render_template(
        "apply/employer.html",
        mine=mine,
        now=session.get(Organization, mine.employer_id) if mine.employer_id else None,
        employers=[(row.id, row.name) for row in session.execute(known.order_by(Organization.name))],
        chosen=request.form.get("employer_id", ""),
        problem=say(problem) if problem else "",
    )
