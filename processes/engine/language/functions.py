"""The functions every expression may call; pure, bounded, and never replaced by data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from processes.engine.language.errors import LanguageError
from processes.engine.language.frame import STEP_CHARACTERS, Frame
from processes.engine.language.values import (
    LISTS,
    MOMENTS,
    NUMBERS,
    SCALARS,
    as_key,
    items_of,
    number,
    unfit,
)
from processes.messages import message

LONGEST_NUMBER = 320
"""Characters of a text that is read as a number."""


class Builtin(NamedTuple):
    """A function or method and how it may be called."""

    run: Callable[..., Any]
    least: int
    most: int
    keywords: frozenset[str] = frozenset()


def _len(frame: Frame, value: Any) -> int:
    if type(value) is str or type(value) in LISTS or isinstance(value, Mapping):
        return len(value)
    raise unfit(value)


def _sum(frame: Frame, values: Any) -> Any:
    total: Any = 0
    for item in items_of(frame, values):
        if type(item) not in NUMBERS:
            raise unfit(item)
        total += item
    return number(total)


def _sortable(frame: Frame, values: list[Any]) -> list[Any]:
    """The values, when they are all numbers, all texts or all moments of one kind."""
    kinds = {type(item) for item in values}
    alike = kinds <= NUMBERS or (len(kinds) == 1 and kinds <= MOMENTS | {str})
    if not alike:
        raise LanguageError(message("只有同一种数字、文字或日期才能比较大小。"))
    if str in kinds:
        frame.spend(sum(len(item) for item in values) // STEP_CHARACTERS)
    return values


def _sorted(frame: Frame, values: Any, reverse: Any = False) -> list[Any]:
    found = items_of(frame, values)
    frame.spend(len(found))
    return sorted(_sortable(frame, found), reverse=bool(reverse))


def _extreme(choose: Callable[..., Any]) -> Callable[..., Any]:
    def run(frame: Frame, *values: Any, **given: Any) -> Any:
        found = items_of(frame, values[0]) if len(values) == 1 else list(values)
        if not found and "default" in given:
            return given["default"]
        return choose(_sortable(frame, found)) if found else _none_left()

    return run


def _none_left() -> Any:
    raise LanguageError(message("空列表没有最大值或最小值。"))


def _any(frame: Frame, values: Any) -> bool:
    return any(items_of(frame, values))


def _all(frame: Frame, values: Any) -> bool:
    return all(items_of(frame, values))


def _abs(frame: Frame, value: Any) -> Any:
    if type(value) in NUMBERS:
        return abs(value)
    raise unfit(value)


def _round(frame: Frame, value: Any, places: Any = None) -> Any:
    if type(value) not in NUMBERS or not (places is None or (type(places) is int and -15 <= places <= 15)):
        raise unfit(value)
    _writable(value)
    return number(round(value) if places is None else round(value, places))


def _writable(value: Any) -> None:
    """Refuse a decimal such as 1E+999999, which is short until it is written out."""
    if type(value) is Decimal and not (value.is_finite() and value.adjusted() < LONGEST_NUMBER):
        raise LanguageError(message("数字过大或无效。"))


def _int(frame: Frame, value: Any = 0) -> int:
    if type(value) is str:
        return int(number(int(_digits(value))))
    if type(value) in NUMBERS:
        _writable(value)
        return int(number(int(value)))
    raise unfit(value)


def _float(frame: Frame, value: Any = 0) -> float:
    if type(value) is str or type(value) in NUMBERS:
        return float(number(float(_digits(value) if type(value) is str else value)))
    raise unfit(value)


def _digits(text: str) -> str:
    if len(text) > LONGEST_NUMBER or "_" in text:
        raise LanguageError(message("文字不是有效的数字。"))
    return text


def _str(frame: Frame, value: Any = "") -> str:
    if type(value) in SCALARS:
        text = str(value)
        frame.spend_text(len(text))
        return text
    raise unfit(value)


def _bool(frame: Frame, value: Any = False) -> bool:
    return bool(value)


def _list(frame: Frame, value: Any = ()) -> list[Any]:
    return items_of(frame, value)


def _dict(frame: Frame, value: Any = ()) -> dict[Any, Any]:
    if isinstance(value, Mapping):
        frame.spend_items(len(value))
        return dict(value)
    made = {}
    for pair in items_of(frame, value):
        if type(pair) not in LISTS or len(pair) != 2:
            raise LanguageError(message("dict 需要由“键、值”两项组成的列表。"))
        made[as_key(pair[0])] = pair[1]
    return made


def _range(frame: Frame, *bounds: Any) -> list[int]:
    for bound in bounds:
        if type(bound) is not int or abs(bound) > 1 << 53:
            raise LanguageError(message("range 只接受整数。"))
    numbers = range(*bounds)
    frame.spend_items(len(numbers))
    return list(numbers)


def _enumerate(frame: Frame, values: Any, start: Any = 0) -> list[list[Any]]:
    if type(start) is not int:
        raise unfit(start)
    return [[place, item] for place, item in enumerate(items_of(frame, values), start)]


def _zip(frame: Frame, *lists: Any) -> list[list[Any]]:
    return [list(group) for group in zip(*(items_of(frame, each) for each in lists), strict=False)]


BUILTINS: dict[str, Builtin] = {
    "len": Builtin(_len, 1, 1),
    "sum": Builtin(_sum, 1, 1),
    "min": Builtin(_extreme(min), 1, 50, frozenset({"default"})),
    "max": Builtin(_extreme(max), 1, 50, frozenset({"default"})),
    "sorted": Builtin(_sorted, 1, 1, frozenset({"reverse"})),
    "any": Builtin(_any, 1, 1),
    "all": Builtin(_all, 1, 1),
    "abs": Builtin(_abs, 1, 1),
    "round": Builtin(_round, 1, 2),
    "int": Builtin(_int, 0, 1),
    "float": Builtin(_float, 0, 1),
    "str": Builtin(_str, 0, 1),
    "bool": Builtin(_bool, 0, 1),
    "list": Builtin(_list, 0, 1),
    "dict": Builtin(_dict, 0, 1),
    "range": Builtin(_range, 1, 3),
    "enumerate": Builtin(_enumerate, 1, 2, frozenset({"start"})),
    "zip": Builtin(_zip, 1, 10),
}
"""The functions of the language and how many values each takes."""
