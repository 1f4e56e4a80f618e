"""What a table leaves open and where its rules meet: every combination of values that its cells tell apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from math import prod
from typing import Any

from processes.engine.language import LanguageError, match_cell
from processes.engine.language.cells import cell
from processes.engine.language.reading import words
from processes.engine.tables.model import Input, Table
from processes.messages import Message, message
from processes.remembering import remembered

MOST_COMBINATIONS = 200_000
MOST_TOLD = 50
MOST_KEPT = 20_000
"""Cells of all tables of which it is kept."""
ANYTHING = "—"
OTHER = "\N{REPLACEMENT CHARACTER}"
"""A text that nobody writes into a cell."""
Part = str | Message
Region = tuple[tuple[Part, ...], ...]
"""For each input the values it stands for, in words; `—` is every value."""


@dataclass(frozen=True)
class Overlap:
    """Rules that apply together, and where."""

    rules: tuple[int, ...]
    region: Region


@dataclass(frozen=True)
class Coverage:
    """What was found; with a `note` it could not be found out, and why."""

    gaps: tuple[Region, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    unused: tuple[int, ...] = ()
    """Places of rules that are never used."""
    note: Message | None = None


@dataclass(frozen=True)
class Sample:
    """A value that stands for all values between two boundaries of a column."""

    value: Any
    label: Part


@remembered(MOST_KEPT, lambda table: len(table.rules) * (len(table.inputs) + 1))
def coverage(table: Table) -> Coverage:
    """Gaps, overlaps and unused rules of a table that has no other problems."""
    axes = []
    for place, column in enumerate(table.inputs):
        cells = [rule.inputs[place] for rule in table.rules]
        if not all(_is_fixed(each) for each in cells):
            text = message("第 %(place)s 个输入列的格子用到其他变量或当天日期，无法核对遗漏和重叠。", place=place + 1)
            return Coverage(note=text)
        axes.append(_samples(column, cells))
    count = prod(len(axis) for axis in axes)
    if count > MOST_COMBINATIONS:
        return Coverage(note=message("取值组合多达 %(count)s 种，无法逐一核对遗漏和重叠。", count=count))
    return _found(table, axes)


def _found(table: Table, axes: Sequence[Sequence[Sample]]) -> Coverage:
    masks = [_masks(table, place, axis) for place, axis in enumerate(axes)]
    everywhere = (1 << len(table.rules)) - 1
    gaps: list[tuple[int, ...]] = []
    meeting: dict[int, list[tuple[int, ...]]] = {}
    used = 0
    for combination in product(*(range(len(axis)) for axis in axes)):
        mask = everywhere
        for axis_masks, at in zip(masks, combination, strict=True):
            mask &= axis_masks[at]
        if not mask:
            gaps.append(combination)
            continue
        used |= mask & -mask if table.policy == "FIRST" else mask
        if mask & (mask - 1) and _matters(table, mask):
            meeting.setdefault(mask, []).append(combination)
    overlaps = [Overlap(_rules_in(mask), region) for mask, found in meeting.items() for region in _merged(found, axes)]
    return Coverage(
        gaps=tuple(_merged(gaps, axes)[:MOST_TOLD]),
        overlaps=tuple(overlaps[:MOST_TOLD]),
        unused=tuple(place for place in range(len(table.rules)) if not used >> place & 1),
    )


def _masks(table: Table, place: int, axis: Sequence[Sample]) -> list[int]:
    """For each sample of a column the rules whose cell it meets, as bits."""
    return [
        sum(1 << at for at, rule in enumerate(table.rules) if _meets(rule.inputs[place], sample.value))
        for sample in axis
    ]


def _meets(text: str, value: Any) -> bool:
    try:
        return match_cell(text, value, {}, {"date": date.fromisoformat})
    except LanguageError:
        return False


def _matters(table: Table, mask: int) -> bool:
    """Whether rules that meet are a fault: always where one alone may apply, else where their answers differ."""
    if table.policy == "UNIQUE":
        return True
    return table.policy == "ANY" and len({table.rules[place].outputs for place in _rules_in(mask)}) > 1


def _rules_in(mask: int) -> tuple[int, ...]:
    return tuple(place for place in range(mask.bit_length()) if mask >> place & 1)


# samples


def _is_fixed(text: str) -> bool:
    """Whether what a cell says depends on its own input alone."""
    program = cell(text)
    return not program.problems and not program.reads and all(name == "date" for name, *_ in program.calls)


def _samples(column: Input, cells: Iterable[str]) -> list[Sample]:
    if column.type == "boolean":
        return [Sample(True, message("是")), Sample(False, message("否"))]
    if column.type == "number":
        return _between(sorted(_numbers(cells)), lambda low, high: (low + high) / 2, 1, _shown_number)
    texts = sorted({each for text in cells for each in _texts(text)})
    if column.type == "date":
        return _days(texts, as_date=any("date(" in text for text in cells))
    return [*(Sample(each, f'"{each}"') for each in texts), Sample(OTHER, message("其他文字"))]


def _numbers(cells: Iterable[str]) -> set[float]:
    found: set[float] = set()
    for text in cells:
        before = ""
        for word in words(text):
            if word.kind == "number":
                number = float(word.text)
                found |= {-number} if before == "-" else {number}
            before = word.text if word.kind != "space" else before
    return found


def _texts(text: str) -> list[str]:
    return [word.text[1:-1] for word in words(text) if word.kind == "text"]


def _days(texts: Sequence[str], *, as_date: bool) -> list[Sample]:
    days = []
    for each in texts:
        try:
            days.append(date.fromisoformat(each[:10]))
        except ValueError:
            continue
    one = timedelta(days=1)
    bounded = _between(sorted(set(days)), lambda low, high: low + one if high - low > one else None, one, str)
    bounded = bounded or [Sample(date(2026, 1, 1), ANYTHING)]
    return [Sample(each.value if as_date else each.value.isoformat(), each.label) for each in bounded]


def _between(
    bounds: Sequence[Any], middle: Callable[[Any, Any], Any], step: Any, shown: Callable[[Any], str]
) -> list[Sample]:
    """A sample below all boundaries, one on each, one between each two, one above."""
    if not bounds:
        return [Sample(0, ANYTHING)] if isinstance(step, int) else []
    found = [Sample(bounds[0] - step, f"< {shown(bounds[0])}")]
    for place, bound in enumerate(bounds):
        found.append(Sample(bound, shown(bound)))
        if place + 1 < len(bounds):
            inside = middle(bound, bounds[place + 1])
            if inside is not None:
                found.append(Sample(inside, f"{shown(bound)} ~ {shown(bounds[place + 1])}"))
    return [*found, Sample(bounds[-1] + step, f"> {shown(bounds[-1])}")]


def _shown_number(number: float) -> str:
    return str(int(number)) if number == int(number) else str(number)


# regions


def _merged(found: Iterable[tuple[int, ...]], axes: Sequence[Sequence[Sample]]) -> list[Region]:
    """Neighbouring combinations put together, so that one line tells of many."""
    boxes = {tuple((at, at) for at in each) for each in found}
    for place in range(len(axes)):
        groups: Mapping[Any, list[tuple[int, int]]] = {}
        for box in boxes:
            groups.setdefault(box[:place] + box[place + 1 :], []).append(box[place])  # type: ignore[attr-defined]
        boxes = {(*rest[:place], run, *rest[place:]) for rest, spans in groups.items() for run in _runs(sorted(spans))}
    return [tuple(_words(axes[place], low, high) for place, (low, high) in enumerate(box)) for box in sorted(boxes)]


def _runs(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    runs = [spans[0]]
    for low, high in spans[1:]:
        if low == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], high)
        else:
            runs.append((low, high))
    return runs


def _words(axis: Sequence[Sample], low: int, high: int) -> tuple[Part, ...]:
    if low == 0 and high == len(axis) - 1:
        return (ANYTHING,)
    return tuple(axis[at].label for at in range(low, high + 1))
