"""Answers and imports as they are seen: read by axe, at both widths, nothing wider than the window."""

from __future__ import annotations

import pytest

from processes.registers.importing.organizations import ORGANIZATIONS
from tests.browser.conftest import SIZES
from tests.registers.importing.books import book_of
from tests.webapp.pages.known_year import known_year

PAGES = {
    "city.clerk": (
        "/questions/", "/questions/quarter-reports", "/questions/calls", "/questions/supplements",
        "/warnings/", "/warnings/opinions", "/imports/organizations",
        "/registers/attendances?record=confirmed&from=2026-01-01&to=2026-12-31", "/year",
    ),
    "bureau.500101": ("/questions/own-quarter", "/questions/claims", "/registers/travel_claims"),
    "city.leader": ("/questions/excellent", "/warnings/benefits"),
    "owner": ("/questions/deadlines", "/questions/out-of-course"),
    "admin": ("/questions/rights",),
    "hr.clerk": ("/questions/hr-bureau",),
    "employer.7": ("/questions/filings",),
}  # fmt: skip


@pytest.fixture
def year(letter_desk):
    with known_year(letter_desk) as made:
        yield made


def look(page, faults, path, name):
    page.goto(path)
    return [(path, name, each) for each in faults(page, name)]


@pytest.mark.parametrize("size", SIZES)
def test_answers_and_lists_are_sound_at_both_widths(year, open_page, faults, size):
    wrong = []
    for login, paths in PAGES.items():
        page = open_page(login, size)
        for path in paths:
            name = f"{size}-{path.strip('/').split('?')[0].replace('/', '-') or 'questions'}"
            wrong += look(page, faults, path, name)
    assert wrong == []


def test_an_import_is_made_by_hand(year, open_page, faults, tmp_path):
    book = tmp_path / "单位.xlsx"
    book.write_bytes(book_of(ORGANIZATIONS, {"name": "长江生态规划院"}, {"id": "employer:99", "name": "没有"}))
    page = open_page("city.clerk")
    page.goto("/imports/organizations")
    page.get_by_label("Excel 文件（.xlsx）").set_input_files(str(book))
    page.get_by_role("button", name="上传并预览").click()
    page.get_by_text("有不予导入的内容，暂不能确认").wait_for()
    assert look(page, faults, page.url, "desk-imports-refused") == []
    book.write_bytes(book_of(ORGANIZATIONS, {"name": "长江生态规划院"}))
    page.get_by_role("link", name="重新上传").click()
    page.get_by_label("Excel 文件（.xlsx）").set_input_files(str(book))
    page.get_by_role("button", name="上传并预览").click()
    page.get_by_role("button", name="确认导入").wait_for()
    assert look(page, faults, page.url, "desk-imports-preview") == []
    page.get_by_role("button", name="确认导入").click()
    page.get_by_text("已导入“机构”：新增 1 条，更改 0 条。").wait_for()
