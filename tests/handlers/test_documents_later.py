"""The file of a document is made after the transaction that issues it."""

from __future__ import annotations

import json
from datetime import date

import pytest
from sqlalchemy import select

from handlers import documents
from processes import clock
from processes.engine.background import Background
from processes.engine.house import Call
from processes.engine.models import Case, CaseDocument, Incident
from processes.engine.spiff import Element
from processes.errors import Invalid
from processes.files import StoredFile
from processes.jobs import Job
from tests.handlers.stage import WANZHOU, Stage

CERTIFICATE = {"name": "张三", "district": "万州区", "term_from": date(2026, 1, 1), "term_until": date(2028, 12, 31)}


@pytest.fixture
def issued(database, tmp_path):
    """Issues a document in a committed transaction; the house it was issued in."""

    def issue(key, values):
        with database.transaction() as session:
            stage = Stage(session, tmp_path)
            call = Call(
                session, stage.house, stage.case, Element("step", "serviceTask", "步骤", "appointment", "appointment"),
                stage.clerk, clock.now(), {}, {},
            )  # fmt: skip
            documents.issue(call, key, values, unit_id=WANZHOU)
        return stage.house

    return issue


def test_a_document_is_numbered_at_once_and_its_file_made_by_a_worker(database, issued):
    house = issued("certificate", CERTIFICATE)
    with database.reading() as session:
        document = session.scalars(select(CaseDocument)).one()
        assert document.number.endswith("1号")
        assert not document.file.ready
        assert not house.files.path(document.file_id).exists()
    Background(database, house).work_off()
    with database.reading() as session:
        stored = session.scalars(select(StoredFile)).one()
        assert stored.ready
        assert stored.size == len(house.files.read(stored.id))
        assert house.files.read(stored.id).startswith(b"%PDF-")
        assert session.scalars(select(Job)).all() == []


def test_what_a_letter_says_is_fixed_when_it_is_issued(database, issued):
    values = {
        "round_name": "2026聘期", "reply_due": date(2026, 12, 31), "contact": "张明", "phone": "023",
    }  # fmt: skip
    with pytest.raises(Invalid, match="缺少"):
        issued("need_survey_notice", values)
    with database.reading() as session:
        assert session.scalars(select(CaseDocument)).all() == []


def test_days_and_rows_come_out_of_a_job_as_they_went_in():
    said = {"on": date(2026, 11, 2), "rows": [{"day": "x", "n": 1, "until": date(2027, 1, 1)}], "none": None, "t": "文"}
    assert documents._unpacked(json.loads(json.dumps(documents._packed(said)))) == said


def test_a_file_that_cannot_be_made_is_an_incident_of_its_case(database, issued):
    house = issued("certificate", {**CERTIFICATE, "name": "\U0002a6d6"})
    Background(database, house).work_off()
    with database.reading() as session:
        found = session.scalars(select(Incident)).one()
        assert (found.step, found.status) == ("生成文书", "open")
        assert session.get(Case, found.case_id).open_incidents == 1
        assert not session.scalars(select(StoredFile)).one().ready
