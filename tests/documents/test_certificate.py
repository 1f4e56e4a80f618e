"""聘书: one sheet of A4 across, whose words can be read out of the file again."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from processes.documents.certificate import CertificateValues, render_certificate
from processes.documents.font_subsets import cut
from processes.documents.fonts import SHIPPED, FontFolder
from processes.errors import Invalid

ORDINARY = CertificateValues(
    name="欧阳喆",
    district="渝中区",
    term_from=date(2025, 5, 1),
    term_until=date(2028, 4, 30),
    number="渝规首聘〔2025〕1号",
    issuer="重庆市规划和自然资源局",
    issued_on=date(2025, 5, 1),
)
SHIPPED_FONTS = FontFolder()


def _read(certificate: bytes) -> str:
    """The words of a certificate without its line ends; pypdf puts a NUL before each character of a CFF face."""
    return re.sub(r"[\s\0]+", "", PdfReader(BytesIO(certificate)).pages[0].extract_text())


def _faces(certificate: bytes) -> set[str]:
    """Names of the fonts in a certificate, without the six letters of a subset."""
    fonts = PdfReader(BytesIO(certificate)).pages[0]["/Resources"]["/Font"]
    return {str(font.get_object()["/BaseFont"]).split("+")[-1] for font in fonts.values()}


def _rightmost(certificate: bytes) -> float:
    """The point farthest to the right where a line of text begins, in points; text never begins outside the sheet."""
    begins: list[float] = []

    def note(_text: str, _cm: object, tm: list[float], _font: object, _size: float) -> None:
        begins.append(tm[4])

    PdfReader(BytesIO(certificate)).pages[0].extract_text(visitor_text=note)
    return max(begins)


@pytest.mark.parametrize("sample", [False, True])
def test_a_certificate_is_one_sheet_of_a4_across(sample):
    pages = PdfReader(BytesIO(render_certificate(replace(ORDINARY, sample=sample), SHIPPED_FONTS))).pages
    assert len(pages) == 1
    assert (round(float(pages[0].mediabox.width)), round(float(pages[0].mediabox.height))) == (842, 595)


def test_it_says_who_is_appointed_where_and_how_long():
    words = _read(render_certificate(ORDINARY, SHIPPED_FONTS))
    for part in (
        "聘书",
        "欧阳喆同志：",
        "根据《重庆市区县首席规划师管理办法》，经研究，现聘任您为渝中区首席规划师，"
        "聘期自2025年5月1日起至2028年4月30日止。",
        "特颁此证。",
        "重庆市规划和自然资源局",
        "二〇二五年五月一日",
        "编号：渝规首聘〔2025〕1号",
    ):
        assert part in words


@pytest.mark.parametrize(
    "name", ["王喆", "李堃", "赵昇", "周祎", "钱赟", "孙翀", "阿依努尔·买买提", "A&B <x>", "{{ 7*7 }}"]
)
def test_any_name_can_be_printed_and_read_again(name):
    assert f"{name}同志：".replace(" ", "") in _read(render_certificate(replace(ORDINARY, name=name), SHIPPED_FONTS))


def test_a_character_that_no_font_has_is_named_and_nothing_is_printed():
    with pytest.raises(Invalid, match=re.escape("字库缺少下列字：𠮷、𰻝。")):
        render_certificate(replace(ORDINARY, name="𠮷𰻝"), SHIPPED_FONTS)


def test_a_line_end_or_control_character_in_a_name_does_not_reach_the_sheet():
    assert "王喆同志：" in _read(render_certificate(replace(ORDINARY, name="王\x00喆\n"), SHIPPED_FONTS))


@pytest.mark.parametrize(
    "district",
    ["酉阳土家族苗族自治县", "西部科学城重庆高新区", "万盛经济技术开发区", "重庆市" + "酉阳土家族苗族自治县" * 6],
)
def test_long_names_of_districts_stay_on_the_sheet(district):
    certificate = render_certificate(replace(ORDINARY, district=district), SHIPPED_FONTS)
    assert f"现聘任您为{district}首席规划师，" in _read(certificate)
    assert _rightmost(certificate) < 842 - 36


def test_no_few_characters_of_the_sentence_stand_alone_on_the_last_line():
    for length in (2, 5, 8, 9, 10, 11, 12, 20):
        text = (
            PdfReader(BytesIO(render_certificate(replace(ORDINARY, district="渝" * length), SHIPPED_FONTS)))
            .pages[0]
            .extract_text()
        )
        last = next(line for line in text.splitlines() if line.strip().endswith("日止。"))
        assert len(last.strip()) >= 6, text


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "喆" * 200, "姓名过长"),
        ("district", "酉阳土家族苗族自治县" * 40, "聘书内容过长"),
        ("issuer", "重庆市规划和自然资源局" * 4, "颁发机关过长"),
        ("number", "渝规首聘" * 20, "编号过长"),
    ],
)
def test_what_would_run_off_the_sheet_is_refused_with_a_sentence(field, value, sentence):
    with pytest.raises(Invalid, match=sentence):
        render_certificate(replace(ORDINARY, **{field: value}), SHIPPED_FONTS)


def test_a_re_issued_certificate_keeps_its_number_and_day_and_says_when_it_was_re_issued():
    words = _read(render_certificate(replace(ORDINARY, reissued_on=date(2026, 12, 31)), SHIPPED_FONTS))
    assert "编号：渝规首聘〔2025〕1号（补发，2026年12月31日）" in words
    assert "二〇二五年五月一日" in words


def test_only_the_place_of_the_seal_is_marked_and_a_sample_says_that_it_is_one():
    real = _read(render_certificate(ORDINARY, SHIPPED_FONTS))
    sample = _read(render_certificate(replace(ORDINARY, sample=True), SHIPPED_FONTS))
    assert "（印章）" in real
    assert "样章" not in real
    assert "样章" in sample
    assert "仅供演示，不具效力" in sample
    assert "（印章）" not in sample


def test_the_file_says_what_it_is_and_holds_only_the_characters_it_uses():
    certificate = render_certificate(ORDINARY, SHIPPED_FONTS)
    facts = PdfReader(BytesIO(certificate)).metadata
    assert facts is not None
    assert (facts.title, facts.author) == ("聘书 渝规首聘〔2025〕1号", "重庆市规划和自然资源局")
    assert len(certificate) < 100_000


def test_the_same_values_give_the_same_bytes():
    assert render_certificate(ORDINARY, SHIPPED_FONTS) == render_certificate(ORDINARY, SHIPPED_FONTS)


def _office_face(target: Path, source: str, without: str = "") -> None:
    """A small face of the office's own, named «Office Kai», with the characters of the ordinary certificate."""
    wording = "聘　书同志：根据《》，经研究现聘任您为首席规划师期自起至止。特颁此证年月日编号（）印章二〇五一0123456789"
    words = f"{wording}{ORDINARY}"
    cut(SHIPPED / source, -1, "Office Kai", set(words) - set(without), target)


