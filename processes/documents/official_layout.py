"""The page of an official document (GB/T 9704—2012), drawn with python-docx: page, marks, lines, headings, seal place.

Lengths are millimetres (`Mm`) or points (`Pt`). Fonts are named as an office has them (仿宋_GB2312, 方正小标宋简体 …);
they are not free, so they are named and never shipped.
"""

from __future__ import annotations

from dataclasses import dataclass

from docx import Document
from docx.document import Document as OfficeDocument
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section
from docx.shared import Length, Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run

FANGSONG, SONG_TITLE, HEI, KAI, SONG = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312", "宋体"
BODY_SIZE, TITLE_SIZE, SMALL_SIZE, TABLE_SIZE = Pt(16), Pt(22), Pt(14), Pt(12)
LINE = Pt(28.95)
"""225 mm of text height in 22 lines (5.2.3)."""
TEXT_WIDTH = Pt(442)
"""156 mm (5.2.1)."""
CHARACTER = Pt(15.8)
"""28 characters fill the text width."""
NO_SPACE = Pt(0)
RED = RGBColor(0xE6, 0x00, 0x12)
CENTRE, LEFT, RIGHT, JUSTIFY = (
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.RIGHT,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
)


@dataclass(frozen=True)
class Border:
    """A rule above or below a paragraph: kind, weight in eighths of a point, colour, distance in points."""

    side: str
    kind: str = "single"
    weight: int = 12
    colour: str = "E60012"
    distance: int = 11


def new_document(title: str, author: str) -> OfficeDocument:
    """An empty A4 document whose ordinary text is 仿宋 16 pt on lines of 28.95 pt."""
    document = Document()
    facts = document.core_properties
    facts.title, facts.author, facts.comments, facts.language = title, author, "", "zh-CN"
    style = document.styles["Normal"]
    style.font.size = BODY_SIZE
    set_fonts(style.element.get_or_add_rPr(), FANGSONG)
    tight = OxmlElement("w:spacing")
    tight.set(qn("w:val"), "-4")
    style.element.rPr.insert_element_before(tight, "w:sz", "w:szCs", "w:lang")
    spacing = style.paragraph_format
    spacing.space_before = spacing.space_after = Pt(0)
    spacing.line_spacing_rule, spacing.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    portrait(document.sections[0])
    return document


def portrait(section: Section) -> None:
    """A4 with margins 37/35/28/26 mm (5.1, 5.2.1); lines, not characters, on the grid."""
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(23)
    for grid in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(grid)
    child(section._sectPr, "w:docGrid", type="lines", linePitch="579")


def landscape(section: Section) -> None:
    """A4 across, for wide tables; the binding edge is now on top (clause 8)."""
    portrait(section)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.top_margin, section.bottom_margin = Mm(28), Mm(26)
    section.left_margin, section.right_margin = Mm(35), Mm(37)
    section.footer_distance = Mm(15)


def write(paragraph: Paragraph, text: str, font: str = FANGSONG, size: Length = BODY_SIZE, red: bool = False) -> Run:
    """Add text with the font set for Chinese and Latin characters alike."""
    run = paragraph.add_run(text)
    run.font.size = size
    set_fonts(run._r.get_or_add_rPr(), font)
    if red:
        run.font.color.rgb = RED
    return run


def line(
    document: OfficeDocument, text: str = "", font: str = FANGSONG, size: Length = BODY_SIZE, align: int = LEFT
) -> Paragraph:
    """One paragraph without indent."""
    paragraph = document.add_paragraph()
    paragraph.alignment = align
    write(paragraph, text, font, size)
    return paragraph


def body(document: OfficeDocument, text: str) -> Paragraph:
    """A paragraph of the text; “一、” and “（一）” at its start choose 黑体 and 楷体 (7.3.3)."""
    font = (
        HEI if text[1:2] == "、" and text[0] in "一二三四五六七八九十" else KAI if text.startswith("（") else FANGSONG
    )
    head, dot, rest = text.partition("。") if font is not FANGSONG else ("", "", text)
    paragraph = document.add_paragraph()
    paragraph.alignment = JUSTIFY
    first_line_two_characters(paragraph)
    if head:
        write(paragraph, head + dot, font)
    if rest:
        write(paragraph, rest)
    return paragraph


def paragraphs(document: OfficeDocument, *texts: str) -> None:
    """Several paragraphs of the text."""
    for text in texts:
        body(document, text)


