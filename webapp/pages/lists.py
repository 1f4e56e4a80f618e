"""The state of a list stands in its address: filters, order and page, so that it can be kept, sent and printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import ceil

from flask import request

from processes.errors import Invalid
from processes.messages import message

PER_PAGE = 20
PAGE_SIZES = (20, 50, 100)
LAST_PAGE = 10_000
"""A page number beyond this is a forgery and becomes the first page."""
LONGEST_FILTER = 200


@dataclass(frozen=True)
class ShownPage:
    """Where the shown page stands among all."""

    number: int
    size: int
    total: int


@dataclass(frozen=True)
class Asked:
    """What the address of a list asks for."""

    filters: Mapping[str, str]
    sort: str
    number: int
    size: int

    def get(self, name: str) -> str:
        """A filter as it was asked for, or an empty text."""
        return self.filters.get(name, "")

    @property
    def filtered(self) -> bool:
        """Whether any filter is set."""
        return any(self.filters.values())

    @property
    def offset(self) -> int:
        """How many rows come before the page."""
        return (self.number - 1) * self.size

    def page(self, total: int) -> ShownPage:
        """The page that is shown when there are so many rows."""
        return ShownPage(min(self.number, max(1, ceil(total / self.size))), self.size, total)


def asked(*names: str, sort: str = "") -> Asked:
    """What this request asks of a list with the named filters; `sort` is the order it has by itself."""
    filters = {name: request.args.get(name, "").strip()[:LONGEST_FILTER] for name in names}
    number, size = request.args.get("page", 1, type=int), request.args.get("size", PER_PAGE, type=int)
    return Asked(
        {name: value for name, value in filters.items() if value},
        request.args.get("sort", "").strip()[:40] or sort,
        number if 1 <= number <= LAST_PAGE else 1,
        size if size in PAGE_SIZES else PER_PAGE,
    )


def typed_day(name: str) -> date | None:
    """A day as a form was sent with it, or None for an empty field."""
    text = request.form.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as cause:
        problem = message("日期应写作 2026-01-31 的形式。")
        raise Invalid(problem, {name: problem}) from cause
