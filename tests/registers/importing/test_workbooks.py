"""What a file may be: everything else is refused in a sentence, and nothing of it is run, followed or unpacked."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from io import BytesIO

import pytest

from processes.errors import Invalid
from processes.forms.wording import Option, Wording
from processes.registers.importing.cells import Cell, value_of
from processes.registers.importing.sheets import SheetColumn
from processes.registers.importing.standards import TRAVEL_STANDARDS
from processes.registers.importing.workbook import LARGEST_UNPACKED, read_sheet
from tests.registers.importing.books import book_of, plain_book

ROW = {"kind": "住宿（元/晚）", "fen": 350, "valid_from": date(2027, 1, 1), "basis": "渝财行〔2026〕1号"}


def refusal(content: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        read_sheet(content, TRAVEL_STANDARDS)
    return str(refused.value.text)


def repacked(content: bytes, **parts: bytes) -> bytes:
    """A workbook with some parts replaced or added."""
    written = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.namelist():
            if each not in parts:
                new.writestr(each, old.read(each))
        for name, part in parts.items():
            new.writestr(name, part)
    return written.getvalue()


def test_a_row_is_read_with_the_letters_of_its_cells():
    sheet = read_sheet(book_of(TRAVEL_STANDARDS, {}, ROW), TRAVEL_STANDARDS)
    assert [(line.number, line.cells["fen"].reference) for line in sheet.lines] == [(3, "B3")]


def test_another_sheet_is_named_with_those_there_are():
    assert "没有名为“差旅标准”的工作表；该文件的工作表为：名单" in refusal(book_of(TRAVEL_STANDARDS, ROW, title="名单"))


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (["项目", "标准（元）", "起用日期"], "第一行缺少列：依据"),
        (["项目", "标准（元）", "起用日期", "依据", "密码"], "E1：没有“密码”这一列"),
        (["项目", "标准（元）", "起用日期", "依据", "项目"], "E1：“项目”一列出现了两次"),
    ],
)
def test_the_head_is_that_of_the_template(head, words):
    assert words in refusal(plain_book("差旅标准", head, [["a", 1, 2, 3]]))


def test_merged_cells_are_named():
    assert "合并单元格（A2:A3）" in refusal(
        book_of(TRAVEL_STANDARDS, ROW, ROW, spoil=lambda page: page.merge_cells("A2:A3"))
    )


def test_an_empty_sheet_has_no_rows():
    assert "没有数据行" in refusal(book_of(TRAVEL_STANDARDS))


def test_more_rows_than_one_file_may_have_are_refused_as_a_whole():
    assert "一次最多导入 500 行，该文件有 501 行" in refusal(book_of(TRAVEL_STANDARDS, *[ROW] * 501))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nothing", b"\xd0\xcf\x11\xe0 an encrypted one", b"%PDF-1.4"])
def test_what_is_no_workbook_is_refused(content):
    assert "无法读取该文件" in refusal(content)


def test_a_damaged_part_is_refused():
    assert "无法读取该文件" in refusal(
        repacked(book_of(TRAVEL_STANDARDS, ROW), **{"xl/workbook.xml": b"<workbook><sheets>"})
    )


def test_a_bomb_is_not_unpacked():
    bomb = repacked(book_of(TRAVEL_STANDARDS, ROW), **{"xl/media/big.bin": b"0" * (LARGEST_UNPACKED + 1)})
    assert len(bomb) < 100_000
    assert "解压后过大" in refusal(bomb)


def test_declared_entities_are_refused():
    strings = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><sst>&a;</sst>'
    assert "实体声明" in refusal(repacked(book_of(TRAVEL_STANDARDS, ROW), **{"xl/sharedStrings.xml": strings}))


TEXT, DAY, WHOLE, MONEY = (SheetColumn("k", Wording("列"), kind) for kind in ("text", "day", "number", "money"))
SOME = SheetColumn("k", Wording("列"), "choices")
OPTIONS = (Option("planning", Wording("规划编制", "Plan making")), Option("other", Wording("其他", "Other")))


@pytest.mark.parametrize(
    ("column", "written", "meant"),
    [
        (TEXT, 500101.0, "500101"),
        (TEXT, " 甲 ", "甲"),
        (TEXT, "-5", "-5"),
        (DAY, datetime(2026, 1, 31), date(2026, 1, 31)),
        (DAY, "2026年1月31日", date(2026, 1, 31)),
        (DAY, "2026/1/31", date(2026, 1, 31)),
        (DAY, 20260131, date(2026, 1, 31)),
        (WHOLE, "1,200", 1200),
        (MONEY, "¥1,234.50", 123450),
        (MONEY, 0.1 + 0.2, 30),
        (SOME, "规划编制；Other、规划编制", ["planning", "other"]),
    ],
)
def test_a_cell_is_read_as_its_column_means_it(column, written, meant):
    assert value_of(column, Cell("A2", written), OPTIONS) == meant


@pytest.mark.parametrize(
    ("column", "written", "words"),
    [
        (TEXT, "=HYPERLINK(1)", "不能以“=”开头"),
        (TEXT, "@SUM(A1)", "不能以“@”开头"),
        (TEXT, "+cmd|' /C calc'!A0", "不能以“+”开头"),
        (TEXT, "甲\x07", "控制字符"),
        (TEXT, "字" * 201, "不超过 200 个字，现有 201 个字"),
        (TEXT, datetime(2026, 1, 31), "不是日期"),
        (DAY, "2026-02-30", "“2026-02-30”不是日期"),
        (DAY, "1月31日", "不是日期"),
        (DAY, 46053, "不是日期"),
        (WHOLE, "3.5", "不是整数"),
        (WHOLE, "NaN", "不是整数"),
        (MONEY, "12.345", "不是金额"),
        (MONEY, -1, "不是金额"),
        (MONEY, "1e400", "不是金额"),
        (SOME, "规划编制、桥梁", "“桥梁”不在可选项中（规划编制、其他）"),
    ],
)
def test_a_cell_that_says_nothing_the_column_takes_is_refused_in_a_sentence(column, written, words):
    with pytest.raises(Invalid) as refused:
        value_of(column, Cell("A2", written), OPTIONS)
    assert words in str(refused.value.text)


def test_a_formula_is_refused_whatever_it_gives():
    with pytest.raises(Invalid) as refused:
        value_of(MONEY, Cell("B2", "=1+1", formula=True), ())
    assert "是公式" in str(refused.value.text)
