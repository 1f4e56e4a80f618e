"""A simple layout for files without a diagram: ranks from left to right, rows inside lanes."""

from __future__ import annotations

from collections import Counter, defaultdict
from copy import deepcopy
from dataclasses import dataclass, field

from lxml import etree

from processes.engine.drawing.model import (
    ACTIVITIES,
    EVENTS,
    SUB_PROCESSES,
    Element,
    Model,
    local,
    local_ref,
    parse,
    read_model,
)
from processes.engine.drawing.reading import Box, Point, read_plan
from processes.engine.drawing.routes import Grid, flow_way, message_way
from processes.engine.drawing.steps import in_order

DI = {
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
}
GAP, ROW_GAP, PAD, HEAD = 60, 50, 30, 30
"""Between columns, between rows, inside a lane or sub-process, for a pool's name: pixels."""
Extent = tuple[float, list[tuple[float, float]]]
"""A width, then top and height of each lane."""


@dataclass
class Sheet:
    """Boxes and ways found so far, by element id, in drawing order."""

    model: Model
    boxes: dict[str, Box] = field(default_factory=dict)
    ways: dict[str, list[Point]] = field(default_factory=dict)

    def shift(self, ids: list[str], ways: list[str], dx: float, dy: float) -> None:
        """Move what was laid out at the origin to its place."""
        for ident in ids:
            b = self.boxes[ident]
            self.boxes[ident] = Box(b.x + dx, b.y + dy, b.width, b.height)
        for ident in ways:
            self.ways[ident] = [(x + dx, y + dy) for x, y in self.ways[ident]]


def layout(xml: bytes) -> bytes:
    """The same file with a diagram; a file that has one is returned as it is."""
    model = read_model(parse(xml))
    if read_plan(model).shapes:
        return xml
    return etree.tostring(arranged(model), xml_declaration=True, encoding="UTF-8")


def arranged(model: Model) -> etree._Element:
    """A copy of the file's tree with a diagram of its own."""
    root = deepcopy(model.root)
    for old in [n for n in root if isinstance(n.tag, str) and local(n) == "BPMNDiagram"]:
        root.remove(old)
    model = read_model(root)
    for ident, element in model.elements.items():
        element.node.set("id", ident)
    sheet = Sheet(model)
    y = 80.0
    for element in _pools(model):
        y += _pool(sheet, element, y) + 40
    _even_out(sheet)
    _aside(sheet, y)
    _across(sheet)
    _write(root, sheet)
    return root


def _pools(model: Model) -> list[Element]:
    """The pools, then the processes that have none."""
    pools = [e for e in model.elements.values() if e.kind == "participant"]
    shown = {local_ref(e.node.get("processRef")) for e in pools}
    return pools + [e for e in model.processes() if e.id not in shown]


def _pool(sheet: Sheet, element: Element, y: float) -> float:
    process = element.id if element.kind == "process" else local_ref(element.node.get("processRef"))
    lanes = [e for e in sheet.model.elements.values() if e.kind == "lane" and e.parent == process]
    lanes = [lane for lane in lanes if not any(local(c) == "childLaneSet" for c in lane.node if isinstance(c.tag, str))]
    pooled = element.kind == "participant"
    if process not in sheet.model.elements:
        sheet.boxes[element.id] = Box(160, y, 600, 60)
        return 60
    if pooled:
        sheet.boxes[element.id] = Box(160, y, 0, 0)
    for lane in lanes:
        sheet.boxes[lane.id] = Box(0, 0, 0, 0)
    before, ways = len(sheet.boxes), len(sheet.ways)
    width, bands = _scope(sheet, process, [lane.id for lane in lanes])
    left = 160.0 + HEAD * pooled
    inner = left + HEAD * bool(lanes)
    sheet.shift(list(sheet.boxes)[before:], list(sheet.ways)[ways:], inner, y)
    for lane, (top, height) in zip(lanes, bands, strict=False):
        sheet.boxes[lane.id] = Box(left, y + top, inner - left + width, height)
    height = max(bands[-1][0] + bands[-1][1], 80)
    if pooled:
        sheet.boxes[element.id] = Box(160, y, inner - 160 + width, height)
    return height


def _scope(sheet: Sheet, scope: str, lanes: list[str]) -> Extent:
    """Lay out one scope with its corner at the origin; returns its width and (top, height) of each band."""
    model = sheet.model
    nodes = in_order(model, scope)
    hosts = {e.id: host for e in nodes if (host := model.host(e))}
    size: dict[str, tuple[float, float]] = {}
    inner: dict[str, tuple[list[str], list[str]]] = {}
    for e in nodes:
        if e.kind in SUB_PROCESSES and model.inside(e.id):
            sheet.boxes[e.id] = Box(0, 0, 0, 0)  # a container is drawn before what it holds
            boxes, ways = len(sheet.boxes), len(sheet.ways)
            width, bands = _scope(sheet, e.id, [])
            inner[e.id] = list(sheet.boxes)[boxes:], list(sheet.ways)[ways:]
            size[e.id] = max(width, 150), max(bands[-1][1] + 10, 130)
        else:
            size[e.id] = _size(e.kind)
    grid = Grid(_ranks(model, scope, nodes, hosts))
    for e in nodes:
        if e.id not in hosts:
            grid.put(e.id, lanes.index(e.lane) if e.lane in lanes else 0)
    named = any(model.elements[flow].name for flow, _, _ in model.sequence(scope))
    width, bands = _measure(grid, size, max(len(lanes), 1), GAP + 40 * named)
    for ident, box in grid.boxes.items():
        sheet.boxes[ident] = box
        if ident in inner:
            sheet.shift(*inner[ident], box.x, box.y + 10)
    seen: Counter[str] = Counter()
    for ident, host in hosts.items():
        seen[host] += 1
        b = grid.boxes[host]
        grid.attach(ident, host, Box(b.right - 18 - 46 * (seen[host] - 0.5), b.bottom - 18, 36, 36))
        sheet.boxes[ident] = grid.boxes[ident]
    for flow, source, target in model.sequence(scope):
        sheet.ways[flow] = flow_way(grid, source, target)
    return width, bands


