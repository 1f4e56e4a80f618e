from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from uuid import UUID

import pytest

from processes import clock
from processes.engine.models import WorkItem
from tests.api.conftest import UNITS
from tests.engine.spiff.drawn import HEAD

AGREE = {"data": {"opinion": "同意"}}


def the_task(program, view="todo"):
    (found,) = program.items(f"/tasks?view={view}")
    return found


def test_a_round_is_played_through_the_api_alone(programs, letter, work_off):
    for program in (programs.wanzhou, programs.fuling):
        task = the_task(program, "group")
        shown = program.get(f"/tasks/{task['id']}").json
        usual = {"claim", "comment", "complete", "draft", "remind", "transfer"}
        asking = {"ask", "attach", "copy", "delegate", "sign-after", "sign-before"}
        assert set(shown["actions"]) == usual | asking  # it is the first step: there is nothing to send back to
        assert shown["schema"]["properties"]["opinion"]["enum"] == ["同意", "不同意"]
        done = program.post(f"/tasks/{task['id']}/complete", AGREE)
        assert (done.status_code, done.json["task"]["status"], done.json["task"]["result"]) == (200, "done", "同意")
    summary = the_task(programs.clerk)
    done = programs.clerk.post(f"/tasks/{summary['id']}/complete", {"data": {"comment": "已汇总"}})
    assert (done.json["case"]["status"], done.json["case"]["outcome"]) == ("completed", "办结")
    whole = programs.manager.get(f"/cases/{letter['id']}").json
    assert [each["answers"] for each in whole["submissions"]][-1] == {"comment": "已汇总"}
    assert whole["elements"]["sum_up"] == "done"
    assert whole["variables"]["round"] == "首轮"
    kinds = [each["kind"] for each in programs.manager.items(f"/cases/{letter['id']}/history")]
    assert kinds.count("completed") >= 3
    assert kinds[-1] == "started"


def test_claimed_work_is_mine_and_released_work_is_everybodys(programs, letter):
    task = the_task(programs.wanzhou, "group")
    path = f"/tasks/{task['id']}"
    assert programs.wanzhou.post(f"{path}/claim").json["task"]["claimed_by"] == "wanzhou"
    assert the_task(programs.wanzhou, "mine")["id"] == task["id"]
    assert programs.wanzhou2.items("/tasks?view=group") == []
    late = programs.wanzhou2.post(f"{path}/complete", AGREE)
    assert late.status_code == 409
    assert "wanzhou" in late.json["detail"]
    assert programs.wanzhou.post(f"{path}/release").status_code == 200
    assert the_task(programs.wanzhou2, "group")["id"] == task["id"]


def test_a_draft_is_kept_and_shown_and_listed(programs, letter):
    task = the_task(programs.wanzhou)
    saved = programs.wanzhou.post(f"/tasks/{task['id']}/draft", {"data": {"opinion": "不同意", "strange": 1}})
    assert saved.json["data"] == {"opinion": "不同意"}
    assert programs.wanzhou.get(f"/tasks/{task['id']}").json["data"]["opinion"] == "不同意"
    assert the_task(programs.wanzhou, "drafts")["id"] == task["id"]


def test_refused_answers_name_their_fields_in_the_language_asked_for(programs, letter):
    path = f"/tasks/{the_task(programs.wanzhou)['id']}/complete"
    for body, field in (
        ({"data": {}}, "opinion"),
        ({"data": {"opinion": {"a": 1}}}, "opinion"),
        ({"data": {"opinion": "同意", "x": 1}}, "x"),
        ({"dat": {}}, "dat"),
        ({"data": []}, "data"),
    ):
        refused = programs.wanzhou.post(path, body)
        assert refused.status_code == 422
        assert field in refused.json["errors"]
    chinese = programs.wanzhou.post(path, {"data": 1}).json
    english = programs.wanzhou.post(path + "?lang=en", {"data": 1}).json
    assert chinese["errors"]["data"] == "应为 JSON 对象。"
    assert english["status"] == chinese["status"]
    assert programs.wanzhou.items("/tasks?view=done") == []


def test_who_is_second_is_told_that_the_case_has_moved_on(programs, letter):
    task = the_task(programs.wanzhou)
    revision = programs.wanzhou.get(f"/tasks/{task['id']}").json["revision"]
    programs.fuling.post(f"/tasks/{the_task(programs.fuling)['id']}/complete", AGREE)
    stale = programs.wanzhou.post(f"/tasks/{task['id']}/complete", {**AGREE, "revision": revision})
    assert stale.status_code == 409
    assert programs.wanzhou.post(f"/tasks/{task['id']}/complete", AGREE).status_code == 200
    again = programs.wanzhou2.post(f"/tasks/{task['id']}/complete", AGREE)
    assert (again.status_code, "wanzhou" in again.json["detail"]) == (409, True)


