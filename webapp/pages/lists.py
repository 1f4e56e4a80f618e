"""The state of a list stands in its address: filters, order and page, so that it can be kept, sent and printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any
from uuid import UUID

from flask import request

from processes.errors import Invalid
from processes.messages import message
from processes.paging import MOST_COUNTED, Bound, Listing, Page, Total

PER_PAGE = 20
PAGE_SIZES = (20, 50, 100)
LAST_PAGE = 1_000_000
"""A page number beyond this is a forgery and becomes the first page."""
LONGEST_FILTER = 200


@dataclass(frozen=True)
class ShownPage:
    """Where the shown page stands among all."""

    number: int
    size: int
    total: int
    more: bool = False
    """Whether rows come after the page, where that is known beside the number of all."""
    after: UUID | None = None
    """The row behind which the next page begins; None: pages are found by their number alone."""
    bound: Bound | None = None

    @property
    def pages(self) -> int:
        """How many pages have a number."""
        return max(1, ceil(self.total / self.size))

    @property
    def is_open_ended(self) -> bool:
        """Whether there are more rows than were counted."""
        return isinstance(self.total, Total) and self.total.more

    @property
    def has_next(self) -> bool:
        """Whether one may go on from here: by a row, or to a page with a number."""
        return (self.more and self.after is not None) or self.number < self.pages

    @property
    def has_previous(self) -> bool:
        """Whether the page before can be found by its number."""
        return 1 < self.number <= self.pages + 1


@dataclass(frozen=True)
class Asked:
    """What the address of a list asks for."""

    filters: Mapping[str, str]
    sort: str
    number: int
    size: int
    after: UUID | None = None
    """The last row of the page before, when one goes from page to page."""

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

    @property
    def part(self) -> Page:
        """The part of the list that is asked for."""
        return Page(self.sort, self.offset, self.size, self.after)

    def page(self, total: int) -> ShownPage:
        """The page that is shown when there are so many rows."""
        return ShownPage(min(self.number, max(1, ceil(total / self.size))), self.size, total)

    def page_of(self, listing: Listing[Any]) -> ShownPage:
        """The page that a listing is."""
        number = self.number if self.after else min(self.number, max(1, ceil(listing.total / self.size)))
        return ShownPage(number, self.size, listing.total, listing.more, listing.after, listing.bound)


def asked(*names: str, sort: str = "") -> Asked:
    """What this request asks of a list with the named filters; `sort` is the order it has by itself."""
    filters = {name: request.args.get(name, "").strip()[:LONGEST_FILTER] for name in names}
    number, size = request.args.get("page", 1, type=int), request.args.get("size", PER_PAGE, type=int)
    size, after = size if size in PAGE_SIZES else PER_PAGE, request.args.get("after", type=UUID)
    last = LAST_PAGE if after else MOST_COUNTED // size
    return Asked(
        {name: value for name, value in filters.items() if value},
        request.args.get("sort", "").strip()[:40] or sort,
        number if 1 <= number <= last else 1,
        size,
        after if number > 1 else None,
    )


def typed_day(name: str) -> date | None:
    """A day as a form was sent with it, or None for an empty field."""
    text = request.form.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as cause:
        problem = message("日期应写作 2026-01-31 的形式。")
        raise Invalid(problem, {name: problem}) from cause
