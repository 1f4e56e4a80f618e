"""The public page of the selection: which rounds are open, which posts they have; opening an account; applying."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from handlers.appointment.applying import LATE_DAYS, begin_application
from processes import clock
from processes.engine.failures import CaseFailed
from processes.engine.models import Case, WorkItem
from processes.errors import Invalid
from processes.identity import log_in
from processes.identity.actor import Actor
from processes.identity.models import Organization, Unit
from processes.messages import Message
from processes.registers.applications import other_application
from processes.registers.planner_posts import PlannerPost
from processes.registers.rounds import Round, RoundStatus, open_calls, round_of
from webapp.access import public, signed_in
from webapp.addresses import own_address
from webapp.desk import current_desk
from webapp.language import say
from webapp.operation_key import once
from webapp.pages.registration import CONSENT, count_registration, register
from webapp.visitors import address, agent, current_actor, current_token, enter, visitor

blueprint = Blueprint("apply", __name__, url_prefix="/apply")


@dataclass(frozen=True)
class UnitPosts:
    """The posts of one unit in a round."""

    unit: Unit
    count: int
    specialties: Sequence[str]


@blueprint.get("/")
@public
def index() -> ResponseReturnValue:
    """The rounds that take applications, and what to do."""
    with current_desk().db.reading() as session:
        rounds = [(each, _posts(session, each)) for each in open_calls(session)]
        return render_template("apply/index.html", rounds=rounds, late=_late_rounds(session))


@blueprint.get("/rounds/<uuid:round_id>")
@public
def show(round_id: UUID) -> ResponseReturnValue:
    """One round: its posts, its days, and the way in."""
    with current_desk().db.reading() as session:
        return _round_page(session, round_of(session, round_id))


@blueprint.post("/rounds/<uuid:round_id>")
@signed_in
def begin(round_id: UUID) -> ResponseReturnValue:
    """Begin an application and lead to its form."""
    desk, actor = current_desk(), current_actor()
    employer, reason = request.form.get("employer_id", ""), request.form.get("late_reason", "")
    try:
        with once() as operation:
            case = begin_application(operation.session, desk.house, actor, round_id, employer, late_reason=reason)
            flash(_("报名已建立，请填写并提交报名表。"))
            return operation.done(_first_place(operation.session, actor, case))
    except (Invalid, CaseFailed) as problem:
        fields = problem.fields if isinstance(problem, Invalid) else {"": problem.text}
        with desk.db.reading() as session:
            return _round_page(session, round_of(session, round_id), fields), problem.status


@blueprint.get("/register")
@public
def registration() -> ResponseReturnValue:
    """The page to open an account."""
    if visitor() is not None:
        return redirect(_wanted())
    return render_template("apply/register.html", typed={}, errors={}, next=request.args.get("next"), notice=CONSENT)


@blueprint.post("/register")
@public
def open_account() -> ResponseReturnValue:
    """Open an account and log in with it."""
    desk, form = current_desk(), request.form
    with desk.db.transaction() as session:
        count_registration(session, address())
    try:
        with once() as operation:
            person_id = register(
                operation.session,
                form.get("name", ""),
                form.get("login", ""),
                form.get("mobile", "").strip(),
                form.get("password", ""),
                form.get("repeated", ""),
                consents=form.get("consents") == "yes",
            )
            answer = operation.done(_wanted())
    except Invalid as problem:
        errors = {
            ("mobile" if key == "login" and not form.get("login") else key): text
            for key, text in problem.fields.items()
        }
        page = render_template("apply/register.html", typed=form, errors=errors, next=form.get("next"), notice=CONSENT)
        return page, 422
    with desk.db.transaction() as session:
        if (earlier := current_token()) is not None:
            log_in.log_out(session, earlier)
        token = log_in.open_session(session, person_id, address(), agent())
    enter(token)
    flash(_("注册成功，您已登录。"))
    return answer


def _wanted() -> str:
    return own_address(request.values.get("next")) or url_for("apply.index")


def _round_page(session: Session, called: Round, errors: Mapping[str, Message] | None = None) -> str:
    actor = visitor()
    mine = other_application(session, called.id, actor.person_id) if actor and actor.person_id else None
    return render_template(
        "apply/round.html",
        called=called,
        posts=_posts(session, called),
        is_late=called in _late_rounds(session),
        mine=mine,
        may_apply=actor is not None and actor.has("applicant"),
        employers=_employers(session) if actor else [],
        errors={key: say(text) for key, text in (errors or {}).items()},
        typed=request.form,
    )


def _late_rounds(session: Session) -> Sequence[Round]:
    """Rounds whose call has closed a few days ago: a late application may still be put before the process owner."""
    since = clock.today() - timedelta(days=LATE_DAYS)
    closed = (Round.status == RoundStatus.QUALIFICATION, Round.apply_until >= since)
    return session.scalars(select(Round).where(*closed).order_by(Round.apply_until)).all()


def _posts(session: Session, called: Round) -> list[UnitPosts]:
    query = (
        select(PlannerPost)
        .join(Unit, Unit.id == PlannerPost.unit_id)
        .options(joinedload(PlannerPost.unit))
        .where(PlannerPost.round_id == called.id)
        .order_by(Unit.place, PlannerPost.number)
    )
    by_unit: dict[str, list[PlannerPost]] = {}
    for post in session.scalars(query):
        by_unit.setdefault(post.unit_id, []).append(post)
    return [
        UnitPosts(found[0].unit, len(found), list(dict.fromkeys(name for post in found for name in post.specialties)))
        for found in by_unit.values()
    ]


def _employers(session: Session) -> list[tuple[str, str]]:
    known = (
        select(Organization.id, Organization.name).where(Organization.kind == "employer").order_by(Organization.name)
    )
    return [(row.id, row.name) for row in session.execute(known)]


def _first_place(session: Session, actor: Actor, case: Case) -> str:
    first = select(WorkItem.id).where(
        WorkItem.case_id == case.id, WorkItem.status == "open", WorkItem.person_id == actor.person_id
    )
    found = session.scalars(first.limit(1)).first()
    return url_for("tasks.show", item_id=found) if found else url_for("applications.index")
