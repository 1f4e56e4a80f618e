"""Short texts with values in them."""

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processes.engine.language import LanguageError, check_template, render, template_names

DATA = {
    "unit_name": "巴南区",
    "unit": {"name": "渝中区", "head": None},
    "names": ["甲", "乙"],
    "day": date(2026, 1, 31),
    "sum": Decimal("1E+3"),
    "done": True,
}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("关于{unit_name}的函", "关于巴南区的函"),
        ("{unit.name}：{day}", "渝中区：2026-01-31"),
        ("{unknown}|{unit.unknown}|{unit.head.name}|{unit.head}|{names[9]}", "||||"),
        ("{names}共{len(names)}人", "甲、乙共2人"),
        ("{done}{sum}{1.5}", "是10001.5"),
        ("{{{unit_name}}}", "{巴南区}"),
        ("{'}' + {'a': '{'}['a']}", "}{"),
        ("{unit_name if done else '无'}", "巴南区"),
        ("{ unit_name }", "巴南区"),
        ("没有变量", "没有变量"),
        ("", ""),
        ("<b>{'<i>'}</b>", "<b><i></b>"),
    ],
)
def test_a_template_is_drawn(template, text):
    assert render(template, DATA) == text
    assert check_template(template) == []


def test_a_template_may_call_listed_functions():
    functions = {"year": lambda day: day.year}
    assert render("{year(day)}年", DATA, functions) == "2026年"
    assert check_template("{year(day)}年", functions) == []
    assert check_template("{year(day)}年")


def test_a_problem_has_its_place_in_the_template():
    problem = check_template("关于\n{a}{nobody(1)}的函")[0]
    assert (problem.line, problem.column) == (2, 5)


def test_the_variables_of_a_template_are_known():
    assert template_names("{a.b}{[x for x in c]}") == {"a", "c"}


@pytest.mark.parametrize("template", ["{unit}", "{[names]}", "{1 / 0}", "{'a' < 1}"])
def test_what_cannot_be_drawn_is_refused(template):
    with pytest.raises(LanguageError):
        render(template, DATA)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="{}ab.'\"[]()+ \\区:!"))
def test_any_template_at_all_is_drawn_or_refused(template):
    with suppress(LanguageError):
        assert isinstance(render(template, {"a": 1, "b": {"a": "x"}}), str)
