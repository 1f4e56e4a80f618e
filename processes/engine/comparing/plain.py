"""JSON compared value by value, with words for what is known and paths for what is not."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from processes.engine.comparing.model import Fact, Words
from processes.forms.wording import Wording
from processes.messages import Message, message

TRUTHS: dict[bool, Message] = {True: message("是"), False: message("否")}


def loaded(content: bytes) -> Any:
    """A JSON file, None where it cannot be read."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def differences(
    before: Mapping[str, Any], after: Mapping[str, Any], names: Mapping[str, Words], skip: frozenset[str] = frozenset()
) -> Iterator[Fact]:
    """The attributes of two objects that are not the same."""
    for name in dict.fromkeys([*before, *after]):
        if name in skip or (name in before and name in after and _same(before[name], after[name])):
            continue
        one = value_words(before[name]) if name in before else None
        other = value_words(after[name]) if name in after else None
        yield Fact(names.get(name, name), one, other)


def all_of(data: Mapping[str, Any], names: Mapping[str, Words], skip: frozenset[str], *, added: bool) -> Iterator[Fact]:
    """The attributes of something that was added or removed as a whole."""
    for name, value in data.items():
        if name not in skip:
            words = value_words(value)
            yield Fact(names.get(name, name), None if added else words, words if added else None)


def _same(one: Any, other: Any) -> bool:
    """Equal, and of one type: `1` is not `true`."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def value_words(value: Any) -> Words:
    """A value as people read it."""
    if isinstance(value, bool):
        return TRUTHS[value]
    if isinstance(value, Wording):
        return value
    if value is None or value == "":
        return message("（空）")
    if is_wording(value):
        return Wording(str(value["zh"]), str(value.get("en") or value["zh"]))
    if isinstance(value, dict) and "value" in value and is_wording(value.get("label")):
        label = value["label"]
        return Wording(str(label["zh"]), str(label.get("en") or label["zh"]))
    if isinstance(value, list):
        return _list_words(value)
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _list_words(values: list[Any]) -> Words:
    words = [value_words(each) for each in values]
    if not words:
        return message("（空）")
    if all(isinstance(each, (str, Wording)) for each in words):
        zh = "、".join(each.zh if isinstance(each, Wording) else str(each) for each in words)
        en = ", ".join(each.en if isinstance(each, Wording) else str(each) for each in words)
        return Wording(zh, en)
    return json.dumps(values, ensure_ascii=False, sort_keys=True)


def is_wording(value: Any) -> bool:
    """Whether a value is a text in both languages."""
    return isinstance(value, dict) and isinstance(value.get("zh"), str) and set(value) <= {"zh", "en"}
