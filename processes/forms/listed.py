"""Answers chosen from a list, and files that are already stored."""

from __future__ import annotations

from typing import Any

from processes.forms.context import FormContext
from processes.forms.definition import Field
from processes.forms.kinds import MOST_FILES, USUAL_FILES
from processes.forms.refusal import Refused
from processes.messages import message

STORED = "stored:"
"""Before the id of a file that the page already had."""
_SAME_KIND = {"jpeg": "jpg"}
_MEGABYTE = 1024 * 1024


def read_option(field: Field, raw: Any, context: FormContext) -> str:
    """One value of the list."""
    value = raw.strip() if isinstance(raw, str) else raw
    if not isinstance(value, str) or all(option.value != value for option in context.choices(field)):
        raise Refused(message("请从列表中选择"))
    return value


def read_chosen(field: Field, raw: Any, context: FormContext) -> list[str]:
    """Several values of the list: in the order given for `units`, in the list's order otherwise."""
    given = [each for each in _several(raw) if each not in (None, "")]
    known = {option.value: place for place, option in enumerate(context.choices(field))}
    chosen = [each.strip() if isinstance(each, str) else "" for each in given]
    if any(each not in known for each in chosen):
        raise Refused(message("请从列表中选择"))
    if len(set(chosen)) < len(chosen):
        raise Refused(message("同一项不能重复选择"))
    _counted(field, len(chosen), None)
    return chosen if field.type == "units" else sorted(chosen, key=known.__getitem__)


def read_file(field: Field, raw: Any, context: FormContext) -> str:
    """The id of one stored file."""
    given = [each for each in _several(raw) if each not in (None, "")]
    if len(given) > 1:
        raise Refused(message("只能上传一个文件"))
    return _stored(field, given[0], context)


def read_files(field: Field, raw: Any, context: FormContext) -> list[str]:
    """The ids of stored files, each once."""
    given = [each for each in _several(raw) if each not in (None, "")]
    _counted(field, len(given), MOST_FILES)
    return list(dict.fromkeys(_stored(field, each, context) for each in given))


def _several(raw: Any) -> list[Any]:
    return list(raw) if isinstance(raw, (list, tuple)) else [raw]


def _counted(field: Field, count: int, usual_most: int | None) -> None:
    most = field.max_items or usual_most
    if field.min_items and count < field.min_items:
        raise Refused(message("至少 %(count)s 项", count=field.min_items))
    if most and count > most:
        raise Refused(message("不能超过 %(count)s 项", count=most))


def _stored(field: Field, identifier: Any, context: FormContext) -> str:
    if not isinstance(identifier, str) or not 0 < len(identifier) <= 200 or not identifier.isprintable():
        raise Refused(message("文件无效，请重新上传"))
    identifier = identifier.removeprefix(STORED)
    found = context.files(identifier)
    if found is None:
        raise Refused(message("文件不存在或已失效，请重新上传"))
    kinds = field.accept or USUAL_FILES
    kind = found.kind.lower().lstrip(".")
    if _SAME_KIND.get(kind, kind) not in kinds:
        raise Refused(message("“%(name)s”的格式不符，应为 %(kinds)s", name=found.name, kinds="、".join(kinds)))
    if found.size > field.max_size_mb * _MEGABYTE:
        raise Refused(message("“%(name)s”超过 %(size)s MB", name=found.name, size=field.max_size_mb))
    return identifier