def test_a_task_goes_to_a_colleague_of_the_same_post_with_a_reason(programs, letter):
    path = f"/tasks/{the_task(programs.wanzhou)['id']}/transfer"
    for body, field in (
        ({"to": "fuling", "reason": "请假"}, "to"),
        ({"to": "nobody", "reason": "请假"}, "to"),
        ({"to": "wanzhou", "reason": "请假"}, "to"),
        ({"to": "wanzhou2", "reason": " "}, "reason"),
        ({"to": "wanzhou2"}, "reason"),
    ):
        refused = programs.wanzhou.post(path, body)
        assert (refused.status_code, list(refused.json["errors"])) == (422, [field])
    assert programs.leader.post(path, {"to": "wanzhou2", "reason": "代办"}).status_code == 403
    given = programs.wanzhou.post(path, {"to": "wanzhou2", "reason": "请假"})
    assert given.json["task"]["claimed_by"] == "wanzhou2"
    assert the_task(programs.wanzhou2, "mine")["id"] == given.json["task"]["id"]
    assert programs.wanzhou.post(path, {"to": "wanzhou2", "reason": "请假"}).status_code == 409


def test_who_waits_may_remind_once_an_hour(programs, letter):
    path = f"/tasks/{the_task(programs.wanzhou)['id']}/remind"
    assert programs.manager.post(path, {"reason": "会议将至"}).status_code == 200
    assert programs.clerk.post(path).status_code == 409
    assert programs.fuling.post(path).status_code == 404
    events = programs.manager.items(f"/cases/{letter['id']}/history")
    assert [(each["person"], each["text"]) for each in events if each["kind"] == "reminded"] == [
        ("manager", "会议将至")
    ]


def test_a_remark_stands_in_the_history(programs, letter):
    task = the_task(programs.wanzhou)
    assert programs.wanzhou.post(f"/tasks/{task['id']}/comment", {"reason": "已电话沟通"}).status_code == 200
    assert programs.wanzhou.post(f"/tasks/{task['id']}/comment", {"reason": ""}).status_code == 422
    assert programs.clerk.items(f"/cases/{letter['id']}/history")[0]["text"] == "已电话沟通"


