from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from processes.engine import tables
from processes.engine.language import LanguageError
from processes.engine.tables import Input, Output, Rule, Table, Trial
from processes.errors import Invalid

FUNCTIONS = {"date": date.fromisoformat}


def table(*rules, policy="UNIQUE", kind="number", aggregation="", outputs=("level",)):
    """A table of one input and one rule a line: `cell -> output`."""
    return Table(
        id="fees",
        name="费用",
        policy=policy,
        aggregation=aggregation,
        inputs=(Input("amount_in", "金额", "amount", kind),),
        outputs=tuple(Output(f"{name}_out", name, name) for name in outputs),
        rules=tuple(
            Rule(f"r{place}", (text.split(" -> ")[0],), tuple(text.split(" -> ")[1].split(" | ")))
            for place, text in enumerate(rules)
        ),
    )


def decide(made, amount):
    return tables.decide(made, {"amount": amount}, FUNCTIONS)["level"]


STEPS = table('< 1000 -> "A"', '[1000..5000) -> "B"', '>= 5000 -> "C"')


@pytest.mark.parametrize(("amount", "level"), [(0, "A"), (999, "A"), (1000, "B"), (4999.5, "B"), (5000, "C")])
def test_the_one_rule_that_applies_decides(amount, level):
    assert decide(STEPS, amount) == level


def test_where_no_rule_applies_nothing_comes_out():
    assert decide(table('< 1 -> "A"'), 5) is None
    assert decide(table('< 1 -> "A"', policy="COLLECT"), 5) == []


def test_rules_that_may_not_apply_together_stop_the_decision():
    with pytest.raises(LanguageError, match="1、2 同时适用"):
        decide(table('< 10 -> "A"', '< 20 -> "B"'), 5)
    with pytest.raises(LanguageError, match="结果却不同"):
        decide(table('< 10 -> "A"', '< 20 -> "B"', policy="ANY"), 5)
    assert decide(table('< 10 -> "A"', '< 20 -> "A"', policy="ANY"), 5) == "A"


@pytest.mark.parametrize(
    ("policy", "aggregation", "result"),
    [
        ("FIRST", "", 2),
        ("RULE ORDER", "", [2, 3]),
        ("COLLECT", "", [2, 3]),
        ("COLLECT", "SUM", 5),
        ("COLLECT", "MIN", 2),
        ("COLLECT", "MAX", 3),
        ("COLLECT", "COUNT", 2),
    ],
)
def test_the_hit_policy_says_which_rules_count(policy, aggregation, result):
    made = table("< 10 -> 2", "< 20 -> 3", "> 20 -> 9", policy=policy, aggregation=aggregation)
    assert decide(made, 5) == result


def test_outputs_are_expressions_over_the_variables_of_the_case():
    assert decide(table("- -> amount * 2"), 21) == 42


@pytest.mark.parametrize(
    ("cell", "value", "meets"),
    [
        ("-", None, True),
        ("", 1, True),
        ('"优秀","称职"', "称职", True),
        ('not("优秀")', "称职", True),
        ("]1..2]", 1, False),
        ("5 <= ? < 20", 5, True),
        ("< 5", None, False),
        ("true", 1, False),
        ('< date("2026-02-01")', date(2026, 1, 31), True),
    ],
)
def test_cells_mean_what_they_say(cell, value, meets):
    assert (decide(table(f'{cell} -> "x"', kind="string"), value) == "x") is meets


def test_a_table_is_written_and_read_again_as_it_was():
    made = replace(STEPS, notes=("依据",), rules=tuple(replace(each, notes=("第九条 <a&b>",)) for each in STEPS.rules))
    written = tables.write_table(made)
    assert tables.read_table(written) == made
    assert tables.write_table(tables.read_table(written)) == written


