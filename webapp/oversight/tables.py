"""Tables of open work: each number opens its list, each table is a file for Excel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, url_for
from flask_babel import gettext as _

from processes.engine.statistics.measures import Measure
from processes.engine.statistics.standing import Load
from webapp.drawing import moment
from webapp.pages.downloads import attachment
from webapp.pages.spreadsheets import XLSX, csv_file, xlsx_file
from webapp.pages.tables import Cell, Table

CSV = "text/csv; charset=utf-8"


def load_head() -> list[str]:
    """The columns of open work."""
    return [_("待办"), _("临期"), _("黄牌"), _("红牌"), _("最早收到")]


def load_cells(load: Load, **narrowed: Any) -> list[Cell]:
    """Open work in columns; each number leads to the tasks that it counts."""

    def cell(number: int, card: str = "", late: bool = False) -> Cell:
        url = url_for("waiting.index", **narrowed, card=card or None) if number else None
        return Cell(number, url, late and number > 0)

    return [
        cell(load.open),
        cell(load.soon, "soon"),
        cell(load.yellow, "yellow", late=True),
        cell(load.red, "red", late=True),
        Cell(moment(load.oldest)),
    ]


def measure_head() -> list[str]:
    """The columns of durations."""
    return [_("办结数"), _("中位用时（工作日）"), _("九成在此内（工作日）"), _("逾期率")]


def measure_cells(found: Measure) -> list[Cell]:
    """Durations in columns."""
    return [Cell(found.n), Cell(days(found.median)), Cell(days(found.p90)), Cell(share(found.late_share))]


def days(value: float | None) -> str:
    """Working days as they are read: tenths below ten, whole ones above."""
    if value is None:
        return "—"
    return f"{value:.1f}" if value < 10 else f"{value:.0f}"


def share(value: float | None) -> str:
    """A part of a whole in per cent; of nothing, nothing is said."""
    return "—" if value is None else f"{value:.0%}"


def table_file(table: Table, kind: str) -> Response:
    """A table as a file: `xlsx`, or `csv`."""
    lines: list[Sequence[Any]] = [[cell.value for cell in row] for row in table.rows]
    if kind == "csv":
        return attachment(csv_file(table.head, lines), f"{table.title}.csv", CSV)
    return attachment(xlsx_file(table.title, table.head, lines), f"{table.title}.xlsx", XLSX)
