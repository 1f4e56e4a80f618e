"""A register as a list: columns that say what they hold, searched, filtered, sorted and paged by the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, or_, select
from sqlalchemy.orm import Session

from processes.errors import Invalid
from processes.forms.wording import Wording
from processes.messages import message

Kind = Literal["text", "long", "list", "number", "date", "moment", "boolean", "status", "id"]
"""What a column holds; `id` is for links and filters and is not drawn."""
MOST_ROWS = 500


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
        sort: str = "",
        offset: int = 0,
        limit: int = 50,
    ) -> tuple[list[dict[str, Any]], int]:
        """Some rows and the number of all: a filter is a value or several; `-key` sorts downwards."""
        found = self._narrowed(search.strip(), filters or {})
        total = session.scalar(select(func.count()).select_from(found.order_by(None).subquery())) or 0
        page = found.order_by(*self._order(sort)).offset(max(0, offset)).limit(min(max(0, limit), MOST_ROWS))
        return [self._row(row) for row in session.execute(page)], total

    def counted(self, filters: Mapping[str, Any] | None = None) -> ScalarSelect[int]:
        """How many rows there are, as a part of a larger question."""
        return select(func.count()).select_from(self._narrowed("", filters or {}).subquery()).scalar_subquery()

    def _narrowed(self, search: str, filters: Mapping[str, Any]) -> Select[Any]:
        found = self.source.with_only_columns(
            *(each.expression.label(each.key) for each in self.columns), maintain_column_froms=True
        )
        if search:
            found = found.where(or_(*(_contains(each.expression, search) for each in self.columns if each.search)))
        for key, wanted in filters.items():
            column = self.column(key)
            several = isinstance(wanted, Sequence | frozenset | set) and not isinstance(wanted, str)
            found = found.where(column.expression.in_(list(wanted)) if several else column.expression == wanted)
        return found

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


def _contains(expression: Any, search: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = expression.icontains(search, autoescape=True)
    return found
