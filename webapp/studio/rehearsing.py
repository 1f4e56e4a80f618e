"""彩排 and scenarios: a draft that runs with stand-ins, time that is moved by hand, and what is kept of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from processes import clock
from processes.engine import definitions, drafts
from processes.engine.deployment import MAY_LOOK
from processes.engine.packages import Package, content_hash, package
from processes.engine.rehearsing import keeping
from processes.engine.rehearsing.keeping import MAY_REHEARSE
from processes.engine.rehearsing.models import READY, Rehearsal
from processes.engine.rehearsing.playing import Endless, let_time_pass
from processes.engine.rehearsing.reckoning import Reckoned, reckoned
from processes.engine.rehearsing.recording import CannotRepeat, Recorded, recorded
from processes.engine.rehearsing.scenario import FOLDER, read_scenario
from processes.errors import Conflict, Invalid, NotFound
from processes.messages import message
from webapp.access import post_needed
from webapp.desk import current_desk
from webapp.language import say
from webapp.operation_key import once
from webapp.pages.audit_actions import ACTIONS
from webapp.rehearsals.door import CLOCK, KEY, Scratch, Scratches
from webapp.rehearsals.scratch import throw_away
from webapp.studio.lines import due_words
from webapp.studio.rehearsal_board import facts, next_due, next_timer, shown
from webapp.visitors import current_actor

blueprint = Blueprint("studio_rehearsing", __name__, url_prefix="/studio")
LONGEST_MOVE = timedelta(days=800)
OFFICE_OPENS = time(9)
NOT_IN_NAMES = re.compile(r"[^\w一-龥-]+")


@blueprint.get("/drafts/<uuid:draft_id>/rehearsals")
@post_needed(*MAY_LOOK)
def show(draft_id: UUID) -> ResponseReturnValue:
    """The rehearsals of a draft and its scenarios."""
    return _page(draft_id)


def _page(draft_id: UUID) -> str:
    with current_desk().db.reading() as session:
        draft, files = drafts.draft(session, draft_id), drafts.files(session, draft_id)
        hash_ = content_hash(files)
        return render_template(
            "studio/rehearsals.html",
            draft=draft,
            rehearsals=keeping.rehearsals(session, draft_id),
            now_hash=hash_,
            scenarios=_scenarios(files),
            run=keeping.last_run(session, draft_id, hash_),
            may_rehearse=current_actor().has(*MAY_REHEARSE),
            day=_asked_day(),
            deadlines=_deadlines(files),
            due_words=due_words,
        )


@blueprint.post("/drafts/<uuid:draft_id>/rehearsals")
@post_needed(*MAY_REHEARSE)
def begin(draft_id: UUID) -> ResponseReturnValue:
    """Begin a rehearsal."""
    desk = current_desk()
    try:
        with once() as operation:
            made = keeping.begin(operation.session, desk.house, current_actor(), draft_id)
            return operation.done(url_for(".board", rehearsal_id=made.id))
    except (Invalid, Conflict) as refused:
        flash(say(refused.text), "error")
        return _page(draft_id), refused.status


@blueprint.post("/drafts/<uuid:draft_id>/scenarios/run")
@post_needed(*MAY_REHEARSE)
def run(draft_id: UUID) -> ResponseReturnValue:
    """Let the scenarios be played."""
    try:
        with once() as operation:
            keeping.ask_scenarios(operation.session, current_actor(), draft_id)
            flash(_("场景正在后台运行，稍后刷新本页查看结果。"))
            return operation.done(url_for(".show", draft_id=draft_id) + "#scenarios")
    except Invalid as refused:
        flash(say(refused.text), "error")
        return _page(draft_id), 422


@blueprint.get("/rehearsals/<uuid:rehearsal_id>")
@post_needed(*MAY_REHEARSE)
def board(rehearsal_id: UUID) -> ResponseReturnValue:
    """From here a rehearsal is led: its clock, who has what to do, what came of it."""
    return _board(rehearsal_id)


def _board(rehearsal_id: UUID) -> str:
    with current_desk().db.reading() as session:
        found = keeping.rehearsal(session, rehearsal_id)
        draft = drafts.draft(session, found.draft_id)
        changed = content_hash(drafts.files(session, draft.id)) != found.content_hash
    told: Mapping[str, Any] = {}
    if found.state == READY:
        with clock.here(clock.MovableClock(found.clock_at)):
            told = facts(_scratches().get(rehearsal_id, found.key), found)
    return render_template("studio/rehearsal.html", rehearsed=found, draft=draft, changed=changed, **told)


@blueprint.get("/rehearsals/<uuid:rehearsal_id>/door")
@post_needed(*MAY_REHEARSE)
def door(rehearsal_id: UUID) -> ResponseReturnValue:
    """Whether the visitor may enter the scratch desk, and what its clock shows; asked by the door itself."""
    with current_desk().db.reading() as session:
        found = keeping.rehearsal(session, rehearsal_id)
    if found.state != READY:
        raise NotFound(message("这场彩排尚未就绪或已结束。"))
    return Response(status=204, headers={CLOCK: found.clock_at.isoformat(), KEY: quote(found.key)})


@blueprint.post("/rehearsals/<uuid:rehearsal_id>/time")
@post_needed(*MAY_REHEARSE)
def move_time(rehearsal_id: UUID) -> ResponseReturnValue:
    """Let time pass: everything that is due on the way happens at its own time."""
    with current_desk().db.reading() as session:
        found = keeping.rehearsal(session, rehearsal_id)
    if found.state != READY:
        raise Conflict(message("这场彩排尚未就绪或已结束。"))
    scratch, moving = _scratches().get(rehearsal_id, found.key), clock.MovableClock(found.clock_at)
    with clock.here(moving):
        target = _target(scratch, found)
        try:
            looks = let_time_pass(scratch.desk.db, scratch.desk.house, moving, target)
            flash(_("时间已到 %(at)s，其间到时 %(count)s 次。", at=shown(moving.now()), count=looks))
        except Endless as refused:
            flash(say(refused.text), "error")
    with once() as operation:
        keeping.moved_to(operation.session, rehearsal_id, moving.now())
        return operation.done(url_for(".board", rehearsal_id=rehearsal_id))


@blueprint.post("/rehearsals/<uuid:rehearsal_id>/scenario")
@post_needed(*MAY_REHEARSE)
def keep(rehearsal_id: UUID) -> ResponseReturnValue:
    """Keep what was played as a scenario of the draft."""
    title = request.form.get("title", "").strip()[:60]
    try:
        if not title:
            raise Invalid(message("请填写场景名称。"))
        with current_desk().db.reading() as session:
            found = keeping.rehearsal(session, rehearsal_id)
        scratch = _scratches().get(rehearsal_id, found.key)
        with scratch.desk.db.reading() as played:
            of = package(played, definitions.active_definition(played, found.key).id)
            kept = recorded(played, scratch.desk.house.files, found.key, title, found.began_at, found.clock_at, of)
        path = f"{FOLDER}{NOT_IN_NAMES.sub('-', title).strip('-') or 'scenario'}.json"
        with once() as operation:
            draft = drafts.draft(operation.session, found.draft_id)
            drafts.save_files(
                operation.session, current_actor(), draft.id, {path: kept.scenario.as_json()}, draft.revision
            )
            flash(_("已存为场景“%(title)s”，以后每次发布前都会重新运行。", title=title))
            _tell_left_out(kept)
            return operation.done(url_for(".show", draft_id=found.draft_id) + "#scenarios")
    except CannotRepeat as refused:
        flash(_("彩排中有不能重演的动作（%(acts)s），不能存为场景。", acts=_named(refused.acts)), "error")
        return _board(rehearsal_id), refused.status
    except (Invalid, Conflict) as refused:
        flash(say(refused.text), "error")
        return _board(rehearsal_id), refused.status


def _tell_left_out(kept: Recorded) -> None:
    """Say what was done in the rehearsal and is not part of the scenario."""
    if kept.left_out:
        flash(_("不影响案件走向的动作没有记入场景：%(acts)s。", acts=_named(list(kept.left_out))))
    if kept.elsewhere:
        flash(_("在其他流程的案件上办理的 %(count)s 项没有记入场景。", count=kept.elsewhere))


def _named(acts: Sequence[str]) -> str:
    return _("、").join(str(ACTIONS.get(each, each)) for each in acts)


@blueprint.post("/rehearsals/<uuid:rehearsal_id>/end")
@post_needed(*MAY_REHEARSE)
def end(rehearsal_id: UUID) -> ResponseReturnValue:
    """End a rehearsal and throw its database away."""
    with once() as operation:
        found = keeping.end(operation.session, current_actor(), rehearsal_id)
        draft_id = found.draft_id
        answer = operation.done(url_for(".show", draft_id=draft_id))
    _scratches().forget(rehearsal_id)
    throw_away(current_desk().settings, rehearsal_id)
    flash(_("彩排已结束，其数据已删除。"))
    return answer


def _scratches() -> Scratches:
    found: Scratches = current_app.extensions["scratches"]
    return found


def _target(scratch: Scratch, found: Rehearsal) -> datetime:
    """The moment that is asked for: a day, some working days on, or when something is due next."""
    how = request.form.get("how", "")
    local = clock.local(found.clock_at)
    calendar = scratch.desk.house.calendar
    if how == "next":
        with scratch.desk.db.reading() as session:
            dues = [moment for moment in (next_timer(session), next_due(session, found.clock_at)) if moment]
        return min(dues, default=found.clock_at + timedelta(days=1))
    if how == "day":
        try:
            day = datetime.fromisoformat(request.form.get("day", "")).date()
        except ValueError as cause:
            raise Invalid(message("日期应写作 2026-01-31 的形式。")) from cause
        target = datetime.combine(day, OFFICE_OPENS, clock.CITY)
    else:
        count = {"workday": 1, "week": 5, "month": 22}.get(how)
        if count is None:
            raise Invalid(message("请选择推进多久。"))
        target = datetime.combine(calendar.add_workdays(local.date(), count), local.timetz())
    if not found.clock_at <= target <= found.clock_at + LONGEST_MOVE:
        raise Invalid(message("时间只能向前推进，一次不超过 %(days)s 天。", days=LONGEST_MOVE.days))
    return target


def _asked_day() -> date:
    try:
        return date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return clock.today()


def _deadlines(files: Mapping[str, bytes]) -> list[Reckoned]:
    """When each step would be due if it were entered on the day that is asked for; nothing of a broken draft."""
    try:
        return reckoned(Package(files), _asked_day(), current_desk().house.calendar)
    except Invalid:
        return []


def _scenarios(files: Mapping[str, bytes]) -> list[tuple[str, str, int]]:
    """Path, title and number of acts of each scenario."""
    found = []
    for path in sorted(each for each in files if each.startswith(FOLDER)):
        try:
            scenario = read_scenario(files[path])
            found.append((path, scenario.title, len(scenario.acts)))
        except Invalid:
            found.append((path, path, 0))
    return found
