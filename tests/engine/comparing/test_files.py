"""Forms, decision tables and documents compared part by part."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from processes.engine.comparing import compare, in_language

FORM = json.loads(Path("bpmn/appointment/forms/application.json").read_bytes())
DIAGRAM = {"process.bpmn": Path("bpmn/appointment/process.bpmn").read_bytes()}
TABLE = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">
<decision id="fee" name="费用标准"><decisionTable id="t" hitPolicy="FIRST">
<input id="i1" label="天数"><inputExpression id="e1"><text>days</text></inputExpression></input>
<output id="o1" label="标准" name="rate"/>
<rule id="r1"><inputEntry id="a"><text>&lt; 3</text></inputEntry>
<outputEntry id="b"><text>100</text></outputEntry></rule>
<rule id="r2"><inputEntry id="c"><text>-</text></inputEntry><outputEntry id="d1"><text>80</text></outputEntry></rule>
</decisionTable></decision></definitions>"""


def told(before: dict[str, bytes], after: dict[str, bytes], language: str = "zh") -> list[str]:
    return [
        str(in_language(each, language)) for each in compare({**DIAGRAM, **before}, {**DIAGRAM, **after}).sentences()
    ]


def of_form(change, language: str = "zh") -> list[str]:
    data = json.loads(json.dumps(FORM))
    change(data["fields"])
    path = "forms/application.json"
    return told({path: json.dumps(FORM).encode()}, {path: json.dumps(data).encode()}, language)


def field(fields, key):
    return next(each for each in fields if each["key"] == key)


def test_a_field_that_becomes_optional_is_told():
    assert of_form(lambda fields: field(fields, "name").pop("required")) == [
        "表单“区县首席规划师报名表”的字段“姓名”：取消必填（原为“是”）"
    ]


def test_a_form_is_called_as_its_reader_calls_it():
    sentences = of_form(lambda fields: field(fields, "name").update(max_length=40), "en")
    assert sentences == ["表单“Application”的字段“Name”：最多字数由“30”改为“40”"]


def test_a_new_field_is_told_with_what_it_asks():
    def add(fields):
        fields.append({"key": "note", "type": "text", "label": {"zh": "备注"}, "required": True})

    assert of_form(add) == [
        "新增表单“区县首席规划师报名表”的字段“备注”",
        "表单“区县首席规划师报名表”的字段“备注”：标识为“note”",
        "表单“区县首席规划师报名表”的字段“备注”：类型为“text”",
        "表单“区县首席规划师报名表”的字段“备注”：必填为“是”",
    ]


def test_options_are_told_one_by_one():
    def change(fields):
        options = field(fields, "gender")["options"]
        options[0]["label"]["zh"] = "男性"
        options.append({"value": "其他", "label": {"zh": "其他"}})

    assert of_form(change) == [
        "表单“区县首席规划师报名表”的字段“性别”：选项 男由“男”改为“男性”",
        "表单“区县首席规划师报名表”的字段“性别”：增加选项 其他“其他”",
    ]


def test_a_column_of_a_table_is_told_as_a_field():
    def change(fields):
        field(fields, "avoid_units")["columns"][1]["max_length"] = 500

    assert of_form(change) == ["表单“区县首席规划师报名表”的字段“原因”：最多字数由“200”改为“500”"]


def test_another_order_of_fields_is_told():
    def change(fields):
        fields[1], fields[2] = fields[2], fields[1]

    (sentence,) = of_form(change)
    assert sentence.startswith("表单“区县首席规划师报名表”：字段顺序由“需要补正的事项、姓名、性别、")


def test_a_form_that_cannot_be_read_is_told_and_stops_nothing():
    path = "forms/application.json"
    assert told({path: json.dumps(FORM).encode()}, {path: b"{"}) == [f"表单“{path}”：内容由“可以读取”改为“无法读取”"]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("<text>100<", "<text>120<", "决策表“费用标准”：第 1 条规则的“标准（rate）”由“100”改为“120”"),
        ("&lt; 3", "&lt; 5", "决策表“费用标准”：第 1 条规则的“天数（days）”由“< 3”改为“< 5”"),
        ("FIRST", "COLLECT", "决策表“费用标准”：命中策略由“FIRST”改为“COLLECT”"),
        (
            '<rule id="r2">',
            '<rule id="r3"><inputEntry id="x"><text>9</text></inputEntry>'
            '<outputEntry id="y"><text>1</text></outputEntry></rule><rule id="r2">',
            "决策表“费用标准”：增加第 2 条规则“天数（days） 9；标准（rate） 1”",
        ),
    ],
)
def test_a_decision_table_is_told_cell_by_cell(old, new, sentence):
    assert told({"fee.dmn": TABLE.encode()}, {"fee.dmn": TABLE.replace(old, new).encode()}) == [sentence]


def test_the_list_of_documents_is_told_variable_by_variable():
    path = "documents/documents.json"
    before = Path("bpmn/appointment") / path
    data = json.loads(before.read_bytes())
    data["documents"][0]["title"]["zh"] = "需求征集通知"
    data["documents"][0]["variables"].append({"name": "room", "label": {"zh": "会议室"}})
    sentences = told({path: before.read_bytes()}, {path: json.dumps(data).encode()})
    assert sentences == [
        "文书“需求征集通知”：标题由“需求调查通知”改为“需求征集通知”",
        "文书“需求征集通知”：增加变量 room“会议室”",
    ]


def test_a_template_with_another_text_is_told_by_its_words():
    folder = Path("bpmn/appointment/documents")
    one, other = (folder / name for name in ("need_survey_notice.docx", "registration_notice.docx"))
    sentences = told({"documents/a.docx": one.read_bytes()}, {"documents/a.docx": other.read_bytes()})
    assert sentences
    assert all(each.startswith("文书模板“documents/a.docx”：") for each in sentences)
