"""Tables of official documents: ruled tables, tables with a repeating row, and the 版记 at the foot."""

from __future__ import annotations

from collections.abc import Sequence

from docx.document import Document as OfficeDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table, _Cell

from processes.documents.official_layout import (
    CENTRE,
    FANGSONG,
    HEI,
    LEFT,
    RIGHT,
    SMALL_SIZE,
    TABLE_SIZE,
    child,
    line,
    set_fonts,
    write,
)


def row_table(
    document: OfficeDocument, heads: Sequence[str], widths: Sequence[float], rows: str, fields: Sequence[str]
) -> Table:
    """A ruled table whose middle row repeats for each 行 of the list `rows`; widths in millimetres."""
    cells = [f"{{{{ 行.{field} }}}}" for field in fields]
    table = ruled_table(document, [heads, [f"{{%tr for 行 in {rows} %}}"], cells, ["{%tr endfor %}"]], widths)
    child(table.rows[0]._tr.get_or_add_trPr(), "w:tblHeader")
    for cell in table.rows[0].cells:
        for run in cell.paragraphs[0].runs:
            set_fonts(run._r.get_or_add_rPr(), HEI)
    return table


def ruled_table(
    document: OfficeDocument, texts: Sequence[Sequence[str]], widths: Sequence[float], heights: Sequence[float] = ()
) -> Table:
    """A table with rules around every cell, 12 pt; the last cell of a short row reaches the edge.

    `heights` are the least heights of the rows in millimetres, for forms that are filled in by hand.
    """
    table = document.add_table(rows=len(texts), cols=len(widths), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for row, words in zip(table.rows, texts, strict=True):
        child(row._tr.get_or_add_trPr(), "w:cantSplit")
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
        cells = row.cells
        if len(words) < len(widths):
            cells[len(words) - 1].merge(cells[-1])
        for cell, text in zip(cells, words, strict=False):
            _fill(cell, text)
    for row, height in zip(table.rows, heights, strict=False):
        row.height = Mm(height)
    return table


def _fill(cell: _Cell, text: str) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.alignment = CENTRE
    paragraph.paragraph_format.line_spacing = Pt(20)
    write(paragraph, text, FANGSONG, TABLE_SIZE)
    child(cell._tc.get_or_add_tcPr(), "w:vAlign", val="center")


def imprint(document: OfficeDocument, copies_to: str, printed: tuple[str, str] | None) -> None:
    """版记 at the foot of the last page: 抄送, and in 文件格式 who printed it and when, between rules (7.4, 10.1)."""
    table = document.add_table(rows=2 if printed else 1, cols=2)
    table.autofit = False
    _float_to_foot(table, ruled=printed is not None)
    first = table.rows[0].cells[0].merge(table.rows[0].cells[1])
    _imprint_text(first, f"　抄送：{copies_to}。", LEFT)
    if printed:
        office, day = printed
        _imprint_text(table.rows[1].cells[0], f"　{office}", LEFT)
        _imprint_text(table.rows[1].cells[1], f"{day}印发　", RIGHT)
    line(document).paragraph_format.line_spacing = Pt(1)


def _imprint_text(cell: _Cell, text: str, align: int) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.alignment = align
    paragraph.paragraph_format.line_spacing = Pt(22)
    write(paragraph, text, FANGSONG, SMALL_SIZE)


def _float_to_foot(table: Table, ruled: bool) -> None:
    """Anchor the table to the lower edge of the text area; thick outer rules and a thin inner one, or none."""
    properties = table._tbl.tblPr
    place = OxmlElement("w:tblpPr")
    for name, value in {
        "vertAnchor": "margin",
        "horzAnchor": "margin",
        "tblpXSpec": "center",
        "tblpYSpec": "bottom",
    }.items():
        place.set(qn(f"w:{name}"), value)
    properties.insert_element_before(
        place, "w:tblOverlap", "w:tblW", "w:jc", "w:tblBorders", "w:tblLayout", "w:tblLook"
    )
    if not ruled:
        return
    borders = OxmlElement("w:tblBorders")
    for side, weight in (("top", "8"), ("bottom", "8"), ("insideH", "6")):
        child(borders, f"w:{side}", val="single", sz=weight, space="0", color="000000")
    properties.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")
