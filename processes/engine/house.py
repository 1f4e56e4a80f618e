"""What the engine is given when the application is put together: operations, calendar, files, functions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.orm import Session

from processes.documents.fonts import FontFolder
from processes.engine.models import Case
from processes.engine.spiff import Element
from processes.files import FileStore
from processes.forms.wording import Option, Wording
from processes.identity.actor import Actor
from processes.jobs import Taken
from processes.messages import Message
from processes.rules.workdays import WorkCalendar


@dataclass(frozen=True)
class Parameter:
    """A parameter of an operation, so that the modeler can offer it as a field."""

    name: str
    title: Wording
    kind: Literal["expression", "text", "document", "choice"] = "expression"
    """`expression`: evaluated on the case's variables; the others are taken as they stand."""
    required: bool = True
    choices: tuple[str, ...] = ()


@dataclass
class Call:
    """What a handler is called with; it acts inside the case's transaction and never commits."""

    session: Session
    house: House
    case: Case
    element: Element
    actor: Actor
    """Who completed the task that led here; the desk itself after a timer or a message."""
    now: datetime
    data: Mapping[str, Any]
    """The variables of the case at this step."""
    parameters: Mapping[str, Any]
    """The operation's parameters, expressions already evaluated; an optional one that is not drawn is absent."""


@dataclass(frozen=True)
class Operation:
    """What a service task may name."""

    name: str
    title: Wording
    run: Callable[[Call], Mapping[str, Any] | None]
    """What it returns becomes variables of the case."""
    parameters: tuple[Parameter, ...] = ()


OptionSource = Callable[[Session, Mapping[str, Any]], Sequence[Option]]
"""A list to choose from, given the case's variables."""
Namer = Callable[[Session, Collection[str]], Mapping[str, str]]
"""What values of a list are called, even those that the list offers no longer."""
Validator = Callable[["FormCheck"], None]
"""A check that needs the registers; raises `Invalid` with the fields concerned."""


@dataclass(frozen=True)
class FormCheck:
    """A submission that its form has accepted, for a check that needs more than the form."""

    session: Session
    house: House
    case: Case
    actor: Actor
    now: datetime
    data: Mapping[str, Any]
    """The variables the task sees."""
    answers: Mapping[str, Any]


@dataclass(frozen=True)
class Tally:
    """What the answers of a form come to while somebody is still writing them; the check alone decides."""

    figures: Sequence[tuple[Message, int | str]]
    """Named numbers, or amounts as they are written, in the order in which they are shown."""
    sentence: Message
    wrong: bool = False
    """The answers could not be sent as they stand."""
    remarks: Sequence[Message] = ()


TallySource = Callable[[FormCheck], Tally]
"""Counts answers that nobody has checked yet; any of them may be missing."""


@dataclass(frozen=True)
class JobKind:
    """A kind of background work."""

    title: Message
    """What people call it, where it fails."""
    keep: Callable[[Session, House, Taken, Any], None]
    """Writes the effect, in the transaction that takes the job off the list."""
    make: Callable[[Session, House, Taken], Any] | None = None
    """Makes what is kept, before that transaction and outside it: for what takes time."""
    needed: bool = False
    """Nobody may give it up."""


@dataclass(frozen=True)
class ScenarioVerdict:
    """Whether the scenarios that are kept with a package pass."""

    passed: bool | None
    """None: they have not been run with this content."""
    text: Message


ScenarioJudge = Callable[[Session, UUID, Mapping[str, bytes]], ScenarioVerdict]
"""Tells of a draft, given by id and files, whether its scenarios pass with this very content."""

Witness = Callable[[Session, Case, Actor, Mapping[str, Any]], None]
"""Told of a case that somebody has started: by whom and with which variables."""


@dataclass
class House:
    """Everything the engine borrows from outside; made once when the application is put together."""

    calendar: WorkCalendar
    files: FileStore
    fonts: FontFolder
    operations: Mapping[str, Operation] = field(default_factory=dict)
    options: Mapping[str, OptionSource] = field(default_factory=dict)
    """Lists that a form's `options_from` may name."""
    validators: Mapping[str, Validator] = field(default_factory=dict)
    """Checks that a user task's `check` property may name."""
    tallies: Mapping[str, TallySource] = field(default_factory=dict)
    """Counts that a user task's `tally` property may name."""
    titles: Mapping[str, Wording] = field(default_factory=dict)
    """What checks and counts are called, for those who choose one."""
    calendars: Sequence[Callable[[Session, date], Sequence[Any]]] = ()
    """What begins by the calendar, see `calendar_starts`."""
    english: Callable[[object], str] = str
    """A sentence in English, for findings that are told in both languages."""
    bpmn_folder: Path | None = None
    names: Mapping[str, Namer] = field(default_factory=dict)
    """What the things chosen from a list are called, for lists that change."""
    job_kinds: Mapping[str, JobKind] = field(default_factory=dict)
    """Background work beside the engine's own."""
    scenarios: ScenarioJudge | None = None
    """Who knows whether the scenarios of a draft pass, for the gate before publishing."""
    witness: Witness | None = None
    """Told of every case that a person starts; a rehearsal keeps it for its scenario."""

    def functions(self, today: date) -> dict[str, Callable[..., Any]]:
        """What expressions of a diagram may call."""

        def workdays(count: int, start: date | str | None = None) -> date:
            first = date.fromisoformat(start[:10]) if isinstance(start, str) else start or today
            return self.calendar.add_workdays(first, count)

        return {"today": lambda: today, "workdays": workdays, "date": date.fromisoformat}
