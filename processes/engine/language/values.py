"""The kinds of value of the language, how they compare and add up, and how they leave it."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from processes.engine.language.errors import LanguageError, excerpt
from processes.engine.language.frame import DEEPEST, LARGEST_WHOLE, LONGEST_TEXT, STEP_CHARACTERS, Frame, Room
from processes.messages import message

NUMBERS = frozenset({int, float, Decimal, bool})
MOMENTS = frozenset({date, datetime, time, timedelta})
SCALARS = NUMBERS | MOMENTS | {str, type(None)}
LISTS = frozenset({list, tuple})
KNOWN = SCALARS | LISTS | {dict}
COMPARED = 1_000
"""Characters of two texts that are compared in one step."""
WIDEST_KEY = 1 << 53  # larger whole numbers could be chosen to collide in a hash table

_WORDS: dict[type, str] = {
    str: "文字", bool: "是否值", int: "数字", float: "数字", Decimal: "数字", type(None): "空值", list: "列表",
    tuple: "列表", dict: "数据表", date: "日期", datetime: "日期时间", time: "时刻", timedelta: "时长",
}  # fmt: skip


def kind_of(value: Any) -> str:
    """The word for the kind of a value, to tell people about it."""
    return _WORDS.get(type(value)) or ("数据表" if isinstance(value, Mapping) else "其他对象")


def unfit(value: Any) -> LanguageError:
    """The refusal of a value whose kind does not fit where it is used."""
    return LanguageError(message("此处不能使用%(kind)s。", kind=kind_of(value)))


def admit(value: Any) -> Any:
    """A value from outside in a kind of the language; objects of any other class are refused."""
    if type(value) in KNOWN or isinstance(value, Mapping):
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int.__int__(value)
    if isinstance(value, float):
        return float.__float__(value)
    if isinstance(value, list | tuple | set | frozenset):
        return list(value)
    raise LanguageError(message("数据中有表达式不能使用的对象（%(kind)s）。", kind=excerpt(type(value).__name__)))


def admitted(values: list[Any]) -> list[Any]:
    """The same values, when all are of a kind of the language or can be made so."""
    return values if KNOWN.issuperset(map(type, values)) else [admit(each) for each in values]


def number(value: Any) -> Any:
    """A number that is finite and not too long to be written down."""
    kind = type(value)
    if kind is int:
        if -LARGEST_WHOLE < value < LARGEST_WHOLE:
            return value
    elif (kind is float and math.isfinite(value)) or (kind is Decimal and value.is_finite()) or kind is bool:
        return value
    raise LanguageError(message("数字过大或无效。"))


def add(frame: Frame, left: Any, right: Any) -> Any:
    """Sum of numbers, two texts or two lists joined, or a moment moved."""
    kind, other = type(left), type(right)
    if kind in NUMBERS and other in NUMBERS:
        return number(left + right)
    if kind is str and other is str:
        frame.spend_text(len(left) + len(right))
        return left + right
    if kind in LISTS and other in LISTS:
        frame.spend_items(len(left) + len(right))
        return [*left, *right]
    if (other is timedelta and kind in MOMENTS) or (kind is timedelta and other in MOMENTS):
        return left + right
    raise _unfit_pair(left, right)


def subtract(frame: Frame, left: Any, right: Any) -> Any:
    """Difference of numbers or moments."""
    kind, other = type(left), type(right)
    if kind in NUMBERS and other in NUMBERS:
        return number(left - right)
    if kind in MOMENTS and other in MOMENTS:
        return left - right
    raise _unfit_pair(left, right)


def _arithmetic(work: Callable[[Any, Any], Any]) -> Callable[[Frame, Any, Any], Any]:
    def run(frame: Frame, left: Any, right: Any) -> Any:
        if type(left) in NUMBERS and type(right) in NUMBERS:
            return number(work(left, right))
        raise _unfit_pair(left, right)

    return run


multiply = _arithmetic(operator.mul)
divide = _arithmetic(operator.truediv)
divide_whole = _arithmetic(operator.floordiv)


def _unfit_pair(left: Any, right: Any) -> LanguageError:
    return LanguageError(message("%(left)s与%(right)s之间不能这样运算。", left=kind_of(left), right=kind_of(right)))


def equal(frame: Frame, left: Any, right: Any, depth: int = 0) -> bool:
    """Whether two values are the same; lists and mappings are compared item by item within the budget."""
    kind, other = type(left), type(right)
    if kind in SCALARS or other in SCALARS:
        if kind is str and other is str and len(left) == len(right):
            frame.spend(len(left) // COMPARED)
        return bool(left == right) if kind in SCALARS and other in SCALARS else False
    if depth > DEEPEST:
        raise LanguageError(message("数据嵌套过深或自我包含。"))
    if kind in LISTS and other in LISTS:
        frame.spend(1 + min(len(left), len(right)))
        return len(left) == len(right) and all(
            equal(frame, one, two, depth + 1) for one, two in zip(left, right, strict=True)
        )
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        frame.spend(1 + min(len(left), len(right)))
        return len(left) == len(right) and all(
            key in right and equal(frame, item, right[key], depth + 1) for key, item in left.items()
        )
    return False


def ordered(work: Callable[[Any, Any], bool]) -> Callable[[Frame, Any, Any], bool]:
    """An ordering of two numbers, two texts or two moments of the same kind."""

    def run(frame: Frame, left: Any, right: Any) -> bool:
        kind, other = type(left), type(right)
        if kind in NUMBERS and other in NUMBERS:
            return work(left, right)
        if kind is other and (kind is str or kind in MOMENTS):
            if kind is str:
                frame.spend(min(len(left), len(right)) // COMPARED)
            return work(left, right)
        raise LanguageError(message("%(left)s与%(right)s不能比较大小。", left=kind_of(left), right=kind_of(right)))

    return run


def contains(frame: Frame, needle: Any, holder: Any) -> bool:
    """Whether a text has a part, a list an item, or a mapping a key."""
    kind = type(holder)
    if kind is str and type(needle) is str:
        frame.spend(len(holder) // STEP_CHARACTERS)
        return needle in holder
    if kind in LISTS:
        frame.spend(len(holder) * (1 + len(needle) // COMPARED if type(needle) is str else 1))
        if type(needle) in SCALARS:
            return any(type(item) in SCALARS and item == needle for item in holder)
        return any(equal(frame, needle, item) for item in holder)
    if isinstance(holder, Mapping):
        return type(needle) in SCALARS and needle in holder
    raise unfit(holder)


def as_key(value: Any) -> Any:
    """A value that may be the key of a mapping."""
    kind = type(value)
    if kind is str or kind is bool or value is None or (kind is int and -WIDEST_KEY < value < WIDEST_KEY):
        return value
    raise LanguageError(message("数据表的键只能是文字或整数。"))


def items_of(frame: Frame, value: Any) -> list[Any]:
    """The items of a list, the keys of a mapping or the characters of a text, as they are now."""
    if type(value) in LISTS or type(value) is str or isinstance(value, Mapping):
        frame.spend_items(len(value))
        return admitted(list(value))
    raise LanguageError(message("%(kind)s不能逐项处理。", kind=kind_of(value)))


def plain(value: Any, room: Room, depth: int = 0) -> Any:
    """A fresh copy in plain kinds (JSON, dates, decimals) that shares nothing with the original."""
    kind = type(value)
    if kind is str:
        if len(value) > LONGEST_TEXT:
            raise LanguageError(message("文字过长（超过 %(most)s 字）。", most=LONGEST_TEXT))
        room.take(1, len(value))
        return value
    if kind in SCALARS:
        room.take(1)
        return number(value) if kind in NUMBERS else value
    if depth > DEEPEST:
        raise LanguageError(message("数据嵌套过深或自我包含。"))
    value = admit(value)
    if type(value) in LISTS:
        room.take(1)
        return [plain(item, room, depth + 1) for item in value]
    if isinstance(value, Mapping):
        return _plain_mapping(value, room, depth)
    return plain(value, room, depth + 1)


def _plain_mapping(value: Mapping[Any, Any], room: Room, depth: int) -> dict[str, Any]:
    copy: dict[str, Any] = {}
    for key, item in value.items():
        if type(key) is not str:
            raise LanguageError(message("数据表的键必须是文字：%(key)s。", key=excerpt(key)))
        room.take(1, len(key))
        copy[key] = plain(item, room, depth + 1)
    return copy


def same(left: Any, right: Any) -> bool:
    """Whether two plain values are equal in every part and kind, so that `True` is not 1."""
    if type(left) is not type(right):
        return False
    if type(left) is list:
        return len(left) == len(right) and all(same(one, two) for one, two in zip(left, right, strict=True))
    if type(left) is dict:
        return left.keys() == right.keys() and all(same(item, right[key]) for key, item in left.items())
    return bool(left == right)