def test_the_offices_own_face_is_used_before_the_shipped_one(tmp_path):
    _office_face(tmp_path / "kai.ttf", "kai.ttf")
    assert FontFolder(tmp_path).face("kai") == tmp_path / "kai.ttf"
    assert "OfficeKai" in _faces(render_certificate(ORDINARY, FontFolder(tmp_path)))
    assert "OfficeKai" not in _faces(render_certificate(ORDINARY, SHIPPED_FONTS))


@pytest.mark.parametrize(
    ("face", "source", "lacks"), [("kai.ttf", "kai.ttf", "喆"), ("song-bold.otf", "song-bold.otf", "聘")]
)
def test_an_office_face_that_lacks_a_character_is_helped_out_by_the_shipped_one(tmp_path, face, source, lacks):
    _office_face(tmp_path / face, source, without=lacks)
    certificate = render_certificate(ORDINARY, FontFolder(tmp_path))
    assert {"OfficeKai", "DeskKai"} <= _faces(certificate)
    assert "聘书" in _read(certificate)
    assert "欧阳喆同志：" in _read(certificate)


def test_an_extra_face_of_the_office_supplies_the_characters_that_the_others_lack(tmp_path):
    _office_face(tmp_path / "small.ttf", "kai.ttf")
    font = TTFont(tmp_path / "small.ttf")
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[0xE123] = table.cmap[ord("喆")]
    font.save(tmp_path / "extra-names.ttf")
    font.close()
    values = replace(ORDINARY, name="王\ue123")
    with pytest.raises(Invalid, match="字库缺少下列字"):
        render_certificate(values, SHIPPED_FONTS)
    assert "OfficeKai" in _faces(render_certificate(values, FontFolder(tmp_path)))


@pytest.mark.parametrize("name", ["kai.ttf", "extra-names.otf"])
def test_a_damaged_face_of_the_office_is_named(tmp_path, name):
    (tmp_path / name).write_bytes(b"no font at all")
    with pytest.raises(Invalid, match=f"字体文件“{name}”无法使用"):
        render_certificate(replace(ORDINARY, name="王\ue123"), FontFolder(tmp_path))


def test_a_font_folder_that_is_missing_or_empty_changes_nothing(tmp_path):
    for folder in (None, tmp_path, tmp_path / "nothing"):
        assert FontFolder(folder).face("song") == SHIPPED / "song.otf"
        assert FontFolder(folder).for_rare_characters() == [SHIPPED / "kai.ttf", SHIPPED / "song.otf"]


def test_a_shipped_face_that_is_gone_is_an_error_of_the_installation(tmp_path, monkeypatch):
    shutil.copytree(SHIPPED, tmp_path / "fonts", ignore=shutil.ignore_patterns("song*"))
    monkeypatch.setattr("processes.documents.fonts.SHIPPED", tmp_path / "fonts")
    with pytest.raises(FileNotFoundError, match="song"):
        FontFolder().face("song")
