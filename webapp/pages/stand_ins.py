"""Standing in: who does my work while I am away, and for whom I do; for others where one may arrange it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from processes import clock
from processes.engine.definitions import active_definitions
from processes.errors import Conflict, Invalid
from processes.identity import stand_ins
from processes.identity.actor import Actor
from processes.identity.models import Person, StandIn
from processes.messages import Message, message
from webapp.access import signed_in
from webapp.desk import current_desk
from webapp.operation_key import once
from webapp.pages.lists import typed_day
from webapp.pages.wording import named
from webapp.visitors import current_actor

blueprint = Blueprint("stand_ins", __name__, url_prefix="/stand-ins")


@blueprint.get("/")
@signed_in
def index() -> ResponseReturnValue:
    """The arrangements that concern the visitor, and the form of a new one."""
    with current_desk().db.reading() as session:
        return _page(session, current_actor())


def _page(
    session: Session, actor: Actor, problem: Message | None = None, fields: dict[str, Message] | None = None
) -> str:
    everybody = bool(request.args.get("everybody")) and actor.has(*stand_ins.MAY_ARRANGE)
    found = stand_ins.stand_ins(session, actor, everybody=everybody)
    today = clock.today()
    titles = {each.key: named(each.title, each.key) for each in active_definitions(session)}
    assert actor.person_id is not None
    return render_template(
        "stand_ins/index.html",
        rows=[(each, _state(each, today)) for each in found],
        everybody=everybody,
        may_arrange=actor.has(*stand_ins.MAY_ARRANGE),
        actor=actor,
        colleagues=stand_ins.colleagues(session, actor.person_id, today),
        people=_people(session) if actor.has(*stand_ins.MAY_ARRANGE) else [],
        processes=list(titles.items()),
        titles=titles,
        today=today,
        problem=problem,
        fields=fields or {},
        sent=request.form,
    )


def _people(session: Session) -> list[Person]:
    return list(session.scalars(select(Person).where(Person.disabled.is_(False)).order_by(Person.name).limit(1000)))


def _state(arrangement: StandIn, today: date) -> str:
    if arrangement.ended_at is not None:
        return _("已结束")
    if arrangement.valid_to < today:
        return _("已到期")
    return _("未开始") if arrangement.valid_from > today else _("代理中")


@blueprint.post("/")
@signed_in
def arrange() -> ResponseReturnValue:
    """Let a colleague do one's work for a time."""
    actor = current_actor()
    try:
        first, last = typed_day("valid_from"), typed_day("valid_to")
        if first is None or last is None:
            problem = message("请填写日期。")
            raise Invalid(problem, {"valid_from" if first is None else "valid_to": problem})
        with once() as operation:
            made = stand_ins.arrange(
                operation.session, actor, request.form.get("person", ""), first, last,
                processes=request.form.getlist("processes"), reason=request.form.get("reason", ""),
                principal=request.form.get("principal", ""),
            )  # fmt: skip
            flash(_("已设置代理：%(person)s。", person=made.person.name))
            return operation.done(url_for("stand_ins.index"))
    except (Invalid, Conflict) as refused:
        fields = refused.fields if isinstance(refused, Invalid) else {}
        with current_desk().db.reading() as session:
            return _page(session, actor, refused.text, fields), refused.status


@blueprint.post("/<uuid:stand_in_id>/end")
@signed_in
def end(stand_in_id: UUID) -> ResponseReturnValue:
    """End an arrangement before its last day."""
    with once() as operation:
        stand_ins.end(operation.session, current_actor(), stand_in_id)
        flash(_("代理已结束。"))
        return operation.done(url_for("stand_ins.index"))
