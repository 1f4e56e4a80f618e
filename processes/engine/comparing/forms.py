"""Two versions of a form compared field by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from processes.engine.comparing.model import Change, Fact, Kind, Words
from processes.engine.comparing.plain import all_of, differences, loaded, value_words
from processes.messages import message

ATTRIBUTES: dict[str, Words] = {
    "title": message("标题"),
    "help": message("填写说明"),
    "key": message("标识"),
    "type": message("类型"),
    "label": message("名称"),
    "required": message("必填"),
    "required_if": message("必填条件"),
    "show_if": message("显示条件"),
    "readonly": message("只读"),
    "sensitive": message("敏感信息"),
    "confirm": message("须勾选确认"),
    "min": message("最小值"),
    "max": message("最大值"),
    "minimum": message("最小值"),
    "maximum": message("最大值"),
    "min_length": message("最少字数"),
    "max_length": message("最多字数"),
    "min_items": message("最少项数"),
    "max_items": message("最多项数"),
    "places": message("小数位数"),
    "pattern": message("格式"),
    "pattern_message": message("格式不符时的提示"),
    "not_before": message("不早于"),
    "not_after": message("不晚于"),
    "default": message("默认值"),
    "default_from": message("默认值取自"),
    "options": message("选项"),
    "options_from": message("选项取自"),
    "width": message("宽度"),
    "accept": message("可上传的类型"),
    "max_size_mb": message("文件大小上限（MB）"),
    "min_rows": message("最少行数"),
    "max_rows": message("最多行数"),
    "rows_from": message("各行取自"),
    "fixed_rows": message("行固定"),
    "unique_by": message("不得重复的列"),
}
INNER = frozenset({"fields", "columns"})


def compare_forms(path: str, before: bytes | None, after: bytes | None) -> Iterator[Change]:
    """What a form asks otherwise; of a form that came or went, all its fields."""
    if before == after:
        return
    old, new = _form(before), _form(after)
    title = form_title(path, after if after is not None else before)
    if _unreadable(before, old) or _unreadable(after, new):
        yield Change(_kind(before, after), "form", path, title, (_readable(before, old, new),))
        return
    if old is None or new is None:
        data, added = new or old or {}, old is None
        facts = tuple(_field_facts(_fields(data, "fields"), added=added))
        yield Change("added" if added else "removed", "form", path, title, facts)
        return
    yield from _compared(path, title, old, new)


def _unreadable(content: bytes | None, form: Mapping[str, Any] | None) -> bool:
    return content is not None and form is None


def _kind(before: bytes | None, after: bytes | None) -> Kind:
    return "added" if before is None else "removed" if after is None else "changed"


def _readable(before: bytes | None, old: Any, new: Any) -> Fact:
    """That a form could be read, or can."""
    yes, no = message("可以读取"), message("无法读取")
    was = None if before is None else yes if old is not None else no
    return Fact(message("内容"), was, yes if new is not None else no)


def form_title(path: str, content: bytes | None) -> Words:
    """A form as the subject of a sentence."""
    data = _form(content)
    name = value_words(data["title"]) if data and "title" in data else path
    return message("表单“%(name)s”", name=name)


def _form(content: bytes | None) -> dict[str, Any] | None:
    found = loaded(content) if content is not None else None
    return found if isinstance(found, dict) else None


def _compared(path: str, title: Words, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    own = tuple(differences(old, new, ATTRIBUTES, INNER))
    if own:
        yield Change("changed", "form", path, title, own)
    yield from _compared_fields(path, title, "", _fields(old, "fields"), _fields(new, "fields"))


def _compared_fields(
    path: str, title: Words, around: str, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[Change]:
    """Fields by key, and the columns of tables as fields of their own."""
    for key, field in new.items():
        subject = message("%(form)s的字段“%(name)s”", form=title, name=_label(field, key))
        if key not in old:
            facts = (*_own_facts(field, added=True), *_field_facts(_fields(field, "columns"), added=True))
            yield Change("added", "form", path, subject, facts, part=around + key)
            continue
        facts = tuple(differences(old[key], field, ATTRIBUTES, INNER | {"options"}))
        facts += tuple(_options(old[key].get("options"), field.get("options")))
        if facts:
            yield Change("changed", "form", path, subject, facts, part=around + key)
        columns = (_fields(old[key], "columns"), _fields(field, "columns"))
        yield from _compared_fields(path, title, f"{around}{key}.", *columns)
    for key, field in old.items():
        if key not in new:
            subject = message("%(form)s的字段“%(name)s”", form=title, name=_label(field, key))
            yield Change("removed", "form", path, subject, tuple(_own_facts(field, added=False)), part=around + key)
    kept_before, kept_after = [key for key in old if key in new], [key for key in new if key in old]
    if kept_before != kept_after:
        words = [
            value_words([_label(side[key], key) for key in keys])
            for side, keys in ((old, kept_before), (new, kept_after))
        ]
        yield Change("changed", "form", path, title, (Fact(message("字段顺序"), *words),), part=around)


def _options(before: Any, after: Any) -> Iterator[Fact]:
    """Options one by one: what was added, what is gone, what is called otherwise."""
    if before == after:
        return
    old, new = _by_value(before), _by_value(after)
    for value, option in new.items():
        name = message("选项 %(value)s", value=value)
        if value not in old:
            yield Fact(name, None, value_words(option))
        elif old[value] != option:
            yield Fact(name, value_words(old[value]), value_words(option))
    for value, option in old.items():
        if value not in new:
            yield Fact(message("选项 %(value)s", value=value), value_words(option), None)
    if list(old) != list(new) and set(old) == set(new):
        yield Fact(message("选项顺序"), value_words(list(old.values())), value_words(list(new.values())))


def _by_value(options: Any) -> dict[str, Any]:
    entries = options if isinstance(options, list) else []
    return {str(each["value"]) if isinstance(each, dict) and "value" in each else str(each): each for each in entries}


def _fields(data: Mapping[str, Any], name: str) -> dict[str, Any]:
    entries: Sequence[Any] = data.get(name) or ()
    found = [each for each in entries if isinstance(each, dict)] if isinstance(entries, list) else []
    return {str(each.get("key", place)): each for place, each in enumerate(found)}


def _label(field: Mapping[str, Any], key: str) -> Words:
    return value_words(field["label"]) if "label" in field else key


def _own_facts(field: Mapping[str, Any], *, added: bool) -> Iterator[Fact]:
    yield from all_of(field, ATTRIBUTES, INNER | {"label"}, added=added)


def _field_facts(fields: Mapping[str, Any], *, added: bool) -> Iterator[Fact]:
    for key, field in fields.items():
        words = _label(field, key)
        yield Fact(message("字段"), None if added else words, words if added else None)
