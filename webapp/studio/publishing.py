"""The gate: what stands between a draft and a version, and the acts by which it is passed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from uuid import UUID

from flask import Blueprint, current_app, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from processes import clock
from processes.engine import definitions, drafts, moving, publishing
from processes.engine.deployment import MAY_DEPLOY, MAY_LOOK
from processes.engine.moving.models import Replay
from processes.engine.packages import content_hash
from processes.engine.publishing import MAY_APPROVE, Publication
from processes.errors import Conflict, Invalid, NotAllowed
from processes.identity.actor import Actor
from processes.messages import Message, message
from webapp.access import post_needed
from webapp.desk import Desk, current_desk
from webapp.operation_key import Operation, once
from webapp.pages.lists import typed_day
from webapp.studio.telling import told, told_data
from webapp.visitors import current_actor

blueprint = Blueprint("studio_publishing", __name__, url_prefix="/studio")
PUBLICATION_STATES = {
    publishing.SUBMITTED: _l("待审核"),
    publishing.APPROVED: _l("待发布"),
    publishing.SCHEDULED: _l("定期发布"),
    publishing.PUBLISHED: _l("已发布"),
    publishing.SENT_BACK: _l("已退回"),
    publishing.WITHDRAWN: _l("已撤回"),
}
PUBLICATION_TONES = {
    publishing.SUBMITTED: "warn",
    publishing.APPROVED: "blue",
    publishing.SCHEDULED: "blue",
    publishing.PUBLISHED: "good",
    publishing.SENT_BACK: "danger",
}
ACTS = {
    "submitted": _l("提交"),
    "approved": _l("审核同意"),
    "sent_back": _l("退回"),
    "withdrawn": _l("撤回"),
    "scheduled": _l("定期发布"),
    "unscheduled": _l("取消定期"),
    "published": _l("发布"),
    "failed": _l("未能发布"),
}
PAGES = {
    "check": "studio_draft.show",
    "scenarios": "studio_rehearsing.show",
    "comparison": "studio_comparing.show",
}
"""Where a step of the gate is taken, beside the page of the gate itself."""


@blueprint.get("/drafts/<uuid:draft_id>/publishing")
@post_needed(*MAY_LOOK)
def show(draft_id: UUID) -> ResponseReturnValue:
    """The steps of the gate, and what can be done now."""
    desk = current_desk()
    with desk.db.reading() as session:
        return _page(session, desk, current_actor(), draft_id)


@blueprint.post("/drafts/<uuid:draft_id>/publishing/replay")
@post_needed(*MAY_LOOK)
def replay(draft_id: UUID) -> ResponseReturnValue:
    """Look at all running cases against the draft as it is now."""
    actor = current_actor()

    def act(operation: Operation) -> str:
        publishing.replay_again(operation.session, actor, draft_id)
        return _("正在用草稿推演在办案件，结果稍后显示在本页。")

    return _act(draft_id, "replay", act)


@blueprint.post("/drafts/<uuid:draft_id>/publishing/submit")
@post_needed(*MAY_DEPLOY)
def submit(draft_id: UUID) -> ResponseReturnValue:
    """Submit the draft with its reason and article."""
    desk, actor = current_desk(), current_actor()

    def act(operation: Operation) -> str:
        reason, article = request.form.get("reason", ""), request.form.get("article", "")
        found = publishing.submit(operation.session, desk.house, actor, draft_id, reason, article)
        return _("已提交，等待审核。") if found.needs_approval else _("已提交，可以发布。")

    return _act(draft_id, "submit", act)


@blueprint.post("/drafts/<uuid:draft_id>/publishing/withdraw")
@post_needed(*MAY_DEPLOY)
def withdraw(draft_id: UUID) -> ResponseReturnValue:
    """Take the submission back to go on changing the draft."""

    def act(operation: Operation) -> str:
        publishing.withdraw(operation.session, current_actor(), draft_id, request.form.get("reason", ""))
        return _("已撤回，草稿可以继续修改；修改后须重新提交。")

    return _act(draft_id, "withdraw", act)


@blueprint.post("/drafts/<uuid:draft_id>/publishing/approve")
@post_needed(*MAY_APPROVE)
def approve(draft_id: UUID) -> ResponseReturnValue:
    """The second pair of eyes agrees."""

    def act(operation: Operation) -> str:
        publishing.approve(operation.session, current_actor(), draft_id, request.form.get("note", ""))
        return _("已同意，由流程管理员发布。")

    return _act(draft_id, "approve", act)


@blueprint.post("/drafts/<uuid:draft_id>/publishing/send-back")
@post_needed(*MAY_APPROVE)
def send_back(draft_id: UUID) -> ResponseReturnValue:
    """The second pair of eyes does not agree, for a reason."""

    def act(operation: Operation) -> str:
        publishing.send_back(operation.session, current_actor(), draft_id, request.form.get("reason", ""))
        return _("已退回。")

    return _act(draft_id, "send_back", act)


@blueprint.post("/drafts/<uuid:draft_id>/publishing/publish")
@post_needed(*MAY_DEPLOY)
def publish(draft_id: UUID) -> ResponseReturnValue:
    """Publish at once, or on the day that was given."""
    desk, actor = current_desk(), current_actor()

    def act(operation: Operation) -> str:
        on = _asked_day(operation.session, draft_id)
        made = publishing.publish(operation.session, desk.house, actor, draft_id, on)
        if made is None:
            return _("将于 %(day)s 自动发布。", day=on.isoformat() if on else "")
        return _("已发布第 %(version)s 版：此后发起的案件按该版本办理。", version=made.version)

    return _act(draft_id, "publish", act)


def _asked_day(session: Session, draft_id: UUID) -> date | None:
    """The day on which to publish, None: at once; `Invalid` where it does not say which of the two is meant."""
    on = typed_day("on")
    if request.form.get("when") == "later":
        if on is None:
            problem = message("请填写发布的日期。")
            raise Invalid(problem, {"on": problem})
        return on
    if on not in (None, _planned(publishing.open_publication(session, draft_id))):
        problem = message("填写了日期，却选了“立即发布”：请改选“定日发布”，或清空日期。")
        raise Invalid(problem, {"on": problem})
    return None


def _planned(current: Publication | None) -> date | None:
    """The day on which a draft is going to be published by itself."""
    return clock.local(current.publish_at).date() if current is not None and current.publish_at else None


@blueprint.post("/drafts/<uuid:draft_id>/publishing/unschedule")
@post_needed(*MAY_DEPLOY)
def unschedule(draft_id: UUID) -> ResponseReturnValue:
    """Publish on no day for the time being."""

    def act(operation: Operation) -> str:
        publishing.unschedule(operation.session, current_actor(), draft_id)
        return _("已取消定期发布，审核结果不变。")

    return _act(draft_id, "publish", act)


@blueprint.get("/approvals")
@post_needed(*MAY_LOOK)
def approvals() -> ResponseReturnValue:
    """What waits for an approval or its day, and the rule about approvals."""
    with current_desk().db.reading() as session:
        return _approvals(session, current_actor())


@blueprint.post("/approvals/rule")
@post_needed(*MAY_APPROVE)
def rule() -> ResponseReturnValue:
    """Ask for a second pair of eyes, or no longer."""
    actor, needed = current_actor(), request.form.get("needed") == "yes"
    try:
        with once() as operation:
            publishing.set_approval_needed(operation.session, actor, needed, request.form.get("reason", ""))
            flash(_("今后提交的草稿须经审核。") if needed else _("今后提交的草稿不须审核。"))
            return operation.done(url_for("studio_publishing.approvals"))
    except (Invalid, Conflict) as refused:
        with current_desk().db.reading() as session:
            return _approvals(session, actor, refused.text), refused.status


def _approvals(session: Session, actor: Actor, problem: Message | None = None) -> str:
    actor.need(*MAY_LOOK)
    waiting = publishing.waiting_publications(session)
    return render_template(
        "studio/approvals.html",
        waiting=waiting,
        states=PUBLICATION_STATES,
        tones=PUBLICATION_TONES,
        needed=publishing.approval_needed(session),
        rules=publishing.rules(session),
        may_set=actor.has(*MAY_APPROVE),
        problem=problem,
        typed=request.form,
    )


def _act(draft_id: UUID, name: str, act: Callable[[Operation], str]) -> ResponseReturnValue:
    """Do one act of the gate; what is refused is told beside its form, and nothing is lost."""
    try:
        with once() as operation:
            flash(act(operation))
            return operation.done(url_for("studio_publishing.show", draft_id=draft_id))
    except (Invalid, Conflict, NotAllowed) as refused:
        actor, desk = current_actor(), current_desk()
        if isinstance(refused, NotAllowed) and not actor.has(*MAY_APPROVE):
            raise
        with desk.db.reading() as session:
            return _page(session, desk, actor, draft_id, {name: refused.text}), refused.status


def _page(
    session: Session, desk: Desk, actor: Actor, draft_id: UUID, errors: Mapping[str, Message] | None = None
) -> str:
    actor.need(*MAY_LOOK)
    draft = drafts.draft(session, draft_id)
    found = publishing.publications(session, draft_id=draft_id)
    current = publishing.open_publication(session, draft_id)
    hash_ = content_hash(drafts.files(session, draft_id))
    versions = definitions.versions(session, draft.key)
    return render_template(
        "studio/publishing.html",
        draft=draft,
        steps=[(each, _step_url(each.key, draft_id)) for each in publishing.steps(session, desk.house, draft)],
        current=current,
        published=next((each for each in found if each.state == publishing.PUBLISHED), None),
        versions={each.id: each for each in versions},
        active=next((each for each in versions if each.active), None),
        running=sum(definitions.running_cases(session, [each.id for each in versions]).values()),
        replay=_replay(session, current, hash_, draft_id),
        acts=publishing.acts(session, [each.id for each in found]),
        act_words=ACTS,
        approval_needed=publishing.approval_needed(session),
        may_submit=actor.has(*MAY_DEPLOY),
        may_approve=actor.has(*MAY_APPROVE),
        own=current is not None and actor.person_id in (current.submitted_by_id, draft.changed_by_id),
        seen=publishing.is_seen(session, draft_id, hash_, actor.person_id),
        planned=_planned(current) or "",
        tomorrow=clock.today().isoformat(),
        told=told,
        told_data=told_data,
        errors=errors or {},
        typed=request.form,
    )


def _replay(session: Session, current: Publication | None, hash_: str, draft_id: UUID) -> Replay | None:
    if current is not None and current.replay_id is not None:
        return moving.replay(session, current.replay_id)
    return moving.kept_replay(session, hash_, draft_id=draft_id)


def _step_url(key: str, draft_id: UUID) -> str:
    endpoint = PAGES.get(key, "")
    if endpoint not in current_app.view_functions:
        return {"replay": "#replay", "approval": "#approval", "publishing": "#publishing"}.get(key, "")
    return url_for(endpoint, draft_id=draft_id) + ("#check" if key == "check" else "")
