"""The registers: which there are, and their rows."""

from __future__ import annotations

from typing import Any

from flask import Response

from processes.registers import reading
from processes.registers.listing import Register
from webapp.api import drawing
from webapp.api.answering import PAGING, listed, page_of, shown
from webapp.api.calls import Asked, Calls, Parameter
from webapp.language import current_language

calls = Calls("registers")
FILTERS = (
    Parameter("q", "Part of a searched column."),
    Parameter("sort", "Key of a column; `-key` is descending."),
    *PAGING,
)
OWN = frozenset(each.name for each in FILTERS) | {"lang"}


@calls.get("/registers", "The registers that I may read, with their columns.", answer="Registers")
def list_registers(asked: Asked) -> Response:
    """Titles in the language that is asked for."""
    return shown({"items": [_described(each) for each in reading.readable_registers(asked.actor)]})


def _described(found: Register) -> dict[str, Any]:
    language = current_language()
    return {
        "name": found.name,
        "title": found.title.text(language),
        "columns": [{"key": each.key, "title": each.title.text(language), "kind": each.kind} for each in found.columns],
    }


@calls.get(
    "/registers/<name>",
    "Rows of a register; every other parameter is a column and the value it must have.",
    answer="RegisterPage",
    query=FILTERS,
    open_query=True,
    refusals=(403,),
)
def read_register(asked: Asked, name: str) -> Response:
    """Those who run the procedure read all rows, a district those of its own unit; personal columns are masked."""
    page = page_of(asked)
    columns = {key: str(value) for key, value in asked.query.items() if key not in OWN}
    with asked.desk.db.reading() as session:
        rows, total = reading.read(
            session,
            asked.actor,
            name,
            search=asked.text("q"),
            filters=columns,
            sort=page.sort,
            offset=page.offset,
            limit=page.limit,
        )
    return listed(asked, [drawing.values(row) for row in rows], total)
