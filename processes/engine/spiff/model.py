"""What the engine shows of a diagram and of a running case: plain values, no SpiffWorkflow object."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from processes.messages import Message

Progress = dict[str, Literal["done", "current", "cancelled"]]
"""How far a case has come, by id of element and sequence flow."""


@dataclass(frozen=True)
class Lane:
    """A lane of a pool; `parent` is the id of the lane that contains it."""

    id: str
    name: str
    properties: Mapping[str, str]
    parent: str | None


@dataclass(frozen=True)
class Element:
    """One element of the diagram: process, flow node, sequence flow or participant."""

    id: str
    kind: str
    """Local name of the BPMN tag, e.g. `userTask`."""
    name: str
    process_id: str
    scope: str
    """Id of the enclosing sub-process or process."""
    lane: str | None = None
    properties: Mapping[str, str] = field(default_factory=dict)
    documentation: str = ""
    event: str | None = None
    """`timer`, `message`, `signal`, `error`, `escalation`, `terminate`, `conditional`, `cancel`, `link`, `multiple`
    for several of them, or None."""
    attached_to: str | None = None
    multi_instance: bool = False
    handles: bool = False
    """Whether it is an event sub-process."""
    workers: tuple[str, ...] = ()
    """Names of people or groups that a diagram of another tool gives a task, each a text or one `${…}`."""
    foreign_form: str = ""
    """Key of the form that a diagram of another tool names."""
    table: str = ""
    """Key of the decision table of a business rule task that names no operation."""


@dataclass(frozen=True)
class OpenTask:
    """A human task that waits for a person."""

    id: str
    element_id: str
    data: Mapping[str, Any]
    """The variables this task sees; decoded when they are read."""
    instance_key: str | int | None
    """Key, or place in the list, of the item this multi-instance task, or the nearest activity around it, is for."""
    instance_path: tuple[str | int, ...]
    """Keys of all enclosing multi-instance activities, outermost first."""


@dataclass(frozen=True)
class TimerWait:
    """A timer that runs."""

    task_id: str
    element_id: str
    due: datetime


@dataclass(frozen=True)
class MessageWait:
    """A place where the case waits for a message."""

    task_id: str
    element_id: str
    name: str
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Thrown:
    """What a case has sent out: a message or signal for others, or an error or escalation that nobody caught."""

    kind: Literal["message", "signal", "error", "escalation"]
    name: str
    """Name of the message or signal, code of the error or escalation."""
    element_id: str
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """What happened to one element of the case."""

    kind: Literal["entered", "completed", "cancelled"]
    task_id: str
    element_id: str
    scope: tuple[str, ...]
    """Task ids of the enclosing sub-processes, outermost first."""
    instance_key: str | int | None = None
    multiple: bool = False
    """True for the multi-instance activity as a whole, False for each of its instances."""
    why: str = ""
    """For what was cancelled by signing or by a person: `answered`, `passed`, `failed`, `enough`, `removed`,
    `returned`, `recalled`, `moved`."""


@dataclass(frozen=True)
class Finding:
    """What there is to say about an element when a case is carried over to another version."""

    element_id: str
    step: str
    """Name of the element."""
    text: Message


@dataclass(frozen=True)
class Frozen:
    """A case at rest: a small skeleton, and the values it refers to by their content hash."""

    skeleton: bytes
    values: Mapping[str, bytes]
    """Values that the case did not use when it was loaded; one that it used long before may be among them again."""
    used: frozenset[str]
    """Keys of the values that are kept beside the skeleton, as far as it names them."""
    instances: Mapping[str, Apart] = field(default_factory=dict)
    """Instances kept apart from the skeleton that are new or have changed, by task id."""


@dataclass(frozen=True)
class Apart:
    """One instance of a multi-instance task at rest, kept apart from the skeleton with the work item it became."""

    activity: str
    """Task id of the multi-instance activity as a whole."""
    content: bytes


class Instances(Protocol):
    """Where the instances that are kept apart can be had again."""

    def one(self, task_id: str) -> Apart | None:
        """One instance, None where no such is kept."""

    def all(self, activity: str) -> Mapping[str, bytes]:
        """All instances of an activity, by task id."""


class Hooks(Protocol):
    """What the house outside lends to a run."""

    functions: Mapping[str, Callable[..., Any]]
    """Functions that expressions may call."""

    def call_operation(self, element: Element, data: dict[str, Any]) -> dict[str, Any] | None:
        """Carry out the operation of a service task; what it returns becomes variables of the case."""

    def signers(self, element: Element, data: Mapping[str, Any]) -> Sequence[str]:
        """Who has to sign a task that names no signers itself: each is given to one instance as `signer`."""
