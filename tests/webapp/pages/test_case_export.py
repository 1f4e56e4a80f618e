from __future__ import annotations

import io
import json
from zipfile import ZipFile

import pytest

from processes.audit import AuditEntry
from tests.webapp.pages import letters

BUTTON = "导出案卷"


@pytest.mark.parametrize("login", ["manager", "owner", "auditor", "city.clerk"])
def test_who_sees_a_whole_case_takes_it_away_from_its_page(desk, visit, login):
    case = letters.sent(desk)
    visitor = visit(login)
    page = visitor.get(f"/cases/{case.id}").text
    assert BUTTON in page
    assert f'href="/cases/{case.id}/export"' in page
    answered = visitor.get(f"/cases/{case.id}/export", buffered=True)
    assert (answered.status_code, answered.mimetype) == (200, "application/zip")
    assert answered.headers["Cache-Control"] == "no-store"
    assert "attachment" in answered.headers["Content-Disposition"]
    with ZipFile(io.BytesIO(answered.data)) as package:
        told = json.loads(package.read(f"{case.number}/case.json"))
        assert package.read(f"{case.number}/history.pdf").startswith(b"%PDF-")
    assert [each["step"] for each in told["submissions"]] == ["起草函件"]
    with desk.db.reading() as session:
        entry = session.query(AuditEntry).where(AuditEntry.action == "case.export").one()
    assert entry.subject == f"case:{case.id}"


@pytest.mark.parametrize(("login", "status"), [("gov.500101", 403), ("hr.clerk", 404), ("admin", 404)])
def test_others_have_neither_the_button_nor_the_file(desk, visit, login, status):
    case = letters.sent(desk)
    visitor = visit(login)
    assert BUTTON not in visitor.get(f"/cases/{case.id}").text
    assert visitor.get(f"/cases/{case.id}/export", buffered=True).status_code == status


def test_the_audit_page_says_it_in_words(desk, visit):
    case = letters.sent(desk)
    visit("manager").get(f"/cases/{case.id}/export", buffered=True)
    assert BUTTON in visit("auditor").get("/audit/").text
