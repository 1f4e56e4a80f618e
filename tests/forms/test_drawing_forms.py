from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from lxml import html
from werkzeug.datastructures import MultiDict

from processes.errors import Invalid
from processes.forms.beginning import initial_values
from processes.forms.describing import describe_answers
from processes.forms.reading import read_form
from processes.forms.validation import validate

TEMPLATES = Path(__file__).parents[2] / "webapp" / "templates"
PAGE = """{% from "forms/form.html" import draw_form %}
{% from "forms/errors.html" import error_summary %}
{% from "forms/answers.html" import draw_answers %}
{{ error_summary(errors, form) }}
<form>{{ draw_form(form, values, errors, context, 'zh') }}</form>
{{ draw_answers(described) }}"""
FIELDS = [
    {"key": "name", "type": "text", "required": True, "help": "如实填写"},
    {"key": "why", "type": "textarea", "max_length": 50, "show_if": {"key": "agreed", "in": [False]}},
    *[{"key": f"f_{kind}", "type": kind, "width": "half"} for kind in
      ("integer", "decimal", "money", "date", "datetime", "month", "phone", "identity_number", "person", "unit",
       "organization", "file", "files", "units")],
    {"key": "agreed", "type": "boolean", "required": True},
    {"key": "sworn", "type": "boolean", "confirm": True, "required": True},
    {"key": "grade", "type": "choice", "options": ["优秀", "称职"], "required": True},
    {"key": "kinds", "type": "multichoice", "options": ["甲", "乙"],
     "show_if": {"all": [{"key": "grade", "in": ["优秀"]}, {"key": "agreed", "not_in": [True]}]}},
    {"key": "hint", "type": "note"},
    {"key": "n", "type": "integer", "readonly": True},
    {"key": "people", "type": "table", "required": True, "columns": [
        {"key": "name", "type": "text", "label": "姓名", "required": True},
        {"key": "pages", "type": "integer", "label": "页数"},
        {"key": "ok", "type": "boolean", "label": "到场"},
        {"key": "unit", "type": "unit", "label": "区县"},
        {"key": "text", "type": "textarea", "label": "说明"}]},
    {"key": "checks", "type": "table", "rows_from": "rows", "fixed_rows": True, "columns": [
        {"key": "item", "type": "text", "label": "项目", "readonly": True},
        {"key": "remark", "type": "text", "label": "备注"}]},
]  # fmt: skip


@pytest.fixture
def drawn(context):
    jinja = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    jinja.globals["_"] = lambda text, **values: text % values

    def draw(form, values, errors=None, described=()):
        text = jinja.from_string(PAGE).render(
            form=form, values=values, errors=errors or {}, context=context, described=described
        )
        return html.fromstring(f"<html><body>{text}</body></html>")

    return draw


def controls(tree):
    return [each for each in tree.xpath("//input[not(@type='hidden')] | //select | //textarea") if each.get("name")]


def test_every_control_has_a_label_and_every_reference_its_element(form, drawn, context):
    definition = form(*FIELDS)
    values = initial_values(definition, context) | {
        "f_files": ["f1"],
        "people": [{"name": "甲"}],
        "f_units": ["500101"],
    }
    tree = drawn(definition, values)
    ids = Counter(tree.xpath("//@id"))
    assert [each for each, count in ids.items() if count > 1] == []
    for control in controls(tree):
        assert tree.xpath("//label[@for=$id]", id=control.get("id")), html.tostring(control)
    for name in ("for", "aria-describedby", "aria-labelledby"):
        for value in tree.xpath(f"//@{name}"):
            assert set(value.split()) <= ids.keys(), value
    assert not tree.xpath("//script | //style | //@style | //@*[starts-with(name(), 'on')]")
    assert {each.get("name") for each in controls(tree) if "-" not in each.get("name")} == {
        field["key"] for field in FIELDS if field["type"] not in ("table", "note") and not field.get("readonly")
    }
    assert "“agreed”为否" in tree.text_content()
    assert "“grade”为优秀，且“agreed”不是是" in "".join(tree.text_content().split())


