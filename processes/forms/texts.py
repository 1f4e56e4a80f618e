"""What people type, made regular: blanks, full-width characters, invisible and forbidden characters."""

from __future__ import annotations

import unicodedata

from processes.forms.refusal import Refused
from processes.messages import message

_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_DASHES = dict.fromkeys([*range(0x2010, 0x2016), 0x2212], 0x2D)
_INVISIBLE = dict.fromkeys([0x200B, 0xFEFF])
_FORBIDDEN = frozenset({"Cc", "Cs", "Zl", "Zp"})
_TURNING = frozenset(map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]))
"""Characters that turn the direction of writing can make a text look like another."""


def half_width(text: str) -> str:
    """Digits, letters and signs as on an English keyboard, for numbers, dates and telephone numbers."""
    return text.translate(_HALF_WIDTH | _DASHES | _INVISIBLE).strip()


def one_line(raw: object) -> str:
    """A trimmed text of one line; control characters are refused."""
    return _clean(raw, "")


def many_lines(raw: object) -> str:
    """A trimmed text that may have line breaks, which become `\\n`."""
    if isinstance(raw, str):
        raw = raw.replace("\r\n", "\n").replace("\r", "\n")
    return _clean(raw, "\n\t")


def _clean(raw: object, allowed: str) -> str:
    if not isinstance(raw, str):
        raise Refused(message("请填写文字"))
    text = raw.translate(_INVISIBLE).strip()
    if any(forbidden(each) and each not in allowed for each in text):
        raise Refused(message("含有不能使用的控制字符，请删除后重新填写"))
    return text


def forbidden(character: str) -> bool:
    """Whether a character has no place in an answer."""
    return unicodedata.category(character) in _FORBIDDEN or character in _TURNING
