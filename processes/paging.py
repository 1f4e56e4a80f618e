"""Parts of long lists: which part is asked for, how many rows there are, and how far a search looks.

Nothing here reads a whole table: what is counted is counted up to a limit, and what no index can find or sort is looked
for among the newest rows alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, literal_column, or_, select
from sqlalchemy.orm import Session

from processes.messages import Message, message

T = TypeVar("T")
MOST_ROWS = 200
"""Rows of one page."""
MOST_COUNTED = 10_000
"""Rows that are counted and numbered in pages; beyond them one goes from page to page."""
MOST_BESIDE = 1_000
"""What is counted for a number beside a name."""
WINDOW = 5_000
"""Rows among which is looked for what no index finds or sorts."""


@dataclass(frozen=True)
class Page:
    """Which part of a list, in which order; `-due` is descending."""

    sort: str = ""
    offset: int = 0
    limit: int = 20
    after: UUID | None = None
    """The row behind which the part begins, where the list can go on from one; the offset says nothing then."""
    most: int = MOST_ROWS
    counted: bool = True
    """Whether the whole list is counted; of a first glance only whether there is more is known."""

    @property
    def rows(self) -> int:
        """How many rows the part may have."""
        return max(0, min(self.limit, self.most))


class Total(int):
    """How many rows there are: a number, which with `more` is only the one up to which they were counted."""

    more: bool

    def __new__(cls, count: int, more: bool = False) -> Total:
        made = super().__new__(cls, count)
        made.more = more
        return made

    def __str__(self) -> str:
        return f"{int(self)}+" if self.more else f"{int(self)}"

    def __format__(self, how: str) -> str:
        return format(str(self), how)


NONE = Total(0)


def capped(count: int | None, most: int = MOST_COUNTED) -> Total:
    """A count that was taken from at most one row more than is counted."""
    return Total(min(count or 0, most), (count or 0) > most)


def counting(rows: Select[Any], most: int = MOST_COUNTED) -> Any:
    """How many rows a query has, up to one more than is counted, as a part of a larger question."""
    part = rows.order_by(None).limit(most + 1).subquery()
    return select(func.count()).select_from(part).scalar_subquery()


def counted(session: Session, rows: Select[Any], most: int = MOST_COUNTED) -> Total:
    """How many rows a query has."""
    return capped(session.scalar(select(counting(rows, most))), most)


def word(text: str) -> Any:
    """A fixed word of the schema as SQL has it: a partial index is used only where the planner reads its word."""
    return literal_column(f"'{text}'")


def contains(text: str, *columns: Any) -> ColumnElement[bool]:
    """Whether one of some columns holds a text; capitals and small letters are the same."""
    return or_(*(each.icontains(text, autoescape=True) for each in columns))


def begins(session: Session, column: Any, text: str) -> ColumnElement[bool]:
    """Whether a column begins with a text, asked as the index of the database at hand answers it."""
    if session.get_bind().dialect.name == "postgresql":
        return and_(column.startswith(text, autoescape=True))
    return and_(column >= text, column < text + "\U0010ffff")


@dataclass(frozen=True)
class Bound:
    """That a list was searched or sorted among its newest rows alone, because it has more."""

    rows: int

    def told(self) -> Message:
        """What the reader is told."""
        return message("记录较多，仅在最近的 %(count)s 条中查找和排序。", count=self.rows)


@dataclass(frozen=True)
class Listing(Generic[T]):
    """One page of a list, how long the list is, and whether rows come after the page."""

    items: Sequence[T]
    total: Total
    more: bool
    bound: Bound | None = None
    """Set when the list was not looked through as a whole."""
    after: UUID | None = None
    """The last row of the page, where the next page may begin behind it."""


def listed(
    rows: Sequence[T], page: Page, size: Callable[[], Total], *, bound: Bound | None = None, after: UUID | None = None
) -> Listing[T]:
    """A page from its rows and the one behind them; a list that ends on its first page is not counted once more."""
    more = len(rows) > page.rows
    whole = not more and page.after is None and (rows or not page.offset)
    total = Total(page.offset + len(rows), more) if whole or not page.counted else size()
    return Listing(rows[: page.rows], total, more, bound, after)