def test_errors_are_told_above_and_beside_their_field(form, drawn, context):
    definition = form(*FIELDS)
    posted = MultiDict([("name", '"><script>'), ("f_integer", "x"), ("people-0-pages", "y"), ("stranger", "1")])
    raw = read_form(definition, posted)
    with pytest.raises(Invalid) as caught:
        validate(definition, raw, context)
    tree = drawn(definition, raw, caught.value.fields)
    summary = tree.xpath("//*[@role='alert']")[0]
    assert summary.get("tabindex") == "-1"
    links = [each[1:] for each in summary.xpath(".//a/@href")]
    assert links[0] == "f-f_integer"
    assert "f-people-0-name" in links
    assert "f-people-0-pages" in links
    assert len(summary.xpath(".//li")) == len(caught.value.fields)
    assert "stranger" in summary.text_content()
    for link in links:
        assert tree.xpath("//*[@id=$id]", id=link), link
    wrong = tree.get_element_by_id("f-f_integer")
    assert wrong.get("aria-invalid") == "true"
    assert wrong.get("value") == "x"
    assert "请填写整数" in tree.get_element_by_id(wrong.get("aria-describedby")).text_content()
    assert tree.get_element_by_id("f-name").get("value") == '"><script>'
    assert "姓名" in summary.text_content()
    assert "第 1 行" in summary.text_content()


def test_what_the_page_sends_back_unchanged_is_accepted(form, drawn, context):
    definition = form(*FIELDS)
    values = initial_values(definition, context) | {
        "name": "甲", "f_money": 1250, "f_date": "2026-03-09", "f_datetime": "2026-03-09T14:30:00+08:00",
        "f_file": "f1", "f_files": ["f1", "f2"], "f_units": ["500103", "500101"], "agreed": True, "sworn": True,
        "grade": "称职", "people": [{"name": "甲", "pages": 2, "ok": False, "unit": "500101", "text": "一\n二"}],
    }  # fmt: skip
    tree = drawn(definition, values)
    for pattern in tree.xpath("//template"):  # a browser never sends what is in there
        pattern.drop_tree()
    raw = read_form(definition, MultiDict(pair for pair in tree.forms[0].form_values() if pair[1] is not None))
    found = validate(definition, raw, context)
    assert {key: found[key] for key in values if key not in ("n", "checks")} == {
        key: value for key, value in values.items() if key not in ("n", "checks")
    }
    assert found["checks"] == [{"item": "年龄", "remark": None}, {"item": "职称", "remark": None}]
    described = describe_answers(definition, found, "zh", context.name_of)
    text = drawn(definition, {}, described=described).xpath("//dl")[0].text_content()
    assert "12.50" in text
    assert "渝中区、万州区" in text
    assert "盖章件.pdf" in text
    assert "未填写" in text


def test_a_table_offers_empty_rows_and_a_pattern_for_more(form, drawn):
    tree = drawn(form(*FIELDS), {"people": [{"name": "甲"}]})
    assert len(tree.xpath("//table[@id='f-people']/tbody/tr")) == 3
    assert tree.xpath("//template[@data-row-of='f-people']//input[@name='people-__row__-name']")


def test_a_number_says_from_what_to_what_it_may_be(drawn, form):
    points = {"key": "points", "type": "integer", "minimum": 0, "maximum": 100, "label": "得分"}
    rows = {"key": "rows", "type": "table", "columns": [points]}
    page = drawn(form(points, {"key": "free", "type": "integer"}, rows), {})
    assert page.xpath('string(//*[@id="f-points-range"])') == "0 至 100"
    assert "f-points-range" in page.xpath('//input[@id="f-points"]/@aria-describedby')[0]
    assert not page.xpath('//*[@id="f-free-range"]')
    assert "0 至 100" in page.xpath('string(//table[@id="f-rows"]//th[contains(., "得分")])')
