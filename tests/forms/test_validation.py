from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from processes.errors import Invalid
from processes.forms.beginning import initial_values
from processes.forms.drafts import clean_draft
from processes.forms.validation import validate

HAS_NEED = {"key": "has_need", "type": "choice", "options": ["需要", "不需要"], "required": True}
NEED = (
    HAS_NEED,
    {"key": "reason", "type": "textarea", "min_length": 10, "required": True,
     "show_if": {"key": "has_need", "in": ["不需要"]}},
    {"key": "posts", "type": "integer", "minimum": 1, "maximum": 3, "required": True,
     "show_if": {"key": "has_need", "in": ["需要"]}},
    {"key": "why_three", "type": "text", "required": True, "show_if": {"key": "posts", "in": [3]}},
    {"key": "remark", "type": "text", "required_if": {"any": [{"key": "posts", "in": [2]}]}},
)  # fmt: skip
TABLE = {
    "key": "people", "type": "table", "max_rows": 3, "min_rows": 1, "required": True, "unique_by": ["name"],
    "columns": [
        {"key": "name", "type": "text", "label": "姓名", "required": True},
        {"key": "pages", "type": "integer", "label": "页数"},
        {"key": "changed", "type": "boolean", "label": "变更"},
        {"key": "reason", "type": "text", "label": "理由", "required_if": {"key": "changed", "in": [True]}},
    ],
}  # fmt: skip
FIXED = {
    "key": "checks", "type": "table", "rows_from": "rows", "fixed_rows": True,
    "columns": [
        {"key": "item", "type": "text", "label": "项目", "readonly": True},
        {"key": "ok", "type": "boolean", "label": "符合", "required": True},
    ],
}  # fmt: skip


def test_fields_that_do_not_show_are_left_out_and_not_required(form, context):
    found = validate(form(*NEED), {"has_need": "需要", "posts": "1", "reason": ""}, context)
    assert found == {"has_need": "需要", "posts": 1, "remark": None}


@pytest.mark.parametrize(
    ("raw", "wrong"),
    [
        ({"has_need": "需要", "posts": "1", "reason": "我们就是不需要这个岗位。"}, {"reason"}),
        ({"has_need": "需要", "posts": "3"}, {"why_three"}),
        ({"has_need": "需要", "posts": "2"}, {"remark"}),
        ({"has_need": "需要", "posts": "1", "why_three": "forged"}, {"why_three"}),
        ({"has_need": "不需要"}, {"reason"}),
        ({"has_need": "伪造", "posts": "1"}, {"has_need"}),
        ({"has_need": "需要", "posts": "1", "admin": "true"}, {"admin"}),
        ({"has_need": "需要", "posts": "1", "__class__": "x"}, {"__class__"}),
        ({"has_need": "需要", "posts": "1", 5: "x"}, {"5"}),
    ],
)
def test_forged_and_incomplete_posts_are_refused_at_their_field(raw, wrong, form, errors_of):
    assert errors_of(form(*NEED), raw).keys() == wrong


def test_a_value_that_is_only_shown_is_never_taken_from_the_sender(form, context, errors_of):
    definition = form({"key": "n", "type": "integer", "readonly": True}, {"key": "hint", "type": "note"})
    assert errors_of(definition, {"n": "1", "hint": "x"}).keys() == {"n", "hint"}
    assert validate(definition, {"n": ""}, context) == {}


def test_a_condition_may_look_at_a_value_that_is_only_shown(form, context, errors_of):
    definition = form(
        {"key": "n", "type": "integer", "readonly": True},
        {"key": "why", "type": "text", "required_if": {"key": "n", "in": [42]}},
    )
    assert errors_of(definition, {}).keys() == {"why"}


def test_rows_are_read_and_empty_rows_do_not_count(form, context):
    raw = {"people": [{"name": "甲", "pages": "２"}, {"name": " ", "pages": ""}, {"name": "乙"}]}
    rows = validate(form(TABLE), raw, context)["people"]
    assert [(row["name"], row["pages"]) for row in rows] == [("甲", 2), ("乙", None)]


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ([], {"people"}),
        ([{"pages": "x", "name": "甲"}], {"people.0.pages"}),
        ([{"name": ""}, {"pages": "1"}], {"people.1.name"}),
        ([{"name": "甲"}, {"name": "甲"}], {"people.1.name"}),
        ([{"name": "甲", "changed": "true"}], {"people.0.reason"}),
        ([{"name": "甲", "extra": "1"}], {"people.0.extra"}),
        ([{"name": str(n)} for n in range(4)], {"people"}),
        ("x", {"people"}),
        (["x"], {"people"}),
        ({"name": "甲"}, {"people"}),
    ],
)
def test_each_bad_cell_is_named_by_row_and_column(rows, wrong, form, errors_of):
    assert errors_of(form(TABLE), {"people": rows}).keys() == wrong


