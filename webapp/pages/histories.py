"""The history of a case for reading: what happened many times at one moment is one line with its number."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from processes.engine.models import CaseEvent


class HistoryRow(NamedTuple):
    """One line: an event, and how many of its kind it stands for."""

    event: CaseEvent
    times: int


def history_rows(events: Sequence[CaseEvent]) -> list[HistoryRow]:
    """Events in their order; those of unnamed signs of the diagram, in which nobody acted, are left out."""
    told = [each for each in events if each.step or each.person or each.text]
    groups = [list(group) for _key, group in groupby(told, key=_alike)]
    return [HistoryRow(group[0], len(group)) for group in groups]


def _alike(event: CaseEvent) -> tuple[object, ...]:
    return (event.at, event.kind, event.element_id, event.step, event.person, event.text)
