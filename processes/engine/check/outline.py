"""A diagram as plain records for the rules: processes, nodes, flows and lanes with their place in the document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

from processes.engine.spiff.reading import (
    MODEL,
    NODES,
    RESOLVED,
    SUB_PROCESSES,
    children,
    event_definitions,
    is_true,
    reference,
    tag,
    text_of,
)

REFUSED_NODES = {
    *("complexGateway", "adHocSubProcess", "choreographyTask", "subChoreography", "callChoreography"),
    *("implicitThrowEvent", "event"),
}
"""Flow nodes of BPMN that are not executed; they are drawn and connected like the others."""
PREFIX = f"{{{MODEL}}}"


@dataclass(eq=False)
class Piece:
    """An element of the file; ids and references are kept as they are written."""

    element: etree._Element
    tag: str
    id: str
    name: str
    order: int

    @property
    def key(self) -> str:
        """How a problem names it."""
        return self.id or self.tag


@dataclass(eq=False)
class Flow(Piece):
    """A sequence flow; `source` and `target` are known where they are nodes of the same process or sub-process."""

    source_ref: str | None = None
    target_ref: str | None = None
    source: Node | None = None
    target: Node | None = None
    condition: str | None = None

    @property
    def key(self) -> str:
        return self.id or f"{self.source_ref or ''}->{self.target_ref or ''}"


@dataclass(eq=False)
class Node(Piece):
    """A flow node."""

    scope: Scope
    outgoing: list[Flow] = field(default_factory=list)
    incoming: list[Flow] = field(default_factory=list)
    boundaries: list[Node] = field(default_factory=list)
    host: Node | None = None
    inside: Scope | None = None

    @cached_property
    def event(self) -> str:
        """Kind of an event: `none`, `message`, `timer` …; `multiple` for more than one definition."""
        return self.kinds[0] if len(self.kinds) == 1 else "multiple" if self.kinds else "none"

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of all definitions of an event."""
        return tuple(tag(each).removesuffix("EventDefinition") for each in event_definitions(self.element))

    @property
    def definition(self) -> etree._Element | None:
        """The event definition of an event that has exactly one."""
        found = event_definitions(self.element)
        return found[0] if len(found) == 1 else None

    @cached_property
    def is_event_subprocess(self) -> bool:
        return self.tag in SUB_PROCESSES and is_true(self.element.get("triggeredByEvent"))

    @cached_property
    def is_compensation(self) -> bool:
        return is_true(self.element.get("isForCompensation"))

    @property
    def interrupts(self) -> bool:
        """Whether a boundary event ends the activity it is attached to."""
        always = not {"error", "cancel"}.isdisjoint(self.kinds)
        return always or self.element.get("cancelActivity", "true").strip() in ("true", "1")

    @property
    def stands_apart(self) -> bool:
        """Whether no sequence flow is meant to lead here."""
        begins = self.tag in ("startEvent", "boundaryEvent") or self.is_event_subprocess or self.is_compensation
        return begins or (self.tag == "intermediateCatchEvent" and self.event == "link")

    @property
    def ends_apart(self) -> bool:
        """Whether no sequence flow is meant to leave here."""
        ends = self.tag == "endEvent" or self.is_event_subprocess or self.is_compensation
        return ends or (self.tag, self.event) in (("boundaryEvent", "compensate"), ("intermediateThrowEvent", "link"))


@dataclass(eq=False)
class Scope(Piece):
    """The inside of a process or sub-process."""

    parent: Scope | None = None
    owner: Node | None = None
    nodes: list[Node] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)
    strangers: list[etree._Element] = field(default_factory=list)
    """Children that are neither nodes nor flows."""

    @property
    def starts(self) -> list[Node]:
        return [node for node in self.nodes if node.tag == "startEvent"]

    @property
    def process(self) -> Scope:
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope


