from __future__ import annotations

import dataclasses
import json

import pytest
from werkzeug.datastructures import MultiDict

from processes.errors import Invalid
from processes.forms.beginning import initial_values
from processes.forms.checking import check_definition
from processes.forms.definition import FormDefinition
from processes.forms.describing import AnsweredFiles, AnsweredTable, describe_answers
from processes.forms.reading import read_form

COLUMNS = [{"key": "b", "type": "text", "label": "x"}]


def whole(*fields, **more):
    data = [{"type": "text", "label": "项", **field} if isinstance(field, dict) else field for field in fields]
    return {"key": "sample", "title": {"zh": "样表"}, "fields": data, **more}


@pytest.mark.parametrize(
    ("data", "path"),
    [
        (b"{", ""),
        (b'{"key": "a", "key": "b"}', ""),
        (b"[" * 100_000, ""),
        (b"[]", ""),
        (whole({"key": "a"}, colour="red"), "colour"),
        (whole({"key": "a"}, key="x y"), "key"),
        (whole({"key": "a"}, title={"en": "only"}), "title"),
        (whole(), "fields"),
        (whole("a"), "fields[0]"),
        (whole({"key": "a", "type": "richtext"}), "fields[0].type"),
        (whole({"key": "a", "type": []}), "fields[0].type"),
        (whole({"key": "a", "colour": 1}), "fields[0].colour"),
        (whole({"key": "a", "minimum": 1}), "fields[0].minimum"),
        (whole({"key": "a", "required": "yes"}), "fields[0].required"),
        (whole({"key": "a"}, {"key": "a"}), "fields[1].key"),
        *[(whole({"key": key}), "fields[0].key") for key in
          ("class", "None", "len", "type", "data_objects", "typename", "a__b", "__a", "1a", "姓名", "a-b", "",
           None, "today")],
        (whole({"key": "own"}), "fields[0].key"),
        (whole({"key": "a", "pattern": "(a"}), "fields[0].pattern"),
        (whole({"key": "a", "pattern": "(?=a)"}), "fields[0].pattern"),
        (whole({"key": "a", "pattern_message": "x"}), "fields[0].pattern_message"),
        (whole({"key": "a", "min_length": 3, "max_length": 2}), "fields[0].min_length"),
        (whole({"key": "a", "show_if": {"key": "b", "in": ["x"]}}), "fields[0].show_if"),
        (whole({"key": "a", "show_if": {"key": "a", "in": ["x"]}}), "fields[0].show_if"),
        (whole({"key": "a", "show_if": {"key": "b"}}), "fields[0].show_if"),
        (whole({"key": "a", "show_if": {"key": "b", "in": ["丙"]}}, {"key": "b", "type": "choice", "options": ["甲"]}),
         "fields[0].show_if"),
        (whole({"key": "a", "show_if": {"key": "b", "in": ["1"]}}, {"key": "b", "type": "boolean"}),
         "fields[0].show_if"),
        (whole({"key": "a", "show_if": {"key": "b", "in": ["1"]}}, {"key": "b", "show_if": {"key": "a", "in": ["1"]}}),
         "fields[0].show_if"),
        (whole({"key": "a", "type": "date", "not_before": "b"}), "fields[0].not_before"),
        (whole({"key": "a", "type": "date", "not_before": "today+x"}), "fields[0].not_before"),
        (whole({"key": "a", "type": "choice"}), "fields[0].options"),
        (whole({"key": "a", "type": "choice", "options": ["x", "x"]}), "fields[0].options"),
        (whole({"key": "a", "type": "choice", "options": ["x"], "default": "y"}), "fields[0].default"),
        (whole({"key": "a", "type": "file", "accept": ["exe"]}), "fields[0].accept"),
        (whole({"key": "a", "type": "table"}), "fields[0].columns"),
        (whole({"key": "a", "type": "table", "columns": [{"key": "b", "type": "files", "label": "x"}]}),
         "fields[0].columns[0].type"),
        (whole({"key": "a", "type": "table", "columns": [{"key": "from", "type": "text", "label": "x"}]}),
         "fields[0].columns[0].key"),
        (whole({"key": "a", "type": "table", "unique_by": ["z"], "columns": COLUMNS}),
         "fields[0].unique_by"),
        (whole({"key": "a", "type": "table", "fixed_rows": True, "columns": COLUMNS}),
         "fields[0].fixed_rows"),
    ],
)  # fmt: skip
def test_every_problem_of_a_definition_has_its_place(data, path):
    assert path in [problem.path for problem in check_definition(data, reserved={"own"})]


