"""Workbooks as offices send them: filled from rows, and then spoiled where a test wants it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook

from processes.registers.importing.sheets import Import


def book_of(
    wanted: Import, *rows: Mapping[str, Any], title: str = "", spoil: Callable[[Any], None] | None = None
) -> bytes:
    """The workbook of an import with some rows by the keys of its columns."""
    head = [each.title.zh for each in wanted.columns]
    return plain_book(
        title or wanted.title.zh, head, [[row.get(each.key) for each in wanted.columns] for row in rows], spoil
    )


def plain_book(
    title: str, head: Sequence[Any], rows: Sequence[Sequence[Any]], spoil: Callable[[Any], None] | None = None
) -> bytes:
    """A workbook of one sheet."""
    book = Workbook()
    page = book.active
    page.title = title
    page.append(list(head))
    for row in rows:
        page.append(list(row))
    if spoil:
        spoil(page)
    written = BytesIO()
    book.save(written)
    return written.getvalue()
