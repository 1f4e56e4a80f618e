"""Templates come from offices and are never trusted: all but places, rows and conditions is refused."""

from __future__ import annotations

import pytest

from processes.documents.letters import check_template, render_letter
from processes.errors import Invalid

VALUES = {"姓名": "欧阳喆", "名单": [{"姓名": "李堃", "区县": "渝中区"}]}
ATTACKS = [
    ("{{ 姓名.__class__ }}", "不能使用“.__class__”"),
    ("{{ 姓名.__class__.__mro__[1].__subclasses__() }}", "不允许的语句（Call）"),
    ("{{ 姓名['__class__'] }}", "方括号内只能写名称或序号"),
    ("{{ ''.__class__ }}", "不能使用“.__class__”"),
    ("{{ 姓名|attr('__class__') }}", r"不能使用“\|attr”"),
    ("{{ 姓名.format(1) }}", "不允许的语句（Call）"),
    ("{{ range(10**9) }}", "不允许的语句"),
    ("{% for i in range(1000000000) %}x{% endfor %}", "不允许的语句（Call）|只能用于列表"),
    ("{% for i in 'abc' %}x{% endfor %}", "循环只能用于列表填写项"),
    ("{% for i in [1, 2, 3] %}x{% endfor %}", "循环只能用于列表填写项"),
    ("{{ cycler('a') }}{{ lipsum() }}", "不允许的语句（Call）"),
    ("{{ 7 * 7 }}", "不允许的语句（Mul）"),
    ("{{ 'a' * 1000000000 }}", "不允许的语句（Mul）"),
    ("{{ 9 ** 9 ** 9 }}", "不允许的语句（Pow）"),
    ("{% import 'x' as y %}", "不允许的语句（Import）"),
    ("{% from 'x' import y %}", "不允许的语句（FromImport）"),
    ("{% include '/etc/passwd' %}", "不允许的语句（Include）"),
    ("{% extends 'x' %}", "不允许的语句（Extends）"),
    ("{% macro m() %}x{% endmacro %}", "不允许的语句（Macro）"),
    ("{% call m() %}x{% endcall %}", "不允许的语句（CallBlock）"),
    ("{% block b %}x{% endblock %}", "不允许的语句（Block）"),
    ("{% set a = 1 %}", "不允许的语句（Assign）"),
    ("{% filter upper %}x{% endfilter %}", "不允许的语句（FilterBlock）"),
    ("{% for 行 in 名单 recursive %}{{ 行.姓名 }}{% endfor %}", "递归循环"),
    ("{{ 姓名|safe }}", r"不能使用“\|safe”"),
    ("{{ 姓名|pprint }}", r"不能使用“\|pprint”|填写项有误"),
    ("{{ 名单|map(attribute='姓名') }}", r"不能使用“\|map”|填写项有误"),
    ("{{ 姓名|join(姓名) }}", r"“\|join”只能用一次"),
    ("{{ 姓名|join('、')|join('、') }}", r"“\|join”只能用一次"),
    ("{{ 姓名|join('、、、、、、、、、、、') }}", r"“\|join”只能用一次"),
    ("{% if 姓名 is callable %}x{% endif %}", "不能使用“is callable”|填写项有误"),
    ("{% for a in 名单 %}{% for b in 名单 %}{% for c in 名单 %}x{% endfor %}{% endfor %}{% endfor %}", "循环套得过深"),
    ("{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}", "填写项有误|套得过深"),
    ("{{ 姓名" + ".a" * 5000 + " }}", "套得过深|填写项有误"),
    ("{% if " + "not " * 3000 + "姓名 %}x{% endif %}", "套得过深|填写项有误"),
    ("{{p 姓名 }}", "插入格式"),
    ("{{r 姓名 }}", "插入格式"),
    ("{%r if 姓名 %}x{%r endif %}", "插入格式"),
    ("{{ 姓名 ", "填写项有误"),
    ("{% for 行 in 名单 %}", "填写项有误"),
    ("{% 循环 %}", "填写项有误"),
]


@pytest.mark.timeout(60)
@pytest.mark.parametrize(("text", "sentence"), ATTACKS)
def test_a_template_that_does_more_than_fill_in_is_refused(docx, text, sentence):
    with pytest.raises(Invalid, match=sentence):
        render_letter(docx(text), VALUES)
    problems = check_template(docx(text), {"姓名", "名单", "名单.姓名"})
    assert problems
    assert all(str(problem.text) for problem in problems)


@pytest.mark.parametrize(
    "text",
    [
        "{{ 姓名.upper }}",
        "{{ 名单.append }}",
        "{{ 姓名.a }}",
    ],
)
def test_text_and_lists_have_no_attributes(docx, text):
    with pytest.raises(Invalid, match="模板不能使用"):
        render_letter(docx(text), VALUES)


@pytest.mark.parametrize(
    "text", ["{% for 行 in 姓名.a %}x{% endfor %}", "{% if 姓名 > 1 %}x{% endif %}", "{{ 名单|first|length > '' }}"]
)
def test_words_of_different_kinds_that_are_mixed_up_are_a_sentence_not_a_failure(docx, text):
    with pytest.raises(Invalid):
        render_letter(docx(text), VALUES)


def test_a_loop_that_begins_in_one_paragraph_of_a_table_and_ends_elsewhere_is_refused(docx):
    with pytest.raises(Invalid, match=r"填写项有误|没有成对出现"):
        render_letter(docx("{%p for 行 in 名单 %}", "{{ 行.姓名 }}"), VALUES)


def test_an_attack_in_a_header_or_in_the_title_of_the_file_is_found(docx, with_parts):
    core = b"""<?xml version="1.0" encoding="UTF-8"?><cp:coreProperties
      xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
      xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{{ ''.__class__ }}</dc:title></cp:coreProperties>"""
    with pytest.raises(Invalid, match="__class__"):
        render_letter(with_parts(docx("{{ 姓名 }}"), {"docProps/core.xml": core}), VALUES)


def test_a_misspelt_word_is_named_with_the_word_that_was_meant(docx):
    problems = check_template(docx("{{ 性名 }}{{ 发文号 }}{{ xyz }}"), {"姓名", "发文字号"})
    assert sorted(str(problem.text) for problem in problems) == [
        "没有填写项“xyz”。",
        "没有填写项“发文号”，是否为“发文字号”？",
        "没有填写项“性名”，是否为“姓名”？",
    ]
    assert {problem.name for problem in problems} == {"xyz", "发文号", "性名"}


def test_a_misspelt_field_of_a_row_is_named(docx):
    template = docx("{% for 行 in 名单 %}{{ 行.性名 }}{{ 行.区县 }}{% endfor %}")
    problems = check_template(template, {"名单", "名单.姓名", "名单.区县"})
    assert [problem.name for problem in problems] == ["名单.性名"]


def test_every_problem_of_a_template_is_told_at_once(docx):
    problems = check_template(docx("{{ 姓名|safe }}", "{% set a = 1 %}", "{{ 未知 }}"), {"姓名"})
    assert len(problems) == 3


def test_a_template_within_the_language_is_accepted(docx):
    template = docx(
        "{% for 行 in 名单 %}{{ loop.index }}．{{ 行.姓名 }}（{{ 行['区县'] }}）"
        "{% if not loop.last %}；{% endif %}{% endfor %}",
        "{{ 姓名 if 姓名 else '无' }}{{ 名单|length }}{{ 称谓|default('同志') }}",
    )
    assert check_template(template, {"姓名", "名单", "名单.姓名", "名单.区县", "称谓"}) == []
    assert render_letter(template, VALUES)
