"""What may be put into a document: text, numbers, dates, and lists and mappings of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from processes.documents.dates import chinese_date
from processes.errors import Invalid
from processes.messages import message

DEEPEST = 6
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


def plain(value: Any, depth: int = 0) -> Any:
    """A copy made of plain text, lists and mappings; dates as 2026年1月5日, nothing as empty text.

    Text that claims to be markup already (`__html__`) becomes ordinary text, so that it is escaped like any other.
    """
    if depth > DEEPEST:
        raise Invalid(message("文书内容层次过多。"))
    if value is None:
        return ""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return plain_text(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date):
        return chinese_date(value)
    if isinstance(value, Mapping):
        return {plain_text(str(key)): plain(part, depth + 1) for key, part in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview):
        return [plain(part, depth + 1) for part in value]
    raise Invalid(message("文书内容只能是文字、数字、日期或列表（%(kind)s）。", kind=type(value).__name__))


def plain_text(text: str) -> str:
    """Text without what a document cannot hold (control characters, halves of characters)."""
    exact = "".join([*text]).replace("\r\n", "\n").replace("\r", "\n")
    return _UNPRINTABLE.sub("", exact)
