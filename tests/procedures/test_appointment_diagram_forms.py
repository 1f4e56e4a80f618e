"""The forms of P01: what each asks for, what it refuses, what it leaves out."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from processes.errors import Invalid
from processes.forms.beginning import initial_values
from processes.forms.context import FormContext, StoredFileInfo
from processes.forms.definition import FormDefinition
from processes.forms.validation import validate
from processes.forms.wording import Option
from tests.procedures.diagram_story import CALENDAR, FOLDER

LISTS = {
    "units": [Option("500101", "万州区"), Option("500102", "涪陵区")],
    "planner_certificates": [Option(each, each) for each in ("注册城市规划师", "注册城乡规划师", "无")],
    "employers": [Option("employer-1", "市规划院")],
    "candidates": [Option("application-1", "周礼（市规划院）"), Option("application-2", "王堃（重庆大学）")],
    "nominees": [Option("nomination-1", "周礼"), Option("nomination-2", "王堃")],
}
ROWS = {
    "need_rows": [{"unit": "500101", "state": "需要", "asked": 1, "specialties": "城市设计", "wish": "", "posts": 1}],
    "post_rows": [
        {"post": "万州区岗位1", "unit": "500101", "specialties": "城市设计", "applicants": "周礼（第1志愿）"}
    ],
    "route_b_rows": [],
    "final_rows": [{"post": "万州区岗位1", "unit": "500101", "proposed": "周礼", "reply": "同意"}],
    "silent_rows": [{"unit": "500102", "leader_decision": "视情推进"}],
    "check_items": [{"item": "第四条（一）遵纪守法", "system": "已承诺"}],
}
SCAN = StoredFileInfo("盖章件.pdf", "pdf", 1000)
APPLICATION = {
    "name": "阿依努尔·买买提", "birth": "1975-04", "mobile": "13800138000", "employer": "employer-1",
    "title_level": "正高级", "title_name": "教授级高工", "title_cert_no": "Z1", "title_cert_file": "f1",
    "planner_cert": "注册城乡规划师", "planner_cert_no": "P1", "planner_cert_file": "f1", "claimed_route": "A",
    "specialties": ["城市设计"], "accept_assign": "true",
    "avoid": "无", "volunteers": "true", "duty_commitment": "true",
}  # fmt: skip
NEED = {
    "handling": "直接填报", "has_need": "需要", "posts": "1", "specialties": ["城市设计"], "contact": "张明",
    "phone": "023-63001234", "signed_scan": "f1",
}  # fmt: skip
CONSENT = {"consent": "同意", "pay_kept": "true", "conduct": "良好", "seal": "f1"}
REPLY = {"opinion": "同意", "reply_date": "2026-03-02", "scan": "f1"}
BODIES = {"甲": "市规划自然资源局", "乙": "市规划自然资源局", "丙": "专家", "丁": "其他", "戊": "市人力社保局"}
MEMBERS = [{"name": name, "body": body, "conflict": "无"} for name, body in BODIES.items()]
MEETING = {"meet_at": "2026-03-01 09:00", "place": "三楼", "chair": "甲", "recorder": "乙", "members": MEMBERS}
FINAL = {"meeting_name": "局长办公会", "meeting_date": "2026-03-01"}
LONG = "长期主持历史文化名镇和山地城镇规划编制，项目多次获奖，行业影响力较强。" * 2


def form(key: str) -> FormDefinition:
    return FormDefinition.parse((FOLDER / "forms" / f"{key}.json").read_bytes())


def context(**values: Any) -> FormContext:
    return FormContext(
        date(2026, 3, 2), CALENDAR.add_workdays, LISTS, {**ROWS, **values}, lambda one: SCAN if one == "f1" else None
    )


def sent(key: str, answers: dict[str, Any], **values: Any) -> dict[str, Any]:
    return validate(form(key), answers, context(**values))


def refused(key: str, answers: dict[str, Any], **values: Any) -> set[str]:
    with pytest.raises(Invalid) as caught:
        sent(key, answers, **values)
    return set(caught.value.fields)


def post_row(**answers):
    """The one post of the book as it comes back."""
    return {**ROWS["post_rows"][0], **answers}


def final_row(**answers):
    return {**ROWS["final_rows"][0], **answers}


SILENT = {**ROWS["silent_rows"][0], "decision": "暂不聘任", "reason": "区县未作答复"}


@pytest.mark.parametrize(
    ("key", "answers"),
    [
        ("survey_notice", {"round_name": "2026聘期", "scope": "全部服务单元", "reply_due": "2026-03-16",
                           "contact": "张明", "phone": "023-63001234"}),
        ("sign_off", {"decision": "签发"}),
        ("need", NEED),
        ("need", {"handling": "交区县规划自然资源局起草"}),
        ("need", {**NEED, "has_need": "不需要", "reason": "本届内暂无重点规划任务", "posts": "", "specialties": []}),
        ("fix_posts", {"need_rows": [{**ROWS["need_rows"][0], "posts": "1"}]}),
        ("publish_call", {"apply_from": "2026-03-02", "apply_until": "2026-03-22", "contact": "张明",
                          "phone": "13800138000"}),
        ("deliberation", {**MEETING, "per_post": [post_row(how="建议人选", nominee="application-1")]}),
        ("deliberation", {**MEETING, "per_post": [post_row(how="空缺", reason="无人报名")]}),
        ("hr_opinion", {"opinion": "同意"}),
        ("reply", REPLY),
        ("silent_decision", {"decision": "继续等待", "reason": "区县正在提请常务会研究"}),
        ("final_list", {**FINAL, "silent_units": [SILENT], "final": [final_row(
            settled="聘任", person="application-1", term_start="2026-05-01", term_end="2029-04-30")]}),
        ("receipt", {"accept": "接受", "received_on": "2026-03-02"}),
        ("receipt", {"accept": "不接受", "decline_reason": "工作单位变动"}),
        ("application", APPLICATION),
        ("employer_opinion", CONSENT),
        ("employer_opinion", {"consent": "不同意", "reason": "本单位任务重，无法安排", "seal": "f1"}),
        ("qualification", {"conflict": "有"}),
        ("qualification", {"conflict": "无", "certificate_false": "true",
                           "reasons": "职称证书经发证机关核实为伪造，原件亦无法提供"}),
        ("second_look", {"choice": "接受"}),
    ],
)  # fmt: skip
def test_what_is_asked_for_is_accepted(key, answers):
    assert sent(key, answers)


@pytest.mark.parametrize(
    ("key", "answers", "wrong"),
    [
        ("survey_notice", {"round_name": "2026聘期", "scope": "部分服务单元", "reply_due": "2026-03-06",
                           "contact": "张明", "phone": "1234", "doc_no": "渝规资发〔2026〕03号"},
         {"unit_ids", "reply_due", "phone", "doc_no"}),
        ("sign_off", {"decision": "退回修改"}, {"reason"}),
        ("need", {**NEED, "posts": "3"}, {"third_reason"}),
        ("need", {**NEED, "posts": "4"}, {"posts"}),
        ("need", {**NEED, "has_need": "不需要", "reason": "没有", "posts": "", "specialties": []}, {"reason"}),
        ("need", {**NEED, "specialties": []}, {"specialties"}),
        ("need", {**NEED, "signed_scan": ""}, {"signed_scan"}),
        ("need", {**NEED, "annual_demand": "61"}, {"annual_demand"}),
        ("fix_posts", {"need_rows": [{**ROWS["need_rows"][0], "posts": "4"}]}, {"need_rows.0.posts"}),
        ("publish_call", {"apply_from": "2026-03-02", "apply_until": "2026-03-01", "contact": "张明",
                          "phone": "13800138000"}, {"apply_until"}),
        ("deliberation", {**MEETING, "members": MEMBERS[:4], "per_post": [post_row(how="建议人选")]},
         {"members", "per_post.0.nominee"}),
        ("deliberation", {**MEETING, "per_post": [post_row(how="邻区兼任", nominee="application-1")]},
         {"per_post.0.reason"}),
        ("deliberation", {**MEETING, "per_post": [post_row(how="建议人选", nominee="somebody else")]},
         {"per_post.0.nominee"}),
        ("hr_opinion", {"opinion": "不同意", "reason": "该人选近期另有任务安排"}, {"objected"}),
        ("sign_letters", {"decision": "签发", "reply_due": "2026-03-03"}, {"reply_due"}),
        ("reply", {**REPLY, "opinion": "不同意", "advice": "不合适"}, {"advice", "objected"}),
        ("reply", {**REPLY, "reply_date": "2026-03-03"}, {"reply_date"}),
        ("reply", {"opinion": "同意并提出建议", "reply_date": "2026-03-02"}, {"advice", "scan"}),
        ("silent_decision", {"decision": "视情推进"}, {"reason"}),
        ("final_list", {**FINAL, "silent_units": [{**SILENT, "reason": ""}], "final": [final_row(settled="聘任")]},
         {"silent_units.0.reason", "final.0.person", "final.0.term_start", "final.0.term_end"}),
        ("final_list", {**FINAL, "silent_units": [SILENT], "final": [final_row(settled="空缺")]},
         {"final.0.reason", "final.0.next_step"}),
        ("receipt", {"accept": "接受", "received_on": "2026-03-03"}, {"received_on"}),
        ("receipt", {"accept": "不接受"}, {"decline_reason"}),
        ("replace", {"choice": "岗位空缺", "reason": "没有其他合适的备选人选"}, {"next_step"}),
        ("application", {**APPLICATION, "duty_commitment": ""}, {"duty_commitment"}),
        ("application", {**APPLICATION, "title_cert_no": "", "planner_cert_file": ""},
         {"title_cert_no", "planner_cert_file"}),
        ("application", {**APPLICATION, "claimed_route": "B", "practical_reasons": "经验丰富"},
         {"practical_reasons", "experience_evidence", "influence_evidence"}),
        ("application", {**APPLICATION, "specialties": ["城市设计", "建筑设计", "生态修复", "其他"]},
         {"specialties"}),
        ("application", {**APPLICATION, "avoid": "有"}, {"avoid_units"}),
        ("application", {**APPLICATION, "mobile": "023-63001234"}, {"mobile"}),
        ("application", {**APPLICATION, "units_wanted": [{"unit": "500101"}, {"unit": "500101"}]},
         {"units_wanted.1.unit"}),
        ("employer_opinion", {**CONSENT, "pay_kept": ""}, {"pay_kept"}),
        ("employer_opinion", {**CONSENT, "conduct": "有需说明事项"}, {"conduct_note"}),
        ("qualification", {"conflict": "无", "certificate_false": "false", "result": "需补正", "reasons": "缺",
                           "check_items": [{**ROWS["check_items"][0], "ok": "需补正"}]},
         {"reasons", "supplement", "check_items.0.remark"}),
        ("late_decision", {"fault": "截止当日平台故障无法提交", "decision": "接受"}, {"reason"}),
    ],
)  # fmt: skip
def test_what_is_missing_or_wrong_is_named(key, answers, wrong):
    assert refused(key, answers) == wrong


def test_a_title_and_a_certificate_that_somebody_has_not_are_not_asked_for():
    hidden = {"title_name", "title_cert_no", "title_cert_file", "planner_cert_no", "planner_cert_file"}
    answers = {key: value for key, value in APPLICATION.items() if key not in hidden}
    experienced = {"practical_reasons": LONG, "experience_evidence": ["f1"], "influence_evidence": ["f1"]}
    answers |= {"title_level": "无", "planner_cert": "无", "claimed_route": "B", **experienced}
    assert not hidden & sent("application", answers).keys()


def test_a_supplement_begins_with_what_was_sent_but_without_the_numbers_of_the_person():
    known = {**APPLICATION, "applicant_name": "阿依努尔·买买提", "rounds": 1, "supplement": [{"item": "职称证书"}]}
    known |= {"units_wanted": [{"unit": "500102"}], "employer_id": "employer-1", "id_no": "11010519491231002X"}
    found = initial_values(form("application"), context(**known))
    assert found["supplement"] == [{"item": "职称证书"}]
    assert (found["name"], found["employer"], found["title_cert_file"]) == ("阿依努尔·买买提", "employer-1", "f1")
    assert found["units_wanted"] == [{"unit": "500102"}]
    assert not {"mobile", "id_no"} & found.keys()


def test_the_dates_proposed_are_those_of_the_procedure():
    assert initial_values(form("survey_notice"), context())["reply_due"] == "2026-03-16"
    assert initial_values(form("sign_letters"), context())["reply_due"] == "2026-03-16"
    call = form("publish_call")
    assert initial_values(call, context())["apply_until"] == "2026-03-22"
    assert initial_values(call, context(call_until="2026-03-12"))["apply_until"] == "2026-03-12"


def test_the_governments_form_begins_with_the_bureaus_draft():
    found = initial_values(form("need"), context(draft_has_need="需要", draft_posts=2, draft_specialties=["城市设计"]))
    assert (found["has_need"], found["posts"], found["specialties"]) == ("需要", 2, ["城市设计"])


def test_a_survey_notice_that_comes_back_shows_what_was_written():
    form = FormDefinition.parse((FOLDER / "forms" / "survey_notice.json").read_bytes())
    written = {
        "round_name": "首轮", "doc_no": "渝规资发〔2026〕3号", "scope": "部分服务单元", "unit_ids": ["500101"],
        "reply_due": "2026-12-21", "contact": "陈思源", "phone": "023-60000000", "body": "请按时填报。",
    }  # fmt: skip
    context = FormContext(today=date(2026, 12, 1), add_workdays=CALENDAR.add_workdays, options=LISTS, values=written)
    assert initial_values(form, context) == written
