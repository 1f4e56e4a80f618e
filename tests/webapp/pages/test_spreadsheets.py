from __future__ import annotations

import zipfile
from datetime import date
from io import BytesIO

import pytest
from lxml import etree

from webapp.pages.spreadsheets import csv_file, harmless, xlsx_file

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_text_that_looks_like_a_formula_is_made_harmless(text):
    assert harmless(text) == "'" + text


@pytest.mark.parametrize("text", ["-12", "+86", "-3.5", "渝规资函〔2026〕1号", "a=b", ""])
def test_an_ordinary_text_or_number_stays_as_it_is(text):
    assert harmless(text) == text


def test_a_csv_is_read_by_excel_as_utf_8():
    written = csv_file(["名称", "日期"], [["渝中区", date(2026, 11, 2)], ["=HYPERLINK(1)", None]])
    assert written.startswith(b"\xef\xbb\xbf")
    assert written.decode("utf-8-sig").splitlines() == ["名称,日期", "渝中区,2026-11-02", "'=HYPERLINK(1),"]


def test_every_text_of_a_workbook_is_a_text_and_every_number_a_number():
    written = xlsx_file("台账/2026", ["名称", "数"], [["=1+1 & <b>", 12], ["甲\x00乙", None]])
    with zipfile.ZipFile(BytesIO(written)) as package:
        parts = {name: etree.fromstring(package.read(name)) for name in package.namelist()}
    cells = list(parts["xl/worksheets/sheet1.xml"].iter(f"{MAIN}c"))
    assert [cell.get("t") for cell in cells] == ["inlineStr", "inlineStr", "inlineStr", None, "inlineStr", "inlineStr"]
    assert ["".join(cell.itertext()) for cell in cells] == ["名称", "数", "=1+1 & <b>", "12", "甲乙", ""]
    assert not list(parts["xl/worksheets/sheet1.xml"].iter(f"{MAIN}f"))
    assert parts["xl/workbook.xml"].find(f".//{MAIN}sheet").get("name") == "台账2026"