def _size(kind: str) -> tuple[float, float]:
    if kind in ACTIVITIES:
        return 100, 80
    return (36, 36) if kind in EVENTS else (50, 50)


def _ranks(model: Model, scope: str, nodes: list[Element], hosts: dict[str, str]) -> dict[str, int]:
    """Node id → column: behind all that lead to it, loops back left aside."""
    order = {e.id: i for i, e in enumerate(nodes)}
    entering: dict[str, list[str]] = defaultdict(list)
    for _, source, target in model.sequence(scope):
        if order[source] < order[target]:
            entering[target].append(source)
    ranks: dict[str, int] = {}
    for e in nodes:
        if e.id in hosts:
            ranks[e.id] = ranks.get(hosts[e.id], 0)
        else:
            ranks[e.id] = max((ranks.get(source, 0) + 1 for source in entering[e.id]), default=0)
    return ranks


def _measure(grid: Grid, size: dict[str, tuple[float, float]], bands: int, gap: float) -> Extent:
    """Give each cell its place; columns as wide and rows as high as their largest box."""
    columns: defaultdict[int, float] = defaultdict(lambda: 50.0)
    rows: defaultdict[tuple[int, int], float] = defaultdict(lambda: 80.0)
    for ident, (band, row) in grid.cells.items():
        w, h = size[ident]
        columns[grid.ranks[ident]] = max(columns[grid.ranks[ident]], w)
        rows[band, row] = max(rows[band, row], h)
    x = 50.0
    for column in range(max(columns, default=-1) + 1):
        grid.left[column] = x
        x += columns[column] + gap
    y, out = 0.0, []
    for band in range(bands):
        top = y
        y += PAD
        for row in range(max((r for b, r in rows if b == band), default=0) + 1):
            grid.below[band, row] = y + rows[band, row]
            for ident, cell in grid.cells.items():
                if cell == (band, row):
                    w, h = size[ident]
                    column = grid.ranks[ident]
                    grid.boxes[ident] = Box(
                        grid.left[column] + (columns[column] - w) / 2, y + (rows[band, row] - h) / 2, w, h
                    )
            y += rows[band, row] + ROW_GAP
        out.append((top, y - top))
    return max(x - gap + 50, 200), out


def _even_out(sheet: Sheet) -> None:
    """All pools and lanes end at the same right edge."""
    kinds = {"participant", "lane"}
    wide = [i for i in sheet.boxes if sheet.model.elements[i].kind in kinds]
    right = max((sheet.boxes[i].right for i in wide), default=0)
    for ident in wide:
        b = sheet.boxes[ident]
        sheet.boxes[ident] = Box(b.x, b.y, right - b.x, b.height)


def _aside(sheet: Sheet, y: float) -> None:
    """Notes and data stand in a row below everything."""
    x = 160.0
    for e in sheet.model.elements.values():
        if e.kind == "textAnnotation":
            sheet.boxes[e.id] = Box(x, y, 180, 60)
            x += 200
        elif e.kind in {"dataObjectReference", "dataStoreReference"}:
            sheet.boxes[e.id] = Box(x + 30, y, 40, 50)
            x += 120


def _across(sheet: Sheet) -> None:
    """Message flows between pools, and the ties of notes."""
    for e in sheet.model.elements.values():
        if e.kind not in {"messageFlow", "association"}:
            continue
        ends = [local_ref(e.node.get(end)) for end in ("sourceRef", "targetRef")]
        if all(end in sheet.boxes for end in ends):
            source, target = (sheet.boxes[end] for end in ends)
            pools = tuple(sheet.model.elements[end].kind == "participant" for end in ends)
            tied = [source.middle, target.middle]
            sheet.ways[e.id] = message_way(source, target, pools) if e.kind == "messageFlow" else tied


def _write(root: etree._Element, sheet: Sheet) -> None:
    def q(prefix: str, name: str) -> str:
        return f"{{{DI[prefix]}}}{name}"

    elements = sheet.model.elements.values()
    owner = next((e.id for kind in ("collaboration", "process") for e in elements if e.kind == kind), "")
    diagram = etree.SubElement(root, q("bpmndi", "BPMNDiagram"), nsmap=DI)
    plane = etree.SubElement(diagram, q("bpmndi", "BPMNPlane"), bpmnElement=owner)
    for ident, box in sheet.boxes.items():
        shape = etree.SubElement(plane, q("bpmndi", "BPMNShape"), bpmnElement=ident)
        if sheet.model.elements[ident].kind in SUB_PROCESSES:
            shape.set("isExpanded", "true" if sheet.model.inside(ident) else "false")
        sides = {"x": box.x, "y": box.y, "width": box.width, "height": box.height}
        etree.SubElement(shape, q("dc", "Bounds"), {key: f"{value:.0f}" for key, value in sides.items()})
    for ident, way in sheet.ways.items():
        edge = etree.SubElement(plane, q("bpmndi", "BPMNEdge"), bpmnElement=ident)
        for x, y in way:
            etree.SubElement(edge, q("di", "waypoint"), x=f"{x:.0f}", y=f"{y:.0f}")
