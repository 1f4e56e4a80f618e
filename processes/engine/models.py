"""What the desk stores of diagrams and cases; lists and dashboards read these tables and never load a workflow."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint, false
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from processes.db import Base
from processes.engine.indexes import OF_CASES, OF_WORK_ITEMS
from processes.files import StoredFile
from processes.identity.models import Person, Unit

UNDONE = ("open", "held")
"""Statuses of a task that is not done yet."""
LONGEST_TITLE = 300
"""Characters of the title of a case or of a task."""


class Definition(Base):
    """One version of a diagram with its forms, tables and documents, frozen by content hash."""

    __tablename__ = "definition"
    __table_args__ = (UniqueConstraint("key", "version"), UniqueConstraint("key", "content_hash"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    key: Mapped[str]
    """Name of the package, e.g. `appointment`."""
    version: Mapped[int]
    title: Mapped[str]
    content_hash: Mapped[str]
    """SHA-256 over the names and contents of all files."""
    deployed_at: Mapped[datetime]
    deployed_by: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    """Whether new cases start on this version; at most one version of a key is active."""
    processes: Mapped[list[Any]]
    """`[{"id", "title", "code", "starters": [role…], "stages": [{"key", "zh", "en"}…]}…]`."""

    files: Mapped[list[DefinitionFile]] = relationship(back_populates="definition", order_by="DefinitionFile.path")


class DefinitionFile(Base):
    """One file of a definition: `process.bpmn`, `forms/<form>.json`, `documents/<document>.docx` …"""

    __tablename__ = "definition_file"

    definition_id: Mapped[UUID] = mapped_column(ForeignKey("definition.id"), primary_key=True)
    path: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)

    definition: Mapped[Definition] = relationship(back_populates="files")


class Case(Base):
    """One run of a process of a definition."""

    __tablename__ = "process_case"
    __table_args__ = (*OF_CASES,)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    number: Mapped[str] = mapped_column(unique=True)
    """What people call it, e.g. `选聘-2026-0003`."""
    definition_id: Mapped[UUID] = mapped_column(ForeignKey("definition.id"))
    key: Mapped[str]
    """Key of the definition, e.g. `appointment`."""
    process_id: Mapped[str]
    """Id of the process in the diagram, e.g. `application`."""
    title: Mapped[str]
    status: Mapped[str]
    """`running`, `suspended`, `completed`, `terminated` or `cancelled`."""
    stage: Mapped[str] = mapped_column(default="")
    """Key of the stage it has reached; the stages are those of the process."""
    outcome: Mapped[str] = mapped_column(default="")
    """Name of the end event that was reached, or the reason of a cancellation."""
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("unit.id"))
    subject_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """The person the case is about, who may follow it: an applicant, a planner."""
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("process_case.id"))
    started_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    started_by: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=1)
    next_due: Mapped[datetime | None]
    """When the soonest timer is due; None while suspended, ended or stopped by an incident."""
    open_incidents: Mapped[int] = mapped_column(default=0)
    skeleton: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    """The engine state without its values."""

    definition: Mapped[Definition] = relationship()


class CaseValue(Base):
    """A value of a case, written once under its content hash."""

    __tablename__ = "case_value"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("process_case.id"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class WorkItem(Base):
    """One user task that waits, or waited, for a post or a person."""

    __tablename__ = "work_item"
    __table_args__ = (*OF_WORK_ITEMS, UniqueConstraint("case_id", "task_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("process_case.id"))
    task_id: Mapped[str]
    element_id: Mapped[str]
    process_key: Mapped[str]
    """Key of the definition, for filters."""
    step: Mapped[str]
    """Name of the task in the diagram."""
    title: Mapped[str]
    form_key: Mapped[str]
    """Empty: the form made from the diagram's variables."""
    stage: Mapped[str] = mapped_column(default="")
    status: Mapped[str]
    """`open`, `held` (somebody else is asked first, see `attached_as`), `done` or `cancelled`."""
    role: Mapped[str] = mapped_column(default="")
    organization_id: Mapped[str | None] = mapped_column(ForeignKey("organization.id"))
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("unit.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    """Set: this person alone. None: whoever holds `role` at `organization_id`."""
    instance_key: Mapped[str] = mapped_column(default="")
    claimed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    claimed_by: Mapped[str] = mapped_column(default="")
    claimed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    """The end of the due day in the city; the day itself is in time."""
    completed_at: Mapped[datetime | None]
    completed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    completed_by: Mapped[str] = mapped_column(default="")
    result: Mapped[str] = mapped_column(default="")
    """The decision in a few words, for lists and history."""
    activity_id: Mapped[str | None]
    """Task id of the multi-instance activity of which this is an instance that is kept apart from the skeleton."""
    instance: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    """The engine state of that instance, without its values."""
    opened_at: Mapped[datetime | None]
    """When somebody who may do it has first looked at it: from then on it cannot be recalled."""
    opened_by: Mapped[str] = mapped_column(default="", server_default="")
    on_behalf_id: Mapped[UUID | None]
    """Whose work a stand-in has done (代理)."""
    attached_to_id: Mapped[UUID | None]
    """The task that waits for this one; the engine knows only that task."""
    attached_as: Mapped[str] = mapped_column(default="", server_default="")
    """`delegated` (委派), `before` or `after` (前、后加签), `mend` (退回后直送); empty: a task of the diagram."""
    visit_id: Mapped[str] = mapped_column(default="", server_default="")
    """Task id of the earlier visit that is mended."""
    followed: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether others sign after it, before the case goes on (后加签)."""

    case: Mapped[Case] = relationship()


class Waiting(Base):
    """A place where a case waits for a message or a signal."""

    __tablename__ = "waiting"
    __table_args__ = (Index("ix_waiting_kind_name_correlation", "kind", "name", "correlation"),)

    case_id: Mapped[UUID] = mapped_column(ForeignKey("process_case.id"), primary_key=True)
    task_id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    """`message` or `signal`."""
    name: Mapped[str]
    correlation: Mapped[str] = mapped_column(default="")
    element_id: Mapped[str]


class CaseEvent(Base):
    """One line of a case's history: a step entered, completed or cancelled, or something that people did to it."""

    __tablename__ = "case_event"
    __table_args__ = (Index("ix_case_event_case_id_id", "case_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("process_case.id"))
    at: Mapped[datetime]
    kind: Mapped[str]
    """`started`, `entered`, `completed`, `cancelled`, `claimed`, `released`, `message`, `document`,
    `reminded`, `escalated`, `comment`, `suspended`, `resumed`, `ended`, `incident`, `retried` …"""
    element_id: Mapped[str] = mapped_column(default="")
    step: Mapped[str] = mapped_column(default="")
    task_id: Mapped[str] = mapped_column(default="")
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    person: Mapped[str] = mapped_column(default="")
    """Name and, where it matters, as whom: «李某（代王某）»."""
    organization: Mapped[str] = mapped_column(default="")
    text: Mapped[str] = mapped_column(default="")
    """Reason, comment or decision, in Chinese as it was recorded."""
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Submission(Base):
    """What a person sent with a form: answers, the form's version, who, when."""

    __tablename__ = "submission"
    __table_args__ = (Index("ix_submission_case_id_at", "case_id", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("process_case.id"))
    work_item_id: Mapped[UUID] = mapped_column(ForeignKey("work_item.id"), index=True)
    form_key: Mapped[str]
    form_version: Mapped[str]
    form: Mapped[dict[str, Any] | None]
    """The definition itself, where it is not a file of the package (a form made from the diagram)."""
    answers: Mapped[dict[str, Any]]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    person: Mapped[str]
    at: Mapped[datetime]

    work_item: Mapped[WorkItem] = relationship()


class FormDraft(Base):
    """A form put aside half filled in, one for each work item."""

    __tablename__ = "form_draft"

    work_item_id: Mapped[UUID] = mapped_column(ForeignKey("work_item.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    answers: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]

    work_item: Mapped[WorkItem] = relationship()
    person: Mapped[Person] = relationship()


class Incident(Base):
    """Something that could not be carried out, kept until somebody has retried it with success or given it up."""

    __tablename__ = "incident"
    __table_args__ = (
        Index("ix_incident_status_at", "status", "at"),
        Index("ix_incident_case_id_status", "case_id", "status"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("process_case.id"))
    """None: background work of no case, or a case that could not be begun."""
    at: Mapped[datetime]
    status: Mapped[str]
    """`open`, `resolved` or `discarded`."""
    element_id: Mapped[str]
    step: Mapped[str] = mapped_column(default="")
    text: Mapped[str]
    """What went wrong, as a sentence."""
    trace: Mapped[str] = mapped_column(default="")
    attempts: Mapped[int] = mapped_column(default=1)
    action: Mapped[dict[str, Any]]
    """What to do again: `{"kind": "complete" | "timers" | "message" | "job" | "period" | "none", …}`."""
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="", server_default="")
    """Why it was given up."""

    case: Mapped[Case | None] = relationship()


class CaseDocument(Base):
    """A document that a case has drafted or issued."""

    __tablename__ = "case_document"
    __table_args__ = (Index("ix_case_document_case_id_at", "case_id", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("process_case.id"))
    key: Mapped[str]
    """Key in the package's `documents.json`, e.g. `opinion_request`."""
    code: Mapped[str]
    """T01 …"""
    title: Mapped[str]
    number: Mapped[str] = mapped_column(default="")
    """发文字号; empty while it is not issued."""
    dated: Mapped[date]
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("unit.id"))
    subject_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    file_id: Mapped[UUID] = mapped_column(ForeignKey("stored_file.id"))
    element_id: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    issued_by: Mapped[str] = mapped_column(default="")

    case: Mapped[Case] = relationship()
    unit: Mapped[Unit | None] = relationship()
    subject: Mapped[Person | None] = relationship()
    file: Mapped[StoredFile] = relationship(lazy="joined", innerjoin=True)
    """Its content is made in the background; `StoredFile.ready` says whether it is there."""