@dataclass(eq=False)
class Outline:
    """A whole file."""

    root: etree._Element
    places: dict[etree._Element, int]
    processes: list[Scope] = field(default_factory=list)
    """All processes of the file."""
    checked: list[Scope] = field(default_factory=list)
    """Those that are executed, or called by one that is; all of them where none says that it is executable."""
    scopes: list[Scope] = field(default_factory=list)
    """The checked processes and their sub-processes."""
    ids: dict[str, etree._Element] = field(default_factory=dict)
    """The first BPMN element of each id."""

    @cached_property
    def inside(self) -> dict[Scope, list[Scope]]:
        """The checked processes, each with itself and its sub-processes, the outer before the inner."""
        found: dict[Scope, list[Scope]] = {process: [] for process in self.checked}
        process = None
        for scope in self.scopes:
            process = scope if scope.parent is None or process is None else process
            found[process].append(scope)
        return found

    @property
    def nodes(self) -> Iterator[Node]:
        for scope in self.scopes:
            yield from scope.nodes

    @property
    def flows(self) -> Iterator[Flow]:
        for scope in self.scopes:
            yield from scope.flows

    @cached_property
    def referred(self) -> set[etree._Element]:
        """Event definitions at the root of the file that some event refers to."""
        refs = (each for each in self.root.iter(PREFIX + "eventDefinitionRef") if each.get(RESOLVED))
        return {self.ids[name] for ref in refs if (name := reference(ref.text) or "") in self.ids}

    @cached_property
    def named(self) -> dict[tuple[str, str], etree._Element]:
        """Messages, signals, errors and escalations by kind and id."""
        kinds = ("message", "signal", "error", "escalation")
        return {(tag(each), (each.get("id") or "").strip()): each for each in children(self.root, *kinds)}

    def piece(self, element: etree._Element) -> Piece:
        """Any element as something a problem can be about."""
        name, id_ = element.get("name") or "", (element.get("id") or "").strip()
        return Piece(element, tag(element), id_, name.strip(), self.places.get(element, 0))


def is_executable(process: Scope) -> bool:
    """A process that does not say otherwise is executable."""
    return process.element.get("isExecutable", "true").strip() in ("true", "1")


def outline(root: etree._Element) -> Outline:
    """The records of a file."""
    found = Outline(root, {element: place for place, element in enumerate(root.iter(etree.Element))})
    for element in root.iter(PREFIX + "*"):
        if id_ := (element.get("id") or "").strip():
            found.ids.setdefault(id_, element)
    for process in children(root, "process"):
        piece = found.piece(process)
        found.processes.append(Scope(process, "process", piece.id, piece.name, piece.order))
    called = {reference(each.get("calledElement")) for each in root.iter(PREFIX + "callActivity")}
    executable = [each for each in found.processes if is_executable(each)]
    found.checked = [each for each in found.processes if is_executable(each) or each.id in called or not executable]
    for each in found.checked:
        _read_process(found, each)
    return found


def _read_process(found: Outline, process: Scope) -> None:
    """One process with all its sub-processes, the outer before the inner."""
    waiting = [process]
    while waiting:
        scope = waiting.pop()
        found.scopes.append(scope)
        _read_scope(found, scope)
        for node in reversed(scope.nodes):
            if node.tag in SUB_PROCESSES:
                node.inside = Scope(node.element, node.tag, node.id, node.name, node.order, scope, node)
                waiting.append(node.inside)


def _read_scope(found: Outline, scope: Scope) -> None:
    for element in scope.element.iterchildren(etree.Element):
        kind, piece = tag(element), found.piece(element)
        if kind in NODES or kind in REFUSED_NODES:
            scope.nodes.append(Node(element, kind, piece.id, piece.name, piece.order, scope))
        elif kind == "sequenceFlow":
            scope.flows.append(_flow(element, piece))
        else:
            scope.strangers.append(element)
    _connect(scope)


def _flow(element: etree._Element, piece: Piece) -> Flow:
    conditions = children(element, "conditionExpression")
    source, target = reference(element.get("sourceRef")), reference(element.get("targetRef"))
    condition = text_of(conditions[0]) if conditions else None
    return Flow(
        element, piece.tag, piece.id, piece.name, piece.order,
        source_ref=source, target_ref=target, condition=condition,
    )  # fmt: skip


def _connect(scope: Scope) -> None:
    known: dict[str, Node] = {}
    for node in scope.nodes:
        if node.id:
            known.setdefault(node.id, node)
    for flow in scope.flows:
        flow.source, flow.target = known.get(flow.source_ref or ""), known.get(flow.target_ref or "")
        if flow.source is not None:
            flow.source.outgoing.append(flow)
        if flow.target is not None:
            flow.target.incoming.append(flow)
    for node in scope.nodes:
        if node.tag == "boundaryEvent":
            node.host = known.get(reference(node.element.get("attachedToRef")) or "")
            if node.host is not None:
                node.host.boundaries.append(node)
