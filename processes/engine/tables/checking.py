"""Every problem of a decision table, each with its place: `rules[2].inputs[0]`, `outputs[1].name`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from processes.engine.language import check_cell, check_expression
from processes.engine.language.errors import LanguageProblem
from processes.engine.tables.model import (
    AGGREGATIONS,
    LONGEST_CELL,
    LONGEST_LABEL,
    MOST_COLUMNS,
    MOST_RULES,
    POLICIES,
    TYPES,
    Input,
    Output,
    Rule,
    Table,
)
from processes.engine.tables.reading import read_table
from processes.errors import Invalid
from processes.forms.naming import field_name_problem
from processes.messages import Message, message

_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,99}", re.ASCII)


@dataclass(frozen=True)
class TableProblem:
    """What is wrong at one place of a table; an empty place is the table as a whole."""

    place: str
    text: Message


def file_problems(xml: bytes, functions: Collection[str] = ()) -> list[TableProblem]:
    """All problems of a file that should hold a table."""
    try:
        return table_problems(read_table(xml), functions)
    except Invalid as refused:
        return [TableProblem("", refused.text)]


def table_problems(table: Table, functions: Collection[str] = ()) -> list[TableProblem]:
    """All problems of a table; one without problems can be decided."""
    return [
        *_of_whole(table),
        *_of_inputs(table, functions),
        *_of_outputs(table),
        *_of_rules(table, functions),
    ]


def _of_whole(table: Table) -> Iterator[TableProblem]:
    if not table.name.strip() or len(table.name) > LONGEST_LABEL or not table.name.isprintable():
        yield TableProblem("name", message("决策表应有不超过 %(most)s 字的名称。", most=LONGEST_LABEL))
    if table.policy not in POLICIES:
        yield TableProblem("policy", message("不支持命中策略“%(policy)s”。", policy=table.policy))
    if table.aggregation not in AGGREGATIONS or (table.aggregation and table.policy != "COLLECT"):
        yield TableProblem("aggregation", message("不支持汇总方式“%(policy)s”。", policy=table.aggregation))
    if table.aggregation and len(table.outputs) != 1:
        yield TableProblem("aggregation", message("汇总的决策表只能有一个输出列。"))
    if not 0 < len(table.inputs) <= MOST_COLUMNS:
        yield TableProblem("inputs", message("应有 1 至 %(most)s 个输入列。", most=MOST_COLUMNS))
    if not 0 < len(table.outputs) <= MOST_COLUMNS:
        yield TableProblem("outputs", message("应有 1 至 %(most)s 个输出列。", most=MOST_COLUMNS))
    if not 0 < len(table.rules) <= MOST_RULES:
        yield TableProblem("rules", message("应有 1 至 %(most)s 条规则。", most=MOST_RULES))
    parts: tuple[Input | Output | Rule, ...] = (*table.inputs, *table.outputs, *table.rules)
    ids = [table.id, *(each.id for each in parts)]
    for name, count in Counter(ids).items():
        if count > 1 or not _ID.fullmatch(name):
            yield TableProblem("", message("编号“%(id)s”重复或含有不允许的字符。", id=name[:60]))


def _of_inputs(table: Table, functions: Collection[str]) -> Iterator[TableProblem]:
    for place, column in enumerate(table.inputs):
        here = f"inputs[{place}]"
        if column.type not in TYPES:
            yield TableProblem(f"{here}.type", message("没有“%(type)s”这种类型。", type=column.type[:40]))
        if len(column.label) > LONGEST_LABEL:
            yield TableProblem(f"{here}.label", message("不能超过 %(count)s 个字", count=LONGEST_LABEL))
        if not column.expression.strip():
            yield TableProblem(f"{here}.expression", message("请写明这一列取什么值，如变量名 amount。"))
        else:
            yield from _told(f"{here}.expression", check_expression(column.expression, functions))


def _of_outputs(table: Table) -> Iterator[TableProblem]:
    seen: set[str] = set()
    for place, column in enumerate(table.outputs):
        here = f"outputs[{place}]"
        wrong = field_name_problem(column.name)
        if wrong is not None:
            yield TableProblem(f"{here}.name", wrong)
        elif column.name in seen:
            yield TableProblem(f"{here}.name", message("名称“%(key)s”重复", key=column.name))
        seen.add(column.name)
        if column.type not in TYPES:
            yield TableProblem(f"{here}.type", message("没有“%(type)s”这种类型。", type=column.type[:40]))
        if len(column.label) > LONGEST_LABEL:
            yield TableProblem(f"{here}.label", message("不能超过 %(count)s 个字", count=LONGEST_LABEL))


def _of_rules(table: Table, functions: Collection[str]) -> Iterator[TableProblem]:
    for place, rule in enumerate(table.rules):
        here = f"rules[{place}]"
        if len(rule.inputs) != len(table.inputs) or len(rule.outputs) != len(table.outputs):
            yield TableProblem(here, message("规则的格子数与列数不符。"))
            continue
        for at, cell in enumerate(rule.inputs):
            if len(cell) > LONGEST_CELL:
                yield TableProblem(f"{here}.inputs[{at}]", message("不能超过 %(count)s 个字", count=LONGEST_CELL))
            else:
                yield from _told(f"{here}.inputs[{at}]", check_cell(cell, functions))
        for at, cell in enumerate(rule.outputs):
            if not cell.strip():
                yield TableProblem(f"{here}.outputs[{at}]", message('请写明输出，文字加引号，如 "同意"。'))
            elif len(cell) > LONGEST_CELL:
                yield TableProblem(f"{here}.outputs[{at}]", message("不能超过 %(count)s 个字", count=LONGEST_CELL))
            else:
                yield from _told(f"{here}.outputs[{at}]", check_expression(cell, functions))


def _told(place: str, problems: list[LanguageProblem]) -> Iterator[TableProblem]:
    yield from (TableProblem(place, each.text) for each in problems[:1])
