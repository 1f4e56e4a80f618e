"""The gate as people see it: what a draft has behind it and what it still waits for, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from processes import clock
from processes.engine import deployment, drafts
from processes.engine.check import is_deployable
from processes.engine.drafts import Draft
from processes.engine.house import House
from processes.engine.moving import kept_replay
from processes.engine.moving.models import DONE, FAILED, Replay
from processes.engine.packages import content_hash
from processes.engine.publishing.approval import approval_needed
from processes.engine.publishing.history import open_publication, publications
from processes.engine.publishing.models import PUBLISHED, SCHEDULED, SENT_BACK, SUBMITTED, Publication
from processes.engine.publishing.scenarios import scenario_verdict
from processes.engine.publishing.submitting import seen_by
from processes.errors import Invalid
from processes.messages import Message, message

State = Literal["done", "failed", "waiting", "open"]
"""Done; stands in the way; is under way or waits for somebody; not begun."""
Key = Literal["check", "scenarios", "replay", "comparison", "approval", "publishing"]


@dataclass(frozen=True)
class Step:
    """One step of the gate."""

    key: Key
    title: Message
    state: State
    text: Message


def steps(session: Session, house: House, draft: Draft) -> list[Step]:
    """All steps in their order; looking changes nothing."""
    content = drafts.files(session, draft.id)
    hash_ = content_hash(content)
    found = open_publication(session, draft.id)
    last = next(iter(publications(session, draft_id=draft.id)), None)
    return [
        _check(session, house, content),
        _scenarios(session, house, draft, content),
        _replay(kept_replay(session, hash_, draft_id=draft.id)),
        _comparison(session, draft, hash_),
        _approval(session, found, last),
        _publishing(found, last),
    ]


def _check(session: Session, house: House, files: Mapping[str, bytes]) -> Step:
    title = message("部署检查")
    try:
        problems = deployment.found_problems(session, house, files)
    except Invalid as refused:
        return Step("check", title, "failed", refused.text)
    errors = sum(each.severity == "error" for each in problems)
    if not is_deployable(problems):
        return Step("check", title, "failed", message("%(count)s 个错误，须先改正。", count=errors))
    if problems:
        return Step("check", title, "done", message("通过，另有 %(count)s 个提示。", count=len(problems)))
    return Step("check", title, "done", message("通过，没有发现问题。"))


def _scenarios(session: Session, house: House, draft: Draft, files: Mapping[str, bytes]) -> Step:
    verdict = scenario_verdict(session, house, draft.id, files)
    state: State = "open" if verdict.passed is None else "done" if verdict.passed else "failed"
    return Step("scenarios", message("场景"), state, verdict.text)


def _replay(found: Replay | None) -> Step:
    title = message("在办案件推演")
    if found is None:
        return Step("replay", title, "open", message("尚未用现在的内容推演；提交时会自动进行。"))
    if found.state == FAILED:
        return Step("replay", title, "failed", message("推演未能完成，请重新推演。"))
    if found.state != DONE:
        text = message("正在推演：%(looked)s / %(total)s 件。", looked=found.looked, total=found.total)
        return Step("replay", title, "waiting", text)
    if not found.total:
        return Step("replay", title, "done", message("没有在办案件。"))
    text = message(
        "%(total)s 件在办：%(moves)s 件可以迁移，%(stay)s 件不能；%(handed)s 项任务会改由他人办理。",
        total=found.total, moves=found.moves, stay=found.total - found.moves, handed=found.handed,
    )  # fmt: skip
    return Step("replay", title, "done", text)


def _comparison(session: Session, draft: Draft, hash_: str) -> Step:
    title = message("版本对照")
    seen = seen_by(session, draft.id, hash_)
    if not seen:
        return Step("comparison", title, "open", message("尚无人查看现在的内容与启用版本的差异。"))
    names = "、".join(each.person for each in seen)
    return Step("comparison", title, "done", message("%(names)s已查看。", names=names))


def _approval(session: Session, found: Publication | None, last: Publication | None) -> Step:
    title = message("审核")
    if found is not None and found.state == SUBMITTED:
        text = message("%(who)s已提交，等待另一位管理者审核。", who=found.submitted_by)
        return Step("approval", title, "waiting", text)
    settled = found or (last if last is not None and last.state == PUBLISHED else None)
    if settled is not None:
        if not settled.needs_approval:
            return Step("approval", title, "done", message("现行设置不要求审核。"))
        return Step("approval", title, "done", message("%(who)s已同意。", who=settled.decided_by))
    if last is not None and last.state == SENT_BACK:
        text = message("%(who)s退回：%(note)s", who=last.decided_by, note=last.note)
        return Step("approval", title, "failed", text)
    needed = approval_needed(session)
    text = message("提交后由另一位管理者审核。") if needed else message("现行设置不要求审核，提交后即可发布。")
    return Step("approval", title, "open", text)


def _publishing(found: Publication | None, last: Publication | None) -> Step:
    title = message("发布")
    if found is not None and found.failed:
        return Step("publishing", title, "failed", message("未能按期发布，见下方说明。"))
    if found is not None and found.state == SCHEDULED and found.publish_at is not None:
        day = clock.local(found.publish_at).date().isoformat()
        return Step("publishing", title, "waiting", message("将于 %(day)s 自动发布。", day=day))
    if found is None and last is not None and last.state == PUBLISHED:
        return Step("publishing", title, "done", message("%(who)s已发布。", who=last.published_by))
    return Step("publishing", title, "open", message("尚未发布。"))
