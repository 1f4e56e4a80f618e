from __future__ import annotations

import pytest

from processes.forms.validation import validate

GOOD = [
    ({"type": "text"}, "  甲·乙　", "甲·乙"),
    ({"type": "text", "min_length": 2}, "𠮷田", "𠮷田"),
    ({"type": "text"}, "   ", None),
    ({"type": "textarea"}, "一\r\n二", "一\n二"),
    ({"type": "integer"}, "１２", 12),
    ({"type": "integer"}, "－1,234", -1234),
    ({"type": "integer"}, 7, 7),
    ({"type": "decimal", "places": 1}, "2.5", 2.5),
    ({"type": "decimal"}, "3.00", 3),
    ({"type": "decimal"}, 0.25, 0.25),
    ({"type": "money"}, "￥1,234.5", 123450),
    ({"type": "money"}, "０.０1元", 1),
    ({"type": "money"}, 123450, 123450),
    ({"type": "date"}, "2026-03-09", "2026-03-09"),
    ({"type": "date"}, "２０２６年3月9日", "2026-03-09"),
    ({"type": "date"}, "2024-02-29", "2024-02-29"),
    ({"type": "datetime"}, "2026-03-09T14:30", "2026-03-09T14:30:00+08:00"),
    ({"type": "datetime"}, "2026-03-09T06:30:00Z", "2026-03-09T14:30:00+08:00"),
    ({"type": "month"}, "2026-3", "2026-03"),
    ({"type": "boolean"}, "false", False),
    ({"type": "boolean"}, True, True),
    ({"type": "boolean", "confirm": True, "required": True}, "true", True),
    ({"type": "choice", "options": ["甲", "乙"]}, "乙", "乙"),
    ({"type": "multichoice", "options": ["甲", "乙"]}, ["乙", "甲"], ["甲", "乙"]),
    ({"type": "units"}, ["500103", "500101"], ["500103", "500101"]),
    ({"type": "units"}, "500103", ["500103"]),
    ({"type": "unit"}, "500101", "500101"),
    ({"type": "person"}, "CP001", "CP001"),
    ({"type": "organization"}, "o1", "o1"),
    ({"type": "phone"}, "１３８ 0013 8000", "13800138000"),
    ({"type": "phone"}, "02363671234", "023-63671234"),
    ({"type": "phone"}, "（023）63671234", "023-63671234"),
    ({"type": "identity_number"}, "11010519491231002x", "11010519491231002X"),
    ({"type": "file"}, ["f1"], "f1"),
    ({"type": "file"}, "stored:f1", "f1"),
    ({"type": "files"}, ["f1", "f2"], ["f1", "f2"]),
    ({"type": "files"}, [], []),
    ({"type": "date", "not_before": "today+5wd"}, "2026-03-16", "2026-03-16"),
]
BAD = [
    ({"type": "text", "required": True}, " 　", "请填写此项"),
    ({"type": "text", "min_length": 4}, "用印", "至少 4 个字"),
    ({"type": "text", "max_length": 2}, "用印件", "不能超过 2 个字"),
    ({"type": "text"}, "a\x00b", "控制字符"),
    ({"type": "text"}, "a\nb", "控制字符"),
    ({"type": "text"}, "a\ud800", "控制字符"),
    ({"type": "text"}, "a\u202eb", "控制字符"),
    ({"type": "text"}, 5, "请填写文字"),
    ({"type": "text"}, ["a", "b"], "一个值"),
    ({"type": "decimal"}, [1], "一个值"),
    ({"type": "text", "pattern": "[a-z]+"}, "a1", "格式不正确"),
    ({"type": "text", "pattern": "[a-z]+", "pattern_message": {"zh": "只用 100% 小写"}}, "A", "只用 100% 小写"),
    ({"type": "integer"}, "x", "请填写整数"),
    ({"type": "integer"}, "1.5", "请填写整数"),
    ({"type": "integer"}, True, "请填写整数"),
    ({"type": "integer", "maximum": 99}, "100", "不能大于 99"),
    ({"type": "integer", "minimum": 1}, "0", "不能小于 1"),
    ({"type": "integer"}, "9" * 5000, "请填写整数"),
    ({"type": "decimal", "places": 1}, "2.55", "1 位小数"),
    ({"type": "decimal"}, float("nan"), "请填写数字"),
    ({"type": "decimal"}, "1e5", "请填写数字"),
    ({"type": "money"}, "1.005", "2 位小数"),
    ({"type": "money"}, "-1", "不能小于 0.00"),
    ({"type": "money", "maximum": 10000}, "100.01", "不能大于 100.00"),
    ({"type": "date"}, "2026-02-31", "没有这一天"),
    ({"type": "date"}, "明天", "请填写日期"),
    ({"type": "date"}, "1066-01-01", "年份"),
    ({"type": "date", "not_before": "today+5wd"}, "2026-03-13", "不能早于 2026-03-16"),
    ({"type": "date", "not_after": "today"}, "2026-03-10", "不能晚于 2026-03-09"),
    ({"type": "datetime", "not_before": "today+3wd"}, "2026-03-11 23:59", "不能早于 2026-03-12"),
    ({"type": "datetime"}, "2026-03-09 25:00", "没有这个时间"),
    ({"type": "month"}, "2026-13", "没有这个月份"),
    ({"type": "month", "not_after": "today"}, "2026-04", "不能晚于 2026-03"),
    ({"type": "boolean"}, "yes", "是"),
    ({"type": "boolean", "required": True}, None, "请填写此项"),
    ({"type": "boolean", "confirm": True, "required": True}, "false", "请勾选确认"),
    ({"type": "choice", "options": ["甲"]}, "丙", "请从列表中选择"),
    ({"type": "multichoice", "options": ["甲", "乙"], "max_items": 1}, ["甲", "乙"], "不能超过 1 项"),
    ({"type": "multichoice", "options": ["甲", "乙"], "min_items": 2}, ["甲"], "至少 2 项"),
    ({"type": "multichoice", "options": ["甲"]}, ["甲", "甲"], "重复"),
    ({"type": "units"}, ["999"], "请从列表中选择"),
    ({"type": "unit"}, {"a": 1}, "请从列表中选择"),
    ({"type": "phone"}, "123", "请填写手机号或区号-座机号"),
    ({"type": "phone", "pattern": r"1[3-9]\d{9}"}, "023-63671234", "格式不正确"),
    ({"type": "identity_number"}, "110105194912310021", "有误"),
    ({"type": "identity_number"}, "1101051949123100", "18 位"),
    ({"type": "file", "required": True}, [], "请上传文件"),
    ({"type": "file"}, ["f1", "f2"], "只能上传一个"),
    ({"type": "file"}, "nowhere", "不存在"),
    ({"type": "files"}, ["exe"], "格式不符"),
    ({"type": "files"}, ["big"], "超过 20 MB"),
    ({"type": "file", "accept": ["pdf"]}, "f2", "格式不符"),
]


