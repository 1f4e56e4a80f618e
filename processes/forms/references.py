"""What the fields of a definition say about each other: conditions, days that limit days, columns, defaults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from processes.forms.conditions import Comparison, condition_of
from processes.forms.days import bound_of
from processes.forms.kinds import CHOICES, DAYS, FILES, LISTS, NUMBERS
from processes.forms.problems import Problem
from processes.messages import Message, message

Data = Mapping[str, Any]


def reference_problems(fields: list[dict[str, Any]]) -> list[Problem]:
    """Problems between the fields of a definition whose fields are right each for itself."""
    top = {field["key"]: field for field in fields}
    problems: list[Problem] = []
    for place, field in enumerate(fields):
        path = f"fields[{place}]"
        problems += _problems_of(path, field, top)
        if field["type"] == "table":
            problems += _table_problems(path, field, top)
    return problems or list(_circles(fields))


def _problems_of(path: str, field: Data, known: Mapping[str, Data]) -> Iterator[Problem]:
    for name in ("show_if", "required_if"):
        if name in field:
            for comparison in condition_of(field[name]).comparisons():
                found = _comparison_problem(field, comparison, known)
                if found:
                    yield Problem(f"{path}.{name}", found)
    for name in ("not_before", "not_after"):
        if name in field:
            found = _bound_problem(field, field[name], known)
            if found:
                yield Problem(f"{path}.{name}", found)
    if "default" in field:
        found = _default_problem(field)
        if found:
            yield Problem(f"{path}.default", found)


def _comparison_problem(field: Data, comparison: Comparison, known: Mapping[str, Data]) -> Message | None:
    other = known.get(comparison.key)
    if other is None:
        return message("没有“%(key)s”这一项", key=comparison.key[:64])
    if other is field:
        return message("条件不能引用本项")
    if other["type"] in FILES | {"table", "note", "identity_number"}:
        return message("条件不能引用“%(key)s”，它不是可比较的项", key=comparison.key)
    values = [each.get("value") if isinstance(each, dict) else each for each in other.get("options", ())]
    for value in comparison.values:
        if not _comparable(other, value) or (values and value not in values):
            return message("“%(key)s”不会有“%(value)s”这个值", key=comparison.key, value=str(value)[:64])
    return None


def _comparable(other: Data, value: Any) -> bool:
    if other["type"] == "boolean":
        return isinstance(value, bool)
    if other["type"] in NUMBERS:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, str)


def _bound_problem(field: Data, text: str, known: Mapping[str, Data]) -> Message | None:
    bound = bound_of(text)
    if bound is None or bound.base == "today":
        return None
    other = known.get(bound.base)
    if other is None or other is field or other["type"] not in DAYS:
        return message("“%(key)s”不是另一个日期项", key=bound.base)
    return None


def _table_problems(path: str, table: Data, top: Mapping[str, Data]) -> list[Problem]:
    columns = {column["key"]: column for column in table["columns"]}
    problems: list[Problem] = []
    for place, column in enumerate(table["columns"]):
        here = f"{path}.columns[{place}]"
        problems += _problems_of(here, column, {**top, **columns})
        if column.get("readonly") and not table.get("fixed_rows") and not table.get("readonly"):
            problems.append(Problem(f"{here}.readonly", message("只有固定行的表格才能有只供查看的列")))
    for key in table.get("unique_by", ()):
        if key not in columns:
            problems.append(Problem(f"{path}.unique_by", message("没有“%(key)s”这一列", key=key[:64])))
    return problems


def _default_problem(field: Data) -> Message | None:
    value, kind = field["default"], field["type"]
    if kind in DAYS:
        fits = isinstance(value, str)
    elif kind == "boolean":
        fits = isinstance(value, bool)
    elif kind in NUMBERS:
        fits = isinstance(value, (int, float)) and not isinstance(value, bool)
    elif kind == "table":
        keys = {column["key"] for column in field["columns"]}
        fits = isinstance(value, list) and all(isinstance(row, dict) and row.keys() <= keys for row in value)
    elif kind in LISTS:
        fits = isinstance(value, list) and all(_offered(field, each) for each in value)
    else:
        fits = _offered(field, value)
    return None if fits else message("默认值与表单项不符")


def _offered(field: Data, value: Any) -> bool:
    if not isinstance(value, str):
        return False
    values = [each.get("value") if isinstance(each, dict) else each for each in field.get("options", ())]
    return field["type"] not in CHOICES or not values or value in values


def _circles(fields: list[dict[str, Any]]) -> Iterator[Problem]:
    """Fields that are shown only if they are shown."""
    needs = {field["key"]: set(condition_of(field["show_if"]).keys()) for field in fields if "show_if" in field}
    for place, field in enumerate(fields):
        reached: set[str] = set()
        open_keys = list(needs.get(field["key"], ()))
        while open_keys:
            key = open_keys.pop()
            if key not in reached:
                reached.add(key)
                open_keys += needs.get(key, ())
        if field["key"] in reached:
            yield Problem(f"fields[{place}].show_if", message("显示条件互相依赖，形成循环"))
