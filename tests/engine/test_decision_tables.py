"""A business rule task decides by a table of its package."""

from __future__ import annotations

import pytest

from processes.engine import cases, deployment
from processes.engine.door import open_case
from processes.engine.tables import Input, Output, Rule, Table, write_table
from tests.engine.spiff.drawn import chain, document, node
from tests.engine.test_work import properties

START, END = node("startEvent", "s"), node("endEvent", "e")
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"


def table(policy: str = "UNIQUE") -> bytes:
    rules = (
        Rule("r1", ('>= 90',), ('"优秀"',)),
        Rule("r2", ('[60..90)' if policy == "UNIQUE" else ">= 60",), ('"称职"',)),
    )  # fmt: skip
    columns = (Input("i1", "得分", "score", "number"),), (Output("o1", "grade", "等次"),)
    return write_table(Table("d1", "等次", policy, "", *columns, rules))


def package(task: str, **files: bytes) -> dict[str, bytes]:
    diagram = document(START + task + node("userTask", "u") + END + chain("s", "q", "u", "e"))
    return {"process.bpmn": diagram, **{f"tables/{name}.dmn": content for name, content in files.items()}}


TASK = node("businessRuleTask", "q", properties(table="grades"))


@pytest.mark.parametrize(
    ("task", "policy", "score", "grade"),
    [
        (TASK, "UNIQUE", 95, "优秀"),
        (TASK, "UNIQUE", 60, "称职"),
        (TASK, "UNIQUE", 59, None),
        (TASK, "FIRST", 95, "优秀"),
        (TASK, "COLLECT", 95, ["优秀", "称职"]),
        (f'<businessRuleTask id="q" xmlns:camunda="{CAMUNDA}" camunda:decisionRef="grades"/>', "UNIQUE", 95, "优秀"),
        (
            '<businessRuleTask id="q"><extensionElements><spiffworkflow:calledDecisionId>grades'
            "</spiffworkflow:calledDecisionId></extensionElements></businessRuleTask>",
            "UNIQUE", 95, "优秀",
        ),
    ],
)  # fmt: skip
def test_the_answers_of_a_table_become_variables(database, house, people, task, policy, score, grade):
    files = package(task, grades=table(policy))
    with database.transaction() as session:
        deployment.deploy(session, house, people.owner, files, "graded")
        case = cases.start(session, house, people.clerk, "graded", "p", {"score": score})
        with open_case(session, house, people.clerk, case.id) as opened:
            assert opened.run.data["grade"] == grade


@pytest.mark.parametrize(
    ("files", "finding"),
    [
        (package(TASK), ("table-unknown", "q")),
        (package(TASK, other=table()), ("table-unknown", "q")),
        (package(node("businessRuleTask", "q")), ("business-rule-task-unknown", "q")),
        (package(TASK, grades=b"<!DOCTYPE a><a/>"), ("table-invalid", "tables/grades.dmn")),
        (package(TASK, grades=table().replace(b"&gt;= 90", b"import os")), ("table-invalid", "tables/grades.dmn")),
        (package(TASK, grades=table().replace(b"UNIQUE", b"PRIORITY")), ("table-invalid", "tables/grades.dmn")),
    ],
)
def test_a_table_that_is_missing_or_wrong_is_told_before_it_is_deployed(sqlite_database, house, files, finding):
    with sqlite_database.reading() as session:
        found = deployment.found_problems(session, house, files)
    assert finding in {(each.code, each.element) for each in found if each.severity == "error"}
