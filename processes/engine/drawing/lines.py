"""How flows and associations look: rounded bends, arrow heads, the signs at their beginning, their names."""

from __future__ import annotations

import math
from itertools import pairwise

from processes.engine.drawing.ink import INK, PAPER, letters, num, tag
from processes.engine.drawing.lettering import Lettering, fit
from processes.engine.drawing.model import EVENTS, GATEWAYS
from processes.engine.drawing.reading import Edge, Point, Shape
from processes.engine.drawing.shapes import LABEL_WIDTH

BEND = 6
"""Radius of a bend in pixels."""
HEAD = 10
"""Length of an arrow head in pixels."""


def line(edge: Edge, source: Shape | None, target: Shape | None) -> str:
    """The line with its signs, without its name."""
    points = clipped(list(edge.points), source, target)
    kind = edge.kind
    dash = {"messageFlow": "8 5", "association": "1 4"}.get(kind) or ("1 4" if kind.startswith("data") else None)
    out = tag("path", d=_path(points, kind), cls="bpmn-way", fill="none", stroke=edge.stroke or None,
              stroke_dasharray=dash, stroke_linecap="round" if dash == "1 4" else None)  # fmt: skip
    colour = edge.stroke or INK
    shaft = "bpmn-way" if edge.stroke else "bpmn-line"
    if kind == "sequenceFlow":
        out += tag("path", d=_head(points), cls="" if edge.stroke else "bpmn-solid", fill=colour, stroke="none")
        if edge.default:
            out += tag("path", d=_at_start(points, 9, ((-3.5, 5), (3.5, -5))), cls=shaft, fill="none")
        elif edge.conditional:
            out += tag("path", d=_at_start(points, 0, ((0, 0), (8, 4.5), (16, 0), (8, -4.5))) + "Z", fill=PAPER)
    elif kind == "messageFlow":
        (x, y), _ = points[0], points[1]
        out += tag("path", d=_head(points) + "Z", fill=PAPER, stroke_linejoin="round")
        out += tag("circle", cx=x, cy=y, r=3.8, fill=PAPER)
    elif edge.arrow:
        out += tag("path", d=_head(points, 7, 4, False), cls=shaft, fill="none")
    return out


def name_box(edge: Edge) -> tuple[Lettering, float, float] | None:
    """The name of a flow and the middle of its block."""
    if not edge.name:
        return None
    if edge.label:
        text = fit(edge.name, max(edge.label.width, LABEL_WIDTH), max(edge.label.height + 2, 62), (12, 11))
        return text, edge.label.x + edge.label.width / 2, edge.label.y + text.height / 2
    a, b = max(pairwise(edge.points), key=lambda ends: math.dist(*ends))
    (x, y), upright = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2), abs(a[0] - b[0]) < abs(a[1] - b[1])
    room = LABEL_WIDTH if upright else max(44, min(LABEL_WIDTH, math.dist(a, b) - 16))
    text = fit(edge.name, room, 32, (12, 11))
    return (text, x + text.width / 2 + 5, y) if upright else (text, x, y - text.height / 2 - 3)


def name(edge: Edge) -> str:
    """The name beside the line."""
    placed = name_box(edge)
    return letters(*placed, cls="bpmn-text bpmn-label") if placed else ""


def _path(points: list[Point], kind: str) -> str:
    out = f"M{num(points[0][0])} {num(points[0][1])}"
    last = points[-1]
    if kind == "sequenceFlow":  # the shaft ends inside the head
        last = _towards(last, points[-2], HEAD - 2)
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        cut = min(BEND, math.dist(before, here) / 2, math.dist(here, after) / 2)
        a, b = _towards(here, before, cut), _towards(here, after, cut)
        out += f"L{num(a[0])} {num(a[1])}Q{num(here[0])} {num(here[1])} {num(b[0])} {num(b[1])}"
    return out + f"L{num(last[0])} {num(last[1])}"


def _towards(start: Point, aim: Point, step: float) -> Point:
    length = math.dist(start, aim)
    if length < 0.001:
        return start
    share = min(step / length, 1)
    return start[0] + (aim[0] - start[0]) * share, start[1] + (aim[1] - start[1]) * share


def _head(points: list[Point], length: float = HEAD, half: float = 4.2, closed: bool = True) -> str:
    tip = points[-1]
    back = _towards(tip, points[-2], length)
    dx, dy = tip[0] - back[0], tip[1] - back[1]
    size = math.hypot(dx, dy) or 1
    ox, oy = -dy / size * half, dx / size * half
    one, two = (back[0] + ox, back[1] + oy), (back[0] - ox, back[1] - oy)
    path = f"M{num(one[0])} {num(one[1])}L{num(tip[0])} {num(tip[1])}L{num(two[0])} {num(two[1])}"
    return path + "Z" if closed else path


def _at_start(points: list[Point], offset: float, corners: tuple[Point, ...]) -> str:
    """A small figure along the beginning of the line: corners as (along, across)."""
    (x, y), (ax, ay) = points[0], points[1]
    size = math.hypot(ax - x, ay - y) or 1
    ux, uy = (ax - x) / size, (ay - y) / size
    at = [(x + ux * (offset + a) - uy * b, y + uy * (offset + a) + ux * b) for a, b in corners]
    return "M" + "L".join(f"{num(a)} {num(b)}" for a, b in at)


def clipped(points: list[Point], source: Shape | None, target: Shape | None) -> list[Point]:
    """The line from border to border: some tools let lines begin and end in the middle of a shape."""
    for shape, turn in ((source, 1), (target, -1)):
        if shape is None or shape.kind in {"participant", "lane"}:
            continue
        points = points[::turn]
        while len(points) > 2 and _depth(shape, points[1]) > 1:
            points = points[1:]
        if _depth(shape, points[0]) > 1 and _depth(shape, points[1]) < 0:
            points = [_border(shape, points[0], points[1]), *points[1:]]
        points = points[::turn]
    return points


def _depth(shape: Shape, point: Point) -> float:
    """How many pixels a point lies inside the shape; negative outside."""
    box, (x, y) = shape.box, point
    mx, my = box.middle
    if shape.kind in EVENTS:
        return box.width / 2 - math.dist(point, box.middle)
    if shape.kind in GATEWAYS:
        return (1 - abs(x - mx) / (box.width / 2) - abs(y - my) / (box.height / 2)) * box.width / 2
    return min(x - box.x, box.right - x, y - box.y, box.bottom - y)


def _border(shape: Shape, inside: Point, outside: Point) -> Point:
    for _ in range(24):
        middle = ((inside[0] + outside[0]) / 2, (inside[1] + outside[1]) / 2)
        if _depth(shape, middle) > 0:
            inside = middle
        else:
            outside = middle
    return outside
