from __future__ import annotations

import json

import pytest

from processes.engine import drafts, tables
from processes.engine.tables import Input, Output, Rule, Table
from tests.webapp.pages.letters import actor

LEVELS = Table(
    id="levels",
    name="审批层级",
    inputs=(Input("input_1", "金额", "amount", "number"),),
    outputs=(Output("output_1", "level", "层级", "string"),),
    rules=(Rule("rule_1", ("< 1000",), ('"科长"',)), Rule("rule_2", (">= 1000",), ('"局长"',))),
)
FOREIGN = tables.write_table(LEVELS).replace(b"<decision ", b"<!-- drawn elsewhere --><decision ")


@pytest.fixture
def table(desk, draft):
    """The address of a table in the draft."""
    with desk.db.transaction() as session:
        drafts.save_files(session, actor(desk, "owner"), draft.id, {"tables/levels.dmn": FOREIGN}, 1)
    return f"/studio/drafts/{draft.id}/tables/levels"


def ask(visitor, path, data, method="post", revision=2):
    headers = {"X-CSRFToken": visitor.token("/keys"), "If-Match": f'"{revision}"'}
    content = data if isinstance(data, bytes) else json.dumps(data).encode()
    return getattr(visitor.client, method)(path, data=content, headers=headers)


def read(visitor, table):
    return visitor.get(f"{table}/table.json").json


def test_the_editor_is_there_for_owners_and_readable_for_those_who_look(visit, table):
    assert 'data-editable="yes"' in visit("owner").get(table).text
    assert 'data-editable="no"' in visit("manager").get(table).text
    assert visit("city.clerk").get(table).status_code == 403
    assert visit("owner").get(table.replace("levels", "nothing")).status_code == 404


def test_a_table_that_did_not_change_keeps_its_bytes_and_its_tests_are_saved_beside_it(visit, table, kept):
    owner = visit("owner")
    data = read(owner, table)
    data["tests"] = [{"name": "小额", "inputs": {"input_1": "1,0"}, "expected": {"level": "科长"}}]
    assert ask(owner, f"{table}/table.json", data, "put").status_code == 200
    assert kept("tables/levels.dmn") == FOREIGN
    (trial,) = tables.read_trials(kept("tables/levels.tests.json"))
    assert (trial.name, trial.inputs, trial.expected) == ("小额", {"input_1": 10}, {"level": "科长"})
    assert read(owner, table)["tests"][0]["inputs"] == {"input_1": "10"}


def test_a_changed_table_is_written_and_a_test_that_goes_takes_its_file_along(visit, table, kept):
    owner = visit("owner")
    data = read(owner, table)
    data["table"]["rules"][0]["outputs"] = ['"处长"']
    data["tests"] = []
    assert ask(owner, f"{table}/table.json", data, "put").status_code == 200
    assert tables.read_table(kept("tables/levels.dmn")).rules[0].outputs == ('"处长"',)
    assert kept("tables/levels.tests.json") is None


def test_cells_are_checked_and_tests_are_run_while_somebody_types(visit, table):
    owner = visit("owner")
    data = read(owner, table)
    data["tests"] = [
        {"name": "", "inputs": {"input_1": "10"}, "expected": {"level": "科长"}},
        {"name": "", "inputs": {"input_1": "5000"}, "expected": {"level": "科长"}},
    ]
    told = ask(owner, f"{table}/check.json", data).json
    assert told["problems"] == []
    assert [each["passed"] for each in told["verdicts"]] == [True, False]
    assert told["verdicts"][1]["got"] == {"level": "局长"}
    assert told["coverage"]["gaps"] == []
    data["table"]["rules"][1]["inputs"] = ["> 1000"]
    assert ask(owner, f"{table}/check.json", data).json["coverage"]["gaps"] == [["1000"]]
    data["table"]["rules"][1]["inputs"] = ["> __import__('os')"]
    told = ask(owner, f"{table}/check.json", data).json
    assert [each["place"] for each in told["problems"]] == ["rules[1].inputs[0]"]


def test_two_who_save_a_table_at_once_are_told(visit, table):
    owner = visit("owner")
    data = read(owner, table)
    data["table"]["name"] = "甲"
    ask(owner, f"{table}/table.json", data, "put")
    data["table"]["name"] = "乙"
    answered = ask(owner, f"{table}/table.json", data, "put")
    assert (answered.status_code, answered.json["who"]) == (409, "李程")


@pytest.mark.parametrize(
    "data",
    [
        b"", b"[]", b"{", {"table": 1}, {"table": {"inputs": "x"}},
        {"table": {"inputs": [], "outputs": [], "rules": [{"inputs": [[]]}]}},
        {"table": {"name": "\0", "inputs": [], "outputs": [], "rules": []}},
        {"table": {"inputs": [], "outputs": [], "rules": [{}] * 5000}},
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_with_a_sentence(visit, table, data):
    owner = visit("owner")
    for path, method in ((f"{table}/check.json", "post"), (f"{table}/table.json", "put")):
        answered = ask(owner, path, data, method)
        assert (answered.status_code, answered.content_type) == (422, "application/problem+json")


def test_a_table_is_added_and_its_problems_are_told_with_the_draft(visit, draft, kept):
    owner, page = visit("owner"), f"/studio/drafts/{draft.id}"
    answered = owner.send(f"{page}/tables", {"key": "fees", "table_title": "费用", "revision": 1}, page=page)
    assert answered.location == f"{page}/tables/fees"
    assert tables.table_problems(tables.read_table(kept("tables/fees.dmn"))) == []
    assert "费用" in owner.get(page).text
    for key in ("fees", "x y", "../x", ""):
        assert owner.send(f"{page}/tables", {"key": key, "revision": 2}, page=page).status_code == 422


def test_a_failing_test_keeps_the_draft_from_being_published(visit, table, desk, draft):
    owner = visit("owner")
    data = read(owner, table)
    data["tests"] = [{"name": "边界", "inputs": {"input_1": "1000"}, "expected": {"level": "科长"}}]
    ask(owner, f"{table}/table.json", data, "put")
    assert "用例“边界”的结果与预期不符" in owner.get(f"/studio/drafts/{draft.id}").text
