"""What is kept of rehearsals and of the runs of scenarios."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from processes.db import Base
from processes.engine.comparing import Words
from processes.engine.moving.stored import from_data

PREPARING, READY, ENDED, FAILED = "preparing", "ready", "ended", "failed"
WAITING, DONE = "waiting", "done"


class Rehearsal(Base):
    """One rehearsal of a draft; what happens in it is in a database of its own."""

    __tablename__ = "rehearsal"
    __table_args__ = (Index("ix_rehearsal_draft_id_made_at", "draft_id", "made_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    draft_id: Mapped[UUID] = mapped_column(ForeignKey("definition_draft.id"))
    key: Mapped[str]
    content_hash: Mapped[str]
    """Of the files that are rehearsed; a draft that is changed later needs a new rehearsal."""
    state: Mapped[str]
    """`preparing`, `ready`, `ended`, or `failed` where its desk could not be set up."""
    problem: Mapped[str] = mapped_column(default="")
    began_at: Mapped[datetime]
    """What its clock showed when it began."""
    clock_at: Mapped[datetime]
    """What its clock shows now."""
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    made_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class RehearsedStart(Base):
    """A case that a stand-in has started in a rehearsal, in the database of that rehearsal."""

    __tablename__ = "rehearsed_start"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("process_case.id"), primary_key=True)
    login: Mapped[str]
    variables: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class ScenarioRun(Base):
    """That the scenarios of a package were played, and what came of it."""

    __tablename__ = "scenario_run"
    __table_args__ = (Index("ix_scenario_run_draft_id_asked_at", "draft_id", "asked_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    draft_id: Mapped[UUID] = mapped_column(ForeignKey("definition_draft.id"))
    content_hash: Mapped[str]
    """Of all files of the package, the scenarios too."""
    state: Mapped[str]
    """`waiting` or `done`."""
    results: Mapped[list[Any]]
    """`[{"path", "title", "passed", "problems": [sentence, as `moving.stored` keeps it…]}…]`."""
    asked_at: Mapped[datetime]
    asked_by: Mapped[str]
    done_at: Mapped[datetime | None]

    def problems(self, path: str) -> list[Words]:
        """What is wrong with the scenario of a path."""
        return [from_data(each) for one in self.results if one["path"] == path for each in one["problems"]]

    @property
    def passed(self) -> bool:
        """Whether every scenario passed."""
        return self.state == DONE and all(each["passed"] for each in self.results)
