"""The tests of a table: rows of inputs with the outputs that are expected, kept beside it and run at each publish."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite
from typing import Any

from processes.engine.language import LanguageError
from processes.engine.tables.deciding import NONE, Functions, applying, decided
from processes.engine.tables.model import SEVERAL, Input, Output, Table
from processes.errors import Invalid
from processes.messages import Message, message

LARGEST_FILE = 500_000
MOST_TRIALS = 500
LONGEST = 500
Value = str | int | float | bool | None


@dataclass(frozen=True)
class Trial:
    """One row: values by input, expected outputs by name."""

    name: str
    inputs: Mapping[str, Value]
    expected: Mapping[str, Any]


@dataclass(frozen=True)
class Verdict:
    """What came out of one row."""

    trial: Trial
    got: Mapping[str, Any]
    rules: tuple[int, ...]
    """The rules that applied."""
    problem: Message | None = None
    """Why nothing came out."""

    @property
    def passed(self) -> bool:
        """Whether it came out as expected."""
        return self.problem is None and all(
            name in self.got and _same(self.got[name], wanted) for name, wanted in self.trial.expected.items()
        )


def read_trials(content: bytes) -> list[Trial]:
    """The tests in a file; `Invalid` where it is none."""
    wrong = message('决策表用例应写作 {"tests": [{"name": …, "inputs": {…}, "expected": {…}}]}。')
    try:
        data = json.loads(content) if len(content) <= LARGEST_FILE else None
        rows = data["tests"] if isinstance(data, dict) else None
    except (ValueError, KeyError, RecursionError) as cause:
        raise Invalid(wrong) from cause
    if not isinstance(rows, list) or len(rows) > MOST_TRIALS or not all(_is_trial(each) for each in rows):
        raise Invalid(wrong)
    return [Trial(each.get("name", ""), each["inputs"], each["expected"]) for each in rows]


def write_trials(trials: list[Trial]) -> bytes:
    """The tests as a file."""
    rows = [{"name": each.name, "inputs": dict(each.inputs), "expected": dict(each.expected)} for each in trials]
    return json.dumps({"tests": rows}, ensure_ascii=False, indent=2).encode() + b"\n"


def _is_trial(row: Any) -> bool:
    if not isinstance(row, dict) or row.keys() - {"name", "inputs", "expected"}:
        return False
    if not isinstance(row.get("name", ""), str) or len(row.get("name", "")) > LONGEST:
        return False
    given, wanted = row.get("inputs"), row.get("expected")
    if not isinstance(given, dict) or not isinstance(wanted, dict):
        return False
    return all(map(_is_value, given.values())) and all(
        _is_value(each) or (isinstance(each, list) and all(map(_is_value, each))) for each in wanted.values()
    )


def _is_value(value: Any) -> bool:
    return value is None or isinstance(value, bool | int | float) or (isinstance(value, str) and len(value) <= LONGEST)


def run_trials(table: Table, trials: list[Trial], functions: Functions = NONE) -> list[Verdict]:
    """Decide every row, and compare."""
    return [_run(table, each, functions) for each in trials]


def _run(table: Table, trial: Trial, functions: Functions) -> Verdict:
    try:
        values = [_given(table, place, column, trial) for place, column in enumerate(table.inputs)]
        rules = tuple(applying(table, values, functions=functions))
        got = {name: _plain(value) for name, value in decided(table, values, functions=functions).items()}
    except LanguageError as failed:
        return Verdict(trial, {}, (), failed.text)
    except ValueError:
        return Verdict(trial, {}, (), message("日期应写作 2026-01-31 的形式。"))
    unknown = [name for name in trial.expected if name not in got]
    problem = message("没有名为“%(name)s”的输出。", name=unknown[0][:64]) if unknown else None
    return Verdict(trial, got, rules, problem)


def _given(table: Table, place: int, column: Input, trial: Trial) -> Any:
    value = trial.inputs.get(column.id)
    if column.type == "date" and isinstance(value, str) and any("date(" in rule.inputs[place] for rule in table.rules):
        return date.fromisoformat(value)
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, date | datetime) else value


def _same(got: Any, wanted: Any) -> bool:
    if isinstance(got, list) or isinstance(wanted, list):
        pair = isinstance(got, list) and isinstance(wanted, list) and len(got) == len(wanted)
        return pair and all(_same(*each) for each in zip(got, wanted, strict=True))
    return isinstance(got, bool) is isinstance(wanted, bool) and bool(got == wanted)


def typed(text: str, column: Input | Output, policy: str = "") -> Any:
    """A value as somebody has typed it for a column; several values of an output are set apart by commas."""
    if isinstance(column, Output) and policy in SEVERAL:
        return [_typed(each.strip(), column.type) for each in text.replace("，", ",").split(",") if each.strip()]
    return _typed(text.strip(), column.type)


def _typed(text: str, kind: str) -> Value:
    if text == "":
        return None
    if kind == "boolean":
        return {"true": True, "是": True, "false": False, "否": False}.get(text.lower(), text)
    if kind == "number":
        try:
            number = float(text.replace(",", ""))
        except ValueError:
            return text
        if not isfinite(number):
            return text
        return int(number) if number == int(number) else number
    return text
