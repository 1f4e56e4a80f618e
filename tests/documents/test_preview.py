"""The preview of a letter: its words in safe HTML, classes instead of styles."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document

from processes.documents.letters import render_letter
from processes.documents.manifest import MANIFEST, listed_kinds
from processes.documents.preview import letter_preview

FOLDER = Path(__file__).parents[2] / "bpmn/appointment/documents"
LETTERS = [kind for kind in listed_kinds((FOLDER / MANIFEST).read_bytes(), FOLDER).values() if kind.template]
ALLOWED = {"article", "header", "p", "span", "br", "hr", "table", "tr", "td", "th"}
SCRIPT = "<script>alert(1)</script>\" onclick='x' &lt;b&gt;"


class _Reading(HTMLParser):
    """What a browser would find in the preview."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.classes: set[str] = set()
        self.open: list[str] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.classes |= {name for key, value in attrs if key == "class" for name in (value or "").split()}
        if tag not in {"br", "hr"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


def _read(page: str) -> _Reading:
    reading = _Reading()
    reading.feed(page)
    reading.close()
    assert reading.open == []
    return reading


@pytest.mark.parametrize("kind", LETTERS, ids=lambda kind: kind.key)
@pytest.mark.parametrize("text", ["渝中区", SCRIPT])
def test_the_preview_of_every_letter_is_whole_escaped_and_has_classes_only(kind, text):
    values = {
        word.name: [{field.name: text for field in word.fields}] if word.fields else text for word in kind.words
    } | {"opinion": ""}
    page = letter_preview(render_letter(kind.template.read_bytes(), kind.worded(values)))
    reading = _read(page)
    assert reading.tags <= ALLOWED
    assert reading.attributes <= {"class", "lang", "colspan"}
    assert all(re.fullmatch(r"letter(-[a-z]+)?", name) for name in reading.classes)
    assert text in reading.words
    assert "style=" not in page.replace(SCRIPT, "")


def test_the_red_head_the_titles_and_the_tables_can_be_told_by_their_classes():
    kind = next(kind for kind in LETTERS if kind.key == "opinion_request")
    page = letter_preview(render_letter(kind.template.read_bytes(), kind.worded(kind.samples())))
    assert re.search(
        r'<header>\s*<p class="letter-centre letter-title letter-ruled"><span class="letter-red">重庆市规划',
        page,
    )
    assert '<p class="letter-centre letter-title">重庆市规划和自然资源局</p>' in page
    assert '<p class="letter-centre letter-signature">2025年3月20日</p>' in page
    assert '<p class="letter-indent">附件：建议人选简要情况</p>' in page
    assert '<table class="letter-imprint">' in page
    assert page.count("<hr>") == 1


def test_a_sheet_across_says_so():
    kind = next(kind for kind in LETTERS if kind.key == "nomination_list")
    page = letter_preview(render_letter(kind.template.read_bytes(), kind.worded(kind.samples())))
    assert page.startswith('<article class="letter letter-across" lang="zh-CN">')
    assert "<th>" in page


def test_what_an_office_has_edited_is_shown_too():
    document = Document()
    document.add_paragraph("第一行\n第二行")
    table = document.add_table(rows=1, cols=3)
    table.rows[0].cells[0].merge(table.rows[0].cells[1]).text = "合并"
    table.rows[0].cells[2].add_table(rows=1, cols=1).rows[0].cells[0].text = "内表"
    written = BytesIO()
    document.save(written)
    page = letter_preview(written.getvalue())
    assert "第一行<br>第二行" in page
    assert '<td colspan="2"><p>合并</p></td>' in page
    assert "内表" in page
