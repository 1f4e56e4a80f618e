"""All running cases looked at against a draft or a version, a part at a time, with the progress kept."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from processes import clock, jobs
from processes.engine.drafts import draft, files
from processes.engine.house import House
from processes.engine.models import Case, Definition
from processes.engine.moving.looking import Outlook, look
from processes.engine.moving.models import DONE, FAILED, RUNNING, Replay, ReplayCase
from processes.engine.moving.stored import as_data, finding_data
from processes.engine.moving.target import Target, target_of_definition, target_of_files
from processes.engine.packages import content_hash
from processes.errors import DeskError, NotFound
from processes.identity.actor import Actor
from processes.jobs import Taken
from processes.messages import message
from processes.paging import Listing, Page, counted, listed

REPLAY = "definition.replay"
A_WHILE = 1.5
"""Seconds of cases looked at in one transaction; the rest follows in the next."""
AT_ONCE = 200
MOST_CASES = 20_000


def begin_replay(
    session: Session, actor: Actor, key: str, hash_: str, *, draft_id: UUID | None = None,
    definition_id: UUID | None = None,
) -> Replay:  # fmt: skip
    """Have all running cases of a key looked at against this content; what is known already is given again."""
    known = kept_replay(session, hash_, draft_id=draft_id, definition_id=definition_id)
    if known is not None and known.state == RUNNING:
        return known
    made = Replay(
        id=uuid4(), key=key, draft_id=draft_id, definition_id=definition_id, content_hash=hash_, state=RUNNING,
        at=clock.now(), by=actor.name, total=_running(session, key), looked=0, moves=0, handed=0, reasons=[],
        tasks=[], said=[],
    )  # fmt: skip
    session.add(made)
    session.flush()
    jobs.enqueue(session, REPLAY, {"replay": str(made.id)}, key=f"{REPLAY}:{made.id}:0")
    return made


def _running(session: Session, key: str) -> int:
    query = select(func.count()).select_from(Case).where(Case.key == key, Case.status.in_(("running", "suspended")))
    return min(session.scalar(query) or 0, MOST_CASES)


def replay_step(session: Session, house: House, job: Taken, made: object = None) -> None:
    """Look at some more cases; a draft that has changed meanwhile ends it."""
    found = session.get(Replay, UUID(job.args["replay"]))
    if found is None or found.state != RUNNING:
        return
    try:
        target = _target(session, found)
    except DeskError as failed:
        found.state, found.said = FAILED, [as_data(failed.text)]
        return
    until = time.monotonic() + A_WHILE
    waiting = _next(session, found)
    for case, version in waiting:
        _look_at(session, house, found, target, case, version)
        if time.monotonic() > until:
            break
    session.flush()
    if waiting and found.looked < MOST_CASES:
        jobs.enqueue(session, REPLAY, {"replay": str(found.id)}, key=f"{REPLAY}:{found.id}:{found.looked}")
        return
    found.state, found.total = DONE, found.looked
    _sum_up(session, found)


def _target(session: Session, found: Replay) -> Target:
    if found.definition_id is not None:
        return target_of_definition(session, found.definition_id)
    if found.draft_id is None:
        raise NotFound(message("没有这份流程草稿。"))
    draft(session, found.draft_id)
    content = files(session, found.draft_id)
    if content_hash(content) != found.content_hash:
        raise NotFound(message("草稿在推演期间已有改动，请重新推演。"))
    return target_of_files(found.key, content)


def _next(session: Session, found: Replay) -> list[tuple[Case, int]]:
    done = select(ReplayCase.case_id).where(ReplayCase.replay_id == found.id)
    query = (
        select(Case, Definition.version)
        .join(Definition, Definition.id == Case.definition_id)
        .where(Case.key == found.key, Case.status.in_(("running", "suspended")), Case.id.not_in(done))
        .order_by(Case.id)
        .limit(AT_ONCE)
    )
    return [(case, version) for case, version in session.execute(query)]


def _look_at(session: Session, house: House, found: Replay, target: Target, case: Case, version: int) -> None:
    seen = look(session, house, case.id, target)
    already = [each for each in seen.obstacles if each.element_id]
    moves = seen.moves or (not already and target.definition is not None and case.definition_id == target.definition.id)
    found.looked += 1
    found.moves += moves
    found.handed += len(seen.tasks.changes)
    session.add(
        ReplayCase(
            replay_id=found.id, case_id=case.id, number=case.number, title=case.title, version=version, moves=moves,
            obstacles=[] if moves else [finding_data(each) for each in seen.obstacles],
            remarks=[finding_data(each) for each in seen.remarks],
            tasks=_tasks(seen),
        )
    )  # fmt: skip


def _tasks(seen: Outlook) -> list[dict[str, Any]]:
    return [
        {
            "step": each.step,
            "title": each.title,
            "before": as_data(each.before),
            "after": as_data(each.after),
            "loses": each.loses_claim,
        }
        for each in seen.tasks.changes
    ]


def _sum_up(session: Session, found: Replay) -> None:
    """Why cases could not move, by element, and which tasks change hands, by step."""
    reasons: Counter[tuple[str, str, str]] = Counter()
    tasks: Counter[tuple[str, str, str]] = Counter()
    kept: dict[Any, Any] = {}
    query = select(ReplayCase.obstacles, ReplayCase.tasks).where(ReplayCase.replay_id == found.id)
    for obstacles, changes in session.execute(query):
        for each in {_key(entry, "element", "step", "text"): entry for entry in obstacles}.items():
            reasons[each[0]] += 1
            kept[each[0]] = each[1]
        for entry in changes:
            key = _key(entry, "step", "before", "after")
            tasks[key] += 1
            kept[key] = entry
    found.reasons = [{**kept[key], "cases": count} for key, count in reasons.most_common(100)]
    found.tasks = [
        {name: kept[key][name] for name in ("step", "before", "after")} | {"tasks": count}
        for key, count in tasks.most_common(100)
    ]


def _key(entry: Mapping[str, Any], *names: str) -> tuple[str, str, str]:
    one, other, third = (repr(entry[name]) for name in names)
    return one, other, third


def kept_replay(
    session: Session, hash_: str, *, draft_id: UUID | None = None, definition_id: UUID | None = None
) -> Replay | None:
    """The newest replay of this very content."""
    query = select(Replay).where(Replay.content_hash == hash_)
    if draft_id is not None:
        query = query.where(Replay.draft_id == draft_id)
    if definition_id is not None:
        query = query.where(Replay.definition_id == definition_id)
    return session.scalars(query.order_by(Replay.at.desc()).limit(1)).first()


def replay(session: Session, replay_id: UUID) -> Replay:
    """A replay, or `NotFound`."""
    found = session.get(Replay, replay_id)
    if found is None:
        raise NotFound(message("没有这次推演。"))
    return found


def replay_rows(session: Session, replay_id: UUID, page: Page, which: str = "") -> Listing[ReplayCase]:
    """The cases of a replay, those that could not move first; `stay`, `move` or `handed` alone."""
    query = select(ReplayCase).where(ReplayCase.replay_id == replay_id)
    if which in ("stay", "move"):
        query = query.where(ReplayCase.moves == (which == "move"))
    rows = session.scalars(
        query.order_by(ReplayCase.moves, ReplayCase.number).offset(page.offset).limit(page.rows + 1)
    ).all()
    ids = query.with_only_columns(ReplayCase.case_id)
    return listed(rows, page, lambda: counted(session, ids))