FOREIGN = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="{model}" id="d" name="d" namespace="x"><decision id="fee" name="Fee"><variable name="level"/>
<decisionTable {table}><input label="a"><inputExpression {language}><text>amount</text></inputExpression></input>
<output {output}/><rule><description>why</description><inputEntry><text>&lt; 5</text></inputEntry>
<outputEntry><text>"A"</text></outputEntry></rule></decisionTable></decision>{beside}</definitions>"""


def foreign(**given):
    blank = {
        "model": "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "table": 'id="t"',
        "language": "",
        "output": "",
        "beside": "",
    }
    return FOREIGN.format(**{**blank, **given}).encode()


def test_a_table_of_another_tool_is_read():
    found = tables.read_table(foreign())
    assert (found.policy, found.outputs[0].name, found.rules[0].notes) == ("UNIQUE", "level", ("why",))
    assert decide(found, 3) == "A"
    assert tables.table_problems(found) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<a/>",
        b"<!DOCTYPE a [<!ENTITY b 'c'>]><definitions>&b;</definitions>",
        b"<definitions" + b" " * 600_000,
        foreign(table='hitPolicy="PRIORITY"'),
        foreign(table='hitPolicy="OUTPUT ORDER"'),
        foreign(table='hitPolicy="FIRST" aggregation="SUM"'),
        foreign(language='expressionLanguage="http://www.w3.org/1999/XPath"'),
        foreign(beside='<decision id="other"/>'),
        foreign(beside='<businessKnowledgeModel id="b"/>'),
        foreign(model="http://example.com/"),
    ],
)
def test_what_would_not_be_decided_as_it_is_drawn_is_refused(content):
    with pytest.raises(Invalid):
        tables.read_table(content)


@pytest.mark.parametrize(
    ("made", "place"),
    [
        (table('< -> "A"'), "rules[0].inputs[0]"),
        (table('__import__("os") -> "A"'), "rules[0].inputs[0]"),
        (table("< 1 -> A B"), "rules[0].outputs[0]"),
        (table("< 1 -> open('x')"), "rules[0].outputs[0]"),
        (replace(STEPS, inputs=(Input("a", "a", "amount +"),)), "inputs[0].expression"),
        (replace(STEPS, inputs=(Input("a", "a", ""),)), "inputs[0].expression"),
        (replace(STEPS, outputs=(Output("o", "print", ""),)), "outputs[0].name"),
        (replace(STEPS, outputs=(Output("o", "两 字", ""),)), "outputs[0].name"),
        (replace(STEPS, rules=()), "rules"),
        (replace(STEPS, policy="PRIORITY"), "policy"),
        (replace(STEPS, rules=(replace(STEPS.rules[0], inputs=("1", "2")),)), "rules[0]"),
        (replace(STEPS, rules=(STEPS.rules[0], STEPS.rules[0])), ""),
        (replace(STEPS, name=" "), "name"),
        (replace(STEPS, rules=(replace(STEPS.rules[0], inputs=("1" * 600,)),)), "rules[0].inputs[0]"),
    ],
)
def test_every_problem_has_its_place(made, place):
    assert place in [each.place for each in tables.table_problems(made, FUNCTIONS)]


def told(region):
    return ["、".join(str(part) for part in parts) for parts in region]


def test_a_table_that_leaves_nothing_open_has_no_gaps_and_no_overlaps():
    found = tables.coverage(STEPS)
    assert (found.gaps, found.overlaps, found.unused, found.note) == ((), (), (), None)


def test_gaps_and_overlaps_are_told_by_the_values_where_they_are():
    found = tables.coverage(table('< 1000 -> "A"', '<= 900 -> "B"', '> 1000 -> "C"'))
    assert [told(each) for each in found.gaps] == [["1000"]]
    assert [(each.rules, told(each.region)) for each in found.overlaps] == [((0, 1), ["< 900、900"])]


def test_neighbouring_gaps_are_told_as_one():
    two = Table(
        "t", "t", inputs=(Input("a", "a", "a", "boolean"), Input("b", "b", "b", "string")),
        outputs=(Output("o", "o", ""),), rules=(Rule("r", ("true", '"x"'), ("1",)),),
    )  # fmt: skip
    assert [told(each) for each in tables.coverage(two).gaps] == [["—", "其他文字"], ["否", '"x"']]


def test_a_rule_behind_another_one_is_told_as_never_used():
    assert tables.coverage(table('- -> "A"', '< 5 -> "B"', policy="FIRST")).unused == (1,)


def test_days_are_told_apart_as_numbers_are():
    made = table('< date("2026-01-10") -> "A"', '> date("2026-01-10") -> "B"', kind="date")
    assert [told(each) for each in tables.coverage(made).gaps] == [["2026-01-10"]]
    plain = table('< "2026-01-10" -> "A"', '>= "2026-01-10" -> "B"', kind="date")
    assert tables.coverage(plain).gaps == ()


@pytest.mark.parametrize("cell", ["< limit", "< date(day)", "< workdays(3)"])
def test_what_depends_on_more_than_its_input_is_not_guessed_at(cell):
    assert tables.coverage(table(f'{cell} -> "A"')).note is not None


def test_too_many_combinations_are_said_to_be_too_many():
    many = Table(
        "t", "t", inputs=tuple(Input(f"i{n}", "", f"i{n}", "number") for n in range(10)),
        outputs=(Output("o", "o", ""),), rules=(Rule("r", tuple("< 5" for _ in range(10)), ("1",)),),
    )  # fmt: skip
    assert tables.coverage(replace(many)).gaps
    wide = replace(many, rules=tuple(Rule(f"r{n}", tuple(f"< {n}" for _ in range(10)), ("1",)) for n in range(5)))
    assert tables.coverage(wide).note is not None


def test_trials_pass_or_tell_what_came_out_instead():
    trials = [
        Trial("小额", {"amount_in": 10}, {"level": "A"}),
        Trial("中额", {"amount_in": 1000}, {"level": "A"}),
        Trial("没有这个输出", {"amount_in": 1}, {"other": 1}),
        Trial("是与一不同", {"amount_in": 1}, {"level": True}),
    ]
    found = tables.run_trials(STEPS, trials)
    assert [each.passed for each in found] == [True, False, False, False]
    assert found[1].got == {"level": "B"}
    assert found[1].rules == (1,)
    assert tables.read_trials(tables.write_trials(trials)) == trials


def test_a_trial_with_a_day_is_compared_as_a_day():
    made = table('< date("2026-01-10") -> "A"', kind="date")
    (found,) = tables.run_trials(made, [Trial("", {"amount_in": "2026-01-09"}, {"level": "A"})], FUNCTIONS)
    assert found.passed
    (found,) = tables.run_trials(made, [Trial("", {"amount_in": "2026-13-09"}, {"level": "A"})], FUNCTIONS)
    assert found.problem is not None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b'{"tests": 1}',
        b'{"tests": [{"inputs": {}}]}',
        b'{"tests": [{"inputs": {"a": {}}, "expected": {}}]}',
        b"[" * 9000,
    ],
)
def test_a_file_that_holds_no_trials_is_refused(content):
    with pytest.raises(Invalid):
        tables.read_trials(content)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("1,000", "number", 1000),
        ("1.5", "number", 1.5),
        ("是", "boolean", True),
        ("", "string", None),
        ("x", "number", "x"),
        ("nan", "number", "nan"),
        ("1e999", "number", "1e999"),
    ],
)
def test_typed_values_become_values_of_their_column(text, kind, value):
    assert tables.typed(text, Input("i", "", "i", kind)) == value
