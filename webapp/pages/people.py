"""People and posts, for the administrator: who may log in, as what, and from when to when. No business data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from processes import clock
from processes.errors import Conflict, Invalid
from processes.identity import administration, log_in
from processes.identity.actor import Actor
from processes.identity.administration import MAY_ADMINISTER, PeopleFilter
from processes.identity.models import Organization, Person, PostHolding
from processes.identity.posts import APART, POSTS
from processes.messages import Message, message
from webapp.access import post_needed
from webapp.desk import current_desk
from webapp.drawing import organization_name, post_name
from webapp.operation_key import once
from webapp.pages.lists import asked, typed_day
from webapp.visitors import current_actor

blueprint = Blueprint("people", __name__, url_prefix="/people")


@blueprint.get("/")
@post_needed(*MAY_ADMINISTER)
def index() -> ResponseReturnValue:
    """Everybody who may log in, or could."""
    actor, wanted = current_actor(), asked("q", "post", "organization", "state", sort="login")
    narrowed = PeopleFilter(wanted.get("q"), wanted.get("post"), wanted.get("organization"), wanted.get("state"))
    with current_desk().db.reading() as session:
        rows, total = administration.listing(
            session, actor, narrowed, sort=wanted.sort, offset=wanted.offset, limit=wanted.size
        )
        return render_template(
            "people/index.html",
            rows=[(who, held_on(who, clock.today())) for who in rows],
            page=wanted.page(total),
            asked=wanted,
            posts=[(role, post_name(role)) for role in POSTS],
            organizations=_choices(administration.organizations(session, actor)),
        )


@blueprint.get("/new")
@post_needed(*MAY_ADMINISTER)
def new() -> ResponseReturnValue:
    """The form for a further person."""
    return render_template("people/new.html", typed={}, errors={})


@blueprint.post("/new")
@post_needed(*MAY_ADMINISTER)
def add() -> ResponseReturnValue:
    """Add a person and show the first password, this once."""
    actor = current_actor()
    given = {name: request.form.get(name, "").strip() for name in ("login", "name", "email", "mobile")}
    try:
        with once() as operation:
            who, password = administration.add_person(operation.session, actor, **given)
            operation.done(_place(who.id))  # where a repeated click leads: the password is told once
    except Invalid as refused:
        return render_template("people/new.html", typed=given, errors=refused.fields), 422
    return _page(actor, who.id, password=password)


@blueprint.get("/<uuid:person_id>")
@post_needed(*MAY_ADMINISTER)
def show(person_id: UUID) -> ResponseReturnValue:
    """One person: account, posts, open sessions."""
    return _page(current_actor(), person_id)


@blueprint.post("/<uuid:person_id>/password")
@post_needed(*MAY_ADMINISTER)
def renew_password(person_id: UUID) -> ResponseReturnValue:
    """Give the person a new password and show it, this once."""
    actor = current_actor()
    with once() as operation:
        _who, password = administration.renew_password(operation.session, actor, person_id)
        operation.done(_place(person_id))
    return _page(actor, person_id, password=password)


@blueprint.post("/<uuid:person_id>/disable")
@post_needed(*MAY_ADMINISTER)
def disable(person_id: UUID) -> ResponseReturnValue:
    """Let the person in no longer."""
    return _act(person_id, administration.disable, _("账号已停用，登录和令牌均已失效。"))


@blueprint.post("/<uuid:person_id>/enable")
@post_needed(*MAY_ADMINISTER)
def enable(person_id: UUID) -> ResponseReturnValue:
    """Let the person in again."""
    return _act(person_id, administration.enable, _("账号已启用。"))


@blueprint.post("/<uuid:person_id>/sessions/end")
@post_needed(*MAY_ADMINISTER)
def end_sessions(person_id: UUID) -> ResponseReturnValue:
    """Log the person out everywhere."""
    return _act(person_id, administration.end_sessions, _("该人员的登录已全部结束。"))


@blueprint.get("/<uuid:person_id>/posts/new")
@post_needed(*MAY_ADMINISTER)
def new_post(person_id: UUID) -> ResponseReturnValue:
    """The form for a further post: first which one, then where and from when to when."""
    role = request.args.get("role", "")
    typed = {"valid_from": clock.today().isoformat()}
    return _post_form(current_actor(), person_id, role if role in POSTS else "", typed, {})


@blueprint.post("/<uuid:person_id>/posts/new")
@post_needed(*MAY_ADMINISTER)
def give_post(person_id: UUID) -> ResponseReturnValue:
    """Let the person hold a further post."""
    actor, form = current_actor(), request.form
    role = form.get("role", "")
    try:
        with once() as operation:
            first, last = typed_day("valid_from"), typed_day("valid_to")
            administration.give_post(
                operation.session, actor, person_id, role, form.get("organization", ""), first, last
            )
            flash(_("已登记任职：%(post)s。", post=post_name(role)))
            return operation.done(_place(person_id) + "#posts")
    except Invalid as refused:
        return _post_form(actor, person_id, role if role in POSTS else "", form, refused.fields), 422
    except Conflict as refused:
        return _post_form(actor, person_id, role, form, {"role": refused.text}), refused.status


@blueprint.get("/<uuid:person_id>/posts/<uuid:holding_id>/end")
@post_needed(*MAY_ADMINISTER)
def ending(person_id: UUID, holding_id: UUID) -> ResponseReturnValue:
    """The question on which day a post ends."""
    return _end_form(current_actor(), person_id, holding_id, clock.today().isoformat())


@blueprint.post("/<uuid:person_id>/posts/<uuid:holding_id>/end")
@post_needed(*MAY_ADMINISTER)
def end_post(person_id: UUID, holding_id: UUID) -> ResponseReturnValue:
    """Let a post end."""
    actor = current_actor()
    try:
        with once() as operation:
            last_day = typed_day("valid_to")
            if last_day is None:
                raise _wrong("valid_to", message("请填写最后任职日。"))
            ended = administration.end_post(operation.session, actor, person_id, holding_id, last_day)
            flash(_("%(post)s任职至 %(day)s 止。", post=post_name(ended.role), day=last_day.isoformat()))
            return operation.done(_place(person_id) + "#posts")
    except Invalid as refused:
        typed = request.form.get("valid_to", "")
        return _end_form(actor, person_id, holding_id, typed, refused.fields.get("valid_to")), 422


def held_on(who: Person, day: date) -> list[PostHolding]:
    """The posts somebody holds on a day; who they are has been read already."""
    return [each for each in who.holdings if standing_of(each, day) == "held"]


def standing_of(holding: PostHolding, day: date) -> str:
    """`coming`, `held` or `over`."""
    if holding.valid_to is not None and holding.valid_to < day:
        return "over"
    return "coming" if holding.valid_from is not None and holding.valid_from > day else "held"


def _act(person_id: UUID, act: Callable[[Session, Actor, UUID], Person], told: str) -> ResponseReturnValue:
    with once() as operation:
        act(operation.session, current_actor(), person_id)
        flash(told)
        return operation.done(_place(person_id))


def _page(actor: Actor, person_id: UUID, password: str = "") -> str:
    today = clock.today()
    order = ("held", "coming", "over")
    with current_desk().db.reading() as session:
        who = administration.account(session, actor, person_id)
        rows = sorted(((each, standing_of(each, today)) for each in who.holdings), key=lambda row: order.index(row[1]))
        return render_template(
            "people/show.html",
            who=who,
            holdings=rows,
            is_me=who.id == actor.person_id,
            own_posts=MAY_ADMINISTER,
            sessions=log_in.sessions_of(session, who.id),
            password=password,
        )


def _post_form(actor: Actor, person_id: UUID, role: str, typed: Any, errors: dict[str, Message]) -> str:
    with current_desk().db.reading() as session:
        who = administration.account(session, actor, person_id)
        kind = POSTS[role].organization_kind if role else None
        return render_template(
            "people/post.html",
            who=who,
            role=role,
            posts=[(each, post_name(each)) for each in POSTS],
            organizations=_choices(administration.organizations(session, actor, kind)) if kind else [],
            held=held_on(who, clock.today()),
            apart="、".join(post_name(each) for each in sorted(APART)),
            typed=typed,
            errors=errors,
        )


def _end_form(actor: Actor, person_id: UUID, holding_id: UUID, day: str, problem: Message | None = None) -> str:
    with current_desk().db.reading() as session:
        found = administration.holding(session, actor, person_id, holding_id)
        return render_template("people/end_post.html", holding=found, who=found.person, day=day, problem=problem)


def _choices(found: Sequence[Organization]) -> list[tuple[str, str]]:
    return [(each.id, organization_name(each)) for each in found]


def _wrong(name: str, text: Message) -> Invalid:
    return Invalid(text, {name: text})


def _place(person_id: UUID) -> str:
    return url_for("people.show", person_id=person_id)
