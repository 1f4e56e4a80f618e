"""A diagram may issue a document of its own package, filled in with the variables of the case."""

from __future__ import annotations

import io
import json

import pytest
from docx import Document
from sqlalchemy import select

from handlers.documents import JOB_KINDS
from handlers.operations import OPERATIONS
from processes.engine import cases, definitions
from processes.engine.background import Background
from processes.engine.failures import CaseFailed
from processes.engine.models import CaseDocument
from processes.identity.actor import SYSTEM
from tests.engine.spiff.drawn import HEAD, chain, node
from tests.factories import make_house, make_organizations, make_person


def letter():
    document = Document()
    document.add_paragraph("{{ 姓名 }}：请于{{ 期限 }}前答复。{{ 附言 }}")
    document.add_paragraph("{{ 发文字号 }} {{ 成文日期 }}")
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def word(name, zh, **more):
    return {"name": name, "label": {"zh": zh, "en": name}, "sample": zh, **more}


def properties(**given):
    inner = "".join(f'<spiffworkflow:property name="{name}" value="{value}"/>' for name, value in given.items())
    return f"<extensionElements><spiffworkflow:properties>{inner}</spiffworkflow:properties></extensionElements>"


MANIFEST = {
    "documents": [
        {
            "key": "reminder", "code": "C1", "title": {"zh": "催办函", "en": "Reminder"}, "kind": "docx",
            "layout": "信函格式", "issuer": "某局", "number_pattern": "某函〔{year}〕{n}号",
            "template": "reminder.docx",
            "variables": [
                word("planner", "姓名"), word("due", "期限"), word("remark", "附言", required=False),
                word("document_number", "发文字号"), word("issue_date", "成文日期"),
            ],
        }
    ]
}  # fmt: skip
DIAGRAM = (
    f'{HEAD}<process id="p" name="催办" isExecutable="true"><startEvent id="s"/>'
    + node("serviceTask", "send", properties(operation="documents.issue", document="reminder", number_variable="no"))
    + '<userTask id="wait" name="等待"/><endEvent id="e"/>'
    + chain("s", "send", "wait", "e")
    + "</process></definitions>"
)


@pytest.fixture
def house(tmp_path, sqlite_database):
    house = make_house(tmp_path)
    house.operations, house.job_kinds = OPERATIONS, JOB_KINDS
    files = {
        "process.bpmn": DIAGRAM.encode(),
        "documents/documents.json": json.dumps(MANIFEST).encode(),
        "documents/reminder.docx": letter(),
    }
    with sqlite_database.transaction() as session:
        make_organizations(session)
        definitions.deploy(session, SYSTEM, "reminding", files)
    return house


def begin(database, house, **variables):
    with database.transaction() as session:
        who = make_person(session, "clerk", ("city_bureau.clerk", "city_bureau"))
        return cases.start(session, house, who, "reminding", "p", variables)


def test_a_service_task_issues_a_document_with_the_variables_of_the_case(sqlite_database, house):
    begin(sqlite_database, house, planner="丁一", due="2026年3月2日", secret="不在文书中")
    Background(sqlite_database, house).work_off()
    with sqlite_database.reading() as session:
        made = session.scalars(select(CaseDocument)).one()
        text = "\n".join(each.text for each in Document(io.BytesIO(house.files.read(made.file_id))).paragraphs)
        assert made.number.endswith("〕1号")
    assert "丁一：请于2026年3月2日前答复。" in text
    assert made.number in text
    assert "不在文书中" not in text


def test_a_document_that_lacks_a_value_is_not_issued_and_no_number_is_used(sqlite_database, house):
    with pytest.raises(CaseFailed, match="期限"):
        begin(sqlite_database, house, planner="丁一")
    with sqlite_database.reading() as session:
        assert session.scalars(select(CaseDocument)).all() == []
