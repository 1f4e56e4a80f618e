"""Every problem of a form definition, each with its place, before anybody fills the form in."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

import orjson

from processes.errors import Invalid
from processes.forms.field_rules import RULES
from processes.forms.kinds import CHOICES, COLUMNS, DEFAULT_OPTIONS, EVERY, MOST_FIELDS
from processes.forms.naming import column_name_problem, field_name_problem
from processes.forms.problems import Problem
from processes.forms.references import reference_problems
from processes.forms.sayings import form_key, words
from processes.messages import Message, message

LARGEST_DEFINITION = 512 * 1024
"""Bytes of a definition."""
_ROOT = frozenset({"key", "title", "help", "fields"})
NOT_IN_COLUMNS = frozenset({"show_if", "sensitive", "width", "default", "default_from", "confirm"})

__all__ = ["Problem", "check_definition", "loaded"]


def loaded(data: Mapping[str, Any] | bytes) -> dict[str, Any]:
    """The JSON of a definition as plain dicts and lists; raises `Invalid` when it is no JSON object."""
    try:
        text = bytes(data) if isinstance(data, (bytes, bytearray)) else orjson.dumps(dict(data))
        if len(text) > LARGEST_DEFINITION:
            raise Invalid(message("表单定义过大"))
        orjson.loads(text)
        found = json.loads(text, object_pairs_hook=_once)
    except (orjson.JSONEncodeError, ValueError, RecursionError, TypeError) as error:
        raise Invalid(message("表单定义不是有效的 JSON")) from error
    if not isinstance(found, dict):
        raise Invalid(message("表单定义应是一个 JSON 对象"))
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object; a name that is written twice would silently win over the first."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Invalid(message("表单定义中同一名称出现了两次"))
    return found


def check_definition(data: Mapping[str, Any] | bytes, reserved: Collection[str] = ()) -> list[Problem]:
    """All problems of a definition; `reserved` are further names taken, such as the functions of expressions."""
    try:
        form = loaded(data)
    except Invalid as invalid:
        return [Problem("", invalid.text)]
    problems = [Problem(key, message("没有“%(key)s”这个属性", key=key[:64])) for key in form if key not in _ROOT]
    _tell(problems, "key", form_key(form.get("key")))
    _tell(problems, "title", words(form.get("title")))
    if "help" in form:
        _tell(problems, "help", words(form["help"]))
    fields = form.get("fields")
    if not isinstance(fields, list) or not 0 < len(fields) <= MOST_FIELDS:
        return [*problems, Problem("fields", message("应列出 1 至 %(count)s 个表单项", count=MOST_FIELDS))]
    for place, field in enumerate(fields):
        problems += _field_problems(f"fields[{place}]", field, reserved)
    problems += _repeated("fields", fields)
    return problems or reference_problems(fields)


def _field_problems(path: str, field: Any, reserved: Collection[str]) -> list[Problem]:
    if not isinstance(field, dict):
        return [Problem(path, message("表单项应是一个 JSON 对象"))]
    key = field.get("key")
    name = field_name_problem(key)
    if name is None and key in reserved:
        name = message("“%(name)s”是保留名称，请换一个", name=key)
    kind = field.get("type")
    problems = [Problem(f"{path}.key", name)] if name else []
    if not isinstance(kind, str) or kind not in EVERY:
        return [*problems, Problem(f"{path}.type", message("没有“%(type)s”这种表单项", type=str(kind)[:64]))]
    problems += _properties(path, field, kind, frozenset())
    if kind == "table":
        problems += _column_problems(path, field)
    return problems


def _column_problems(path: str, table: Mapping[str, Any]) -> list[Problem]:
    columns = table.get("columns")
    if not isinstance(columns, list) or not 0 < len(columns) <= 30:
        return [Problem(f"{path}.columns", message("表格应有 1 至 30 列"))]
    problems = _repeated(f"{path}.columns", columns)
    for place, column in enumerate(columns):
        here = f"{path}.columns[{place}]"
        if not isinstance(column, dict):
            problems.append(Problem(here, message("列应是一个 JSON 对象")))
            continue
        _tell(problems, f"{here}.key", column_name_problem(column.get("key")))
        kind = column.get("type")
        if not isinstance(kind, str) or kind not in COLUMNS:
            problems.append(Problem(f"{here}.type", message("表格的列不能是“%(type)s”", type=str(kind)[:64])))
            continue
        problems += _properties(here, column, kind, NOT_IN_COLUMNS)
    return problems


def _properties(path: str, field: Mapping[str, Any], kind: str, refused: Collection[str]) -> list[Problem]:
    problems: list[Problem] = []
    for name, value in field.items():
        rule = RULES.get(name)
        if name in ("key", "type"):
            continue
        if rule is None or kind not in rule.kinds or name in refused:
            text = message("“%(type)s”没有“%(key)s”这个属性", type=kind, key=name[:64])
            problems.append(Problem(f"{path}.{name[:64]}", text))
            continue
        _tell(problems, f"{path}.{name}", rule.problem(value))
    if "label" not in field:
        problems.append(Problem(f"{path}.label", message("缺少名称（label）")))
    return problems + _together(path, field, kind)


def _together(path: str, field: Mapping[str, Any], kind: str) -> list[Problem]:
    """Properties that contradict, or need, each other."""
    problems: list[Problem] = []
    for least, most in (("minimum", "maximum"), ("min_length", "max_length"), ("min_items", "max_items")):
        _ordered(problems, path, field, least, most)
    _ordered(problems, path, field, "min_rows", "max_rows")
    if kind in CHOICES:
        if "options" in field and "options_from" in field:
            problems.append(Problem(f"{path}.options", message("options 和 options_from 只能用一个")))
        if "options" not in field and "options_from" not in field and kind not in DEFAULT_OPTIONS:
            problems.append(Problem(f"{path}.options", message("缺少选项")))
    if "pattern_message" in field and "pattern" not in field:
        problems.append(Problem(f"{path}.pattern_message", message("没有 pattern，不能有 pattern_message")))
    if field.get("readonly") is True and (field.get("required") is True or "required_if" in field):
        problems.append(Problem(f"{path}.readonly", message("只供查看的表单项不能必填")))
    if field.get("fixed_rows") is True and "rows_from" not in field and not field.get("default"):
        problems.append(Problem(f"{path}.fixed_rows", message("固定行的表格应写明行的来源（rows_from 或 default）")))
    return problems


def _ordered(problems: list[Problem], path: str, field: Mapping[str, Any], least: str, most: str) -> None:
    low, high = field.get(least), field.get(most)
    if isinstance(low, (int, float)) and isinstance(high, (int, float)) and low > high:
        text = message("%(least)s 不能大于 %(most)s", least=least, most=most)
        problems.append(Problem(f"{path}.{least}", text))


def _repeated(path: str, fields: list[Any]) -> list[Problem]:
    problems: list[Problem] = []
    seen: set[str] = set()
    for place, field in enumerate(fields):
        key = field.get("key") if isinstance(field, dict) else None
        if isinstance(key, str) and key in seen:
            text = message("名称“%(key)s”重复", key=key[:64])
            problems.append(Problem(f"{path}[{place}].key", text))
        elif isinstance(key, str):
            seen.add(key)
    return problems


def _tell(problems: list[Problem], path: str, text: Message | None) -> None:
    if text:
        problems.append(Problem(path, text))
