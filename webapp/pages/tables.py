"""Tables of figures with their grounds: each cell may lead to the records it was counted from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from flask import url_for

from processes.identity.actor import Actor
from processes.paging import Page
from processes.registers.reading import readable_registers
from webapp.pages.wording import worded

T = TypeVar("T")


@dataclass(frozen=True)
class Cell:
    """A value, where it leads, and whether it is late."""

    value: Any
    url: str | None = None
    late: bool = False


@dataclass(frozen=True)
class Table:
    """A table of a page: what it tells, on what article, its columns and rows."""

    key: str
    title: str
    ground: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    total: int | None = None
    """How many rows there are, where only a part of them is shown."""
    all_url: str | None = None
    """Where all of them are."""

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self.rows) if self.total is None else self.total

    @property
    def is_part(self) -> bool:
        """Whether rows are left out here."""
        return self.count > len(self.rows)

    def lines(self) -> list[list[Any]]:
        """The rows as a file holds them, each with the article beside it."""
        return [[*(worded(each.value) for each in row), worded(self.ground)] for row in self.rows]


def part_of(rows: Sequence[T], page: Page) -> Sequence[T]:
    """The rows of a page, of those that were read as a whole."""
    return rows[page.offset : page.offset + page.rows]


class Links:
    """Addresses of registers, for those that the actor may open."""

    def __init__(self, actor: Actor) -> None:
        self._open = {each.name for each in readable_registers(actor)}

    def register(self, name: str, **filters: str | int | UUID | date | None) -> str | None:
        """A register narrowed to some rows; None where the actor may not open it."""
        if name not in self._open:
            return None
        wanted: dict[str, Any] = {"from": filters.pop("first", None), "to": filters.pop("last", None), **filters}
        return url_for("registers.show", name=name, **wanted)
