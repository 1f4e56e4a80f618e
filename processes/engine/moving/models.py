"""What is kept of cases that were carried over to another version, and of looking whether they could be."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, deferred, mapped_column

from processes.db import Base

WAITING, MOVED, REFUSED, RESTORED = "waiting", "moved", "refused", "restored"
RUNNING, DONE, FAILED = "running", "done", "failed"


class MoveBatch(Base):
    """Many cases that are to be carried over to one version, for one reason."""

    __tablename__ = "move_batch"
    __table_args__ = (Index("ix_move_batch_key_at", "key", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    key: Mapped[str]
    to_id: Mapped[UUID] = mapped_column(ForeignKey("definition.id"))
    reason: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[str]
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    total: Mapped[int]


class CaseMove(Base):
    """One case carried over, or refused; with the state before, so that it can be put back."""

    __tablename__ = "case_move"
    __table_args__ = (
        Index("ix_case_move_case_id_at", "case_id", "at"),
        Index("ix_case_move_batch_id_state", "batch_id", "state"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    batch_id: Mapped[UUID | None] = mapped_column(ForeignKey("move_batch.id"))
    case_id: Mapped[UUID] = mapped_column(ForeignKey("process_case.id"))
    from_id: Mapped[UUID] = mapped_column(ForeignKey("definition.id"))
    to_id: Mapped[UUID] = mapped_column(ForeignKey("definition.id"))
    state: Mapped[str]
    """`waiting`, `moved`, `refused` or `restored`."""
    at: Mapped[datetime]
    by: Mapped[str]
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str]
    said: Mapped[list[Any]] = mapped_column(default=list)
    """Why it was refused, or what was to be said of it: sentences, see `moving.stored`."""
    revision: Mapped[int | None]
    """The case's after the move: while it is the same, nothing has happened since."""
    before: Mapped[dict[str, Any] | None] = deferred(mapped_column(JSON))
    """Tasks, waits and times as they were."""
    skeleton: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    """The engine state as it was."""


class Replay(Base):
    """All running cases of a key looked at against a draft or a version."""

    __tablename__ = "replay"
    __table_args__ = (Index("ix_replay_draft_id_at", "draft_id", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    key: Mapped[str]
    draft_id: Mapped[UUID | None] = mapped_column(ForeignKey("definition_draft.id"))
    definition_id: Mapped[UUID | None] = mapped_column(ForeignKey("definition.id"))
    """The version, where it is not a draft that is looked at."""
    content_hash: Mapped[str]
    """Of the files that were looked at: another content needs another look."""
    state: Mapped[str]
    """`running`, `done` or `failed`."""
    at: Mapped[datetime]
    by: Mapped[str]
    total: Mapped[int]
    looked: Mapped[int] = mapped_column(default=0)
    moves: Mapped[int] = mapped_column(default=0)
    """How many could move."""
    handed: Mapped[int] = mapped_column(default=0)
    """How many open tasks would come to somebody else."""
    reasons: Mapped[list[Any]] = mapped_column(default=list)
    """Why cases could not move: `[{"element", "step", "text", "cases"}]`, the most frequent first."""
    tasks: Mapped[list[Any]] = mapped_column(default=list)
    """Tasks that change hands: `[{"step", "before", "after", "tasks"}]`."""
    said: Mapped[list[Any]] = mapped_column(default=list)
    """Why it failed."""


class ReplayCase(Base):
    """One case of a replay."""

    __tablename__ = "replay_case"
    __table_args__ = (Index("ix_replay_case_replay_id_moves", "replay_id", "moves"),)

    replay_id: Mapped[UUID] = mapped_column(ForeignKey("replay.id"), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("process_case.id"), primary_key=True)
    number: Mapped[str]
    title: Mapped[str]
    version: Mapped[int]
    """The version it runs on."""
    moves: Mapped[bool]
    obstacles: Mapped[list[Any]]
    remarks: Mapped[list[Any]]
    tasks: Mapped[list[Any]]
