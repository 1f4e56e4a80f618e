"""发文字号: the number that an office gives to a document, made from the office's own pattern."""

from __future__ import annotations

import re

from processes.errors import Invalid
from processes.messages import message

_PLACE = re.compile(r"\{(year|n)\}")


def document_number(pattern: str, year: int, n: int) -> str:
    """The `n`th number of a year: four-digit year in hexagonal brackets, no leading zero, no 第 (GB/T 9704 7.2.5).

    >>> document_number("渝规资函〔{year}〕{n}号", 2026, 12)
    '渝规资函〔2026〕12号'
    """
    check_number_pattern(pattern)
    if n < 1 or not 1000 <= year <= 9999:
        raise Invalid(message("文号的年份应为四位数，序号应从1起。"))
    given = {"year": str(year), "n": str(n)}
    return _PLACE.sub(lambda place: given[place[1]], pattern)


def check_number_pattern(pattern: str) -> None:
    """Refuse a pattern that has not exactly one year in 〔〕 and one running number, or that pads the number."""
    if pattern.count("〔{year}〕") != 1 or _PLACE.findall(pattern) != ["year", "n"]:
        raise Invalid(message("文号格式应含“〔{year}〕”和“{n}”各一处，如“渝规资函〔{year}〕{n}号”。"))
    if "{" in _PLACE.sub("", pattern) or "第{n}" in pattern or not pattern.endswith("号"):
        raise Invalid(message("文号序号前不加“第”，以“号”结尾，如“渝规资函〔{year}〕{n}号”。"))
    if re.search(r"\d$", pattern.split("{n}")[0]):
        raise Invalid(message("文号序号不编虚位（1不编为01）。"))
