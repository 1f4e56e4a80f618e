"""Every verb as a program uses it: listed in the actions, done once for each key, refused with a sentence."""

from __future__ import annotations

import io

import pytest

from processes.engine import definitions
from processes.identity.actor import SYSTEM
from tests.engine.spiff.drawn import chain, node
from tests.engine.test_work import diagram, lane, properties

START, END = node("startEvent", "s"), node("endEvent", "e", name="办结")
ROW = diagram(
    START + node("userTask", "draft", name="拟稿") + node("userTask", "check", properties(), name="审核")
    + node("userTask", "sign", properties(sign="all", **{"pass": "1/2"}), name="会签") + END
    + chain("s", "draft", "check", "sign", "e"),
    lane("c", "draft", "check", role="city_bureau.clerk") + lane("l", "sign", role="city_bureau.leader"),
)  # fmt: skip


@pytest.fixture
def row(desk, programs):
    """A case at its second step, which `other` has claimed."""
    with desk.db.transaction() as session:
        definitions.deploy(session, SYSTEM, "row", {"process.bpmn": ROW.encode()})
    case = programs.clerk.post("/cases", {"process": "row"}).json
    done(programs.clerk, "拟稿")
    programs.other.post(f"/tasks/{task(programs.other, '审核')['id']}/claim")
    return case


def task(program, step, view="todo"):
    return next(each for each in program.items(f"/tasks?view={view}") if each["step"] == step)


def done(program, step):
    response = program.post(f"/tasks/{task(program, step)['id']}/complete", {"data": {}})
    assert response.status_code == 200, response.text
    return response.json


def verb(program, item, name, **body):
    return program.post(f"/tasks/{item['id']}/{name}", body)


def actions(program, item):
    return set(program.get(f"/tasks/{item['id']}").json["actions"])


def test_what_may_be_done_is_listed_and_what_is_not_listed_is_refused(programs, row):
    item = task(programs.other, "审核")
    listed = {"return", "reject", "delegate", "sign-before", "sign-after", "copy", "ask", "attach"}
    assert listed <= actions(programs.other, item)
    assert not (listed - {"copy", "ask", "attach"}) & actions(programs.leader, item)
    for name in ("return", "reject"):
        assert verb(programs.leader, item, name, reason="x").status_code == 403
    assert verb(programs.fuling, item, "return", reason="x").status_code == 404
    assert verb(programs.other, item, "return", reason="").status_code == 422


def test_a_task_is_sent_back_once_however_often_it_is_asked(programs, row):
    item = task(programs.other, "审核")
    (target,) = programs.other.get(f"/tasks/{item['id']}/returns").json["items"]
    assert (target["step"], target["people"], target["ways"]) == ("拟稿", ["clerk"], ["again", "straight"])
    body = {"to": target["id"], "way": "again", "reason": "重拟"}
    for _time in range(2):
        response = programs.other.post(f"/tasks/{item['id']}/return", body, headers={"Idempotency-Key": "k1"})
        assert (response.status_code, response.json["task"]["status"]) == (200, "done")
    assert [each["step"] for each in programs.clerk.items("/tasks?view=mine")] == ["拟稿"]
    kinds = [each["kind"] for each in programs.clerk.items(f"/cases/{row['id']}/history")]
    assert kinds.count("returned") == 1


def test_mended_it_comes_straight_back(programs, row):
    item = task(programs.other, "审核")
    assert verb(programs.other, item, "return", way="straight", reason="补").json["task"]["status"] == "held"
    mend = task(programs.clerk, "拟稿")
    assert (mend["asked_as"], mend["asked_for"]) == ("mend", item["id"])
    done(programs.clerk, "拟稿")
    done(programs.other, "审核")


def test_sent_is_recalled_until_it_has_been_opened(programs, row):
    done(programs.other, "审核")
    sent = task(programs.other, "审核", "done")
    again = verb(programs.other, sent, "recall")
    assert again.json["task"]["status"] == "open"
    done(programs.other, "审核")
    programs.leader.get(f"/tasks/{task(programs.leader, '会签')['id']}")
    sent = task(programs.other, "审核", "done")
    refused = verb(programs.other, sent, "recall")
    assert (refused.status_code, "已打开" in refused.json["detail"]) == (409, True)


