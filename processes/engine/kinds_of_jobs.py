"""All kinds of background work by name: the engine's own, and those of the house."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from processes import jobs
from processes.engine import messages_later, moving, publishing, reminding
from processes.engine.house import House, JobKind
from processes.engine.models import WorkItem
from processes.engine.recording import ESCALATE, REMIND
from processes.engine.recording_messages import DELIVER
from processes.jobs import Taken, UnknownKind
from processes.messages import message

KINDS: Mapping[str, JobKind] = {
    DELIVER: JobKind(message("传递消息"), messages_later.deliver),
    messages_later.GIVE: JobKind(message("接收消息"), messages_later.give),
    REMIND: JobKind(message("催办提醒"), reminding.remind),
    ESCALATE: JobKind(message("逾期上报"), reminding.escalate),
    moving.MOVE: JobKind(message("迁移案件"), moving.move_one),
    moving.REPLAY: JobKind(message("推演在办案件"), moving.replay_step),
    publishing.PUBLISH: JobKind(message("按期发布流程"), publishing.publish_on_its_day, needed=True),
}


def kinds(house: House) -> dict[str, JobKind]:
    """Every kind that this program can do."""
    return {**KINDS, **house.job_kinds}


def handlers(house: House) -> dict[str, jobs.Handler]:
    """What a worker calls for each kind."""
    return {name: _handler(house, kind) for name, kind in kinds(house).items()}


def _handler(house: House, kind: JobKind) -> jobs.Handler:
    def keep(session: Session, job: Taken, made: Any = None) -> None:
        kind.keep(session, house, job, made)

    if kind.make is None:
        return keep
    return jobs.Slow(partial(_made, house, kind), keep)


def _made(house: House, kind: JobKind, session: Session, job: Taken) -> Any:
    return kind.make(session, house, job) if kind.make is not None else None


def do_now(session: Session, house: House, name: str, args: Mapping[str, Any], key: str | None, now: datetime) -> None:
    """Do a job that was given up, in the caller's transaction."""
    kind = kinds(house).get(name)
    if kind is None:
        raise UnknownKind(name)
    job = Taken(uuid4(), name, args, key, now, 1)
    kind.keep(session, house, job, _made(house, kind, session, job))


def case_of(session: Session, args: Mapping[str, Any]) -> UUID | None:
    """The case that a job belongs to, where it says one: itself, or through the task it is about."""
    if named := args.get("case") or args.get("from"):
        return UUID(named)
    item = session.get(WorkItem, UUID(args["item"])) if "item" in args else None
    return item.case_id if item is not None else None
