"""A workbook as it was sent: read row by row within limits, without running or following what is in it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from processes.errors import Invalid
from processes.files import MEGABYTE
from processes.messages import message
from processes.registers.importing.cells import Cell
from processes.registers.importing.sheets import Import

LARGEST_UNPACKED = 40 * MEGABYTE
MOST_PARTS = 500
MOST_COLUMNS = 60
MOST_LINES = 20_000
"""Lines that are looked at, empty ones among them."""
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3}\d{1,7}(?::[A-Z]{1,3}\d{1,7})?)"')
_DECLARED = tuple(
    word.encode(code) for word in ("<!DOCTYPE", "<!ENTITY") for code in ("utf-8", "utf-16-le", "utf-16-be")
)
_BROKEN = (zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError, AttributeError, IndexError, SyntaxError)
"""What reading a damaged package raises; `SyntaxError` is that of XML."""


@dataclass(frozen=True)
class Line:
    """A row of the sheet with anything in it: its number and its cells by column."""

    number: int
    cells: dict[str, Cell]


@dataclass(frozen=True)
class Sheet:
    """What the sheet of an import holds."""

    letters: dict[str, str]
    """The letter under which each column stands in this file."""
    lines: list[Line]


def read_sheet(content: bytes, wanted: Import) -> Sheet:
    """The sheet of an import in a workbook; `Invalid` where it is none, not the right one, or too large."""
    _refuse_bomb(content)
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False)
        try:
            title = _title(list(book.sheetnames), wanted)
            page: Any = book[title]
            rows = list(_rows(page))
            merged = _merged(content, page)
        finally:
            book.close()
    except Invalid:
        raise
    except _BROKEN as cause:
        raise Invalid(
            message("无法读取该文件，它不是完好的 Excel 工作簿（.xlsx）；请用下载的模板另存后重试。")
        ) from cause
    return _sheet(rows, merged, wanted, title)


def _refuse_bomb(content: bytes) -> None:
    """Nothing is unpacked that is too large, and no part may declare entities."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            parts = package.infolist()
            if len(parts) > MOST_PARTS or sum(each.file_size for each in parts) > LARGEST_UNPACKED:
                most = LARGEST_UNPACKED // MEGABYTE
                raise Invalid(message("文件解压后过大（上限 %(size)s MB），未予读取。", size=most))
            for each in parts:
                if each.filename.lower().endswith((".xml", ".rels")) and _declares(package.read(each)):
                    raise Invalid(message("文件中含有不允许的实体声明，未予读取。"))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as cause:
        raise Invalid(message("无法读取该文件：它已损坏或设有密码。请另存为不加密的 .xlsx 后重试。")) from cause


def _declares(part: bytes) -> bool:
    return any(each in part for each in _DECLARED)


def _title(titles: list[str], wanted: Import) -> str:
    for each in (wanted.title.zh, wanted.title.en):
        if each in titles:
            return each
    named = "、".join(titles[:6])
    problem = message("没有名为“%(title)s”的工作表；该文件的工作表为：%(named)s。请使用下载的模板。",
                      title=wanted.title.zh, named=named)  # fmt: skip
    raise Invalid(problem)


def _rows(page: Any) -> Iterator[tuple[int, list[Cell]]]:
    """The rows with anything in them; what a file says of its own size is not believed."""
    if not hasattr(page, "iter_rows"):
        raise Invalid(message("该工作表是图表，没有可导入的行。"))
    page.reset_dimensions()
    for number, row in enumerate(page.iter_rows(max_col=MOST_COLUMNS), 1):
        if number > MOST_LINES:
            raise Invalid(message("工作表超过 %(count)s 行，请删除空白行或分次导入。", count=MOST_LINES))
        cells = [
            Cell(f"{get_column_letter(place)}{number}", each.value, each.data_type == "f")
            for place, each in enumerate(row, 1)
        ]
        if any(cell.filled for cell in cells):
            yield number, cells


def _merged(content: bytes, page: Any) -> list[str]:
    """The merged cells of a sheet: the row-by-row reader does not tell of them."""
    path = getattr(page, "_worksheet_path", "")
    with zipfile.ZipFile(BytesIO(content)) as package:
        return [found.decode() for found in _MERGED.findall(package.read(path))] if path else []


def _sheet(rows: list[tuple[int, list[Cell]]], merged: list[str], wanted: Import, title: str) -> Sheet:
    if not rows:
        raise Invalid(message("工作表“%(title)s”是空的。", title=title))
    if merged:
        raise Invalid(message("工作表“%(title)s”含有合并单元格（%(cells)s），请取消合并并逐格填写。",
                              title=title, cells="、".join(merged[:5])))  # fmt: skip
    places = _headed(rows[0][1], wanted)
    lines = []
    for number, cells in rows[1:]:
        filled = {key: cells[place] for key, place in places.items() if place < len(cells) and cells[place].filled}
        if filled:
            lines.append(Line(number, filled))
    if not lines:
        raise Invalid(message("工作表“%(title)s”没有数据行，请从第 2 行起填写。", title=title))
    if len(lines) > wanted.most_rows:
        problem = message("一次最多导入 %(most)s 行，该文件有 %(found)s 行，请分次导入。",
                          most=wanted.most_rows, found=len(lines))  # fmt: skip
        raise Invalid(problem)
    return Sheet({key: get_column_letter(place + 1) for key, place in places.items()}, lines)


def _headed(head: list[Cell], wanted: Import) -> dict[str, int]:
    """Where each column stands, by the titles in the first row."""
    known = {title: each.key for each in wanted.columns for title in (each.title.zh, each.title.en)}
    places: dict[str, int] = {}
    for place, cell in enumerate(head):
        title = str(cell.value).strip().rstrip("*").strip() if cell.filled else ""
        if not title or title in wanted.also_read:
            continue
        if title not in known:
            raise Invalid(message("%(cell)s：没有“%(title)s”这一列，请使用下载的模板。",
                                  cell=cell.reference, title=title[:30]))  # fmt: skip
        if known[title] in places:
            raise Invalid(message("%(cell)s：“%(title)s”一列出现了两次。", cell=cell.reference, title=title))
        places[known[title]] = place
    missing = [each.title.zh for each in wanted.columns if each.required and each.key not in places]
    if missing:
        raise Invalid(message("第一行缺少列：%(titles)s。请使用下载的模板。", titles="、".join(missing)))
    return places
