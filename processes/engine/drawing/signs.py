"""The small signs of BPMN, drawn as SVG in a square of 20 pixels around 0, 0 unless said otherwise."""

from __future__ import annotations

import math


def _gear(outer: float, inner: float, teeth: int = 8) -> str:
    points = []
    for i in range(teeth):
        middle = 2 * math.pi * i / teeth
        for turn, radius in ((-0.26, inner), (-0.16, outer), (0.16, outer), (0.26, inner)):
            a = middle + turn
            points.append(f"{radius * math.cos(a):.1f} {radius * math.sin(a):.1f}")
    return "M" + "L".join(points) + "Z"


def _star(corners: int, radius: float) -> str:
    angles = [2 * math.pi * i / corners - math.pi / 2 for i in range(corners)]
    return "M" + "L".join(f"{radius * math.cos(a):.1f} {radius * math.sin(a):.1f}" for a in angles) + "Z"


def _dial() -> str:
    ticks = []
    for i in range(12):
        c, s = math.cos(math.pi * i / 6), math.sin(math.pi * i / 6)
        ticks.append(f"M{8.2 * c:.1f} {8.2 * s:.1f}L{10 * c:.1f} {10 * s:.1f}")
    return "".join(ticks)


LINE, SOLID, PAPER = "line", "solid", "paper"
"""How a part is drawn: outline only, filled with ink, or outlined and filled with paper."""

Sign = tuple[tuple[str, str], ...]

ENVELOPE: Sign = ((PAPER, "M-8 -5.5H8V5.5H-8Z"), (LINE, "M-8 -5.5L0 1L8 -5.5"))

TASKS: dict[str, Sign] = {
    "userTask": (
        (PAPER, "M-7.5 8.5V5.5C-7.5 1.8 -4.5 .6 -2 .2H2C4.5 .6 7.5 1.8 7.5 5.5V8.5Z"),
        (PAPER, "M0 -8.5A4.4 4.4 0 1 1 0 .3A4.4 4.4 0 1 1 0 -8.5Z"),
        (SOLID, "M-4.4 -4.1C-4.4 -10.4 4.4 -10.4 4.4 -4.1C2 -4.3 .6 -5 -.6 -6.1C-1.6 -5 -3 -4.3 -4.4 -4.1Z"),
        (LINE, "M-4 5.5V8.5M4 5.5V8.5"),
    ),
    "manualTask": (
        (
            PAPER,
            "M-8.5 -4.5C-5 -7.5 -2.5 -7.5 1.5 -6.5C2.8 -6.1 2.4 -4.3 1 -4.3H-1.5H7.5C9 -4.3 9 -1.8 7.5 -1.8H2.5H8"
            "C9.4 -1.8 9.4 .7 8 .7H2.5H7C8.4 .7 8.4 3.1 7 3.1H2.5H5.5C6.9 3.1 6.9 5.4 5.5 5.4H-4"
            "C-6 5.4 -7 4.4 -8.5 4.2Z",
        ),
    ),
    "serviceTask": ((PAPER, _gear(9, 6.6)), (PAPER, "M0 -3A3 3 0 1 1 0 3A3 3 0 1 1 0 -3Z")),
    "scriptTask": (
        (PAPER, "M-3 -8.5H7.5C4 -5.5 4 -3 6 0S7 6 4 8.5H-7C-4 6 -4 3.5 -6 .5S-6.5 -5.5 -3 -8.5Z"),
        (LINE, "M-3 -5.2H3M-3.6 -2H2.6M-1.8 1.4H4M-1.2 4.8H3.8"),
    ),
    "sendTask": ((SOLID, "M-8.5 -6H8.5L0 .4Z"), (SOLID, "M-8.5 -4.2V6H8.5V-4.2L0 2.2Z")),
    "receiveTask": ENVELOPE,
    "businessRuleTask": (
        (PAPER, "M-8.5 -6.5H8.5V6.5H-8.5Z"),
        (SOLID, "M-8.5 -6.5H8.5V-2.8H-8.5Z"),
        (LINE, "M-8.5 1.8H8.5M-3.5 -2.8V6.5"),
    ),
}

