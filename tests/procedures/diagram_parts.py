"""The diagram file as parts: nodes, flows, shapes, and which nodes lead to which."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from tests.procedures.diagram_story import DIAGRAM

B = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
WAY = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"

ROOT = etree.fromstring(DIAGRAM)
FLOWS = [*ROOT.iter(f"{B}sequenceFlow")]
ACTIVITIES = ("userTask", "serviceTask", "scriptTask", "sendTask", "receiveTask", "callActivity", "subProcess")
SMALL = ("startEvent", "endEvent", "boundaryEvent", "intermediateCatchEvent", "intermediateThrowEvent")
GATEWAYS = ("exclusiveGateway", "parallelGateway")
NODES = [node for name in (*ACTIVITIES, *SMALL, *GATEWAYS) for node in ROOT.iter(f"{B}{name}")]
BY_ID = {node.get("id"): node for node in NODES}


def kind(node: etree._Element) -> str:
    return etree.QName(node).localname


@dataclass(frozen=True)
class Box:
    """A shape in the drawing, in pixels."""

    x: float
    y: float
    width: float
    height: float

    def apart_from(self, other: Box) -> bool:
        beside = self.x + self.width <= other.x or other.x + other.width <= self.x
        return beside or self.y + self.height <= other.y or other.y + other.height <= self.y

    def holds(self, x: float, y: float, slack: float = 1) -> bool:
        across = self.x - slack <= x <= self.x + self.width + slack
        return across and self.y - slack <= y <= self.y + self.height + slack


def _box(shape: etree._Element) -> Box:
    bounds = shape.find(f"{DC}Bounds")
    return Box(*(float(bounds.get(name)) for name in ("x", "y", "width", "height")))


BOXES = {shape.get("bpmnElement"): _box(shape) for shape in ROOT.iter(f"{DI}BPMNShape")}
LINES = {
    edge.get("bpmnElement"): [(float(each.get("x")), float(each.get("y"))) for each in edge.iter(WAY)]
    for edge in ROOT.iter(f"{DI}BPMNEdge")
}


def _next() -> dict[str, set[str]]:
    """What a token may reach next, into sub-processes and called processes and out of them again."""
    found: dict[str, set[str]] = {name: set() for name in BY_ID}
    for flow in FLOWS:
        found[flow.get("sourceRef")].add(flow.get("targetRef"))
    for node in NODES:
        name = node.get("id")
        if kind(node) == "boundaryEvent":
            found[node.get("attachedToRef")].add(name)
        inside = node if kind(node) == "subProcess" else None
        if kind(node) == "callActivity":
            inside = next(each for each in ROOT.iter(f"{B}process") if each.get("id") == node.get("calledElement"))
        if inside is not None:
            found[name] |= {each.get("id") for each in inside.findall(f"{B}startEvent")}
    return found


NEXT = _next()


def reached(start: str, without: str | None = None) -> set[str]:
    """Every node a token may come to from a start, if one node stops it."""
    seen: set[str] = set()
    front = [start]
    while front:
        name = front.pop()
        if name not in seen and name != without:
            seen.add(name)
            front.extend(NEXT[name])
    return seen