def test_lists_are_narrowed_sorted_and_given_a_page_at_a_time(programs, letter):
    for number in range(4):
        body = {"process": "letter", "variables": {"units": UNITS, "round": f"第{number}轮"}}
        assert programs.clerk.post("/cases", body).status_code == 201
    seen, cursor = [], ""
    while True:
        page = programs.wanzhou.get(f"/tasks?sort=title&limit=2{cursor}").json
        seen += [each["title"] for each in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert (len(seen), seen) == (5, sorted(seen))
    assert len(programs.wanzhou.items("/tasks?q=第3轮")) == 1
    assert programs.wanzhou.items("/tasks?overdue=1") == []
    assert programs.wanzhou.items("/tasks?process=other") == []
    assert len(programs.clerk.items("/tasks?view=started")) == 5
    assert len(programs.manager.items("/cases?status=running&q=征求第")) == 4
    for wrong in ("limit=0", "limit=x", "view=all", "sort=password", "overdue=maybe", f"{cursor[1:]}&q=1", "page=2"):
        assert programs.wanzhou.get(f"/tasks?{wrong}").status_code == 422


def test_cases_are_stopped_with_a_reason_by_those_who_may(programs, letter):
    path = f"/cases/{letter['id']}"
    task = the_task(programs.wanzhou)
    assert programs.clerk.post(f"{path}/suspend", {"reason": "核实"}).status_code == 403
    assert programs.manager.post(f"{path}/suspend", {}).status_code == 422
    assert programs.manager.post(f"{path}/suspend", {"reason": "核实"}).json["status"] == "suspended"
    assert programs.wanzhou.post(f"/tasks/{task['id']}/complete", AGREE).status_code == 409
    assert programs.manager.post(f"{path}/resume", {"reason": "已核实"}).json["status"] == "running"
    assert programs.manager.post(f"{path}/cancel", {"reason": "撤回"}).json["status"] == "cancelled"
    assert programs.manager.post(f"{path}/cancel", {"reason": "撤回"}).status_code == 409
    assert programs.wanzhou.items("/tasks") == []


@pytest.mark.parametrize("name", ["letter", "p"])
def test_a_process_is_named_by_its_key_or_its_id(programs, name):
    body = {"process": name, "variables": {"units": {}, "round": ""}}
    assert programs.clerk.post("/cases", body).status_code == 201
    assert programs.wanzhou.post("/cases", body).status_code == 403
    assert programs.clerk.post("/cases", {"process": "nothing"}).status_code == 404


PLAIN = (
    f'{HEAD}<process id="plain" name="普通流程" isExecutable="true"><startEvent id="s"/><userTask id="t" name="办理"/>'
    '<endEvent id="e"/><sequenceFlow id="a" sourceRef="s" targetRef="t"/>'
    '<sequenceFlow id="b" sourceRef="t" targetRef="e"/></process></definitions>'
)


def test_a_plain_diagram_of_any_tool_runs_and_its_starter_gets_the_task(programs):
    deployed = programs.owner.ask("POST", "/definitions", data=PLAIN.encode(), content_type="application/xml")
    assert (deployed.status_code, deployed.json["key"], deployed.json["version"]) == (201, "plain", 1)
    started = programs.wanzhou.post("/cases", {"process": "plain"})
    assert started.status_code == 201
    task = the_task(programs.wanzhou, "mine")
    done = programs.wanzhou.post(f"/tasks/{task['id']}/complete", {"data": {}})
    assert done.json["case"]["status"] == "completed"
    assert programs.planner.post("/cases", {"process": "plain"}).status_code == 403


def test_a_repeated_request_with_a_key_is_done_once_and_answered_the_same(programs, letter):
    path, key = f"/tasks/{the_task(programs.wanzhou)['id']}/complete", {"Idempotency-Key": "k-1"}
    first = programs.wanzhou.post(path, AGREE, headers=key)
    again = programs.wanzhou.post(path, AGREE, headers=key)
    assert (again.status_code, again.data) == (200, first.data)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert programs.wanzhou.post(path, {"data": {"opinion": "不同意"}}, headers=key).status_code == 422
    assert (
        programs.fuling.post(f"/tasks/{the_task(programs.fuling)['id']}/complete", AGREE, headers=key).status_code
        == 200
    )
    starts = [programs.clerk.post("/cases", {"process": "letter", "variables": {"units": {}, "round": ""}}, headers=key)
              for _ in range(2)]  # fmt: skip
    assert starts[0].json["id"] == starts[1].json["id"]
    assert programs.wanzhou.post(path, AGREE, headers={"Idempotency-Key": "x" * 100}).status_code == 422


def test_a_refused_request_does_not_use_its_key_up(programs, letter):
    path, key = f"/tasks/{the_task(programs.wanzhou)['id']}/complete", {"Idempotency-Key": "k-2"}
    assert programs.wanzhou.post(path, {"data": {}}, headers=key).status_code == 422
    assert programs.wanzhou.post(path, AGREE, headers=key).status_code == 200


def test_files_go_with_a_task_of_ones_own_and_are_read_by_those_concerned(programs, letter):
    task = the_task(programs.wanzhou)["id"]

    def upload(program, name="附件.pdf", content=b"%PDF-1.7 sample", to=task):
        return program.ask("POST", "/files", data={"task": to, "file": (BytesIO(content), name)})

    stored = upload(programs.wanzhou)
    assert (stored.status_code, stored.json["kind"]) == (201, "pdf")
    path = f"/files/{stored.json['id']}"
    assert programs.wanzhou.get(path).data == b"%PDF-1.7 sample"
    assert programs.wanzhou.get(path).headers["Content-Disposition"].startswith("attachment")
    assert programs.fuling.get(path).status_code == 404
    assert upload(programs.fuling).status_code == 404
    assert upload(programs.leader).status_code == 403
    assert upload(programs.wanzhou, "附件.pdf", b"<script>").status_code == 422
    assert upload(programs.wanzhou, "附件.exe").status_code == 422
    assert upload(programs.wanzhou, to="x").status_code == 422
    assert programs.wanzhou.post("/files", {"task": task}).status_code == 415


def test_messages_reach_cases_for_those_who_may_send_them(programs):
    assert programs.owner.post("/messages", {"name": "nothing", "correlation": "1"}).json == {"taken": 0}
    assert programs.clerk.post("/messages", {"name": "nothing"}).status_code == 403


def test_a_task_done_late_stays_a_late_one(programs, letter, desk):
    (task,) = programs.wanzhou.items("/tasks")
    with desk.db.transaction() as session:
        session.get_one(WorkItem, UUID(task["id"])).due_at = clock.now() - timedelta(days=1)
    assert programs.wanzhou.post(f"/tasks/{task['id']}/complete", {"data": {"opinion": "同意"}}).status_code == 200
    (fuling,) = programs.fuling.items("/tasks")
    programs.fuling.post(f"/tasks/{fuling['id']}/complete", {"data": {"opinion": "同意"}})
    assert [each["overdue"] for each in programs.wanzhou.items("/tasks?view=done&overdue=1")] == [True]
    assert programs.fuling.items("/tasks?view=done&overdue=1") == []


def test_a_case_begins_with_a_few_variables_and_not_with_a_register(programs, letter):
    variables = {f"v{number}": number for number in range(501)}
    refused = programs.owner.post("/cases", {"process": "letter", "variables": variables})
    assert refused.status_code == 422
    assert "500" in refused.json["detail"]
    assert "variables" in refused.json["errors"]
