"""Rehearsals and runs of scenarios as records: begun, moved on, ended, asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from processes import audit, clock
from processes.engine import deployment, drafts
from processes.engine.house import House, ScenarioVerdict
from processes.engine.models import Case
from processes.engine.packages import content_hash
from processes.engine.rehearsing.models import (
    DONE,
    ENDED,
    PREPARING,
    READY,
    WAITING,
    Rehearsal,
    RehearsedStart,
    ScenarioRun,
)
from processes.engine.rehearsing.scenario import FOLDER
from processes.errors import Conflict, Invalid, NotFound
from processes.identity.actor import Actor
from processes.jobs import enqueue
from processes.messages import message

MAY_REHEARSE = deployment.MAY_DEPLOY
PREPARE, RUN = "rehearsal.prepare", "rehearsal.scenarios"
"""The kinds of jobs."""
MOST_OPEN = 10
"""Rehearsals of one draft that are open at once."""


def begin(session: Session, house: House, actor: Actor, draft_id: UUID) -> Rehearsal:
    """Begin a rehearsal of a draft as it stands; its desk is set up in the background.

    Raises `Invalid` where the check finds errors: what could not be published cannot be rehearsed.
    """
    actor.need(*MAY_REHEARSE)
    draft, files = drafts.draft(session, draft_id), drafts.files(session, draft_id)
    deployment.checked(session, house, files, draft.key)
    opened = select(func.count()).where(Rehearsal.draft_id == draft_id, Rehearsal.state.in_((PREPARING, READY)))
    if (session.scalar(opened) or 0) >= MOST_OPEN:
        raise Conflict(message("这份草稿已有 %(most)s 场彩排，请先结束不用的。", most=MOST_OPEN))
    now = clock.now()
    made = Rehearsal(
        draft_id=draft_id, key=draft.key, content_hash=content_hash(files), state=PREPARING, began_at=now, clock_at=now,
        made_at=now, made_by=actor.name, made_by_id=actor.person_id,
    )  # fmt: skip
    session.add(made)
    session.flush()
    enqueue(session, PREPARE, {"rehearsal": str(made.id)})
    audit.record(session, actor, "rehearsal.begin", f"draft:{draft_id}", key=draft.key)
    return made


def rehearsal(session: Session, rehearsal_id: UUID) -> Rehearsal:
    """A rehearsal, or `NotFound`."""
    found = session.get(Rehearsal, rehearsal_id)
    if found is None:
        raise NotFound(message("没有这场彩排。"))
    return found


def rehearsals(session: Session, draft_id: UUID) -> Sequence[Rehearsal]:
    """The rehearsals of a draft, newest first."""
    query = select(Rehearsal).where(Rehearsal.draft_id == draft_id).order_by(Rehearsal.made_at.desc())
    return session.scalars(query.limit(50)).all()


def moved_to(session: Session, rehearsal_id: UUID, moment: datetime) -> None:
    """Note what the clock of a rehearsal shows."""
    found = session.get(Rehearsal, rehearsal_id, with_for_update=True)
    if found is not None:
        found.clock_at = max(found.clock_at, moment)


def end(session: Session, actor: Actor, rehearsal_id: UUID) -> Rehearsal:
    """End a rehearsal; its database is thrown away."""
    actor.need(*MAY_REHEARSE)
    found = rehearsal(session, rehearsal_id)
    found.state = ENDED
    audit.record(session, actor, "rehearsal.end", f"draft:{found.draft_id}", key=found.key)
    return found


def keep_start(session: Session, case: Case, actor: Actor, variables: Mapping[str, Any]) -> None:
    """The witness of a rehearsal: a case that a stand-in has started."""
    session.add(RehearsedStart(case_id=case.id, login=actor.login, variables=dict(variables), at=clock.now()))


def ask_scenarios(session: Session, actor: Actor, draft_id: UUID) -> ScenarioRun:
    """Let the scenarios of a draft be played in the background."""
    actor.need(*MAY_REHEARSE)
    files = drafts.files(session, draft_id)
    if not any(path.startswith(FOLDER) for path in files):
        raise Invalid(message("流程包中没有场景，请先彩排并存为场景。"))
    hash_ = content_hash(files)
    last = last_run(session, draft_id, hash_)
    if last is not None and last.state == WAITING:
        return last
    made = ScenarioRun(
        draft_id=draft_id, content_hash=hash_, state=WAITING, results=[], asked_at=clock.now(), asked_by=actor.name
    )
    session.add(made)
    session.flush()
    enqueue(session, RUN, {"run": str(made.id)})
    audit.record(session, actor, "rehearsal.run", f"draft:{draft_id}")
    return made


def last_run(session: Session, draft_id: UUID, hash_: str) -> ScenarioRun | None:
    """The last run of the scenarios with just this content."""
    query = select(ScenarioRun).where(ScenarioRun.draft_id == draft_id, ScenarioRun.content_hash == hash_)
    return session.scalars(query.order_by(ScenarioRun.asked_at.desc()).limit(1)).first()


def judge(session: Session, draft_id: UUID, files: Mapping[str, bytes]) -> ScenarioVerdict:
    """Whether the scenarios of a draft pass with this very content, for the gate."""
    found = last_run(session, draft_id, content_hash(files))
    if found is None:
        return ScenarioVerdict(None, message("场景尚未用现在的内容运行。"))
    if found.state != DONE:
        return ScenarioVerdict(None, message("正在运行场景，请稍候。"))
    failed = [each["title"] for each in found.results if not each["passed"]]
    if failed:
        text = message("%(count)s 个场景未通过：%(names)s。", count=len(failed), names="、".join(failed[:5]))
        return ScenarioVerdict(False, text)
    return ScenarioVerdict(True, message("%(count)s 个场景全部通过。", count=len(found.results)))
