"""A letter as safe HTML for the page: its paragraphs and tables, every character escaped, classes instead of styles."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from io import BytesIO

from docx import Document
from docx.document import Document as OfficeDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from lxml import etree

from processes.documents.packing import read_package
from processes.errors import Invalid
from processes.messages import message

_ALIGNMENT = {WD_ALIGN_PARAGRAPH.CENTER: "letter-centre", WD_ALIGN_PARAGRAPH.RIGHT: "letter-right"}
_FAMILY = {"黑体": "letter-hei", "楷体_GB2312": "letter-kai", "楷体": "letter-kai", "宋体": "letter-song"}
TITLE_FROM = Pt(20)
"""Text of this size or larger is a title."""


def letter_preview(docx: bytes) -> str:
    """An `<article class="letter">` with the letter's text; nothing in it can run or fetch anything."""
    read_package(docx)
    try:
        document = Document(BytesIO(docx))
        sheet = " letter-across" if _is_across(document) else ""
        inner = "\n".join([*_heading(document), *_blocks(document)])
    except (KeyError, ValueError, AttributeError, PackageNotFoundError, etree.LxmlError) as fault:
        raise Invalid(message("文件已损坏，请用Word或WPS重新保存为.docx后上传。")) from fault
    return f'<article class="letter{sheet}" lang="zh-CN">\n{inner}\n</article>'


def _is_across(document: OfficeDocument) -> bool:
    section = document.sections[0]
    return (section.page_width or 0) > (section.page_height or 0)


def _heading(document: OfficeDocument) -> Iterator[str]:
    """The mark of 信函格式 stands in the header of the first page."""
    section = document.sections[0]
    if section.different_first_page_header_footer:
        yield "<header>"
        yield from (_paragraph(line) for line in section.first_page_header.paragraphs if line.text)
        yield "</header>"


def _blocks(document: OfficeDocument) -> Iterator[str]:
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            yield _table(block)
            continue
        if block.paragraph_format.page_break_before:
            yield "<hr>"
        yield _paragraph(block)


def _paragraph(paragraph: Paragraph) -> str:
    classes = [_ALIGNMENT[paragraph.alignment]] if paragraph.alignment in _ALIGNMENT else []
    classes += ["letter-title"] if any((run.font.size or 0) >= TITLE_FROM for run in paragraph.runs) else []
    classes += _indent_classes(paragraph)
    classes += ["letter-ruled"] if paragraph._p.find(f".//{qn('w:pBdr')}") is not None else []
    return f"<p{_class(classes)}>{_runs(paragraph)}</p>"


def _indent_classes(paragraph: Paragraph) -> list[str]:
    """The text and the list of attachments stand two characters in; 署名 and date are centred on the right half."""
    form = paragraph.paragraph_format
    if paragraph.alignment == WD_ALIGN_PARAGRAPH.CENTER:
        return ["letter-signature"] if (form.left_indent or 0) > 0 else []
    return ["letter-indent"] if (form.first_line_indent or 0) > 0 or (form.left_indent or 0) > 0 else []


def _runs(paragraph: Paragraph) -> str:
    pieces: list[tuple[str, str]] = []
    for run in _all_runs(paragraph):
        classes = [_FAMILY[name]] if (name := run.font.name or "") in _FAMILY else []
        red = run.font.color is not None and run.font.color.rgb is not None and str(run.font.color.rgb) == "E60012"
        opening = _class([*classes, "letter-red"] if red else classes)
        if pieces and pieces[-1][0] == opening:
            pieces[-1] = (opening, pieces[-1][1] + run.text)
        else:
            pieces.append((opening, run.text))
    return "".join(f"<span{opening}>{_text(text)}</span>" if opening else _text(text) for opening, text in pieces)


def _all_runs(paragraph: Paragraph) -> Iterator[Run]:
    for part in paragraph.iter_inner_content():
        if isinstance(part, Run):
            yield part
        else:
            yield from part.runs


def _text(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _class(classes: list[str]) -> str:
    return f' class="{" ".join(classes)}"' if classes else ""


def _table(table: Table) -> str:
    """Rows as they are; a cell joined with its neighbour is shown once with its span."""
    rows = "".join(f"<tr>{''.join(_cells(row))}</tr>" for row in table.rows)
    imprint = table._tbl.tblPr.find(qn("w:tblpPr")) is not None
    return f"<table{_class(['letter-imprint'] if imprint else [])}>{rows}</table>"


def _cells(row: _Row) -> Iterator[str]:
    tag = "th" if row._tr.find(f".//{qn('w:tblHeader')}") is not None else "td"
    for element in row._tr.tc_lst:
        span = f' colspan="{element.grid_span}"' if element.grid_span > 1 else ""
        blocks = _Cell(element, row.table).iter_inner_content()
        inner = "".join(_table(block) if isinstance(block, Table) else _paragraph(block) for block in blocks)
        yield f"<{tag}{span}>{inner}</{tag}>"
