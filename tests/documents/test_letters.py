"""Every letter of the appointment procedure, filled in with ordinary and with hostile values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm

from processes.documents.letters import check_template, needed_variables, render_letter, template_variables
from processes.documents.manifest import MANIFEST, DocumentKind, Word, listed_kinds
from processes.errors import Invalid

FOLDER = Path(__file__).parents[2] / "bpmn/appointment/documents"
KINDS = listed_kinds((FOLDER / MANIFEST).read_bytes(), FOLDER)
LETTERS = [kind for kind in KINDS.values() if kind.kind == "docx"]
RARE = "王喆、李堃、赵昇、周祎、钱赟、孙翀"
HOSTILE = [
    pytest.param("A&B <x>", id="markup"),
    pytest.param("</w:t></w:r><w:r><w:t>", id="word markup"),
    pytest.param("{{ 7*7 }}{% if %}", id="placeholder"),
    pytest.param(RARE, id="rare characters"),
    pytest.param("阿依努尔·买买提", id="name with a dot"),
    pytest.param("喆" * 200, id="200 characters"),
    pytest.param("\"'“”‘’%(name)s\\1", id="quotes"),
]
every_letter = pytest.mark.parametrize("kind", LETTERS, ids=lambda kind: kind.key)


def _render(kind: DocumentKind, values: dict[str, Any]) -> bytes:
    assert kind.template
    return render_letter(kind.template.read_bytes(), kind.worded(values))


def _said(letter: bytes) -> str:
    """Everything that stands in a letter: body, headers and footers."""
    document = Document(BytesIO(letter))
    roots = [document.element.body]
    for section in document.sections:
        for side in (section.first_page_header, section.header, section.footer, section.even_page_footer):
            roots.append(side._element)
    return "\n".join(
        "".join(piece.text or "" for piece in line.iter(qn("w:t"))) for root in roots for line in root.iter(qn("w:p"))
    )


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for row in value:
            yield from row.values()
    elif value:
        yield value


def _everywhere(words: tuple[Word, ...], text: str) -> dict[str, Any]:
    """The text as every value, with the value's own word before it."""
    return {word.name: [_everywhere(word.fields, text)] if word.fields else f"{word.zh}{text}" for word in words}


@every_letter
def test_a_letter_says_each_of_its_sample_values_and_keeps_no_placeholder(kind):
    said = _said(_render(kind, kind.samples()))
    for word in kind.words:
        for text in _texts(word.sample):
            assert text in said or word.name in {"opinion", "reason"}, word.zh
    assert "{" not in said
    assert "%}" not in said


@every_letter
@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_is_put_in_comes_out_as_the_same_text(kind, text):
    values = _everywhere(kind.words, text)
    if "opinion" in values:
        values["opinion"] = ""
    said = _said(_render(kind, values))
    for value in values.values():
        for expected in _texts(value):
            assert expected in said


@pytest.mark.parametrize("text", ["两行\n文字", "制表\t符"])
def test_line_ends_and_tabs_are_kept_as_words_own_marks(docx, text):
    letter = Document(BytesIO(render_letter(docx("{{ 内容 }}"), {"内容": text})))
    assert letter.paragraphs[0].text == text


def test_characters_that_word_cannot_hold_are_left_out(docx):
    letter = Document(BytesIO(render_letter(docx("{{ 内容 }}"), {"内容": "甲\x00\x07\x0c\ud800乙\r\n丙"})))
    assert letter.paragraphs[0].text == "甲乙\n丙"


@every_letter
def test_lists_may_be_empty_and_optional_values_left_out(kind):
    values = {word.name: [] if word.fields else word.sample for word in kind.words if word.required}
    document = Document(BytesIO(_render(kind, values)))
    assert document.paragraphs


@pytest.mark.parametrize(
    ("key", "rows"),
    [
        ("registration_notice", "positions"),
        ("nomination_list", "nominations"),
        ("appointment_notice", "appointments"),
        ("selection_minutes", "proposals"),
    ],
)
def test_a_list_of_45_rows_is_written_in_full_under_a_head_that_repeats(key, rows):
    kind = KINDS[key]
    fields = next(word.fields for word in kind.words if word.name == rows)
    values = kind.samples() | {rows: [{field.name: f"{field.zh}{n}号" for field in fields} for n in range(1, 46)]}
    tables = Document(BytesIO(_render(kind, values))).tables
    table = next(table for table in tables if len(table.rows) == 46)
    assert [cell.text for cell in table.rows[45].cells] == [f"{field.zh}45号" for field in fields]
    assert table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None


@every_letter
def test_the_same_values_give_the_same_bytes(kind):
    assert _render(kind, kind.samples()) == _render(kind, kind.samples())


@every_letter
def test_a_template_asks_for_exactly_the_words_that_the_manifest_lists(kind):
    template = kind.template.read_bytes()
    assert check_template(template, kind.known_names()) == []
    assert template_variables(template) == {word.zh for word in kind.words}


@every_letter
def test_a_missing_value_is_named_and_nothing_is_issued(kind):
    word = next(word for word in kind.words if word.required)
    values = {name: value for name, value in kind.samples().items() if name != word.name}
    with pytest.raises(Invalid) as refusal:
        _render(kind, values)
    assert str(refusal.value) == f"文书缺少“{word.zh}”的内容。"
    assert list(refusal.value.fields) == [word.zh]


