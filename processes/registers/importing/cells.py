"""One cell of a workbook, read as its column means it; whatever cannot be read is refused in a sentence."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from processes.errors import Invalid
from processes.forms.wording import Option
from processes.messages import Message, message
from processes.registers.importing.sheets import SheetColumn
from processes.registers.money import fen_of

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins like this is run as a formula by a spreadsheet that it is exported to."""
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_PLAIN_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
_BETWEEN = re.compile(r"[、,，;；\n]+")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
LARGEST = Decimal(10) ** 12
_NEAR = Decimal("0.000001")
"""How far a computed amount may lie from a whole fen."""


@dataclass(frozen=True)
class Cell:
    """A cell as the file has it."""

    reference: str
    """E.g. `C5`."""
    value: Any
    formula: bool = False

    @property
    def filled(self) -> bool:
        """Whether there is anything in it."""
        return self.value is not None and str(self.value).strip() != ""


def value_of(column: SheetColumn, cell: Cell, options: Sequence[Option]) -> Any:
    """What a filled cell says; `Invalid` where it says nothing that the column takes."""
    if cell.formula:
        raise Invalid(message("是公式，请粘贴为数值后再上传。"))
    if column.kind == "day":
        return _day(cell.value)
    if column.kind == "number":
        return _whole(cell.value)
    if column.kind == "money":
        return _money(cell.value)
    text = _text(cell.value, column.longest)
    if column.kind == "choice":
        return _chosen(text, options)
    if column.kind == "choices":
        parts = [part.strip() for part in _BETWEEN.split(text) if part.strip()]
        return list(dict.fromkeys(_chosen(part, options) for part in parts))
    return text


def _text(value: Any, longest: int) -> str:
    """A text on its own; a whole number loses the decimals that spreadsheets add."""
    if isinstance(value, bool):
        raise Invalid(message("应为文字。"))
    if isinstance(value, (datetime, date)):
        raise Invalid(message("应为文字，不是日期；请把单元格设为文本格式后重新填写。"))
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = unicodedata.normalize("NFC", str(value)).strip()
    if not all(each.isprintable() or each == "\n" for each in text):
        raise Invalid(message("含有不可见的控制字符，请重新填写。"))
    if text.startswith(FORMULA_STARTS) and not _NUMBER.fullmatch(text):
        raise Invalid(message("不能以“%(sign)s”开头：电子表格会把它当作公式执行。", sign=text[:1]))
    if len(text) > longest:
        raise Invalid(message("不超过 %(count)s 个字，现有 %(found)s 个字。", count=longest, found=len(text)))
    return text


def _day(value: Any) -> date:
    """A day; a date that was written as a text counts where it can be read in one way only."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = str(int(value) if isinstance(value, float) and value.is_integer() else value).strip()
    found = _DAY.fullmatch(text) or _PLAIN_DAY.fullmatch(text)
    try:
        if found is not None:
            return date(*(int(part) for part in found.groups()))
    except ValueError:
        pass
    raise Invalid(message("“%(text)s”不是日期，请写成 2026-01-31，或把单元格设为日期格式。", text=text[:20]))


def _decimal(value: Any, problem: Message) -> Decimal:
    if isinstance(value, (bool, datetime, date)):
        raise Invalid(problem)
    text = str(value).strip().replace(",", "").replace("，", "").removeprefix("¥").removeprefix("￥").removesuffix("元")
    try:
        found = Decimal(text.strip())
    except InvalidOperation as cause:
        raise Invalid(problem) from cause
    if not found.is_finite() or abs(found) > LARGEST:
        raise Invalid(problem)
    return found


def _whole(value: Any) -> int:
    problem = message("“%(text)s”不是整数。", text=str(value)[:20])
    found = _decimal(value, problem)
    if found != found.to_integral_value():
        raise Invalid(problem)
    return int(found)


def _money(value: Any) -> int:
    problem = message("“%(text)s”不是金额；请以元为单位填写，最多两位小数，不为负数。", text=str(value)[:20])
    found = _decimal(value, problem)
    rounded = found.quantize(Decimal("0.01"))
    if isinstance(value, float) and abs(found - rounded) < _NEAR:
        found = rounded  # what a spreadsheet has reckoned in binary
    try:
        return fen_of(found)
    except ValueError as cause:
        raise Invalid(problem) from cause


def _chosen(text: str, options: Sequence[Option]) -> str:
    for each in options:
        if text in (each.value, each.text("zh"), each.text("en")):
            return each.value
    some = "、".join(each.text("zh") for each in options[:8])
    more = "…" if len(options) > 8 else ""
    raise Invalid(message("“%(text)s”不在可选项中（%(some)s%(more)s）。", text=text[:30], some=some, more=more))
