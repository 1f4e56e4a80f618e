"""A register as a list: columns that say what they hold, searched, filtered, sorted and paged by the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from processes.errors import Invalid
from processes.forms.wording import Wording
from processes.messages import message
from processes.paging import WINDOW, Bound, Listing, Page, contains, counted, counting, listed

Kind = Literal["text", "long", "list", "number", "money", "date", "moment", "boolean", "status", "id"]
"""What a column holds: `money` is kept in fen, `id` is for links and filters and is not drawn."""
Span = tuple[date, date]
"""Two days, both included."""
MOST_ROWS = 500
AT_ONCE = 500
"""Rows of a file that are held at a time."""


@dataclass(frozen=True)
class Column:
    """One column of a register."""

    key: str
    title: Wording
    kind: Kind
    expression: Any
    """Where the value comes from in the query."""
    words: Mapping[str, Wording] = field(default_factory=dict)
    """What people call each value, for a status."""
    search: bool = False
    masked: bool = False
    """Personal: only the first and last characters are given out."""
    per: int = 1
    """How many of what is kept make one of what is shown: 100 for hundredths, 2 for halves."""
    readers: tuple[str, ...] = ()
    """The posts that may read it, where not everybody may who opens the register; never searched."""


@dataclass(frozen=True)
class Register:
    """A register that can be shown: its name, its columns and where its rows come from."""

    name: str
    title: Wording
    columns: tuple[Column, ...]
    source: Select[Any]
    """Tables and joins; the columns are put in by the listing."""
    order: tuple[Any, ...]
    """How the rows stand while nobody sorts them."""
    day: Any = None
    """The day of a row, by which a span of days is asked for; None where rows have none."""

    def column(self, key: str) -> Column:
        """The column with this key; `Invalid` if there is none."""
        for each in self.columns:
            if each.key == key:
                return each
        raise Invalid(message("台账中没有“%(key)s”这一列。", key=key))

    def listing(
        self,
        session: Session,
        *,
        search: str = "",
        filters: Mapping[str, Any] | None = None,
        span: Span | None = None,
        sort: str = "",
        offset: int = 0,
        limit: int = 50,
    ) -> tuple[list[dict[str, Any]], int]:
        """Some rows and the number of all."""
        page = Page(sort, max(0, offset), max(0, limit), most=MOST_ROWS)
        found = self.page(session, page, search=search, filters=filters, span=span)
        return list(found.items), found.total

    def page(
        self,
        session: Session,
        page: Page,
        *,
        search: str = "",
        filters: Mapping[str, Any] | None = None,
        span: Span | None = None,
    ) -> Listing[dict[str, Any]]:
        """A page of rows: a filter is a value or several; `-key` sorts downwards.

        A text is looked for, and other orders are made, among the first rows of the register's own order alone.
        """
        conditions = self._conditions(filters or {}, span)
        texts = self._searched(search.strip())
        narrowed, bound = conditions, None
        if texts is not None or page.sort:
            window = self._ids(conditions).order_by(*self.order).limit(WINDOW)
            narrowed = [self.key.in_(select(window.subquery())), *([] if texts is None else [texts])]
            bound = self._bound(session, conditions)
        ids = self._ids(narrowed).order_by(*self._order(page.sort)).offset(page.offset).limit(page.rows + 1)
        query = self._columns().where(self.key.in_(select(ids.subquery()))).order_by(*self._order(page.sort))
        rows = [self._row(row) for row in session.execute(query)]
        return listed(rows, page, lambda: counted(session, self._counting(narrowed)), bound=bound)

    def rows(
        self,
        session: Session,
        *,
        search: str = "",
        filters: Mapping[str, Any] | None = None,
        span: Span | None = None,
        sort: str = "",
    ) -> Iterator[dict[str, Any]]:
        """All rows, for a file; the whole register is looked through."""
        texts = self._searched(search.strip())
        conditions = [*self._conditions(filters or {}, span), *([] if texts is None else [texts])]
        query = self._columns().where(*conditions).order_by(*self._order(sort))
        for row in session.execute(query.execution_options(yield_per=AT_ONCE)):
            yield self._row(row)

    def counted(self, filters: Mapping[str, Any] | None = None) -> Any:
        """How many rows there are, up to one more than is counted, as a part of a larger question."""
        return counting(self._counting(self._conditions(filters or {})))

    @property
    def key(self) -> Any:
        """The column that names a row."""
        return self.columns[0].expression

    def _columns(self) -> Select[Any]:
        columns = (each.expression.label(each.key) for each in self.columns)
        return self.source.with_only_columns(*columns, maintain_column_froms=True)

    def _ids(self, conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
        return self.source.with_only_columns(self.key, maintain_column_froms=True).where(*conditions)

    def _counting(self, conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
        """The rows to be counted: without the joined tables where no condition is about them."""
        own = self.key.table
        joined = any(table is not own for each in conditions for table in each._from_objects)
        return self._ids(conditions) if joined else select(self.key).where(*conditions)

    def _bound(self, session: Session, conditions: Sequence[ColumnElement[bool]]) -> Bound | None:
        more = select(self._counting(conditions).offset(WINDOW).limit(1).exists())
        return Bound(WINDOW) if session.scalar(more) else None

    def _conditions(self, filters: Mapping[str, Any], span: Span | None = None) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if span is not None and self.day is not None:
            found.append(self.day.between(*span))
        for key, wanted in filters.items():
            column = self.column(key)
            several = isinstance(wanted, Sequence | frozenset | set) and not isinstance(wanted, str)
            found.append(column.expression.in_(list(wanted)) if several else column.expression == wanted)
        return found

    def _searched(self, search: str) -> ColumnElement[bool] | None:
        columns = [each.expression for each in self.columns if each.search]
        return contains(search, *columns) if search and columns else None

    def _order(self, sort: str) -> tuple[Any, ...]:
        if not sort:
            return self.order
        column = self.column(sort.removeprefix("-"))
        if column.kind == "list":
            raise Invalid(message("不能按“%(title)s”排序。", title=column.title.zh))
        first = column.expression.desc() if sort.startswith("-") else column.expression.asc()
        return (first, *self.order)

    def _row(self, row: Any) -> dict[str, Any]:
        return {
            each.key: masked(value) if each.masked else value for each, value in zip(self.columns, row, strict=True)
        }


def masked(value: str | None) -> str:
    """The first three and last two characters of something personal.

    >>> masked("13800001234")
    '138******34'
    """
    text = value or ""
    return text if len(text) < 6 else f"{text[:3]}{'*' * (len(text) - 5)}{text[-2:]}"