@pytest.mark.parametrize(("field", "raw", "answer"), GOOD)
def test_a_good_value_becomes_an_answer_that_is_accepted_again(field, raw, answer, form, context):
    definition = form({"key": "item", **field})
    found = validate(definition, {"item": raw}, context)
    assert found == {"item": answer}
    assert type(found["item"]) is type(answer)
    assert validate(definition, found, context) == found


@pytest.mark.parametrize(("field", "raw", "text"), BAD)
def test_a_bad_value_is_refused_in_words(field, raw, text, form, errors_of):
    errors = errors_of(form({"key": "item", **field}), {"item": raw})
    assert errors.keys() == {"item"}
    assert text in errors["item"]


@pytest.mark.timeout(60)  # a search that goes back over its steps takes 2 to the 199th of them
def test_a_pattern_that_would_run_away_is_answered(form, errors_of):
    assert errors_of(form({"key": "item", "type": "text", "pattern": "(a+)+$"}), {"item": "a" * 199 + "b"})


def test_days_are_compared_with_other_days_of_the_form(form, errors_of, context):
    definition = form(
        {"key": "sent_on", "type": "date", "readonly": True},
        {"key": "replied_on", "type": "date", "not_before": "sent_on", "not_after": "today"},
        {"key": "begins", "type": "datetime"},
        {"key": "ends", "type": "datetime", "not_before": "begins", "not_after": "begins+3d"},
    )
    assert "2026-03-02" in errors_of(definition, {"replied_on": "2026-03-01"})["replied_on"]
    wrong = {"begins": "2026-03-09 10:00", "ends": "2026-03-09 09:59"}
    assert errors_of(definition, wrong)["ends"] == "不能早于 2026-03-09 10:00"
    assert validate(definition, {"replied_on": "2026-03-02"}, context)["replied_on"] == "2026-03-02"
