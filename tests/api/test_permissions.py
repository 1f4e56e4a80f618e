from __future__ import annotations

import pytest

from tests.api.conftest import PEOPLE
from tests.api.test_tasks_and_cases import AGREE, the_task

SEE_ALL = {"owner", "manager", "auditor", "leader", "clerk", "other"}
MAY = {
    "see the case": SEE_ALL | {"wanzhou", "wanzhou2", "fuling"},
    "see the task": SEE_ALL | {"wanzhou", "wanzhou2"},
    "complete": {"wanzhou", "wanzhou2"},
    "start": {"clerk", "other"},
    "suspend": {"owner", "manager"},
    "send": {"owner", "manager"},
    "experts": SEE_ALL,
    "posts": SEE_ALL | {"wanzhou", "wanzhou2", "fuling"},
}
"""Who may do what; everybody else is told 403 or 404."""


@pytest.mark.parametrize("login", PEOPLE)
def test_each_post_may_do_what_the_table_says(programs, letter, login):
    program, task = getattr(programs, login), the_task(programs.wanzhou)["id"]
    statuses = {
        "see the case": program.get(f"/cases/{letter['id']}"),
        "see the task": program.get(f"/tasks/{task}"),
        "complete": program.post(f"/tasks/{task}/complete", AGREE),
        "start": program.post("/cases", {"process": "letter", "variables": {"units": {}, "round": ""}}),
        "suspend": program.post(f"/cases/{letter['id']}/suspend", {"reason": "核实"}),
        "send": program.post("/messages", {"name": "nothing"}),
        "experts": program.get("/registers/experts"),
        "posts": program.get("/registers/posts"),
    }
    allowed = {act for act, response in statuses.items() if response.status_code < 300}
    assert allowed == {act for act, logins in MAY.items() if login in logins}
    assert {response.status_code for act, response in statuses.items() if act not in allowed} <= {403, 404}


def test_a_district_sees_its_part_of_a_case_and_no_more(programs, letter):
    programs.fuling.post(f"/tasks/{the_task(programs.fuling)['id']}/complete", AGREE)
    seen = programs.wanzhou.get(f"/cases/{letter['id']}").json
    assert [each["unit_id"] for each in seen["tasks"]] == ["CQ-500101"]
    assert (seen["submissions"], seen["variables"], seen["elements"], seen["waits"]) == ([], None, None, [])
    people = {each["person"] for each in programs.wanzhou.items(f"/cases/{letter['id']}/history")}
    assert "fuling" not in people


def test_who_i_am(programs, letter):
    me = programs.wanzhou.get("/me").json
    assert (me["login"], me["units"], me["counts"]["todo"]) == ("wanzhou", [{"id": "CQ-500101", "name": "万州区"}], 1)
    assert [(each["role"], each["organization_id"]) for each in me["posts"]] == [
        ("district_government.clerk", "gov:CQ-500101")
    ]