def test_a_missing_field_of_a_row_is_named():
    kind = KINDS["appointment_notice"]
    rows = [{key: value for key, value in kind.samples()["appointments"][0].items() if key != "employer"}]
    with pytest.raises(Invalid, match="工作单位"):
        _render(kind, kind.samples() | {"appointments": rows})


@pytest.mark.parametrize(
    ("opinion", "says", "does_not_say"),
    [
        ("同意", ["同意选派"], ["并建议", "理由是"]),
        ("同意并建议", ["并建议：增加次数。"], ["理由是"]),
        ("不同意", ["不同意选派", "理由是：专业不符。"], ["并建议"]),
        ("", ["同意选派", "并建议", "理由是"], []),
    ],
)
def test_a_reply_words_the_opinion_given_or_offers_all_three(opinion, says, does_not_say):
    kind = KINDS["opinion_reply"]
    given = {"opinion": opinion, "suggestion": "增加次数。", "reason": "专业不符。"}
    said = _said(_render(kind, kind.samples() | given))
    assert all(part in said for part in says)
    assert not any(part in said for part in does_not_say)


@pytest.mark.parametrize(
    ("government", "points"),
    [
        ("重庆市渝中区人民政府", 40),
        ("重庆市沙坪坝区人民政府", 40),
        ("酉阳土家族苗族自治县人民政府", 31),
        ("重庆市万盛经济技术开发区管理委员会", 24),
    ],
)
def test_the_red_mark_of_a_reply_is_one_line_as_large_as_the_sheet_allows(government, points):
    kind = KINDS["opinion_reply"]
    document = Document(BytesIO(_render(kind, kind.samples() | {"government_name": government})))
    marks = [line for line in document.sections[0].first_page_header.paragraphs if line.text]
    assert [line.text for line in marks] == [government]
    size = marks[0].runs[0].font.size
    assert size is not None
    assert size.pt == points
    assert len(government) * size.pt <= Mm(156).pt + 1


@every_letter
def test_a_letter_is_an_a4_sheet_with_the_margins_of_the_standard(kind):
    section = Document(BytesIO(_render(kind, kind.samples()))).sections[0]
    sides = [section.top_margin, section.bottom_margin, section.left_margin, section.right_margin]
    across = kind.key == "nomination_list"
    assert [round(side.mm) for side in sides] == ([28, 26, 35, 37] if across else [37, 35, 28, 26])
    assert round(section.page_width.mm) == (297 if across else 210)


@every_letter
def test_a_letter_draws_no_seal_and_bears_no_editors_name(kind):
    document = Document(BytesIO(_render(kind, kind.samples())))
    assert not document.inline_shapes
    assert "印章" not in _said(_render(kind, kind.samples()))
    assert document.core_properties.last_modified_by == ""


def test_days_and_numbers_are_written_as_the_office_writes_them(docx):
    letter = render_letter(docx("{{ 日期 }}，{{ 人数 }}名"), {"日期": date(2026, 1, 5), "人数": 3})
    assert Document(BytesIO(letter)).paragraphs[0].text == "2026年1月5日，3名"


def test_a_value_that_claims_to_be_markup_is_escaped_all_the_same(docx):
    class Claim(str):
        def __html__(self) -> str:
            return "<w:br/>"

    letter = render_letter(docx("{{ 内容 }}"), {"内容": Claim("<b>甲</b>")})
    assert Document(BytesIO(letter)).paragraphs[0].text == "<b>甲</b>"


@pytest.mark.parametrize("value", [object(), b"bytes", {1, 2}, 1.5, lambda: "x"])
def test_only_text_numbers_days_and_lists_can_be_put_into_a_letter(docx, value):
    with pytest.raises(Invalid, match="文书内容只能是文字、数字、日期或列表"):
        render_letter(docx("{{ 内容 }}"), {"内容": value})


def test_a_list_within_itself_is_refused(docx):
    rows: list[Any] = []
    rows.append(rows)
    with pytest.raises(Invalid, match="层次过多"):
        render_letter(docx("{{ 内容 }}"), {"内容": rows})


def test_what_a_template_treats_as_optional_need_not_be_given(docx: Callable[..., bytes]):
    template = docx("{{ 甲 }}{% if 乙 is defined %}{{ 乙 }}{% endif %}{{ 丙|default('无') }}")
    assert template_variables(template) == {"甲", "乙", "丙"}
    assert needed_variables(template) == {"甲"}
    assert Document(BytesIO(render_letter(template, {"甲": "1"}))).paragraphs[0].text == "1无"


def test_the_program_and_the_template_may_each_use_their_own_names():
    kind = KINDS["opinion_request"]
    assert kind.worded({"planner_name": "欧阳喆"})["姓名"] == "欧阳喆"
    assert kind.worded({"姓名": "欧阳喆"})["planner_name"] == "欧阳喆"


def test_the_procedure_issues_the_eight_documents_of_its_folder():
    assert [kind.code for kind in KINDS.values()] == ["T01", "T02", "T03", "T04", "T05", "T06", "T07", "T15"]
