"""Lines of Chinese text: no closing mark begins a line, no opening mark ends one, numbers stay whole."""

from __future__ import annotations

import re
from collections.abc import Callable

_UNIT = re.compile(r"[\x21-\x7e]+|[^\x21-\x7e]", re.DOTALL)
NEVER_FIRST = "，。、；：？！）〕》」』】”’…—·‧•"
NEVER_LAST = "（〔《「『【“‘"


def lines_of(text: str, width: float, indent: float, measure: Callable[[str], float]) -> list[str]:
    """Break `text` into lines of at most `width`, the first shorter by `indent`; lengths in the unit of `measure`."""
    lines, current, room = [], "", width - indent
    for unit in _UNIT.findall(text):
        if current and measure(current + unit) > room:
            kept, carried = _carry(current, unit)
            lines.append(kept)
            current, room = carried, width
        current += unit
    return [*lines, current] if current else lines


def _carry(current: str, unit: str) -> tuple[str, str]:
    """What stays on the line and what goes down with the next unit."""
    units = _UNIT.findall(current)
    carried: list[str] = []
    while len(units) > 1 and ((carried or [unit])[0][0] in NEVER_FIRST or units[-1][-1] in NEVER_LAST):
        carried.insert(0, units.pop())
    return "".join(units), "".join(carried)
