"""The small functions a program is made of: reading variables and entries, calling, and putting values together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from processes.engine.language.errors import LanguageError, MissingValueError, excerpt
from processes.engine.language.frame import Frame, Run
from processes.engine.language.methods import call_method
from processes.engine.language.values import KNOWN, LISTS, SCALARS, admit, as_key, equal, kind_of
from processes.messages import message


def variable(name: str) -> Run:
    """Read a variable of the case; only the variables a text names are ever fetched."""

    def run(frame: Frame) -> Any:
        try:
            value = frame.names[name]
        except KeyError:
            raise MissingValueError(message("没有变量“%(name)s”。", name=excerpt(name))) from None
        return value if type(value) in KNOWN else admit(value)

    return run


def entry(holder: Any, key: str) -> Any:
    """The entry of a mapping by a dot; a dot means nothing on any other value."""
    if type(holder) is dict or isinstance(holder, Mapping):
        if key in holder:
            value = holder[key]
            return value if type(value) in KNOWN else admit(value)
        raise MissingValueError(message("数据表中没有“%(key)s”。", key=excerpt(key)))
    if holder is None:
        raise MissingValueError(message("空值没有“%(name)s”。", name=excerpt(key)))
    raise LanguageError(message("%(kind)s没有“%(name)s”这一项。", kind=kind_of(holder), name=excerpt(key)))


def item(holder: Any, index: Any) -> Any:
    """The item of a list or text by position, or the entry of a mapping by key."""
    if type(holder) in LISTS or type(holder) is str:
        if type(index) is not int:
            raise LanguageError(message("列表的位置必须是整数。"))
        if not -len(holder) <= index < len(holder):
            raise MissingValueError(message("列表中没有第 %(place)s 项。", place=excerpt(index)))
        value = holder[index]
        return value if type(value) in KNOWN else admit(value)
    return entry(holder, as_key(index))


def part(holder: Run, lower: Run, upper: Run) -> Run:
    """A part of a list or text, from one position up to another."""

    def run(frame: Frame) -> Any:
        value, begin, end = holder(frame), lower(frame), upper(frame)
        if not all(each is None or type(each) is int for each in (begin, end)):
            raise LanguageError(message("列表的位置必须是整数。"))
        if type(value) is str:
            frame.spend_text(len(value))
            return value[begin:end]
        if type(value) in LISTS:
            frame.spend_items(len(value))
            return list(value[begin:end])
        raise LanguageError(message("%(kind)s不能截取。", kind=kind_of(value)))

    return run


def all_of(parts: tuple[Run, ...]) -> Run:
    """The first part that is false, or the last."""

    def run(frame: Frame) -> Any:
        value: Any = True
        for each in parts:
            value = each(frame)
            if not value:
                break
        return value

    return run


def any_of(parts: tuple[Run, ...]) -> Run:
    """The first part that is true, or the last."""

    def run(frame: Frame) -> Any:
        value: Any = False
        for each in parts:
            value = each(frame)
            if value:
                break
        return value

    return run


def equals_constant(left: Run, constant: Any, wanted: bool) -> Run:
    """Equality with a written value, the commonest condition of a gateway."""

    def run(frame: Frame) -> bool:
        value = left(frame)
        return (type(value) in SCALARS and value == constant) is wanted

    return run


def chain(left: Run, steps: tuple[tuple[Callable[[Frame, Any, Any], bool], Run], ...]) -> Run:
    """A chain such as `0 < x <= 5`; each middle value is worked out once."""

    def run(frame: Frame) -> bool:
        value = left(frame)
        for work, following in steps:
            other = following(frame)
            if not work(frame, value, other):
                return False
            value = other
        return True

    return run


def distinct(parts: tuple[Run, ...]) -> Run:
    """A list of the values of a set literal, each once, in the order written."""

    def run(frame: Frame) -> list[Any]:
        found: list[Any] = []
        for each in parts:
            value = each(frame)
            frame.spend(1 + len(found) // 50)
            if not any(equal(frame, value, known) for known in found):
                found.append(value)
        return found

    return run


def mapping(pairs: tuple[tuple[Run, Run], ...]) -> Run:
    """A mapping as written."""

    def run(frame: Frame) -> dict[Any, Any]:
        return {as_key(key(frame)): value(frame) for key, value in pairs}

    return run


def builtin_call(work: Callable[..., Any], given: tuple[Run, ...], named: dict[str, Run]) -> Run:
    """Call a function of the language."""

    def run(frame: Frame) -> Any:
        values = [each(frame) for each in given]
        return work(frame, *values, **{key: each(frame) for key, each in named.items()})

    return run


def method_call(holder: Run, name: str, given: tuple[Run, ...]) -> Run:
    """Call a method of the fixed list."""

    def run(frame: Frame) -> Any:
        return call_method(frame, holder(frame), name, [each(frame) for each in given])

    return run


def unknown_function(name: str) -> LanguageError:
    """The refusal of a function that nobody has listed."""
    return LanguageError(message("没有名为“%(name)s”的函数。", name=excerpt(name)))


def function_call(name: str, given: tuple[Run, ...], named: dict[str, Run], keep: Callable[[Frame, Any], Any]) -> Run:
    """Call a function the application has listed; data never takes its place."""

    def run(frame: Frame) -> Any:
        function = frame.functions.get(name)
        if function is None:
            raise unknown_function(name)
        values = [each(frame) for each in given]
        frame.spend(1 + len(values))
        return keep(frame, function(*values, **{key: each(frame) for key, each in named.items()}))

    return run
