"""What the cells of a decision table are met by."""

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processes.engine.language import LanguageError, cell_names, check_cell, match_cell


@pytest.mark.parametrize(
    ("cell", "met", "unmet"),
    [
        ("-", [1, None, "x", []], []),
        ("", [1, None], []),
        ("  ", [1, None], []),
        ("5", [5, 5.0, Decimal(5)], [6, "5", None]),
        ("-5", [-5], [5]),
        ('"a"', ["a"], ["b", 'a"', None]),
        ("'优秀'", ["优秀"], ["称职"]),
        ('"a","b"', ["a", "b"], ["c", "a,b"]),
        ('"a,b"', ["a,b"], ["a"]),
        ("1, 2, > 10", [1, 2, 11], [3, 10]),
        ("< 10", [9, -1, 9.5], [10, 11, None]),
        ("<= 10", [10], [11]),
        ("> 10", [11], [10, None]),
        (">= 10", [10], [9]),
        ("= 3", [3], [4]),
        ("== 3", [3], [4]),
        ("!= 3", [4, None], [3]),
        ("5 <= ? < 20", [5, 19], [4, 20, None]),
        ("? > 5 and ? < 10", [6], [5, 10, None]),
        ("? in [1, 5]", [1, 5], [2, None]),
        ("in [1, 5]", [1, 5], [2, None]),
        ("not in [1, 5]", [2, None], [1, 5]),
        ("[1, 5]", [1, 5], [2]),
        ('not("a")', ["b", None], ["a"]),
        ('not("a", "b")', ["c"], ["a", "b"]),
        ("not(< 10)", [10, 11], [9, None]),
        ("[1..10]", [1, 5, 10], [0, 11, None]),
        ("(1..10)", [2, 9], [1, 10]),
        ("]1..10[", [2, 9], [1, 10]),
        ("[1..10)", [1], [10]),
        ("(1..10]", [10], [1]),
        ("[1.5..2.5], 9", [1.5, 2, 9], [1.4, 8]),
        ("]1..2[, ]5..6[", [1.5, 5.5], [1, 2, 3, 5]),
        ("[low..low + 2]", [3, 5], [2, 6]),
        ("not([1..3])", [4], [1, 3]),
        ("true", [True], [False, 1, None]),
        ("1", [1], [True]),
        ("null", [None], [0, ""]),
        ("low", [3], [4]),
        ("? == low or ? == 9", [3, 9], [4]),
        ("len(?) > 1", ["ab", [1, 2]], ["a", None]),
        ("?.name == 'x'", [{"name": "x"}], [{"name": "y"}]),
        ("day", [date(2026, 1, 1)], [date(2026, 1, 2)]),
        ("< day", [date(2025, 1, 1)], [date(2026, 1, 1), None]),
    ],
)
def test_a_cell_is_met_by_its_values_alone(cell, met, unmet):
    names = {"low": 3, "day": date(2026, 1, 1)}
    assert check_cell(cell) == []
    assert [value for value in met if not match_cell(cell, value, names)] == []
    assert [value for value in unmet if match_cell(cell, value, names)] == []


def test_a_cell_may_call_listed_functions():
    functions = {"date": date.fromisoformat}
    assert match_cell('>= date("2026-01-01")', date(2026, 1, 2), {}, functions)
    assert check_cell('>= date("2026-01-01")', functions) == []
    assert check_cell('>= date("2026-01-01")')


@pytest.mark.parametrize(("cell", "value"), [("< 10", "a"), ("[1..5]", "a"), ("< 'a'", 1), ("unknown", 1)])
def test_a_value_of_the_wrong_kind_or_an_absent_variable_is_told(cell, value):
    with pytest.raises(LanguageError):
        match_cell(cell, value)


@pytest.mark.parametrize("cell", ["<", "1,,2", "not(", "not()", "[1..", "[1..2..3]", "1..5", "??", "__input__", "1 2"])
def test_a_cell_that_is_not_one_is_refused_when_checked(cell):
    assert check_cell(cell)
    with pytest.raises(LanguageError):
        match_cell(cell, 1)


def test_the_variables_of_a_cell_are_known():
    assert cell_names("[a..b.c], ? > d, 'e'") == {"a", "b", "d"}


def test_a_problem_has_its_place_in_the_cell():
    problem = check_cell("1, nobody(?)")[0]
    assert (problem.line, problem.column) == (1, 4)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="?[](){}.,<>=!-'\"ab15 not"), st.one_of(st.integers(), st.none(), st.text(), st.booleans()))
def test_any_cell_at_all_is_met_or_not_or_refused(cell, value):
    with suppress(LanguageError):
        assert match_cell(cell, value, {"a": 1}) in (True, False)