def test_a_delegate_and_signers_before_and_after(programs, row):
    item = task(programs.other, "审核")
    made = verb(programs.other, item, "delegate", to="clerk", reason="代办").json["task"]
    assert made["asked_as"] == "delegated"
    done(programs.clerk, "审核")
    before = verb(programs.other, item, "sign-before", to=["leader"], reason="先看").json["tasks"]
    assert programs.leader.post(f"/tasks/{before[0]['id']}/complete", {"data": {"opinion": "同意"}}).status_code == 200
    verb(programs.other, item, "sign-after", to=["manager"], reason="把关")
    done(programs.other, "审核")
    signers = programs.other.get(f"/tasks/{item['id']}/signers").json["items"]
    assert [each["left"] for each in signers] == [["manager"]]
    waiting = task(programs.manager, "审核")
    assert verb(programs.clerk, waiting, "remove-signer", reason="不必").status_code == 403
    assert programs.manager.post(f"/tasks/{waiting['id']}/complete", {"data": {"opinion": "同意"}}).status_code == 200
    assert task(programs.leader, "会签")["named"]


def test_a_refused_case_and_one_taken_back_by_its_starter(programs, row):
    assert programs.other.post(f"/cases/{row['id']}/withdraw", {"reason": "x"}).status_code == 403
    refused = verb(programs.other, task(programs.other, "审核"), "reject", reason="不合规定")
    assert (refused.json["status"], refused.json["outcome"]) == ("terminated", "驳回：不合规定")
    second = programs.clerk.post("/cases", {"process": "row"}).json
    assert programs.clerk.post(f"/cases/{second['id']}/withdraw", {"reason": "重复"}).json["status"] == "cancelled"


def test_copies_and_questions(programs, row):
    item = task(programs.other, "审核")
    (copy,) = verb(programs.other, item, "copy", to=["leader"], text="请阅").json["items"]
    assert [each["id"] for each in programs.leader.items("/circulations")] == [copy["id"]]
    assert programs.fuling.post(f"/circulations/{copy['id']}/read").status_code == 404
    assert programs.leader.post(f"/circulations/{copy['id']}/read").json["read_at"]
    assert programs.other.items("/circulations?box=sent")[0]["read_at"]
    asked = verb(programs.other, item, "ask", to="manager", text="几个？").json
    assert programs.manager.post(f"/circulations/{asked['id']}/answer", {"text": "三个"}).json["answer"] == "三个"
    programs.leader.post(f"/circulations/{copy['id']}/pass-on", {"to": ["clerk"]})
    assert len(programs.clerk.items("/circulations")) == 1


def test_a_token_is_moved_by_the_owner_of_the_process_alone(programs, row):
    item = task(programs.other, "审核")
    assert programs.clerk.get(f"/tasks/{item['id']}/places").status_code == 403
    places = [each["id"] for each in programs.owner.get(f"/tasks/{item['id']}/places").json["items"]]
    assert {"draft", "sign"} <= set(places)
    body = {"task": item["id"], "to": "sign", "reason": "误派"}
    assert programs.owner.post(f"/cases/{row['id']}/move", body).status_code == 200
    assert task(programs.leader, "会签")


def test_several_like_tasks_are_done_at_once_with_a_result_for_each(programs, row):
    for _number in range(2):
        programs.clerk.post("/cases", {"process": "row"})
    ids = [each["id"] for each in programs.clerk.items("/tasks") if each["step"] == "拟稿"]
    mixed = programs.clerk.post("/tasks/batch", {"tasks": [*ids, task(programs.other, "审核")["id"]], "data": {}})
    assert mixed.status_code == 422
    for _time in range(2):
        answer = programs.clerk.post("/tasks/batch", {"tasks": ids, "data": {}}, headers={"Idempotency-Key": "b"})
        assert (answer.json["done"], len(answer.json["items"])) == (2, 2)
    again = programs.clerk.post("/tasks/batch", {"tasks": ids, "data": {}}).json
    assert (again["done"], "办结" in again["items"][0]["problem"]) == (0, True)


