"""The red heads of official documents (版头): 文件格式, 信函格式 and 纪要格式."""

from __future__ import annotations

from docx.document import Document as OfficeDocument
from docx.section import _Header
from docx.shared import Length, Mm, Pt
from docx.text.paragraph import Paragraph

from processes.documents.official_layout import (
    CENTRE,
    RIGHT,
    SONG_TITLE,
    TEXT_WIDTH,
    Border,
    line,
    rule,
    write,
)

LARGEST_MARK = 62
SHORTER_ISSUERS = (11, 14)
"""Characters: 重庆市沙坪坝区人民政府 has 11, 酉阳土家族苗族自治县人民政府 14."""


def red_mark(paragraph: Paragraph, text: str, longest: int, width: Length = TEXT_WIDTH) -> None:
    """发文机关标志: red 小标宋, as large as the width allows (7.2.4)."""
    size = min(LARGEST_MARK, int(width.pt / longest))
    paragraph.alignment = CENTRE
    paragraph.paragraph_format.line_spacing = Pt(size * 1.3)
    write(paragraph, text, SONG_TITLE, Pt(size), red=True)


def file_head(document: OfficeDocument, issuer: str, number: str) -> None:
    """文件格式: 35 mm down the red mark, two lines below it the number, 4 mm below that the red rule (7.2)."""
    mark = document.add_paragraph()
    mark.paragraph_format.space_before = Mm(35)
    red_mark(mark, f"{issuer}文件", len(issuer) + 2)
    line(document)
    line(document)
    rule(line(document, number, align=CENTRE), Border("bottom", weight=16))


def letter_head(document: OfficeDocument, issuer: str, number: str, longest: int = 0) -> None:
    """信函格式 (10.1): mark 30 mm from the edge, red double rules of 170 mm above and 20 mm from the lower edge."""
    section = document.sections[0]
    section.different_first_page_header_footer = True
    section.header_distance, section.footer_distance = Mm(30), Mm(20)
    _letter_marks(section.first_page_header, issuer, longest)
    foot = section.first_page_footer.paragraphs[0]
    foot.paragraph_format.line_spacing = Pt(2)
    _full_width(foot)
    rule(foot, Border("top", "thinThickSmallGap", 24, distance=1))
    first = line(document, number, align=RIGHT)
    first.paragraph_format.space_before = Pt(14)


def _letter_marks(header: _Header, issuer: str, longest: int) -> None:
    """One mark; for an issuer that is filled in, a mark for each length, of which the template takes the one that fits.

    `longest` is the number of characters of the longest such issuer, 0 for an issuer that is written out.
    """
    head = header.paragraphs[0]
    if not longest:
        _letter_mark(head, issuer, len(issuer))
        return
    place = issuer.strip("{ }")
    for step, most in enumerate((*SHORTER_ISSUERS, longest)):
        condition = f"if {place}|length <= {most}" if step == 0 else f"elif {place}|length <= {most}"
        write(head if step == 0 else header.add_paragraph(), f"{{%p {condition if most < longest else 'else'} %}}")
        _letter_mark(header.add_paragraph(), issuer, most)
    write(header.add_paragraph(), "{%p endif %}")


def _letter_mark(paragraph: Paragraph, issuer: str, longest: int) -> None:
    red_mark(paragraph, issuer, longest)
    _full_width(paragraph)
    rule(paragraph, Border("bottom", "thickThinSmallGap", 24))


def minutes_head(document: OfficeDocument, name: str, number: str) -> None:
    """纪要格式 (10.3): the red mark names the minutes."""
    mark = document.add_paragraph()
    mark.paragraph_format.space_before = Mm(35)
    red_mark(mark, name, len(name))
    line(document)
    rule(line(document, number, align=CENTRE), Border("bottom", weight=16))


def _full_width(paragraph: Paragraph) -> None:
    """170 mm in the middle of the sheet: 8 mm beyond the left margin, 6 mm beyond the right."""
    paragraph.paragraph_format.left_indent, paragraph.paragraph_format.right_indent = Mm(-8), Mm(-6)
