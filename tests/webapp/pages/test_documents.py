from __future__ import annotations

from io import BytesIO
from uuid import uuid4

import pytest
from docx import Document

from processes import clock
from processes.engine.models import CaseDocument
from processes.identity.actor import SYSTEM
from tests.webapp.pages import letters


def word(text: str) -> bytes:
    written, document = BytesIO(), Document()
    document.add_paragraph(text)
    document.save(written)
    return written.getvalue()


def fetched(visitor, path: str):
    """The whole answer; a file on its way is closed as a server closes it."""
    answered = visitor.get(path, buffered=True)
    answered.close()
    return answered


@pytest.fixture
def issue(desk):
    """Issues a document of a letter's case for a unit."""

    def make(name: str, content: bytes, unit: str | None = "CQ-500101") -> CaseDocument:
        case = letters.sent(desk)
        with desk.db.transaction() as session:
            stored = desk.house.files.put(session, SYSTEM, name, content, case_id=case.id)
            document = CaseDocument(
                case_id=case.id,
                key="opinion_request",
                code="T04",
                title="征求意见函",
                number="渝规资函〔2026〕3号",
                dated=clock.today(),
                unit_id=unit,
                file_id=stored.id,
                at=clock.now(),
            )
            session.add(document)
            session.flush()
            return document

    return make


def test_a_letter_is_read_in_the_page_and_nothing_in_it_can_run(desk, visit, issue):
    document = issue("函.docx", word("<script>alert(1)</script>同意派驻"))
    page = visit("gov.500101").get(f"/documents/{document.id}").text
    assert "同意派驻" in page
    assert "<script>alert(1)" not in page
    assert "渝规资函〔2026〕3号" in page


def test_a_download_carries_its_chinese_name_and_is_never_run(desk, visit, issue):
    document = issue("函.docx", word("同意派驻"))
    answered = fetched(visit("manager"), f"/documents/{document.id}/file")
    assert (
        "filename*=UTF-8''%E5%BE%81%E6%B1%82%E6%84%8F%E8%A7%81%E5%87%BD.docx" in answered.headers["Content-Disposition"]
    )
    assert answered.headers["Content-Disposition"].startswith("attachment")
    assert answered.headers["X-Content-Type-Options"] == "nosniff"


def test_a_pdf_is_shown_in_the_desks_own_frame_alone(desk, visit, issue):
    document = issue("聘书.pdf", letters.PDF)
    manager = visit("manager")
    page = manager.get(f"/documents/{document.id}")
    assert f'data="/documents/{document.id}/shown"' in page.text
    assert "object-src 'self'" in page.headers["Content-Security-Policy"]
    shown = fetched(manager, f"/documents/{document.id}/shown")
    assert (shown.status_code, shown.mimetype) == (200, "application/pdf")
    assert shown.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert manager.get(f"/documents/{issue('函.docx', word('一')).id}/shown").status_code == 404


@pytest.mark.parametrize(
    ("login", "status"), [("gov.500101", 200), ("manager", 200), ("gov.500102", 404), ("admin", 404)]
)
def test_a_document_for_a_district_is_read_by_that_district_and_by_those_who_see_all(desk, visit, issue, login, status):
    document = issue("函.docx", word("同意派驻"))
    visitor = visit(login)
    for path in ("", "/file"):
        assert fetched(visitor, f"/documents/{document.id}{path}").status_code == status


@pytest.mark.parametrize(
    ("number", "login", "status"),
    [
        ("渝规资发〔2026〕1号", "gov.500101", 200),
        ("", "gov.500101", 404),
        ("渝规资发〔2026〕1号", "admin", 404),
    ],
)
def test_what_was_issued_to_all_is_read_by_all_who_take_part_and_a_paper_of_the_bureau_is_not(
    desk, visit, issue, number, login, status
):
    document = issue("通知.docx", word("请填报需求"), unit=None)
    with desk.db.transaction() as session:
        session.get_one(CaseDocument, document.id).number = number
    assert visit(login).get(f"/documents/{document.id}").status_code == status


def test_a_document_that_does_not_exist_is_not_found(visit):
    assert visit("manager").get(f"/documents/{uuid4()}").status_code == 404


@pytest.mark.parametrize(
    ("login", "status"), [("city.clerk", 200), ("manager", 200), ("gov.500101", 404), ("hr.clerk", 404)]
)
def test_an_uploaded_file_is_given_to_its_owner_and_to_those_who_see_the_case(desk, visit, login, status):
    task = letters.item(desk, letters.begin(desk), "draft")
    sent = {"subject": "某", "attachment": (BytesIO(letters.PDF), "附件.pdf")}
    visit("city.clerk").send(f"/tasks/{task.id}/draft", sent, content_type="multipart/form-data")
    page = visit("city.clerk").get(f"/tasks/{task.id}").text
    file_id = page.split('value="stored:', 1)[1].split('"', 1)[0]
    answered = fetched(visit(login), f"/files/{file_id}")
    assert answered.status_code == status
    if status == 200:
        assert answered.headers["Content-Disposition"].startswith("attachment")
        assert answered.data == letters.PDF


def test_a_document_whose_file_is_being_made_says_so_and_is_there_afterwards(desk, visit, issue):
    document = issue("函.docx", word("同意派驻"))
    with desk.db.transaction() as session:
        promised = desk.house.files.promise(session, SYSTEM, "函.docx", case_id=document.case_id)
        session.get(CaseDocument, document.id).file_id = promised.id
    manager = visit("manager")
    page = manager.get(f"/documents/{document.id}")
    assert "正在生成" in page.text
    assert page.headers["Refresh"] == "3"
    assert "正在生成" in manager.get(f"/cases/{document.case_id}").text
    early = manager.get(f"/documents/{document.id}/file")
    assert (early.status_code, "正在生成" in early.text) == (409, True)
    with desk.db.transaction() as session:
        kept = session.get(CaseDocument, document.id).file
        desk.house.files.fulfil(kept, word("同意派驻"))
        desk.house.files.fulfil(kept, word("同意派驻"))
    assert fetched(manager, f"/documents/{document.id}/file").status_code == 200
    page = manager.get(f"/documents/{document.id}")
    assert "同意派驻" in page.text
    assert "Refresh" not in page.headers
