"""A diagram as plain records: one pass over the file that notes every element, its place and its properties."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from processes.engine.spiff import foreign
from processes.engine.spiff.model import Element, Lane
from processes.engine.spiff.reading import (
    MODEL,
    NODES,
    PARALLEL_MULTIPLE,
    PLAIN_TASKS,
    SILENT,
    SUB_PROCESSES,
    children,
    decision_table,
    element_id,
    event_definitions,
    event_kind,
    give_ids,
    inline_definitions,
    is_true,
    parse,
    properties,
    reference,
    tag,
    text_of,
    unresolved,
)
from processes.errors import Invalid
from processes.messages import message


@dataclass
class Flow:
    """A sequence flow."""

    id: str
    source: str
    target: str
    condition: str | None


@dataclass
class Inside:
    """The nodes and flows of one process or sub-process, in the order of the XML."""

    id: str
    nodes: dict[str, etree._Element] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)


@dataclass
class Diagram:
    """Everything the builder needs."""

    processes: list[str] = field(default_factory=list)
    insides: dict[str, Inside] = field(default_factory=dict)
    elements: dict[str, Element] = field(default_factory=dict)
    lanes: dict[str, Lane] = field(default_factory=dict)
    named: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    """Messages and signals by id: name; errors and escalations: code."""


def read(xml: bytes) -> Diagram:
    """All processes, elements, lanes and named events of a file."""
    root = parse(xml)
    give_ids(root)
    inline_definitions(root)
    diagram = Diagram()
    for node in children(root, "message", "signal", "error", "escalation"):
        code = node.get("errorCode") or node.get("escalationCode") or node.get("name") or element_id(node)
        named = tag(node) in ("message", "signal")
        diagram.named[element_id(node)] = (tag(node), (node.get("name") or None) if named else code)
    called = {reference(node.get("calledElement")) for node in root.iter(f"{{{MODEL}}}callActivity")}
    for process in children(root, "process"):
        name, pid = process.get("name") or "", element_id(process)
        if process.get("isExecutable", "true").strip() in ("true", "1"):
            diagram.processes.append(pid)
        elif pid not in called:
            continue  # a pool that only documents whom the process talks to
        add_element(diagram, process, Element(pid, "process", name, pid, pid))
        _Reader(diagram, pid).read_inside(process, pid, None)
    if not diagram.processes:
        raise Invalid(message("流程图中没有可执行的流程。"))
    return diagram


def add_element(diagram: Diagram, node: etree._Element, element: Element) -> None:
    """Note an element with its properties and documentation; an id may occur once."""
    if element.id in diagram.elements:
        raise repeated(element.id)
    documentation = "\n".join(filter(None, (text_of(child) for child in children(node, "documentation"))))
    known = {**element.__dict__, "properties": properties(node), "documentation": documentation}
    diagram.elements[element.id] = Element(**known)


def repeated(id_: str) -> Invalid:
    """The refusal of an id that stands for two elements."""
    return Invalid(message("标识“%(id)s”在流程图中出现了不止一次。", id=id_))


def refused(node: etree._Element, why: str = "") -> Invalid:
    """The refusal of an element that cannot be executed."""
    what = f"{tag(node)} {why}".strip()
    name = node.get("name") or element_id(node)
    text = message("元素“%(name)s”（%(id)s）不能执行：不支持 %(what)s。", name=name, id=element_id(node), what=what)
    return Invalid(text)


class _Reader:
    """Reads one process with its sub-processes."""

    def __init__(self, diagram: Diagram, process_id: str) -> None:
        self.diagram = diagram
        self.process_id = process_id
        self.lane_of: dict[str, str] = {}

    def read_inside(self, holder: etree._Element, scope: str, lane: str | None) -> None:
        inside = self.diagram.insides[scope] = Inside(scope)
        for lane_set in children(holder, "laneSet"):
            self._read_lanes(lane_set, None)
        for node in holder:
            if not isinstance(node.tag, str):
                continue
            kind = tag(node)
            if kind in NODES:
                if element_id(node) in inside.nodes:
                    raise repeated(element_id(node))
                inside.nodes[element_id(node)] = node
            elif kind == "sequenceFlow":
                self._read_flow(inside, node)
            elif kind not in SILENT and etree.QName(node).namespace == MODEL:
                raise refused(node)
        for node in inside.nodes.values():
            self._read_node(inside, node, lane)

    def _read_lanes(self, lane_set: etree._Element, parent: str | None) -> None:
        for node in children(lane_set, "lane"):
            lane_id = element_id(node)
            self.diagram.lanes[lane_id] = Lane(lane_id, node.get("name") or "", properties(node), parent)
            for ref in children(node, "flowNodeRef"):
                self.lane_of[reference(ref.text) or ""] = lane_id
            for inner in children(node, "childLaneSet"):
                self._read_lanes(inner, lane_id)

    def _read_flow(self, inside: Inside, node: etree._Element) -> None:
        source, target = reference(node.get("sourceRef")), reference(node.get("targetRef"))
        flow = element_id(node)
        name = node.get("name") or ""
        if source is None or target is None:
            raise Invalid(message("连线“%(id)s”缺少起点或终点。", id=name or flow))
        conditions = children(node, "conditionExpression")
        inside.flows.append(Flow(flow, source, target, text_of(conditions[0]) if conditions else None))
        add_element(self.diagram, node, Element(flow, "sequenceFlow", name, self.process_id, inside.id))

    def _read_node(self, inside: Inside, node: etree._Element, outer_lane: str | None) -> None:
        _refuse_unsupported(node)
        node_id, attached = element_id(node), reference(node.get("attachedToRef"))
        lane = self.lane_of.get(node_id) or self.lane_of.get(attached or "") or outer_lane
        element = Element(
            id=node_id,
            kind=tag(node),
            name=node.get("name") or "",
            process_id=self.process_id,
            scope=inside.id,
            lane=lane,
            event=event_kind(node),
            attached_to=attached,
            multi_instance=bool(children(node, "multiInstanceLoopCharacteristics")),
            handles=is_true(node.get("triggeredByEvent")),
            workers=foreign.workers(node) if tag(node) in PLAIN_TASKS else (),
            table=decision_table(node),
            foreign_form=foreign.form_key(node) if tag(node) in PLAIN_TASKS else "",
        )
        add_element(self.diagram, node, element)
        if tag(node) in SUB_PROCESSES:
            self.read_inside(node, node_id, lane)


def _refuse_unsupported(node: etree._Element) -> None:
    """Attributes and children that change what an element means in a way that is not executed."""
    if is_true(node.get("triggeredByEvent")) and tag(node) not in SUB_PROCESSES:
        raise refused(node, "triggeredByEvent")
    if is_true(node.get("isForCompensation")):
        raise refused(node, "isForCompensation")
    for name in ("startQuantity", "completionQuantity"):
        if node.get(name, "1").strip() != "1":
            raise refused(node, name)
    if unresolved(node):
        raise refused(node, "eventDefinitionRef")
    if node.get("eventGatewayType", "Exclusive") != "Exclusive":
        raise refused(node, "eventGatewayType")
    several = is_true(node.get("parallelMultiple")) and len(event_definitions(node)) > 1
    if several and tag(node) not in PARALLEL_MULTIPLE:
        raise refused(node, "parallelMultiple")
