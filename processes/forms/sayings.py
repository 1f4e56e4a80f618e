"""What one property of a definition may say; each function gives the problem, or None."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from processes.forms.days import bound_of
from processes.forms.kinds import FILE_KINDS, LARGEST_NUMBER
from processes.forms.naming import column_name_problem
from processes.forms.patterns import LONGEST_PATTERN, BadPattern, compiled
from processes.messages import Message, message

Saying = Callable[[Any], Message | None]

_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}", re.ASCII)
LONGEST_WORDING = 2_000
MOST_OPTIONS = 500
DEEPEST_CONDITION = 5


def form_key(value: Any) -> Message | None:
    """The key of a form: it is also the name of its file."""
    if isinstance(value, str) and _KEY.fullmatch(value):
        return None
    return message("表单的 key 应以英文字母开头，只含字母、数字、下划线和连字符")


def flag(value: Any) -> Message | None:
    """True or false."""
    return None if isinstance(value, bool) else message("应为 true 或 false")


def whole(least: int, most: int) -> Saying:
    """A whole number between two others."""

    def problem(value: Any) -> Message | None:
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return None
        return message("应为 %(least)s 至 %(most)s 的整数", least=least, most=most)

    return problem


def amount(value: Any) -> Message | None:
    """A number."""
    fits = isinstance(value, (int, float)) and not isinstance(value, bool)
    if fits and math.isfinite(value) and abs(value) <= LARGEST_NUMBER:
        return None
    return message("应为数字")


def size(value: Any) -> Message | None:
    """A size in MB."""
    found = amount(value)
    return found or (None if 0 < value <= 500 else message("应为 0 至 500 之间的数字"))


def words(value: Any) -> Message | None:
    """A text, or texts by language with the Chinese one always there."""
    texts = value if isinstance(value, dict) else {"zh": value}
    known = all(isinstance(each, str) and len(each) <= LONGEST_WORDING for each in texts.values())
    if known and texts.keys() <= {"zh", "en"} and isinstance(texts.get("zh"), str) and texts["zh"].strip():
        return None
    return message('应写明中文文字，如 {"zh": "…", "en": "…"}')


def name(value: Any) -> Message | None:
    """The name of a variable or of a list."""
    return column_name_problem(value)


def names(value: Any) -> Message | None:
    """Names, each once."""
    if (
        isinstance(value, list)
        and value
        and all(isinstance(each, str) for each in value)
        and len(set(value)) == len(value)
    ):
        return None
    return message("应为不重复的名称列表")


def one_of(*allowed: str) -> Saying:
    """One of some words."""

    def problem(value: Any) -> Message | None:
        if isinstance(value, str) and value in allowed:
            return None
        return message("应为 %(allowed)s 之一", allowed="、".join(allowed))

    return problem


def pattern(value: Any) -> Message | None:
    """A pattern that compiles."""
    if not isinstance(value, str) or not value:
        return message("应为正则表达式")
    try:
        compiled(value)
    except BadPattern:
        return message("正则表达式无效：不支持环视和反向引用，长度不超过 %(count)s", count=LONGEST_PATTERN)
    return None


def bound(value: Any) -> Message | None:
    """A day that limits another."""
    if isinstance(value, str) and bound_of(value):
        return None
    return message("应为 today、today+5wd、today-3d 或另一日期项的名称")


def kinds_of_file(value: Any) -> Message | None:
    """File kinds that are known."""
    if isinstance(value, list) and value and all(isinstance(each, str) and each in FILE_KINDS for each in value):
        return None
    return message("文件格式应为 %(kinds)s", kinds="、".join(sorted(FILE_KINDS)))


def options(value: Any) -> Message | None:
    """Options to choose from, each value once."""
    if not isinstance(value, list) or not 0 < len(value) <= MOST_OPTIONS:
        return message("应列出 1 至 %(count)s 个选项", count=MOST_OPTIONS)
    seen = set()
    for each in value:
        chosen = each.get("value") if isinstance(each, dict) else each
        if not isinstance(chosen, str) or not chosen or chosen != chosen.strip() or len(chosen) > 200:
            return message("选项的值应为文字，首尾不能有空格")
        if chosen in seen:
            return message("选项“%(value)s”重复", value=chosen)
        if isinstance(each, dict) and (each.keys() - {"value", "label"} or ("label" in each and words(each["label"]))):
            return message("选项“%(value)s”的名称（label）不正确", value=chosen)
        seen.add(chosen)
    return None


def condition(value: Any, depth: int = 0) -> Message | None:
    """A condition: a field with values, or several conditions together."""
    wrong = message('条件应写作 {"key": …, "in": […]}、{"key": …, "not_in": […]}、{"all": […]} 或 {"any": […]}')
    if not isinstance(value, dict) or depth > DEEPEST_CONDITION:
        return wrong
    if len(value) == 1 and value.keys() <= {"all", "any"}:
        parts = next(iter(value.values()))
        if not isinstance(parts, list) or not 0 < len(parts) <= 20:
            return wrong
        return next((found for part in parts if (found := condition(part, depth + 1))), None)
    if value.keys() not in ({"key", "in"}, {"key", "not_in"}) or not isinstance(value["key"], str):
        return wrong
    listed = value.get("in", value.get("not_in"))
    if not isinstance(listed, list) or not 0 < len(listed) <= MOST_OPTIONS:
        return wrong
    return None if all(isinstance(each, (str, bool, int, float)) for each in listed) else wrong


def anything(value: Any) -> Message | None:
    """Any value; whether it fits the field is seen with the field."""
    return None
