"""Opening, saving, importing and checking a draft's diagram over HTTP."""

from __future__ import annotations

import json
import re

import pytest

from processes import clock
from processes.engine import drafts
from processes.identity.people import actor_of, person_by_login
from webapp.studio.offers import offers

SAMPLE = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="definitions" targetNamespace="urn:t">
  <bpmn:process id="sample" name="登记" isExecutable="true">
    <bpmn:startEvent id="begun" />
    <bpmn:sequenceFlow id="one" sourceRef="begun" targetRef="fill" />
    <bpmn:userTask id="fill" name="填写" />
    <bpmn:sequenceFlow id="two" sourceRef="fill" targetRef="ended" />
    <bpmn:endEvent id="ended" />
  </bpmn:process>
</bpmn:definitions>
"""
CHANGED = SAMPLE.replace("填写", "填写登记表")


@pytest.fixture
def draft(desk):
    with desk.db.transaction() as session:
        owner = actor_of(session, person_by_login(session, "owner"), clock.today())
        return drafts.create(session, owner, "sample", files={"process.bpmn": SAMPLE.encode()}).id


@pytest.fixture
def send(visit):
    """Send JSON, or bytes, as the page does."""

    def do(login, method, path, content, revision=None):
        visitor = visit(login)
        headers = {"X-CSRFToken": visitor.token("/keys")}
        if revision is not None:
            headers["If-Match"] = f'"{revision}"'
        if isinstance(content, bytes):
            return visitor.client.open(path, method=method, data=content, headers=headers)
        return visitor.client.open(path, method=method, json=content, headers=headers)

    return do


@pytest.fixture
def kept(desk):
    def read(draft, path="process.bpmn"):
        with desk.db.reading() as session:
            return drafts.file(session, draft, path).decode()

    return read


def at(draft, what=""):
    return f"/studio/drafts/{draft}/diagram{what}"


def test_the_page_tells_whoever_may_not_change_it(visit, draft):
    assert "data-editable" in visit("owner").get(at(draft)).text
    page = visit("manager").get(at(draft))
    assert page.status_code == 200
    assert "data-editable" not in page.text
    assert visit("city.clerk").get(at(draft)).status_code == 403


def test_a_diagram_is_opened_as_utf_8_with_a_drawing(visit, draft):
    told = visit("owner").get(at(draft, ".json")).json
    assert "BPMNShape" in told["xml"]
    assert told["revision"] == 1
    assert told["editable"] is True
    assert told["notices"] == ["文件中没有图形，已自动排版。"]


def test_what_is_drawn_is_saved_and_the_uploaded_bytes_stay(send, draft, kept):
    answer = send("owner", "PUT", at(draft, ".json"), {"xml": CHANGED, "deleted": [], "kept": []}, 1)
    assert answer.status_code == 200
    assert answer.json == {"revision": 2}
    assert "填写登记表" in kept(draft)
    assert kept(draft, "original/process-1.bpmn") == SAMPLE


def test_an_answer_that_was_lost_on_the_way_may_be_asked_for_again(send, draft):
    for _ in range(2):
        answer = send("owner", "PUT", at(draft, ".json"), {"xml": CHANGED, "deleted": [], "kept": []}, 1)
        assert (answer.status_code, answer.json) == (200, {"revision": 2})


def test_who_has_saved_meanwhile_is_told_and_nothing_is_overwritten(send, draft, kept):
    send("owner", "PUT", at(draft, ".json"), {"xml": CHANGED, "deleted": [], "kept": []}, 1)
    other = SAMPLE.replace("填写", "另填")
    answer = send("owner", "PUT", at(draft, ".json"), {"xml": other, "deleted": [], "kept": []}, 1)
    assert answer.status_code == 409
    assert answer.json["who"] == "李程"
    assert answer.json["revision"] == 2
    assert "填写登记表" in kept(draft)
    answer = send("owner", "PUT", at(draft, ".json"), {"xml": other, "deleted": [], "kept": [], "overwrite": True}, 2)
    assert answer.status_code == 200
    assert "另填" in kept(draft)
    assert "填写登记表" in kept(draft, "original/process-2.bpmn")


def test_an_element_that_vanished_keeps_it_from_being_saved(send, draft, kept):
    without = SAMPLE.replace('<bpmn:userTask id="fill" name="填写" />', "")
    answer = send("owner", "PUT", at(draft, ".json"), {"xml": without, "deleted": ["one"], "kept": []}, 1)
    assert answer.status_code == 422
    assert "填写（fill）" in answer.json["detail"]
    assert kept(draft) == SAMPLE
    deleted = {"xml": without, "deleted": ["fill"], "kept": []}
    assert send("owner", "PUT", at(draft, ".json"), deleted, 1).status_code == 200


def test_what_the_modeler_cannot_keep_is_told_when_it_is_opened(send, draft):
    answer = send("owner", "POST", at(draft, "/opened"), {"xml": SAMPLE.replace('name="登记" ', "")})
    assert answer.json["gone"] == []
    assert [
        (each["kind"], each["near"], each["name"]) for each in answer.json["kept"] if each["kind"] == "attribute"
    ] == [("attribute", "sample", "name")]


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"xml": 3},
        {"xml": ""},
        {"xml": "<a/>"},
        {"xml": SAMPLE, "deleted": "all"},
        {"xml": SAMPLE, "kept": [3]},
        {"xml": SAMPLE, "kept": {"a": 1}},
        b'{"xml": "\\ud800"}',
        ["xml"],
        b"{",
        b"\xff\xfe",
        {"xml": '<!DOCTYPE x [<!ENTITY a "a">]>' + SAMPLE},
        {"xml": SAMPLE.replace("填写", "x" * 5_000_000)},
    ],
)
def test_whatever_else_is_sent_is_refused_with_a_sentence(send, draft, kept, content):
    answer = send("owner", "PUT", at(draft, ".json"), content, 1)
    assert answer.status_code == 422
    assert answer.json["detail"]
    assert kept(draft) == SAMPLE


def test_only_owners_save_and_import(send, draft, kept):
    for login in ("manager", "auditor", "city.clerk", "admin"):
        saved = send(login, "PUT", at(draft, ".json"), {"xml": CHANGED, "deleted": [], "kept": []}, 1)
        assert saved.status_code == 403
        assert send(login, "POST", at(draft, "/import"), CHANGED.encode(), 1).status_code == 403
    assert kept(draft) == SAMPLE


def test_a_draft_that_is_closed_is_not_changed(send, desk, draft):
    with desk.db.transaction() as session:
        owner = actor_of(session, person_by_login(session, "owner"), clock.today())
        drafts.discard(session, owner, draft, "另起")
    answer = send("owner", "PUT", at(draft, ".json"), {"xml": CHANGED, "deleted": [], "kept": []}, 1)
    assert answer.status_code == 409
    assert "已放弃" in answer.json["detail"]


def test_a_file_is_imported_byte_for_byte_and_the_diagram_before_is_kept(send, visit, draft, desk, kept):
    file = SAMPLE.replace("UTF-8", "GB18030").replace('"fill"', '"填"').encode("gb18030")
    assert send("owner", "POST", at(draft, "/import"), file, 1).json == {"revision": 2}
    with desk.db.reading() as session:
        assert drafts.file(session, draft, "process.bpmn") == file
    assert kept(draft, "original/process-1.bpmn") == SAMPLE
    told = visit("owner").get(at(draft, ".json")).json
    assert told["renamed"] == [["填", "userTask_1", "填写"]]
    assert any("GB18030" in each for each in told["notices"])


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"<html/>", b"<!DOCTYPE a><a/>"])
def test_a_file_that_is_no_diagram_is_not_imported(send, draft, kept, content):
    answer = send("owner", "POST", at(draft, "/import"), content, 1)
    assert answer.status_code == 422
    assert kept(draft) == SAMPLE


def test_the_check_reads_what_is_drawn_and_saves_nothing(send, visit, draft, kept):
    path = f"/studio/drafts/{draft}/check.json"
    assert visit("owner").get(path).json["verdict"] == "deployable"
    report = send("owner", "POST", path, SAMPLE.replace('targetRef="fill"', 'targetRef="nowhere"').encode()).json
    assert report["verdict"] == "rejected"
    assert {"severity", "element", "name", "code", "message_zh", "message_en"} == set(report["problems"][0])
    assert kept(draft) == SAMPLE
    assert send("owner", "POST", path, b"not xml").json["problems"][0]["code"] == "xml-not-wellformed"


def test_a_form_that_cannot_be_read_is_told_by_the_check(visit, desk, draft):
    with desk.db.transaction() as session:
        owner = actor_of(session, person_by_login(session, "owner"), clock.today())
        drafts.save_files(session, owner, draft, {"forms/a.json": b"{"}, 1)
    told = visit("owner").get(f"/studio/drafts/{draft}/check.json").json
    assert told["verdict"] == "rejected"
    assert [each["element"] for each in told["problems"] if each["severity"] == "error"] == ["forms/a.json"]
    told = visit("owner").get(at(draft, "/offers.json")).json
    assert told["forms"] == [{"key": "a", "title": {"zh": "a", "en": "a"}, "fields": [], "broken": True}]


def test_the_fields_are_offered_what_the_installation_has(visit, desk, draft):
    told = visit("owner").get(at(draft, "/offers.json")).json
    assert {each["name"] for each in told["operations"]} == set(desk.house.operations)
    named = next(each for each in told["operations"] if each["parameters"])
    assert all({"name", "title", "kind", "required", "choices"} == set(each) for each in named["parameters"])
    assert {"value": "planner", "title": {"zh": "区县首席规划师", "en": "Chief planner"}} in told["posts"]
    assert "workdays" in told["functions"]
    assert json.dumps(told)


def test_every_check_and_count_is_chosen_by_its_name_in_both_languages(desk):
    offered = offers(desk.house, {}, {"appointment": "选聘"})
    for each in (*offered["checks"], *offered["tallies"]):
        assert re.search("[一-龥]", each["title"]["zh"]), each["name"]
        assert re.fullmatch("[ -~]+", each["title"]["en"]), each["name"]
    reply = next(each for each in offered["checks"] if each["name"] == "appointment.reply")
    assert (reply["title"]["zh"], reply["group"]) == ("复函：不早于发函，意见写明内容", "选聘")
