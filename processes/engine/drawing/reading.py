"""The picture that a diagram file describes: boxes and lines in the file's own coordinates (pixels)."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from lxml import etree

from processes.engine.drawing.lettering import width
from processes.engine.drawing.model import (
    FLOWS,
    SUB_PROCESSES,
    Element,
    Model,
    children,
    local,
    local_ref,
)

COLOUR = re.compile(r"#[0-9a-fA-F]{6}\Z")
FURTHEST = 1_000_000
"""Coordinates beyond this many pixels are taken for a broken file."""

Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def middle(self) -> Point:
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass(frozen=True)
class Shape:
    """An element drawn as a box; `event` is its trigger, `markers` are the signs at the bottom of an activity."""

    id: str
    kind: str
    name: str
    box: Box
    label: Box | None = None
    event: str = ""
    interrupting: bool = True
    markers: tuple[str, ...] = ()
    expanded: bool = False
    horizontal: bool = True
    empty: bool = False
    fill: str = ""
    stroke: str = ""


@dataclass(frozen=True)
class Edge:
    """An element drawn as a line from `source` to `target`."""

    id: str
    kind: str
    name: str
    points: tuple[Point, ...]
    label: Box | None = None
    source: str = ""
    target: str = ""
    default: bool = False
    conditional: bool = False
    arrow: bool = True
    stroke: str = ""


@dataclass(frozen=True)
class Plan:
    """All that is drawn of one file."""

    shapes: tuple[Shape, ...]
    edges: tuple[Edge, ...]


def read_plan(model: Model) -> Plan:
    """The first diagram of the file that has shapes; an element drawn twice is taken once."""
    for plane in (n for n in model.root.iter() if isinstance(n.tag, str) and local(n) == "BPMNPlane"):
        shapes = {s.id: s for node in children(plane, "BPMNShape") if (s := _shape(model, node))}
        edges = {e.id: e for node in children(plane, "BPMNEdge") if (e := _edge(model, node))}
        if shapes:
            below = {(round(x), round(y)) for e in edges.values() for x, y in (e.points[0], e.points[-1])}
            return Plan(tuple(_out_of_the_way(s, below) for s in shapes.values()), tuple(edges.values()))
    return Plan((), ())


def _out_of_the_way(shape: Shape, ends: set[tuple[int, int]]) -> Shape:
    """The name of a gateway or event stands below it, or beside the flow that runs there."""
    x, bottom = round(shape.box.middle[0]), round(shape.box.bottom)
    small = shape.kind.endswith(("Gateway", "Event"))
    if not small or shape.label or not shape.name or not {(x, bottom + d) for d in (-1, 0, 1)} & ends:
        return shape
    wide = width(shape.name) * 12
    high = 16 * min(math.ceil(wide / 90), 4)
    y = bottom + 1 if shape.kind == "boundaryEvent" else shape.box.y - high
    return replace(shape, label=Box(x + 8, y, max(min(wide, 90), 8), high))


def _shape(model: Model, node: etree._Element) -> Shape | None:
    element = model.elements.get(local_ref(node.get("bpmnElement")))
    box = _bounds(node)
    if element is None or box is None or element.kind in FLOWS:
        return None
    name = element.name or _category(model, element)
    return Shape(
        element.id,
        element.kind,
        name,
        box,
        label=_near(_label(node), [(box.x, box.y), (box.right, box.bottom)]),
        event=_event(element),
        interrupting=_interrupts(element),
        markers=tuple(_markers(element, node)),
        expanded=element.kind in SUB_PROCESSES and node.get("isExpanded") != "false" and _has_inside(node, box),
        horizontal=node.get("isHorizontal") != "false",
        empty=element.kind == "participant" and local_ref(element.node.get("processRef")) not in model.elements,
        fill=_colour(node, "fill", "background-color"),
        stroke=_colour(node, "stroke", "border-color"),
    )


def _has_inside(node: etree._Element, box: Box) -> bool:
    # Files that leave isExpanded out draw a collapsed sub-process as small as a task.
    return node.get("isExpanded") == "true" or box.width > 140 or box.height > 120


def _edge(model: Model, node: etree._Element) -> Edge | None:
    element = model.elements.get(local_ref(node.get("bpmnElement")))
    points = tuple(p for way in children(node, "waypoint") if (p := _point(way)))
    if element is None or len(points) < 2 or element.kind not in FLOWS:
        return None
    source, target = local_ref(element.node.get("sourceRef")), local_ref(element.node.get("targetRef"))
    start = model.elements.get(source)
    conditional = next(children(element.node, "conditionExpression"), None) is not None
    return Edge(
        element.id,
        element.kind,
        element.name,
        points,
        label=_near(_label(node), list(points)),
        source=source,
        target=target,
        default=start is not None and local_ref(start.node.get("default")) == element.id,
        conditional=conditional and start is not None and not start.kind.endswith(("Gateway", "Event")),
        arrow=element.kind != "association" or element.node.get("associationDirection") in {"One", "Both"},
        stroke=_colour(node, "stroke", "border-color"),
    )


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) and abs(value) < FURTHEST else None


def _point(node: etree._Element) -> Point | None:
    x, y = _number(node.get("x")), _number(node.get("y"))
    return None if x is None or y is None else (x, y)


def _bounds(node: etree._Element) -> Box | None:
    for bounds in children(node, "Bounds"):
        corner, w, h = _point(bounds), _number(bounds.get("width")), _number(bounds.get("height"))
        if corner and w and h and w > 0 and h > 0:
            return Box(*corner, w, h)
    return None


def _label(node: etree._Element) -> Box | None:
    return next((box for label in children(node, "BPMNLabel") if (box := _bounds(label))), None)


def _near(label: Box | None, points: list[Point]) -> Box | None:
    """A label beside what it names; some tools write places relative to something else, which would mislead."""
    if label is None:
        return None
    x, y = label.middle
    reach = 45 + max(label.width, label.height) / 2
    for (ax, ay), (bx, by) in pairwise(points):
        if min(ax, bx) - reach <= x <= max(ax, bx) + reach and min(ay, by) - reach <= y <= max(ay, by) + reach:
            return label
    return None


def _colour(node: etree._Element, *names: str) -> str:
    """A colour of the bioc or color vocabulary; anything but #rrggbb is left out."""
    for key, value in node.attrib.items():
        if etree.QName(key).namespace and etree.QName(key).localname in names and COLOUR.match(str(value)):
            return str(value)
    return ""