def test_a_definition_is_frozen_and_its_version_is_its_content():
    data = whole({"key": "a", "default": "x"})
    one = FormDefinition.parse(data)
    other = FormDefinition.parse(json.dumps(data, indent=3).encode())
    assert one.version == other.version
    assert len(one.version) == 64
    assert one.version != FormDefinition.parse(whole({"key": "b"})).version
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.fields[0].required = True
    data["fields"].clear()
    assert one.field("a")
    assert one.as_data()["fields"]
    with pytest.raises(Invalid) as caught:
        FormDefinition.parse(whole({"key": "class"}))
    assert caught.value.fields.keys() == {"fields[0].key"}


def test_a_posted_page_becomes_answers_lists_and_rows(form):
    definition = form(
        {"key": "name", "type": "text"}, {"key": "wished", "type": "units"}, {"key": "scan", "type": "files"},
        {"key": "rows", "type": "table", "columns": [{"key": "item", "type": "text", "label": "x"}]},
    )  # fmt: skip
    pairs = MultiDict([
        ("csrf_token", "t"), ("_action", "submit"), ("name", "甲"), ("wished", ""), ("wished", "500103"),
        ("wished", "500101"), ("scan", "stored:f1"), ("scan", "f2"), ("rows-7-item", "二"), ("rows-0-item", "一"),
        ("rows-3-item", ""), ("rows-0-evil", "x"), ("rows-99999-item", "x"), ("strange", "1"),
    ])  # fmt: skip
    assert read_form(definition, pairs) == {
        "name": "甲", "wished": ["500103", "500101"], "scan": ["f1", "f2"], "rows-99999-item": "x", "strange": "1",
        "rows": [{"item": "一", "evil": "x"}, {"item": "二"}],
    }  # fmt: skip


def test_answers_are_described_in_the_readers_language_and_masked(form):
    definition = form(
        {"key": "ok", "type": "boolean"}, {"key": "sum_paid", "type": "money"}, {"key": "unit", "type": "unit"},
        {"key": "id_no", "type": "identity_number"}, {"key": "mobile", "type": "phone", "sensitive": True},
        {"key": "scan", "type": "file"}, {"key": "at", "type": "datetime"}, {"key": "hint", "type": "note"},
        {"key": "none_given", "type": "text"}, {"key": "absent", "type": "text"},
        {"key": "rows", "type": "table", "columns": [{"key": "person", "type": "person", "label": "人员"}]},
    )  # fmt: skip
    answers = {
        "ok": True, "sum_paid": 123456, "unit": "500101", "id_no": "11010519491231002X", "mobile": "13800138000",
        "scan": "f1", "at": "2026-03-09T14:30:00+08:00", "none_given": None, "rows": [{"person": "CP001"}],
    }  # fmt: skip
    names = {"units": {"500101": "万州区"}, "people": {"CP001": "张三"}, "files": {"f1": "盖章件.pdf"}}
    found = describe_answers(definition, answers, "en", names)
    assert found[0].label == "ok en"
    assert [str(each.value) for each in found[:5]] == ["是", "1,234.56", "万州区", "110***********002X", "138****8000"]
    assert found[5].value == AnsweredFiles((("f1", "盖章件.pdf"),))
    assert [each.value for each in found[6:8]] == ["2026-03-09 14:30", ""]
    assert found[8].value == AnsweredTable(("人员",), (("张三",),))
    assert describe_answers(definition, answers, "zh", names, unmasked=True)[3].value == "11010519491231002X"


def test_a_form_begins_with_draft_variables_and_defaults(form, context):
    definition = form(
        {"key": "reply_due", "type": "date", "default": "today+10wd"},
        {"key": "sent", "type": "date", "default_from": "sent_on"},
        {"key": "n", "type": "integer", "readonly": True}, {"key": "name", "type": "text", "default": "甲"},
        {"key": "rows", "type": "table", "rows_from": "rows",
         "columns": [{"key": "item", "type": "text", "label": "x"}]},
    )  # fmt: skip
    assert initial_values(definition, context, {"name": "乙", "n": 1}) == {"name": "乙", "n": 42}
    found = initial_values(definition, context)
    assert found["rows"] == [{"item": "年龄", "due": "2026-04-01"}, {"item": "职称"}]
    assert {key: found[key] for key in ("reply_due", "sent", "n", "name")} == {
        "reply_due": "2026-03-23", "sent": "2026-03-02", "n": 42, "name": "甲",
    }  # fmt: skip


def test_the_schema_tells_programs_what_is_wanted(form):
    schema = form(
        {"key": "opinion", "type": "choice", "options": ["同意", "不同意"], "required": True},
        {"key": "reason", "type": "text", "required": True, "show_if": {"key": "opinion", "not_in": ["同意"]}},
        {"key": "shown", "type": "text", "readonly": True},
    ).json_schema()
    assert schema["properties"]["opinion"] == {"type": "string", "enum": ["同意", "不同意"], "title": "opinion"}
    assert schema["required"] == ["opinion"]
    assert schema["additionalProperties"] is False
    assert "shown" not in schema["properties"]
    assert schema["allOf"][0]["then"] == {"required": ["reason"]}
    json.dumps(schema)
