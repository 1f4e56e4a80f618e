"""Running cases and a version: which could move, moving one or many, how far that has come, and the way back."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from processes.engine import definitions, moving, tracking
from processes.engine.deployment import MAY_LOOK
from processes.engine.moving.models import MOVED, REFUSED, RESTORED, WAITING
from processes.errors import Conflict, Invalid, NotFound
from processes.identity.actor import Actor
from processes.messages import Message, message
from webapp.access import post_needed
from webapp.desk import Desk, current_desk
from webapp.operation_key import once
from webapp.pages.lists import asked
from webapp.studio.telling import told, told_data
from webapp.visitors import current_actor

blueprint = Blueprint("studio_moving", __name__, url_prefix="/studio")
MOVE_STATES = {WAITING: _l("等待"), MOVED: _l("已迁移"), REFUSED: _l("未迁移"), RESTORED: _l("已恢复")}
MOVE_TONES = {WAITING: "blue", MOVED: "good", REFUSED: "danger"}


@blueprint.get("/versions/<uuid:definition_id>/cases")
@post_needed(*MAY_LOOK)
def cases(definition_id: UUID) -> ResponseReturnValue:
    """The running cases of the procedure, with the versions they run on, to be moved to this version."""
    with current_desk().db.reading() as session:
        return _cases_page(session, current_actor(), definition_id, {})


@blueprint.post("/versions/<uuid:definition_id>/cases/replay")
@post_needed(*moving.MAY_MOVE)
def look(definition_id: UUID) -> ResponseReturnValue:
    """Look at all running cases against this version; nothing is moved."""
    actor = current_actor()
    with once() as operation:
        actor.need(*moving.MAY_MOVE)
        found = definitions.definition(operation.session, definition_id)
        made = moving.begin_replay(operation.session, actor, found.key, found.content_hash, definition_id=definition_id)
        flash(_("正在推演，案件不会改变。"))
        return operation.done(url_for("studio_moving.replay", replay_id=made.id))


@blueprint.post("/versions/<uuid:definition_id>/cases")
@post_needed(*moving.MAY_MOVE)
def move_many(definition_id: UUID) -> ResponseReturnValue:
    """Have the chosen cases moved in the background, or all of one version."""
    actor = current_actor()
    chosen = [each for each in request.form.getlist("case", type=UUID) if each is not None]
    everything = request.form.get("which") == "all"
    try:
        with once() as operation:
            made = moving.begin_batch(
                operation.session, actor, definition_id, request.form.get("reason", ""),
                None if everything else chosen, from_id=request.form.get("from", type=UUID),
            )  # fmt: skip
            return operation.done(url_for("studio_moving.batch", batch_id=made.id))
    except Invalid as refused:
        name = "reason" if "reason" in refused.fields else "cases"
        with current_desk().db.reading() as session:
            return _cases_page(session, actor, definition_id, {name: refused.text}), refused.status


@blueprint.get("/moves/<uuid:batch_id>")
@post_needed(*MAY_LOOK)
def batch(batch_id: UUID) -> ResponseReturnValue:
    """How far moving many cases has come, and what became of each."""
    current_actor().need(*MAY_LOOK)
    wanted = asked("state")
    with current_desk().db.reading() as session:
        found = moving.batch(session, batch_id)
        listing = moving.batch_rows(session, batch_id, wanted.part, wanted.get("state"))
        counts = moving.counts(session, batch_id)
        return render_template(
            "studio/batch.html",
            batch=found,
            target=definitions.definition(session, found.to_id),
            counts=counts,
            done=found.total - counts.get(WAITING, 0),
            rows=listing.items,
            versions={each.id: each.version for each in definitions.versions(session, found.key)},
            page=wanted.page_of(listing),
            asked=wanted,
            states=MOVE_STATES,
            tones=MOVE_TONES,
            told_data=told_data,
        )


@blueprint.get("/replays/<uuid:replay_id>")
@post_needed(*MAY_LOOK)
def replay(replay_id: UUID) -> ResponseReturnValue:
    """What looking at all running cases has found."""
    current_actor().need(*MAY_LOOK)
    wanted = asked("which")
    with current_desk().db.reading() as session:
        found = moving.replay(session, replay_id)
        listing = moving.replay_rows(session, replay_id, wanted.part, wanted.get("which"))
        version = definitions.definition(session, found.definition_id) if found.definition_id else None
        return render_template(
            "studio/replay.html",
            replay=found,
            version=version,
            rows=listing.items,
            page=wanted.page_of(listing),
            asked=wanted,
            told_data=told_data,
        )


@blueprint.get("/cases/<uuid:case_id>/move")
@post_needed(*moving.MAY_MOVE)
def case(case_id: UUID) -> ResponseReturnValue:
    """What moving one case would mean."""
    desk = current_desk()
    with desk.db.reading() as session:
        return _case_page(session, desk, current_actor(), case_id, {})


@blueprint.post("/cases/<uuid:case_id>/move")
@post_needed(*moving.MAY_MOVE)
def move(case_id: UUID) -> ResponseReturnValue:
    """Move one case to another version."""
    desk, actor = current_desk(), current_actor()
    try:
        with once() as operation:
            target = moving.target_of_definition(operation.session, _chosen())
            moving.move(operation.session, desk.house, actor, case_id, target, request.form.get("reason", ""))
            flash(_("案件已迁移到第 %(version)s 版。", version=target.definition.version if target.definition else ""))
            return operation.done(url_for("cases.show", case_id=case_id))
    except (Invalid, Conflict) as refused:
        return _again(desk, actor, case_id, "move", refused)


@blueprint.post("/cases/<uuid:case_id>/restore")
@post_needed(*moving.MAY_MOVE)
def restore(case_id: UUID) -> ResponseReturnValue:
    """Put one case back as it was before it was moved."""
    desk, actor = current_desk(), current_actor()
    try:
        with once() as operation:
            moving.restore(operation.session, actor, case_id, request.form.get("reason", ""))
            flash(_("案件已恢复到迁移之前。"))
            return operation.done(url_for("cases.show", case_id=case_id))
    except (Invalid, Conflict) as refused:
        return _again(desk, actor, case_id, "restore", refused)


def _again(desk: Desk, actor: Actor, case_id: UUID, name: str, refused: Invalid | Conflict) -> tuple[str, int]:
    with desk.db.reading() as session:
        return _case_page(session, desk, actor, case_id, {name: refused.text}), refused.status


def _chosen() -> UUID:
    found = request.values.get("to", type=UUID)
    if found is None:
        raise Invalid(message("请选择一个版本。"), {"to": message("请选择一个版本。")})
    return found


def _cases_page(session: Session, actor: Actor, definition_id: UUID, errors: Mapping[str, Message]) -> str:
    actor.need(*MAY_LOOK)
    wanted = asked("from")
    target = definitions.definition(session, definition_id)
    versions = definitions.versions(session, target.key)
    from_id = request.args.get("from", type=UUID)
    listing = moving.cases_on(session, target.key, wanted.part, definition_id=from_id)
    running = definitions.running_cases(session, [each.id for each in versions])
    return render_template(
        "studio/moving.html",
        target=target,
        rows=listing.items,
        page=wanted.page_of(listing),
        asked=wanted,
        versions=[each for each in versions if running.get(each.id)],
        running=running,
        movable=sum(count for version, count in running.items() if version != target.id),
        replay=moving.kept_replay(session, target.content_hash, definition_id=target.id),
        batches=[each for each in moving.batches(session, target.key) if each.to_id == target.id],
        may_move=actor.has(*moving.MAY_MOVE),
        from_id=from_id,
        errors=errors,
        typed=request.form,
    )


def _case_page(session: Session, desk: Desk, actor: Actor, case_id: UUID, errors: Mapping[str, Message]) -> str:
    actor.need(*moving.MAY_MOVE)
    found = tracking.case_for(session, actor, case_id)
    versions = [each for each in definitions.versions(session, found.key) if each.id != found.definition_id]
    active = next((each for each in versions if each.active), None)
    wanted = request.values.get("to", type=UUID) or (active.id if active else None)
    if wanted is not None and wanted not in {each.id for each in versions}:
        raise NotFound(message("没有这个流程定义。"))
    outlook = None
    if wanted is not None:
        outlook = moving.look(session, desk.house, case_id, moving.target_of_definition(session, wanted))
    return render_template(
        "studio/case_move.html",
        case=found,
        version=definitions.definition(session, found.definition_id),
        versions=versions,
        wanted=wanted,
        outlook=outlook,
        restorable=moving.restorable(session, found),
        told=told,
        told_data=told_data,
        errors=errors,
        typed=request.form,
    )
