from __future__ import annotations

import csv
import json
import re
import zipfile
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from processes.identity.actor import SYSTEM
from processes.registers.applications import Application
from processes.registers.appraisals import AppraisalEntry
from processes.registers.catalogue import REGISTERS
from processes.registers.objections import enter_objection
from tests.webapp.pages.called import called
from tests.webapp.pages.known_year import known_year

FORM = Path(__file__).resolve().parents[3] / "bpmn" / "appointment" / "forms" / "qualification.json"
FINDINGS = [
    (each["value"], each["label"]["zh"], each["label"]["en"])
    for each in json.loads(FORM.read_text(encoding="utf-8"))["fields"][0]["options"]
]


@pytest.fixture
def round_(desk):
    with called(desk) as found:
        yield found


def rows(answered) -> list[list[str]]:
    return list(csv.reader(StringIO(answered.get_data().decode("utf-8-sig"))))


@pytest.mark.parametrize("name", list(REGISTERS))
def test_every_register_is_a_page_and_two_kinds_of_file(round_, visit, name):
    manager = visit("manager")
    assert manager.get(f"/registers/{name}").status_code == 200
    assert rows(manager.get(f"/registers/{name}.csv"))
    with zipfile.ZipFile(BytesIO(manager.get(f"/registers/{name}.xlsx").data)) as package:
        assert package.testzip() is None


def test_a_district_sees_the_rows_of_its_own_unit_alone(round_, visit):
    wanzhou = visit("gov.500101")
    page = wanzhou.get("/registers/needs").text
    assert "万州区" in page
    assert "涪陵区" not in page
    found = rows(wanzhou.get("/registers/needs.csv?unit_id=CQ-500102"))
    assert all("涪陵区" not in row for row in found)


@pytest.mark.parametrize("name", ["applications", "nominations", "experts", "deliberations"])
def test_candidates_are_not_shown_to_districts(round_, visit, name):
    for path in (f"/registers/{name}", f"/registers/{name}.csv"):
        assert visit("gov.500101").get(path).status_code == 403


@pytest.mark.parametrize(
    ("login", "status"), [("city.clerk", 200), ("hr.clerk", 200), ("auditor", 200), ("admin", 200), (None, 303)]
)
def test_registers_are_for_the_bureaus_and_those_who_watch_over_them(round_, visit, login, status):
    assert visit(login).get("/registers/").status_code == status


def test_the_administrator_reads_the_units_that_are_served_and_nothing_else(round_, visit):
    admin = visit("admin")
    index = admin.get("/registers/").text
    assert re.findall(r'href="/registers/(\w+)"', index) == ["units"]
    assert "仅列出本单位的记录" not in index
    assert "万州区" in admin.get("/registers/units").text
    assert len(rows(admin.get("/registers/units.csv"))) > 40
    for name in set(REGISTERS) - {"units"}:
        assert admin.get(f"/registers/{name}").status_code == 403
        assert admin.get(f"/registers/{name}.csv").status_code == 403


@pytest.mark.parametrize(("value", "chinese", "english"), FINDINGS)
def test_what_the_rule_says_is_told_in_the_words_of_the_form(value, chinese, english):
    words = REGISTERS["applications"].column("rule_result").words[value]
    assert (words.zh, words.en) == (chinese, english)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 2),
        ("q=涪陵", 1),
        ("unit_id=CQ-500101", 1),
        ("status=none-such", 0),
        ("sort=-posts", 2),
        ("sort=password", 2),
    ],
)
def test_a_register_is_narrowed_and_sorted_by_its_address_and_so_is_its_file(round_, visit, query, found):
    manager = visit("manager")
    assert f"共 {found} 条" in manager.get(f"/registers/needs?{query}").text
    assert len(rows(manager.get(f"/registers/needs.csv?{query}"))) == found + 1


@pytest.mark.parametrize("path", ["/registers/password", "/registers/needs?round_id=1"])
def test_what_does_not_exist_is_not_found(round_, visit, path):
    assert visit("manager").get(path).status_code == 404


def test_an_amount_is_shown_in_yuan_and_stands_in_a_file_as_a_number(desk, visit):
    with known_year(desk):
        clerk = visit("city.clerk")
        page = clerk.get("/registers/travel_claims?sort=total_fen").text
        assert page.index("¥50.00") < page.index("¥1,234.50")
        sheet = load_workbook(BytesIO(clerk.get("/registers/travel_claims.xlsx?sort=-total_fen").data)).active
        place = [cell.value for cell in sheet[1]].index("合计（元）")
        assert [row[place].value for row in sheet.iter_rows(min_row=2)] == [1234.5, 50]
        assert sheet.cell(2, place + 1).number_format == "#,##0.00"
        assert "1234.50" in clerk.get("/registers/travel_claims.csv").get_data().decode("utf-8-sig")


def test_rows_of_facts_in_a_column_are_told_in_words(desk, visit):
    with known_year(desk):
        with desk.db.transaction() as session:
            entry = session.scalars(select(AppraisalEntry).where(AppraisalEntry.final)).first()
            looked = [{"person_id": str(entry.person_id), "name": "甲复", "view": "同意"}, {"name": "乙复", "view": ""}]
            enter_objection(session, SYSTEM, entry, case_id=entry.id, statement="请求复核", filed_on=date(2026, 2, 9),
                            reviewers=looked)  # fmt: skip
        clerk = visit("city.clerk")
        page = clerk.get("/registers/objections").text
        assert "甲复：同意；乙复" in page
        assert "person_id" not in page
        assert "甲复：同意；乙复" in clerk.get("/registers/objections.csv").get_data().decode("utf-8-sig")


def test_any_column_narrows_by_the_address_and_the_page_says_so(desk, visit):
    with known_year(desk):
        clerk = visit("city.clerk")
        page = clerk.get("/registers/attendances?record=confirmed&mode=on_site&from=2026-10-01").text
        assert "共 1 条" in page
        assert "日期：2026-10-01 — …" in re.sub(r"<[^>]+>", "", page)
        assert "共 1 条" in clerk.get("/registers/appraisal_entries?grade=优秀,不称职&year=2025,2026").text
        assert clerk.get("/registers/appraisal_entries?year=soon").status_code == 422
        assert clerk.get("/registers/attendances?activity_id=none").status_code == 404


def test_a_figure_of_a_register_leads_to_the_rows_it_is_made_of(desk, visit):
    with known_year(desk):
        clerk = visit("city.clerk")
        page = clerk.get("/registers/activities?sort=starts_on").text
        link = re.search(r'href="(/registers/attendances\?activity_id=[^"]+)"', page)
        assert link is not None
        assert "共 1 条" in clerk.get(link[1]).text
        assert "所属记录：指定的一项" in re.sub(r"<[^>]+>", "", clerk.get(link[1]).text)


def test_what_is_masked_is_not_found_by_its_value(desk, visit):
    with known_year(desk):
        with desk.db.transaction() as session:
            session.scalars(select(Application).where(Application.name == "巴报")).one().mobile = "13800001234"
        clerk = visit("city.clerk")
        assert "共 2 条" in clerk.get("/registers/applications?mobile=13800001234").text
        assert clerk.get("/api/v1/registers/applications?mobile=13800001234").status_code == 422