def test_stand_ins_phrases_and_hand_overs(programs, row):
    day = {"valid_from": "2030-01-01", "valid_to": "2030-01-05"}
    made = programs.other.post("/stand-ins", {"person": "leader", **day})
    assert made.status_code == 201
    assert programs.leader.items("/stand-ins")[0]["principal"] == "other"
    assert programs.leader.post(f"/stand-ins/{made.json['id']}/end").json["ended_at"]
    phrase = programs.other.post("/phrases", {"text": "同意。"}).json
    assert programs.other.items("/phrases") == [phrase]
    assert programs.other.post(f"/phrases/{phrase['id']}/remove").status_code == 200
    assert (
        programs.other.post("/hand-overs", {"leaver": "other", "successor": "clerk", "reason": "x"}).status_code == 403
    )
    moved = programs.admin.post("/hand-overs", {"leaver": "other", "successor": "clerk", "reason": "调离"})
    assert [each["now"] for each in moved.json["lines"]] == ["moved"]
    assert task(programs.clerk, "审核")["claimed_by"] == "clerk"


def test_an_attachment_keeps_its_versions(programs, row):
    item = task(programs.other, "审核")
    for number in (1, 2):
        sent = {"file": (io.BytesIO(b"%PDF-1.4 " + bytes([48 + number])), "附件.pdf"), "task": item["id"]}
        answer = programs.other.ask("POST", "/attachments", data=sent)
        assert answer.status_code == 201
    (found,) = programs.clerk.items(f"/cases/{row['id']}/attachments")
    assert [each["number"] for each in found["versions"]] == [2, 1]
    assert programs.fuling.get(f"/cases/{row['id']}/attachments").status_code == 404


def test_others_sign_too_and_one_whose_turn_has_not_come_is_left_out(desk, programs, row):
    in_turn = ROW.replace('value="all"', 'value="sequence"').replace('"1/2"', '"1/1"')
    with desk.db.transaction() as session:
        definitions.deploy(session, SYSTEM, "turns", {"process.bpmn": in_turn.encode()})
    programs.clerk.post("/cases", {"process": "turns"})
    item = next(each for each in programs.clerk.items("/tasks") if each["process"] == "turns")
    for _step in range(2):
        assert programs.clerk.post(f"/tasks/{item['id']}/complete", {"data": {}}).status_code == 200
        found = [each for each in (*programs.clerk.items("/tasks"), *programs.leader.items("/tasks"))
                 if each["process"] == "turns"]  # fmt: skip
        item = found[0]
    assert "sign-with" in actions(programs.leader, item)
    assert verb(programs.leader, item, "sign-with", to=["nobody"], reason="x").status_code == 422
    assert verb(programs.fuling, item, "sign-with", to=["manager"], reason="x").status_code == 404
    assert verb(programs.leader, item, "sign-with", to=["manager", "other"], reason="会签").json["tasks"] == []
    assert verb(programs.leader, item, "sign-with", to=["owner"], reason="先签", next=True).status_code == 200
    (round_,) = programs.leader.get(f"/tasks/{item['id']}/signers").json["items"]
    assert ([each["name"] for each in round_["ahead"]], round_["total"]) == (["owner", "manager", "other"], 4)
    key = round_["ahead"][1]["key"]
    assert verb(programs.leader, item, "remove-signer", signer=key, reason="x").status_code == 403
    assert verb(programs.clerk, item, "remove-signer", signer=key, reason="不必").status_code == 200
    assert verb(programs.clerk, item, "remove-signer", signer=key, reason="不必").status_code == 409
    (round_,) = programs.leader.get(f"/tasks/{item['id']}/signers").json["items"]
    assert (round_["total"], round_["needed"], round_["left"]) == (3, 3, ["leader", "owner", "other"])