EVENTS: dict[str, tuple[str, str]] = {
    "message": ("M-8 -5.5H8V5.5H-8Z", "M-8 -5.5L0 1L8 -5.5"),
    "signal": ("M0 -8L8 5.5H-8Z", ""),
    "error": ("M-8 7L-3.6 -7.4L1.8 1.2L8 -7.8L3.6 7.8L-1.8 -1.4Z", ""),
    "escalation": ("M0 -9L6.5 8L0 1.5L-6.5 8Z", ""),
    "link": ("M-8 -3.5H1.5V-7.5L9 0L1.5 7.5V3.5H-8Z", ""),
    "compensation": ("M-.5 -6V6L-9 0ZM8 -6V6L-.5 0Z", ""),
    "cancel": ("M-6 -8L0 -2L6 -8L8 -6L2 0L8 6L6 8L0 2L-6 8L-8 6L-2 0L-8 -6Z", ""),
    "multiple": (_star(5, 9), ""),
    "parallelMultiple": ("M-2.4 -8.5H2.4V-2.4H8.5V2.4H2.4V8.5H-2.4V2.4H-8.5V-2.4H-2.4Z", ""),
    "conditional": ("M-6.5 -8H6.5V8H-6.5Z", "M-4 -4.6H4M-4 -1.6H4M-4 1.6H4M-4 4.6H4"),
}
"""Trigger → outline (filled with ink where the event is thrown) and inner lines."""

TIMER: Sign = ((PAPER, "M0 -10.5A10.5 10.5 0 1 1 0 10.5A10.5 10.5 0 1 1 0 -10.5Z"), (LINE, _dial() + "M0 -7V0L5 2.6"))
TERMINATE = "M0 -10A10 10 0 1 1 0 10A10 10 0 1 1 0 -10Z"

GATEWAYS: dict[str, Sign] = {
    "exclusiveGateway": ((SOLID, "M-8.4 -10H-4.6L0 -2.8L4.6 -10H8.4L2.1 0L8.4 10H4.6L0 2.8L-4.6 10H-8.4L-2.1 0Z"),),
    "parallelGateway": ((SOLID, "M-1.8 -11H1.8V-1.8H11V1.8H1.8V11H-1.8V1.8H-11V-1.8H-1.8Z"),),
    "inclusiveGateway": ((LINE, "M0 -9.5A9.5 9.5 0 1 1 0 9.5A9.5 9.5 0 1 1 0 -9.5Z"),),
    "complexGateway": ((LINE, "M0 -11V11M-11 0H11M-7.8 -7.8L7.8 7.8M-7.8 7.8L7.8 -7.8"),),
    "eventBasedGateway": (
        (LINE, "M0 -12.5A12.5 12.5 0 1 1 0 12.5A12.5 12.5 0 1 1 0 -12.5Z"),
        (LINE, "M0 -10A10 10 0 1 1 0 10A10 10 0 1 1 0 -10Z"),
        (LINE, _star(5, 6.6)),
    ),
}

MARKERS: dict[str, Sign] = {
    "parallel": ((LINE, "M-4.5 -6V6M0 -6V6M4.5 -6V6"),),
    "sequential": ((LINE, "M-6 -4.5H6M-6 0H6M-6 4.5H6"),),
    "loop": ((LINE, "M-3.4 5.6A6 6 0 1 1 1.5 6M-3.4 5.6L-7 6.4M-3.4 5.6L-3.9 1.6"),),
    "compensation": ((LINE, "M0 -5V5L-7 0ZM7 -5V5L0 0Z"),),
    "adhoc": ((SOLID, "M-7 2.2C-5.2 -4.6 -2.4 -4.4 0 -1.4S5 1.6 7 -2.6V1C5 5.8 2.4 5 0 2S-5 -.4 -7 5.2Z"),),
    "plus": ((LINE, "M-7 -7H7V7H-7ZM0 -4.2V4.2M-4.2 0H4.2"),),
    "event": (),
}

STATES: dict[str, str] = {
    "done": "M-4.4 .2L-1.4 3.4L4.6 -3.4",
    "current": "M-2.6 -4.2L4 0L-2.6 4.2Z",
    "late": "M0 -5V1.2M0 4.2V4.7",
    "cancelled": "M-3.4 -3.4L3.4 3.4M3.4 -3.4L-3.4 3.4",
    "added": "M-4.4 0H4.4M0 -4.4V4.4",
    "removed": "M-4.4 0H4.4",
    "changed": "M-4.4 -2H4.4M-4.4 2H4.4M-2.2 4.6L2.2 -4.6",
    "moved": "M-4.6 0H4.6M-4.6 0L-2 -2.4M-4.6 0L-2 2.4M4.6 0L2 -2.4M4.6 0L2 2.4",
}
"""The sign inside the round badge of a state: tick, pointer, exclamation mark, cross; plus, minus, unequal, arrows."""
