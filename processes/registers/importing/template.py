"""The workbook to be filled in: headed columns, lists to choose from, and a sheet that explains each column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy.orm import Session

from processes.forms.wording import Option, Wording
from processes.identity.actor import Actor
from processes.registers.importing.sheets import Import, SheetColumn, Values, in_words
from processes.registers.money import yuan_of

EXPLAINED = Wording("填写说明", "How to fill in")
LISTS = "选项"
KINDS: Mapping[str, Wording] = {
    "text": Wording("文字", "Text"),
    "day": Wording("日期，如 2026-01-31", "Day, e.g. 2026-01-31"),
    "number": Wording("整数", "Whole number"),
    "money": Wording("金额（元），最多两位小数", "Amount in yuan, at most two decimals"),
    "choice": Wording("从列表中选择一项", "One of the list"),
    "choices": Wording("列表中的一项或几项，以“、”分隔", "One or several of the list, with 、 between them"),
}
FORMATS = {"day": "yyyy-mm-dd", "money": "#,##0.00", "number": "0"}
_HEAD, _MUST = PatternFill("solid", fgColor="E8EEF7"), PatternFill("solid", fgColor="FFF2CC")
WIDEST = 48


def template(
    session: Session, actor: Actor, wanted: Import, language: str, *, filled: bool = False
) -> bytes:  # fmt: skip
    """The empty workbook of an import, or the one with what stands now."""
    actor.need(*wanted.posts)
    book, options = Workbook(), wanted.options(session, actor)
    page = book.active
    assert isinstance(page, Worksheet)
    page.title = wanted.title.text(language)
    rows = wanted.present(session, actor) if filled and wanted.present else ()
    _draw_rows(page, wanted, options, rows, language)
    _draw_explanations(book.create_sheet(EXPLAINED.text(language)), wanted, options, language)
    _draw_lists(book, page, wanted, options, language)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _draw_rows(
    page: Worksheet, wanted: Import, options: Mapping[str, Sequence[Option]], rows: Iterable[Values], language: str
) -> None:
    for place, column in enumerate(wanted.columns, 1):
        head = page.cell(1, place)
        _write(head, column.title.text(language) + (" *" if column.required else ""))
        head.font, head.fill = Font(bold=True), _MUST if column.required else _HEAD
        letter = get_column_letter(place)
        page.column_dimensions[letter].width = min(WIDEST, max(14, 2 * len(column.title.text(language)) + 6))
        page.column_dimensions[letter].number_format = FORMATS.get(column.kind, "@")
    page.freeze_panes = "A2"
    for number, row in enumerate(rows, 2):
        for place, column in enumerate(wanted.columns, 1):
            cell = page.cell(number, place)
            _write(cell, _as_written(column, row.get(column.key), options.get(column.key, ()), language))
            cell.number_format = FORMATS.get(column.kind, "@")


def _as_written(column: SheetColumn, value: Any, options: Sequence[Option], language: str) -> Any:
    if value in (None, "", []):
        return None
    if column.kind == "money":
        return yuan_of(value)
    if column.kind in ("day", "number"):
        return value
    if column.kind == "choice":
        return next((each.text(language) for each in options if each.value == value), str(value))
    return in_words(value, options)


def _draw_explanations(page: Worksheet, wanted: Import, options: Mapping[str, Sequence[Option]], language: str) -> None:
    chinese = not language.startswith("en")
    heads = ("列", "必填", "填什么", "说明", "可选项") if chinese else ("Column", "Needed", "Kind", "Notes", "Options")
    _write(page.cell(1, 1), wanted.about.text(language))
    rules = Wording(
        "请勿改动表头和工作表名称，不合并单元格，不填公式；空白单元格保留台账原值；有一行不合要求，全部不导入。",
        "Leave the head and the name of the sheet as they are; no merged cells, no formulas; an empty cell leaves what "
        "stands; one row that is refused, and nothing is imported.",
    )
    _write(page.cell(2, 1), rules.text(language))
    for place, text in enumerate(heads, 1):
        _write(page.cell(4, place), text)
        page.cell(4, place).font = Font(bold=True)
    for number, column in enumerate(wanted.columns, 5):
        needed = ("是" if chinese else "yes") if column.required else ""
        names = "、".join(each.text(language) for each in list(options.get(column.key, ()))[:40])
        said = (column.title.text(language), needed, KINDS[column.kind].text(language), column.hint.text(language))
        for place, text in enumerate((*said, names), 1):
            _write(page.cell(number, place), text)
            page.cell(number, place).alignment = Alignment(wrap_text=True, vertical="top")
    for letter, width in zip("ABCDE", (22, 8, 26, 48, 60), strict=True):
        page.column_dimensions[letter].width = width


def _draw_lists(
    book: Workbook, page: Worksheet, wanted: Import, options: Mapping[str, Sequence[Option]], language: str
) -> None:
    """The options on a hidden sheet, and drop-downs that point to them."""
    lists = book.create_sheet(LISTS)
    lists.sheet_state = "hidden"
    for place, column in enumerate(wanted.columns, 1):
        names = [each.text(language) for each in options.get(column.key, ())]
        if not names:
            continue
        letter = get_column_letter(place)
        for number, name in enumerate(names, 1):
            _write(lists.cell(number, place), name)
        if column.kind == "choice":
            drop = DataValidation(type="list", formula1=f"'{LISTS}'!${letter}$1:${letter}${len(names)}",
                                  allow_blank=True, showErrorMessage=True)  # fmt: skip
            page.add_data_validation(drop)
            drop.add(f"{letter}2:{letter}{wanted.most_rows + 1}")


def _write(cell: Any, value: Any) -> None:
    """A value in a cell; a text is a text, never a formula."""
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
