"""What scripts do, and that one that fails does nothing."""

from contextlib import suppress
from copy import deepcopy
from datetime import date
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processes.engine.language import LanguageError, check_script, execute, script_names

DATA: dict[str, Any] = {
    "votes": [1, 0, 1],
    "unit": {"name": "巴南区", "rows": [{"n": 1}, {"n": 2}]},
    "total": 7,
    "day": date(2026, 1, 31),
}


@pytest.mark.parametrize(
    ("script", "changed"),
    [
        ("x = 1", {"x": 1}),
        ("x = y = [1]\nx.append(2)", {"x": [1, 2], "y": [1, 2]}),
        ("a, b = 1, [2]", {"a": 1, "b": [2]}),
        ("total += 1\ntotal *= 2", {"total": 16}),
        ("total -= 1\ntotal //= 4", {"total": 1}),
        ("total = total", {"total": 7}),
        ("votes.append(1)", {"votes": [1, 0, 1, 1]}),
        ("votes[0] = 5", {"votes": [5, 0, 1]}),
        ("votes[0] = True", {"votes": [True, 0, 1]}),
        ("votes[0] += 5", {"votes": [6, 0, 1]}),
        ("votes.extend([2])\nvotes.pop()", {}),
        ("unit['name'] = '渝中区'", {"unit": {"name": "渝中区", "rows": [{"n": 1}, {"n": 2}]}}),
        ("unit.rows[0]['n'] = 9", {"unit": {"name": "巴南区", "rows": [{"n": 9}, {"n": 2}]}}),
        ("for r in unit.rows:\n    r['n'] += 1", {"unit": {"name": "巴南区", "rows": [{"n": 2}, {"n": 3}]}}),
        ("d = {}\nd.update({'a': 1})\nd.setdefault('b', 2)", {"d": {"a": 1, "b": 2}}),
        ("x = len(votes)", {"x": 3}),
        ("n = 0\nfor i, v in enumerate(votes):\n    if v:\n        n += i\n    else:\n        pass", {"n": 2}),
        ("if total > 9:\n    x = 1\nelif total > 5:\n    x = 2\nelse:\n    x = 3", {"x": 2}),
        ("if total > 9:\n    x = 1", {}),
        ("for v in votes:\n    last = v", {"last": 1}),
        ("for v in votes:\n    votes.append(v)", {"votes": [1, 0, 1, 1, 0, 1]}),
        ("x = [v for v in votes if v]\ny = day", {"x": [1, 1], "y": date(2026, 1, 31)}),
        ("    x = 1\n    if x:\n        y = 2\n", {"x": 1, "y": 2}),
        ("x = 1\r\ny = x\r\n", {"x": 1, "y": 1}),
        ("# a remark\nx = 'a # b'  # another", {"x": "a # b"}),
        ("x = []\ny = x\ny.append(1)", {"x": [1], "y": [1]}),
        ("pass", {}),
        ("", {}),
    ],
)
def test_a_script_gives_what_it_has_assigned_or_changed(script, changed):
    before = deepcopy(DATA)
    result = execute(script, DATA)
    assert result == changed
    assert {name: str(value) for name, value in result.items()} == {name: str(value) for name, value in changed.items()}
    assert before == DATA
    assert check_script(script) == []


@pytest.mark.parametrize(
    "script",
    [
        "votes.append(1)\nx = 1 / 0",
        "unit['name'] = 'x'\nunit.rows[0]['n'] = nobody",
        "total = 1\nfor i in range(99999):\n    total += 1",
        "votes.clear()\nx = []\nx.append(x)",
        "unit.rows.append(unit)",
        "fail(votes)",
    ],
)
def test_data_is_unchanged_after_a_script_that_fails(script):
    names = deepcopy(DATA)
    with pytest.raises(LanguageError):
        execute(script, names, {"fail": lambda votes: votes.append(1) or votes.nothing})
    assert names == DATA


def test_results_share_nothing_with_the_data_or_each_other():
    result = execute("x = unit.rows\ny = x", DATA)
    result["x"].append(1)
    assert result["y"] == DATA["unit"]["rows"] == [{"n": 1}, {"n": 2}]


def test_what_a_function_gives_is_copied_before_a_script_changes_it():
    kept = [1]
    assert execute("x = f()\nx.append(2)", {}, {"f": lambda: kept}) == {"x": [1, 2]}
    assert kept == [1]


@pytest.mark.parametrize("name", ["len", "sum", "true", "None", "today"])
@pytest.mark.parametrize(
    "script", ["{} = 1", "for {} in votes:\n    pass", "x = [1 for {} in votes]", "{} += 1", "x, {} = votes"]
)
def test_a_script_cannot_give_a_value_the_name_of_a_function_or_constant(name, script):
    functions = {"today": lambda: 1}
    assert check_script(script.format(name), functions)
    with pytest.raises(LanguageError):
        execute(script.format(name), DATA, functions)


def test_a_loop_variable_ends_with_its_loop():
    with pytest.raises(LanguageError):
        execute("for v in votes:\n    pass\nx = v", DATA)


def test_a_problem_of_a_script_has_its_line():
    problem = check_script("x = 1\ny = nobody(x)\nwhile x:\n    pass")
    assert [(each.line, each.column) for each in problem] == [(2, 5), (3, 1)]


def test_the_variables_a_script_uses_are_known():
    names = script_names("x = a\nfor i in rows:\n    x += i\ny['k'] = x")
    assert names.reads == {"a", "rows", "y"}
    assert names.writes == {"x"}


def test_any_mapping_may_hold_the_data():
    names = MappingProxyType({"a": MappingProxyType({"b": (1,)})})
    assert execute("a['c'] = 1", names) == {"a": {"b": [1], "c": 1}}


LINES = st.sampled_from([
    "x = 1", "x += votes", "for v in votes:", "    x = v", "if total:", "    votes.append(x)", "else:", "    pass",
    "unit['name'] = x", "x = unit.rows", "    x[0] = 1", "del x", "votes = {1: 2}", "x = [x, x]", "区 = '县'", "#",
])  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(), st.lists(LINES, max_size=8).map("\n".join)))
def test_any_script_at_all_changes_nothing_outside(script):
    names = deepcopy(DATA)
    with suppress(LanguageError):
        execute(script, names)
    assert names == DATA
