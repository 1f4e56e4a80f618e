"""How each kind of shape looks."""

from __future__ import annotations

from processes.engine.drawing.ink import INK, PAPER, group, letters, num, sign, tag
from processes.engine.drawing.lettering import Lettering, fit, width
from processes.engine.drawing.marks import Mark
from processes.engine.drawing.model import ACTIVITIES, EVENTS, GATEWAYS, SUB_PROCESSES
from processes.engine.drawing.reading import Box, Shape
from processes.engine.drawing.signs import EVENTS as TRIGGERS
from processes.engine.drawing.signs import GATEWAYS as GATES
from processes.engine.drawing.signs import MARKERS, STATES, TASKS, TERMINATE, TIMER

HEAD = 30
"""Width of the band with the name of a pool or lane, in pixels."""
LABEL_WIDTH = 90
"""Least width in which a label outside its shape is broken into lines."""


def body(shape: Shape) -> str:
    """The shape itself with its name and signs, without its state."""
    if shape.kind in ACTIVITIES:
        return _activity(shape)
    if shape.kind in EVENTS:
        return _event(shape) + outer_label(shape)
    if shape.kind in GATEWAYS:
        return _gateway(shape) + outer_label(shape)
    special = {
        "participant": _pool,
        "lane": _pool,
        "textAnnotation": _note,
        "group": _group,
        "dataStoreReference": _store,
        "dataObjectReference": _data,
        "dataObject": _data,
        "dataInput": _data,
        "dataOutput": _data,
    }
    return special[shape.kind](shape) if shape.kind in special else _activity(shape)


def _frame(box: Box, shape: Shape, radius: float = 0, inset: float = 0, **more: str | float | None) -> str:
    return tag(
        "rect",
        x=box.x + inset,
        y=box.y + inset,
        width=max(box.width - 2 * inset, 1),
        height=max(box.height - 2 * inset, 1),
        rx=radius or None,
        cls="bpmn-body",
        **_own(shape),
        **more,
    )


def _own(shape: Shape) -> dict[str, str | float | None]:
    return {"fill": shape.fill or None, "stroke": shape.stroke or None}


def _activity(shape: Shape) -> str:
    box = shape.box
    event_sub = "event" in shape.markers
    out = _frame(
        box,
        shape,
        min(10, box.height / 4),
        stroke_width="4" if shape.kind == "callActivity" else None,
        stroke_dasharray="3 3" if event_sub else None,
    )
    if shape.kind == "transaction":
        out += tag("rect", x=box.x + 3, y=box.y + 3, width=max(box.width - 6, 1), height=max(box.height - 6, 1), rx=8,
                   cls="bpmn-line", fill="none")  # fmt: skip
    signs = shape.markers
    if shape.expanded:
        name = fit(shape.name, box.width - 20, 18)
        out += letters(name, box.x + box.width / 2, box.y + 15)
    else:
        icon = shape.kind in TASKS and box.height >= 30 and box.width >= 40
        if icon:
            out += sign(TASKS[shape.kind], box.x + 15, box.y + 14, 0.95, 1.1)
        out += letters(*_inner_name(shape, icon, any(MARKERS[m] for m in signs)))
    drawn = [m for m in signs if MARKERS[m]]
    for i, marker in enumerate(drawn):
        out += sign(MARKERS[marker], box.x + box.width / 2 + (i - (len(drawn) - 1) / 2) * 20, box.bottom - 12, 1, 1.5)
    return out


def _inner_name(shape: Shape, icon: bool, marker: bool) -> tuple[Lettering, float, float]:
    """The name in the middle of the box if that is clear of the signs, else beside or under the sign of the type."""
    box, foot = shape.box, 20 if marker else 4
    rooms = [Box(box.x + 7, box.y + foot, box.width - 14, box.height - 2 * foot)]
    if icon:
        rooms.append(Box(box.x + 7, box.y + 26, box.width - 14, box.height - 26 - foot))
        rooms.append(Box(box.x + 28, box.y + 4, box.width - 33, box.height - 4 - foot))
    if marker:
        rooms.append(
            Box(box.x + (28 if icon else 7), box.y + 4, box.width - (33 if icon else 14), box.height - 4 - foot)
        )
    best: tuple[float, Lettering, Box] | None = None
    for rank, room in enumerate(rooms):
        text = fit(shape.name, max(room.width, 10), max(room.height, 12))
        over_icon = icon and rank == 0 and _over_icon(text, box)
        cut = any(line.endswith("…") for line in text.lines) and not shape.name.endswith("…")
        badness = (12 - text.size) + 10 * cut + 20 * over_icon + 0.1 * rank
        if best is None or badness < best[0]:
            best = badness, text, room
    assert best is not None  # there is always the first room
    return best[1], *best[2].middle


