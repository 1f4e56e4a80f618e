"""What would be lost when a form changes: variables that the diagram reads, answers that it compares with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from processes.engine.contents import form_files
from processes.engine.packages import DIAGRAM
from processes.engine.variables import Use, uses
from processes.errors import Invalid
from processes.forms.checking import loaded
from processes.messages import Message, message

SEVERAL = "、"
MOST_NAMED = 3
READING = ("default_from", "rows_from", "options_from")


@dataclass(frozen=True)
class Loss:
    """A field that goes, or an option of it, although something else still counts on it."""

    field: str
    text: Message


def losses(
    files: Mapping[str, bytes], key: str, before: list[Mapping[str, Any]], after: Mapping[str, Any]
) -> list[Loss]:
    """What would be missed if the form `key` became `after`; `before` are its earlier definitions.

    What another form of the package asks for as well is not missed.
    """
    now = _fields(after)
    found_uses = uses(files[DIAGRAM]) if DIAGRAM in files else []
    others = _others(files, key)
    found: dict[str, Loss] = {}
    for earlier in before:
        for name, field in _fields(earlier).items():
            if name not in now and name not in others:
                for loss in _missed(name, found_uses, files, key):
                    found.setdefault(f"{name} {loss.text}", loss)
            elif name in now:
                for loss in _options_missed(name, field, now[name], found_uses):
                    found.setdefault(f"{name} {loss.text}", loss)
    return list(found.values())


def _fields(form: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    listed = form.get("fields")
    fields = listed if isinstance(listed, list) else []
    return {
        str(each["key"]): each
        for each in fields
        if isinstance(each, dict) and each.get("key") and each.get("type") != "note"
    }


def _others(files: Mapping[str, bytes], key: str) -> set[str]:
    """Names that other forms of the package ask for."""
    names: set[str] = set()
    for other, path in form_files(files).items():
        if other != key:
            names |= _answered(files[path])
    return names


def _answered(content: bytes) -> set[str]:
    try:
        return {name for name, field in _fields(loaded(content)).items() if not field.get("readonly")}
    except Invalid:
        return set()


def _missed(name: str, found: list[Use], files: Mapping[str, bytes], key: str) -> Iterator[Loss]:
    places = list(dict.fromkeys(each.name for each in found if name in each.names))
    if places:
        text = message(
            "流程图仍在使用变量“%(name)s”（%(places)s）；删除或改名后，这些地方将读不到它。",
            name=name,
            places=SEVERAL.join(places[:MOST_NAMED]),
        )
        yield Loss(name, text)
    readers = [other for other, path in form_files(files).items() if other != key and name in _read(files[path])]
    if readers:
        text = message("表单 %(forms)s 仍从变量“%(name)s”取值。", name=name, forms=SEVERAL.join(readers[:MOST_NAMED]))
        yield Loss(name, text)


def _read(content: bytes) -> set[str]:
    """Variables from which a form takes values."""
    try:
        fields = _fields(loaded(content)).values()
    except Invalid:
        return set()
    named = {str(each[way]) for each in fields for way in READING if each.get(way)}
    return named | {str(each["key"]) for each in fields if each.get("readonly")}


def _options_missed(name: str, before: Mapping[str, Any], after: Mapping[str, Any], found: list[Use]) -> Iterator[Loss]:
    gone = _values(before) - _values(after)
    for value in sorted(gone if "options" in after else ()):
        places = [each.name for each in found if name in each.names and value in each.literals]
        if places:
            text = message(
                "流程图仍与选项“%(value)s”比较（%(places)s）；删除或改名后，该条件不会再成立。",
                value=value,
                places=SEVERAL.join(dict.fromkeys(places[:MOST_NAMED])),
            )
            yield Loss(name, text)


def _values(field: Mapping[str, Any]) -> set[str]:
    listed = field.get("options")
    options = listed if isinstance(listed, list) else []
    return {str(each.get("value") if isinstance(each, dict) else each) for each in options}