def _event(element: Element) -> str:
    """The trigger of an event: timer, message …, `multiple`, or nothing."""
    if not element.kind.endswith("Event"):
        return ""
    found = [local(n) for n in children(element.node) if local(n).endswith(("EventDefinition", "eventDefinitionRef"))]
    if len(found) > 1:
        return "parallelMultiple" if element.node.get("parallelMultiple") == "true" else "multiple"
    return found[0].removesuffix("EventDefinition") if found else ""


def _interrupts(element: Element) -> bool:
    if element.kind in SUB_PROCESSES and element.node.get("triggeredByEvent") == "true":
        starts = list(children(element.node, "startEvent"))
        return all(s.get("isInterrupting") != "false" for s in starts)
    return element.node.get("cancelActivity") != "false" and element.node.get("isInterrupting") != "false"


def _markers(element: Element, node: etree._Element) -> Iterator[str]:
    if element.node.get("triggeredByEvent") == "true":
        yield "event"
    for loop in children(element.node, "standardLoopCharacteristics", "multiInstanceLoopCharacteristics"):
        if local(loop) == "standardLoopCharacteristics":
            yield "loop"
        else:
            yield "sequential" if loop.get("isSequential") == "true" else "parallel"
    if element.node.get("isForCompensation") == "true":
        yield "compensation"
    if element.kind == "adHocSubProcess":
        yield "adhoc"
    box = _bounds(node)
    inside = element.kind in SUB_PROCESSES and box and node.get("isExpanded") != "false" and _has_inside(node, box)
    if element.kind == "callActivity" or (element.kind in SUB_PROCESSES and not inside):
        yield "plus"


def _category(model: Model, element: Element) -> str:
    """The name of a group, which the file keeps in a category."""
    value = model.elements.get(local_ref(element.node.get("categoryValueRef")))
    return (value.node.get("value") or "").strip() if value else ""