def test_fixed_rows_keep_what_the_case_says(form, context, errors_of):
    definition = form(FIXED)
    found = validate(definition, {"checks": [{"item": "年龄", "ok": "true"}, {"ok": "false"}]}, context)
    assert found == {"checks": [{"item": "年龄", "ok": True}, {"item": "职称", "ok": False}]}
    assert validate(definition, found, context) == found
    stale = {"checks": [{"item": "旧", "ok": "true"}]}
    assert initial_values(definition, context, stale)["checks"][0]["item"] == "年龄"
    assert initial_values(definition, context, stale)["checks"][0]["ok"] == "true"
    changed = errors_of(definition, {"checks": [{"item": "职称", "ok": "true"}, {"ok": "true"}]})
    assert "刷新" in changed["checks.0.item"]
    assert errors_of(definition, {"checks": [{"ok": "true"}] * 3}).keys() == {"checks"}
    assert errors_of(definition, {}).keys() == {"checks.0.ok", "checks.1.ok"}


def test_a_shown_text_of_several_lines_comes_back_from_a_browser_unchanged(form, context):
    several = replace(context, values={"rows": [{"item": "1．欧阳喆\n2．王堃"}]})
    found = validate(form(FIXED), {"checks": [{"item": "1．欧阳喆\r\n2．王堃", "ok": "true"}]}, several)
    assert found == {"checks": [{"item": "1．欧阳喆\n2．王堃", "ok": True}]}


def test_a_draft_keeps_what_belongs_to_the_form(form):
    raw = {
        "has_need": "需要",
        "posts": "x",
        "admin": "1",
        "people": [{"name": "甲\x00", "bad": 1}, "?"],
        "remark": {"a": 1},
    }
    kept = clean_draft(form(*NEED, TABLE), raw)
    assert kept == {"has_need": "需要", "posts": "x", "people": [{"name": "甲"}]}


EVERYTHING = [
    {"key": f"f_{kind}", "type": kind, **more}
    for kind, more in {
        "text": {"pattern": r"\w+"}, "textarea": {}, "integer": {}, "decimal": {}, "money": {}, "phone": {},
        "date": {"not_before": "f_month"}, "datetime": {"not_after": "f_date+5wd"}, "month": {}, "boolean": {},
        "choice": {"options": ["a", "b"]}, "multichoice": {"options": ["a", "b"]}, "identity_number": {},
        "file": {}, "files": {}, "person": {}, "unit": {"show_if": {"key": "f_choice", "not_in": ["a"]}}, "units": {},
        "organization": {}, "note": {},
    }.items()
]  # fmt: skip
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
    | st.text(alphabet="0123456789-/.: T年月日,+", max_size=20)
    | st.sampled_from(["a", "500101", "f1", "true", "2026-02-31", "\ud800", "2026-03-09", "9999-12-31", "x" * 30000])
)  # fmt: skip
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
KEYS = st.sampled_from([field["key"] for field in EVERYTHING] + ["people", "checks", "stranger"])
ROWS = st.lists(
    st.dictionaries(st.sampled_from(["name", "pages", "changed", "ok", "item", "?"]), TREES, max_size=4), max_size=4
)


@settings(max_examples=2500, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(raws=st.lists(st.dictionaries(KEYS, TREES | ROWS, max_size=5), min_size=4, max_size=4))
def test_ten_thousand_random_submissions_are_answers_or_invalid(raws, form, context):
    definition = _whole(form)
    for raw in raws:
        json.dumps(clean_draft(definition, raw))
        try:
            found = validate(definition, raw, context)
        except Invalid:
            continue
        json.dumps(found, allow_nan=False)
        assert validate(definition, found, context) == found


_MADE = []


def _whole(form):
    if not _MADE:
        _MADE.append(form(*EVERYTHING, TABLE | {"required": False}, FIXED))
    return _MADE[0]


@pytest.mark.parametrize("raw", [None, [], "x", 5])
def test_what_is_not_a_mapping_is_no_submission(raw, form, context):
    with pytest.raises(Invalid):
        validate(form(HAS_NEED), raw, context)
