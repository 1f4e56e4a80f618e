"""Versions for programs: move a case, see what it would mean, compare, and deploy where a manager must approve."""

from __future__ import annotations

import pytest

from processes import clock
from processes.engine import publishing
from processes.identity import people
from tests.api.test_definitions import packed, send
from tests.engine.test_work import LETTER, REPLY, UNITS

LONGER = LETTER.replace('value="10wd"', 'value="5wd"')


@pytest.fixture
def versions(programs):
    """Two versions of a letter, and a case that runs on the first."""
    first = send(programs.owner, packed({"process.bpmn": LETTER, "forms/reply.json": REPLY}), "?key=letter").json
    body = {"process": "letter", "variables": {"round": "第一轮", "units": UNITS}}
    case = programs.clerk.post("/cases", body).json
    second = send(programs.owner, packed({"process.bpmn": LONGER, "forms/reply.json": REPLY}), "?key=letter").json
    return first, second, case


def test_a_case_is_looked_at_moved_and_put_back(programs, versions):
    first, second, case = versions
    place, body = f"/cases/{case['id']}", {"to": second["id"], "reason": "改版"}
    seen = programs.owner.post(f"{place}/move", {**body, "dry_run": True})
    assert (seen.status_code, seen.json["moves"], seen.json["moved"]) == (200, True, False)
    assert [each["name"] for each in seen.json["remarks"]] == ["复函"]
    assert programs.owner.get(place).json["case"]["definition_id"] == first["id"]
    moved = programs.owner.post(f"{place}/move", body)
    assert (moved.status_code, moved.json["case"]["definition_id"]) == (200, second["id"])
    back = programs.owner.post(f"{place}/restore", {"reason": "弄错"})
    assert (back.status_code, back.json["definition_id"]) == (200, first["id"])
    assert programs.owner.post(f"{place}/restore", {"reason": "再来"}).status_code == 409


def test_a_refusal_names_every_obstacle_with_its_element(programs, versions):
    _first, second, case = versions
    refused = programs.owner.post(f"/cases/{case['id']}/move", {"to": second["id"], "reason": " "})
    assert refused.status_code == 422
    assert programs.clerk.post(f"/cases/{case['id']}/move", {"to": second["id"], "reason": "改"}).status_code == 403
    assert programs.owner.post(f"/cases/{case['id']}/move", {"to": "x", "reason": "改"}).status_code == 422
    programs.owner.post(f"/cases/{case['id']}/move", {"to": second["id"], "reason": "改"})
    again = programs.owner.post(f"/cases/{case['id']}/move", {"to": second["id"], "reason": "改"})
    assert again.status_code == 409
    assert again.json["obstacles"][0]["text"] == "案件已按这个版本办理。"


def test_two_versions_are_told_apart_in_words(programs, versions):
    _first, second, _case = versions
    found = programs.owner.get(f"/definitions/{second['id']}/comparison").json
    assert found["changes"][0]["sentences"] == ["用户任务“复函”：办理时限由“10 个工作日”改为“5 个工作日”"]
    assert programs.clerk.get(f"/definitions/{second['id']}/comparison").status_code == 403


def test_where_a_manager_must_approve_a_deployment_waits_as_a_draft(programs, versions, desk):
    with desk.db.transaction() as session:
        publishing.set_approval_needed(session, _manager(session), True, "两人复核")
    more = packed({"process.bpmn": LETTER.replace('value="10wd"', 'value="7wd"'), "forms/reply.json": REPLY})
    made = send(programs.owner, more, "?key=letter")
    assert (made.status_code, made.json["state"], made.json["id"]) == (202, "submitted", None)
    assert made.json["draft"]
    assert [each["version"] for each in programs.clerk.items("/definitions?key=letter")] == [2, 1]


def _manager(session):
    return people.actor_of(session, people.person_by_login(session, "manager"), clock.today())