def first_line_two_characters(paragraph: Paragraph) -> None:
    """Indent the first line by two characters, in characters, as Word and WPS count them."""
    paragraph.paragraph_format.first_line_indent = Pt(2 * CHARACTER.pt)
    paragraph._p.pPr.ind.set(qn("w:firstLineChars"), "200")


def title(document: OfficeDocument, *lines: str, blank_before: int = 2) -> None:
    """标题: 22 pt 小标宋, centred, two lines below what is above it (7.3.1)."""
    for _ in range(blank_before):
        line(document)
    for text in lines:
        paragraph = line(document, text, SONG_TITLE, TITLE_SIZE, CENTRE)
        paragraph.paragraph_format.line_spacing = Pt(35)
        paragraph.paragraph_format.keep_with_next = True
    line(document)


def rule(paragraph: Paragraph, border: Border) -> None:
    """Draw a rule along a paragraph."""
    frame = OxmlElement("w:pBdr")
    child(
        frame,
        f"w:{border.side}",
        val=border.kind,
        sz=str(border.weight),
        space=str(border.distance),
        color=border.colour,
    )
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        frame, "w:shd", "w:tabs", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:outlineLvl", "w:rPr"
    )


def page_numbers(document: OfficeDocument, below: Length = NO_SPACE) -> None:
    """— 1 — in 14 pt 宋体: odd pages right, even pages left, one character from the edge (7.5)."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    for footer, align in ((section.footer, RIGHT), (section.even_page_footer, LEFT)):
        paragraph = footer.paragraphs[0]
        paragraph.alignment = align
        form = paragraph.paragraph_format
        form.left_indent = form.right_indent = Pt(14)
        form.space_after, form.line_spacing = below, Pt(16)
        write(paragraph, "— ", SONG, SMALL_SIZE)
        for kind in ("begin", "PAGE", "end"):
            _field_part(write(paragraph, "", SONG, SMALL_SIZE), kind)
        write(paragraph, " —", SONG, SMALL_SIZE)


def _field_part(run: Run, kind: str) -> None:
    if kind == "PAGE":
        instruction = OxmlElement("w:instrText")
        instruction.text = "PAGE"
        run._r.append(instruction)
    else:
        child(run._r, "w:fldChar", fldCharType=kind)


def sealed_signature(document: OfficeDocument, issuer: str, day: str, longest: int = 0) -> None:
    """署名 centred over the date, the date about four characters from the right, room for a seal (7.3.5.1)."""
    width = max(Pt(232), Pt(max(longest, len(issuer)) * 16 + 8))
    last = document.paragraphs[-1]
    last.paragraph_format.keep_with_next = True
    for _ in range(2):
        line(document).paragraph_format.keep_with_next = True
    for text in (issuer, day):
        paragraph = line(document, text, align=CENTRE)
        paragraph.paragraph_format.left_indent = Pt(TEXT_WIDTH.pt - width.pt)
        paragraph.paragraph_format.keep_with_next = text == issuer


def attachments(document: OfficeDocument, *names: str) -> None:
    """附件说明: one line below the text, no mark at the end, further lines under the first name (7.3.4)."""
    line(document)
    for place, name in enumerate(names, start=1):
        head = "附件：" if place == 1 else "　　　"
        number = f"{place}．" if len(names) > 1 else ""
        paragraph = line(document, f"{head}{number}{name}")
        paragraph.paragraph_format.left_indent = Pt(2 * CHARACTER.pt)


def attachment_page(document: OfficeDocument, number: str, name: str) -> None:
    """附件: a new page, “附件1” in 黑体 on the first line, its title on the third (7.3.7)."""
    head = line(document, f"附件{number}", HEI)
    head.paragraph_format.page_break_before = True
    title(document, name, blank_before=1)


def set_fonts(properties: BaseOxmlElement, font: str) -> None:
    """Name one font for all kinds of characters; without `eastAsia` Word would choose its own for Chinese."""
    for old in properties.findall(qn("w:rFonts")):
        properties.remove(old)
    fonts = OxmlElement("w:rFonts")
    for kind in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{kind}"), font)
    properties.insert(0, fonts)


def child(parent: BaseOxmlElement, tag: str, **attributes: str) -> BaseOxmlElement:
    """The child element of that name, made at the end if there is none, with these attributes."""
    found = parent.find(qn(tag))
    if found is None:
        found = OxmlElement(tag)
        parent.append(found)
    for name, value in attributes.items():
        found.set(qn(f"w:{name}"), value)
    return found
