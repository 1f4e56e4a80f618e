"""Ways of flows in a simple layout: straight where nothing stands between, else through the gaps of the grid."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from processes.engine.drawing.reading import Box, Point


@dataclass
class Grid:
    """Columns (ranks) and rows inside bands (lanes); `left` and `below` are their borders in pixels."""

    ranks: dict[str, int]
    cells: dict[str, tuple[int, int]] = field(default_factory=dict)
    boxes: dict[str, Box] = field(default_factory=dict)
    left: dict[int, float] = field(default_factory=dict)
    below: dict[tuple[int, int], float] = field(default_factory=dict)
    attached: set[str] = field(default_factory=set)
    used: Counter[tuple[str, object]] = field(default_factory=Counter)

    def put(self, ident: str, band: int) -> None:
        """Give a node the first free row of its column in a band."""
        taken = {cell for other, cell in self.cells.items() if self.ranks[other] == self.ranks[ident]}
        row = 0
        while (band, row) in taken:
            row += 1
        self.cells[ident] = band, row

    def attach(self, ident: str, host: str, box: Box) -> None:
        """A boundary event stands in the cell of its host."""
        self.cells[ident], self.boxes[ident] = self.cells[host], box
        self.attached.add(ident)

    def clear(self, cell: tuple[int, int], low: int, high: int) -> bool:
        """Whether nothing stands in a row between two columns, borders left out."""
        return not any(c == cell and low < self.ranks[i] < high for i, c in self.cells.items())

    def gap_before(self, column: int) -> float:
        """A free x in the gap before a column; each use moves a little."""
        self.used["x", column] += 1
        return self.left[column] - 16 - 8 * ((self.used["x", column] - 1) % 4)

    def gap_under(self, cell: tuple[int, int]) -> float:
        """A free y in the gap under a row."""
        self.used["y", cell] += 1
        return self.below[cell] + 26 + 6 * ((self.used["y", cell] - 1) % 3)


def flow_way(grid: Grid, source: str, target: str) -> list[Point]:
    """From the right of one box to the left of another, round what stands between."""
    a, b = grid.boxes[source], grid.boxes[target]
    low, high = grid.ranks[source], grid.ranks[target]
    cell = grid.cells[source]
    (ax, ay), (bx, by) = a.middle, b.middle
    loose = source not in grid.attached
    if loose and low < high and grid.clear(cell, low, high):
        if abs(ay - by) < 1:
            return [(a.right, ay), (b.x, by)]
        x = grid.gap_before(high)
        return [(a.right, ay), (x, ay), (x, by), (b.x, by)]
    y = grid.gap_under(cell)
    if grid.cells[target] == cell and high <= low:
        return [(ax, a.bottom), (ax, y), (bx, y), (bx, b.bottom)]
    x = grid.gap_before(high)
    return [(ax, a.bottom), (ax, y), (x, y), (x, by), (b.x, by)]


def message_way(source: Box, target: Box, pools: tuple[bool, ...]) -> list[Point]:
    """Up or down from one pool to another; at a whole pool the line meets its edge right under the other end."""
    sx, tx = source.middle[0], target.middle[0]
    if pools[0]:
        sx = tx + (20 if pools[1] else 0)
    elif pools[1]:
        tx = sx
    down = source.middle[1] < target.middle[1]
    start = source.bottom if down else source.y
    end = target.y if down else target.bottom
    if abs(sx - tx) < 1:
        return [(sx, start), (sx, end)]
    middle = end - 20 if down else end + 20
    return [(sx, start), (sx, middle), (tx, middle), (tx, end)]