def _over_icon(text: Lettering, box: Box) -> bool:
    return box.width / 2 - text.width / 2 < 27 and box.height / 2 - text.height / 2 < 25


def _event(shape: Shape) -> str:
    box, kind = shape.box, shape.kind
    (x, y), radius = box.middle, min(box.width, box.height) / 2
    dash = None if shape.interrupting else "5 3"
    weight = "3.2" if kind == "endEvent" else "1.5"
    out = tag("circle", cx=x, cy=y, r=radius, cls="bpmn-body", stroke_width=weight, stroke_dasharray=dash,
              **_own(shape))  # fmt: skip
    if kind not in {"startEvent", "endEvent"}:
        out += tag("circle", cx=x, cy=y, r=radius - 3.2, cls="bpmn-line", fill="none", stroke_dasharray=dash,
                   stroke=shape.stroke or None)  # fmt: skip
    scale = radius / 18
    if shape.event == "timer":
        out += sign(TIMER, x, y, scale, 1.2)
    elif shape.event == "terminate":
        out += sign((("solid", TERMINATE),), x, y, scale)
    elif shape.event in TRIGGERS:
        outline, inner = TRIGGERS[shape.event]
        thrown = kind in {"endEvent", "intermediateThrowEvent"}
        how = "solid" if thrown and shape.event != "conditional" else "paper"
        out += sign(((how, outline),), x, y, scale, 1.2)
        if inner:
            line = tag("path", d=inner, fill="none", cls="bpmn-reverse" if how == "solid" else "bpmn-line",
                       stroke=PAPER if how == "solid" else None)  # fmt: skip
            out += group(line, "bpmn-sign", transform=f"translate({num(x)} {num(y)}) scale({scale:g})")
    return out


def _gateway(shape: Shape) -> str:
    box = shape.box
    x, y = box.middle
    corners = ((x, box.y), (box.right, y), (x, box.bottom), (box.x, y))
    points = " ".join(f"{num(a)},{num(b)}" for a, b in corners)
    out = tag("polygon", points=points, cls="bpmn-body", stroke_linejoin="round", **_own(shape))
    weight = 2.6 if shape.kind in {"inclusiveGateway", "complexGateway"} else 1.2
    return out + sign(GATES[shape.kind], x, y, min(box.width, box.height) / 50, weight)


def _pool(shape: Shape) -> str:
    box = shape.box
    lane = shape.kind == "lane"
    out = tag("rect", x=box.x, y=box.y, width=box.width, height=box.height, cls="bpmn-lane" if lane else "bpmn-pool",
              fill=shape.fill or ("none" if lane else None), stroke=shape.stroke or None)  # fmt: skip
    if shape.empty:
        return out + letters(fit(shape.name, box.width - 16, box.height - 8, (13, 12, 11)), *box.middle)
    edge = (box.x + HEAD, box.y, box.x + HEAD, box.bottom)
    if not shape.horizontal:
        edge = (box.x, box.y + HEAD, box.right, box.y + HEAD)
    if not lane:
        x1, y1, x2, y2 = edge
        out += tag("line", x1=x1, y1=y1, x2=x2, y2=y2, cls="bpmn-line")
    if shape.horizontal:
        text = fit(shape.name, box.height - 8, HEAD - 2, (12, 11))
        return out + letters(text, box.x + HEAD / 2, box.y + box.height / 2, turn=True)
    return out + letters(fit(shape.name, box.width - 8, HEAD - 2, (12, 11)), box.x + box.width / 2, box.y + HEAD / 2)


def _note(shape: Shape) -> str:
    box = shape.box
    bracket = f"M{num(box.x + 10)} {num(box.y)}H{num(box.x)}V{num(box.bottom)}H{num(box.x + 10)}"
    text = fit(shape.name, box.width - 10, box.height)
    return tag("rect", x=box.x, y=box.y, width=box.width, height=box.height, fill="none", stroke="none") + (
        tag("path", d=bracket, cls="bpmn-line", fill="none", stroke=shape.stroke or None)
        + letters(text, box.x + 6, box.y + box.height / 2, anchor="start")
    )


def _group(shape: Shape) -> str:
    box = shape.box
    out = tag("rect", x=box.x, y=box.y, width=box.width, height=box.height, rx=10, cls="bpmn-line", fill="none",
              stroke=shape.stroke or None, stroke_dasharray="10 6 1 6")  # fmt: skip
    return out + letters(fit(shape.name, box.width - 20, 32), box.x + box.width / 2, box.y - 10, "bpmn-text bpmn-label")


