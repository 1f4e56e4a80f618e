"""The methods that texts, lists, mappings and dates of an expression have; the Python object is never asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from processes.engine.language.errors import LanguageError, MissingValueError, excerpt
from processes.engine.language.frame import LARGEST_COLLECTION, STEP_CHARACTERS, Frame
from processes.engine.language.functions import Builtin
from processes.engine.language.values import LISTS, MOMENTS, admit, admitted, as_key, equal, items_of, kind_of, unfit
from processes.messages import message

LONGEST_PART = 100
"""Characters to strip off; their number multiplies the work."""
_STRIPS = (str.strip, str.lstrip, str.rstrip)


def _text(work: Callable[..., Any]) -> Callable[..., Any]:
    """A method of `str` whose result is at most three times as long as the text."""

    def run(frame: Frame, own: str, *given: Any) -> Any:
        frame.spend_text(len(own))
        for each in given:
            if len(_only_text(each)) > LONGEST_PART and work in _STRIPS:
                raise LanguageError(message("文字过长（超过 %(most)s 字）。", most=LONGEST_PART))
        return work(own, *given)

    return run


def _only_text(value: Any) -> str:
    if type(value) is str:
        return value
    raise unfit(value)


def _affix(work: Callable[..., bool]) -> Callable[..., Any]:
    def run(frame: Frame, own: str, part: Any) -> bool:
        parts = items_of(frame, part) if type(part) in LISTS else [part]
        frame.spend(sum(len(_only_text(each)) for each in parts) // STEP_CHARACTERS)
        return work(own, tuple(parts))

    return run


def _split(frame: Frame, own: str, separator: Any = None) -> list[str]:
    frame.spend_text(len(own))
    if separator is not None:
        _only_text(separator)
    parts = own.split(separator)
    frame.spend_items(len(parts))
    return parts


def _splitlines(frame: Frame, own: str) -> list[str]:
    frame.spend_text(len(own))
    parts = own.splitlines()
    frame.spend_items(len(parts))
    return parts


def _join(frame: Frame, own: str, values: Any) -> str:
    parts = [_only_text(item) for item in items_of(frame, values)]
    frame.spend_text(sum(map(len, parts)) + len(own) * len(parts))
    return own.join(parts)


def _replace(frame: Frame, own: str, old: Any, new: Any) -> str:
    frame.spend_text(len(own))
    times = own.count(_only_text(old))
    frame.spend_text(len(own) + times * max(len(_only_text(new)) - len(old), 0))
    return own.replace(old, new)


def _list_index(frame: Frame, own: Any, value: Any) -> int:
    for place, item in enumerate(items_of(frame, own)):
        if equal(frame, item, value):
            return place
    raise MissingValueError(message("列表中没有这一项。"))


def _list_count(frame: Frame, own: Any, value: Any) -> int:
    return sum(equal(frame, item, value) for item in items_of(frame, own))


def _get(frame: Frame, own: Mapping[Any, Any], key: Any, otherwise: Any = None) -> Any:
    return admit(own.get(as_key(key), otherwise))


def _keys(frame: Frame, own: Mapping[Any, Any]) -> list[Any]:
    return items_of(frame, own)


def _values(frame: Frame, own: Mapping[Any, Any]) -> list[Any]:
    frame.spend_items(len(own))
    return admitted(list(own.values()))


def _items(frame: Frame, own: Mapping[Any, Any]) -> list[list[Any]]:
    return [[key, item] for key, item in zip(_keys(frame, own), _values(frame, own), strict=True)]


def _isoformat(frame: Frame, own: Any) -> str:
    return str(own.isoformat())


def _append(frame: Frame, own: list[Any], value: Any) -> None:
    frame.spend(1)
    if len(own) >= LARGEST_COLLECTION:
        raise LanguageError(message("列表过长（超过 %(most)s 项）。", most=LARGEST_COLLECTION))
    own.append(value)


def _extend(frame: Frame, own: list[Any], values: Any) -> None:
    added = items_of(frame, values)
    frame.spend_items(len(own) + len(added))
    own.extend(added)


def _insert(frame: Frame, own: list[Any], place: Any, value: Any) -> None:
    frame.spend(1 + len(own) // STEP_CHARACTERS)
    own.insert(place, value)


def _remove(frame: Frame, own: list[Any], value: Any) -> None:
    del own[_list_index(frame, own, value)]


def _list_pop(frame: Frame, own: list[Any], place: Any = -1) -> Any:
    frame.spend(1 + len(own) // STEP_CHARACTERS)
    return own.pop(place)


def _clear(frame: Frame, own: Any) -> None:
    own.clear()


def _update(frame: Frame, own: dict[Any, Any], other: Any) -> None:
    if not isinstance(other, Mapping):
        raise unfit(other)
    frame.spend_items(len(own) + len(other))
    own.update(other)


def _setdefault(frame: Frame, own: dict[Any, Any], key: Any, otherwise: Any = None) -> Any:
    return own.setdefault(as_key(key), otherwise)


def _dict_pop(frame: Frame, own: dict[Any, Any], key: Any, *otherwise: Any) -> Any:
    return own.pop(as_key(key), *otherwise)


_TEXT = {name: Builtin(_text(getattr(str, name)), least, most) for name, least, most in (
    ("strip", 0, 1), ("lstrip", 0, 1), ("rstrip", 0, 1), ("lower", 0, 0), ("upper", 0, 0), ("casefold", 0, 0),
    ("count", 1, 1), ("find", 1, 1), ("isdigit", 0, 0), ("removeprefix", 1, 1), ("removesuffix", 1, 1),
)} | {
    "startswith": Builtin(_affix(str.startswith), 1, 1),
    "endswith": Builtin(_affix(str.endswith), 1, 1),
    "split": Builtin(_split, 0, 1),
    "splitlines": Builtin(_splitlines, 0, 0),
    "join": Builtin(_join, 1, 1),
    "replace": Builtin(_replace, 2, 2),
}  # fmt: skip
_LIST = {"index": Builtin(_list_index, 1, 1), "count": Builtin(_list_count, 1, 1)}
_MAPPING = {
    "get": Builtin(_get, 1, 2),
    "keys": Builtin(_keys, 0, 0),
    "values": Builtin(_values, 0, 0),
    "items": Builtin(_items, 0, 0),
}
_MOMENT = {"isoformat": Builtin(_isoformat, 0, 0)}
_LIST_CHANGES = {
    "append": Builtin(_append, 1, 1),
    "extend": Builtin(_extend, 1, 1),
    "insert": Builtin(_insert, 2, 2),
    "remove": Builtin(_remove, 1, 1),
    "pop": Builtin(_list_pop, 0, 1),
    "clear": Builtin(_clear, 0, 0),
}
_MAPPING_CHANGES = {
    "update": Builtin(_update, 1, 1),
    "setdefault": Builtin(_setdefault, 1, 2),
    "pop": Builtin(_dict_pop, 1, 2),
    "clear": Builtin(_clear, 0, 0),
}
CHANGES = frozenset(_LIST_CHANGES) | frozenset(_MAPPING_CHANGES)
"""Methods that change what they are called on: for scripts only."""
METHODS = CHANGES | frozenset(_TEXT) | frozenset(_LIST) | frozenset(_MAPPING) | frozenset(_MOMENT)
"""Every method of the language."""


def _table(own: Any, name: str) -> Mapping[str, Builtin]:
    kind = type(own)
    if kind is str:
        return _TEXT
    if kind is list and name in CHANGES:
        return _LIST_CHANGES
    if kind is dict and name in CHANGES:
        return _MAPPING_CHANGES
    if kind in LISTS:
        return _LIST
    if isinstance(own, Mapping):
        return _MAPPING
    return _MOMENT if kind in MOMENTS else {}


def call_method(frame: Frame, own: Any, name: str, given: list[Any]) -> Any:
    """Call a method of the fixed list on a value."""
    method = _table(own, name).get(name)
    if method is None:
        if own is None:
            raise MissingValueError(message("空值没有“%(name)s”。", name=excerpt(name)))
        raise LanguageError(message("%(kind)s没有“%(name)s”这种操作。", kind=kind_of(own), name=excerpt(name)))
    if not method.least <= len(given) <= method.most:
        raise LanguageError(message("“%(name)s”的参数个数不正确。", name=excerpt(name)))
    return method.run(frame, own, *given)
