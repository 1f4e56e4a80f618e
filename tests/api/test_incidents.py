from __future__ import annotations

from dataclasses import replace

import pytest

from processes.engine import definitions, incidents
from processes.engine.house import Operation
from processes.forms.wording import Wording
from processes.identity.actor import SYSTEM
from processes.messages import message
from tests.api.programs import Program
from tests.api.test_tasks_and_cases import the_task
from tests.engine.spiff.drawn import chain, node
from tests.engine.test_work import diagram, lane, properties
from webapp.app import create_app

SHAKY = diagram(
    '<startEvent id="s"/>' + node("userTask", "ask") + node("serviceTask", "act", properties(operation="shaky"))
    + '<endEvent id="e"/>' + chain("s", "ask", "act", "e"),
    lane("city", "ask", "act", role="city_bureau.clerk"),
)  # fmt: skip


@pytest.fixture
def works():
    """Whether the operation works; it does not at first."""
    return []


@pytest.fixture
def app(desk, works):
    def shaky(call):
        if not works:
            raise RuntimeError("a secret that no answer shows")

    desk.house = replace(desk.house, operations={"shaky": Operation("shaky", Wording("操作"), shaky)})
    with desk.db.transaction() as session:
        definitions.deploy(session, SYSTEM, "shaky", {"process.bpmn": SHAKY.encode()})
    app = create_app(desk)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


def test_a_failed_step_changes_nothing_and_is_kept_to_be_done_again(app, works):
    clerk, manager = Program(app, "clerk"), Program(app, "manager")
    case = clerk.post("/cases", {"process": "shaky"}).json
    task = the_task(clerk)
    for _ in range(2):
        failed = clerk.post(f"/tasks/{task['id']}/complete", {"data": {"comment": "好"}})
        assert failed.status_code == 503
        assert "secret" not in failed.text
    assert the_task(clerk)["id"] == task["id"]
    assert manager.items(f"/cases/{case['id']}/history")[0]["kind"] == "incident"
    (incident,) = manager.items("/incidents")
    assert (incident["element"], incident["attempts"]) == ("act", 2)
    assert clerk.post(f"/incidents/{incident['id']}/retry", {"reason": "再试"}).status_code == 403
    assert manager.post(f"/incidents/{incident['id']}/retry", {"reason": "再试"}).status_code == 503
    works.append(True)
    for reason in ({}, {"reason": " "}, {"reason": "长" * 1001}):
        assert manager.post(f"/incidents/{incident['id']}/retry", reason).status_code == 422
    assert manager.post(f"/incidents/{incident['id']}/retry", {"reason": "再试"}).json["status"] == "resolved"
    assert manager.get(f"/cases/{case['id']}").json["case"]["status"] == "completed"
    assert manager.items("/incidents") == []
    told = next(each for each in manager.items(f"/cases/{case['id']}/history") if each["kind"] == "retried")
    assert (told["person"], told["text"]) == ("manager", "再试")
    assert manager.post(f"/incidents/{incident['id']}/retry", {"reason": "再试"}).status_code == 409


def test_background_work_of_no_case_is_listed_and_given_up_by_those_who_may(app, desk):
    with desk.db.transaction() as session:
        action = {"kind": "job", "job": "of.yesterday", "args": {}, "key": None}
        kept = incidents.record_work(session, RuntimeError(), message("试办"), action).id
    clerk, manager = Program(app, "clerk"), Program(app, "manager")
    (found,) = manager.items("/incidents")
    assert (found["id"], found["case_id"], found["step"]) == (str(kept), None, "试办")
    assert manager.post(f"/incidents/{kept}/retry", {"reason": "再试"}).status_code == 503
    assert manager.items("/incidents")[0]["attempts"] == 2
    assert clerk.post(f"/incidents/{kept}/discard", {"reason": "不再需要"}).status_code == 403
    assert manager.post(f"/incidents/{kept}/discard", {}).status_code == 422
    given_up = manager.post(f"/incidents/{kept}/discard", {"reason": "不再需要"}).json
    assert (given_up["status"], given_up["note"]) == ("discarded", "不再需要")
    assert manager.items("/incidents") == []