def _data(shape: Shape) -> str:
    b, fold = shape.box, min(shape.box.width, shape.box.height) * 0.32
    path = f"M{num(b.x)} {num(b.y)}H{num(b.right - fold)}L{num(b.right)} {num(b.y + fold)}V{num(b.bottom)}H{num(b.x)}Z"
    out = tag("path", d=path, cls="bpmn-body", **_own(shape))
    corner = f"M{num(b.right - fold)} {num(b.y)}V{num(b.y + fold)}H{num(b.right)}"
    out += tag("path", d=corner, cls="bpmn-line", fill="none")
    if shape.kind in {"dataInput", "dataOutput"}:
        arrow = "M-7 -2.5H1V-6L8 0L1 6V2.5H-7Z"
        out += sign((("solid" if shape.kind == "dataOutput" else "paper", arrow),), b.x + 11, b.y + 10, 0.8)
    return out + outer_label(shape)


def _store(shape: Shape) -> str:
    b = shape.box
    rx, ry = b.width / 2, min(b.height / 6, 9)
    arc = f"A{num(rx)} {num(ry)} 0 0"
    path = f"M{num(b.x)} {num(b.y + ry)}{arc} 1 {num(b.right)} {num(b.y + ry)}V{num(b.bottom - ry)}"
    out = tag("path", d=f"{path}{arc} 1 {num(b.x)} {num(b.bottom - ry)}Z", cls="bpmn-body", **_own(shape))
    rings = "".join(
        f"M{num(b.x)} {num(b.y + ry + dy)}{arc} 0 {num(b.right)} {num(b.y + ry + dy)}" for dy in (0, ry * 0.7, ry * 1.4)
    )
    return out + tag("path", d=rings, cls="bpmn-line", fill="none") + outer_label(shape)


def outer_box(shape: Shape) -> tuple[Lettering, float, float] | None:
    """The text beside an event, gateway or data object, and the middle of its block."""
    if not shape.name or not (shape.kind in EVENTS | GATEWAYS or shape.kind.startswith("data")):
        return None
    room = shape.label or Box(shape.box.x + shape.box.width / 2 - 45, shape.box.bottom + 4, 90, 16)
    text = fit(shape.name, max(room.width, LABEL_WIDTH), max(room.height + 2, 62), (12, 11))
    return text, room.x + room.width / 2, room.y + text.height / 2 - 1


def outer_label(shape: Shape) -> str:
    """The name beside the shape."""
    placed = outer_box(shape)
    return letters(*placed, cls="bpmn-text bpmn-label") if placed else ""


def badges(shape: Shape, mark: Mark) -> str:
    """The sign of the state at the upper right corner and, left of it, the number of cases."""
    box = shape.box
    x, y = box.right - 4, box.y
    if shape.kind in EVENTS | GATEWAYS:
        x, y = box.right - box.width * 0.1, box.y + box.height * 0.1
    elif shape.kind in SUB_PROCESSES and shape.expanded:
        x, y = box.right - 16, box.y
    elif shape.kind in {"participant", "lane"}:
        x, y = box.right - 16, box.y + 14
    out, left = "", x
    if mark.state in STATES:
        paint = {"fill": PAPER} if mark.state == "current" else {"fill": "none"}
        glyph = tag("path", d=STATES[mark.state], cls=f"bpmn-glyph bpmn-glyph-{mark.state}", stroke=PAPER,
                    stroke_width="2", stroke_linecap="round", stroke_linejoin="round", **paint)  # fmt: skip
        disc = tag("circle", cx=0.0, cy=0.0, r=9, cls="bpmn-disc", fill=INK, stroke=PAPER, stroke_width="1.5")
        place = f"translate({num(x)} {num(y)})"
        out += group(disc + glyph, "bpmn-state", transform=place, stroke_dasharray="none")
        left = x - 11
    if mark.count is not None:
        text = str(mark.count)
        wide = max(18.0, width(text) * 11 + 10)
        right = left if mark.state in STATES else left + wide / 2
        if shape.kind in EVENTS | GATEWAYS:  # a small shape stays visible when the number stands outside
            right = x + 11 + wide
        out += tag("rect", x=right - wide, y=y - 9, width=wide, height=18, rx=9, cls="bpmn-count", fill=PAPER,
                   stroke_width="1.2", stroke_dasharray="none")  # fmt: skip
        out += letters(Lettering((text,), 11), right - wide / 2, y, "bpmn-text bpmn-number")
    return out + (_label(shape, mark.label) if mark.label else "")


def _label(shape: Shape, text: str) -> str:
    """Words on the lower edge of the shape."""
    x, y = shape.box.middle[0], shape.box.bottom
    wide = width(text) * 11 + 12
    frame = tag("rect", x=x - wide / 2, y=y - 9, width=wide, height=18, rx=4, cls="bpmn-count", fill=PAPER,
                stroke_width="1.2", stroke_dasharray="none")  # fmt: skip
    return frame + letters(Lettering((text,), 11), x, y, "bpmn-text bpmn-number")
