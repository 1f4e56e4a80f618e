"""Sheets of an official paper: A4 upright, page numbers as GB/T 9704 has them, text broken as Chinese is."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from fpdf import FPDF
from fpdf.fonts import TTFFont

from processes.documents.fonts import FontFolder
from processes.documents.line_breaking import lines_of

LEFT, RIGHT, TOP, BOTTOM = 28.0, 26.0, 30.0, 30.0
"""Margins in millimetres."""
WIDTH = 210.0 - LEFT - RIGHT
INK, FAINT, RULE = (25, 25, 25), (95, 95, 95), (120, 120, 120)
TITLE, HEADING, BODY, SMALL = 22.0, 14.0, 11.0, 9.5
LEADING = 0.58
"""Millimetres from line to line for each point of size."""
PADDING = 1.6
UNKNOWN = "〓"
"""Stands for a character that no font has, as printers have always done."""


class _Widths(dict[str, float]):
    """Width of each character in thousandths of the size, asked for once."""

    def __init__(self, fonts: Sequence[Any]) -> None:
        super().__init__()
        self.fonts = fonts

    def __missing__(self, character: str) -> float:
        font = next((each for each in self.fonts if ord(character) in each.cmap), self.fonts[0])
        self[character] = width = float(font.cw[ord(character)])
        return width


class _Paper(FPDF):
    """Pages with their number below the text."""

    running_head = ""

    def header(self) -> None:
        if self.page_no() > 1:
            self.set_font("song", size=SMALL)
            self.set_text_color(*FAINT)
            self.set_xy(LEFT, TOP - 12)
            self.cell(WIDTH, 5, self.running_head, align="R")
            self.set_xy(LEFT, TOP)

    def footer(self) -> None:
        self.set_font("song", size=12)
        self.set_text_color(*INK)
        self.set_xy(LEFT, -BOTTOM + 7)
        self.cell(WIDTH, 6, f"— {self.page_no()} —", align="C")


class Sheet:
    """A paper being set, from top to bottom."""

    def __init__(self, title: str, made: datetime, fonts: FontFolder) -> None:
        self.pdf = _Paper(format="A4")
        self.pdf.set_margins(LEFT, TOP, RIGHT)
        self.pdf.c_margin = 0
        self.pdf.set_auto_page_break(False, BOTTOM)
        self.pdf.set_creation_date(made.astimezone(UTC))
        self.pdf.set_lang("zh-CN")
        self._load(fonts)
        self.pdf.set_title(self.known(title))
        self.pdf.running_head = self.known(title)
        self.pdf.add_page()

    def _load(self, fonts: FontFolder) -> None:
        rare = []
        for family in ("song", "song-bold"):
            self.pdf.add_font(family, fname=fonts.face(family))
        for number, file in enumerate(fonts.for_rare_characters()):
            rare.append(f"rare{number}")
            self.pdf.add_font(rare[-1], fname=file)
        self.pdf.set_fallback_fonts(rare, exact_match=False)
        others = [self.pdf.fonts[family] for family in rare]
        self._widths = {family: _Widths([self.pdf.fonts[family], *others]) for family in ("song", "song-bold")}
        self._known = set[int]().union(*(font.cmap for font in _faces(self.pdf)))

    def known(self, text: str) -> str:
        """A text in the characters that the fonts have; breaks of lines stay."""
        flat = text.replace("\r\n", "\n").replace("\t", "　")
        return "".join(
            each if each == "\n" or ord(each) in self._known else UNKNOWN
            for each in flat
            if each in "\n　" or each.isprintable()
        )

    def finished(self) -> bytes:
        """The whole PDF."""
        with closing(_OpenFonts(self.pdf)):
            return bytes(self.pdf.output())

    def title(self, text: str, size: float = TITLE) -> None:
        """A title in the middle, as many lines as it needs."""
        self._lines(text, "song-bold", size, align="C")
        self.space(3)

    def heading(self, text: str) -> None:
        """A heading, never alone at the foot of a page."""
        self.space(3)
        self.need(24)
        self._lines(text, "song-bold", HEADING)
        self.space(1)

    def bookmark(self, text: str, level: int = 0) -> None:
        """A line of the outline that readers of PDF show beside the pages."""
        self.pdf.start_section(self.known(text), level=level)

    def text(
        self, text: str, *, bold: bool = False, faint: bool = False, indent: float = 0, size: float = BODY
    ) -> None:
        """A paragraph, `indent` millimetres from the left."""
        self._lines(text, "song-bold" if bold else "song", size, indent=indent, colour=FAINT if faint else INK)

    def labelled(self, label: str, text: str, indent: float) -> None:
        """An answer with its question before it."""
        self._lines(f"{label}：{text or '（未填）'}", "song", BODY, indent=indent)

    def rule(self) -> None:
        """A thin line across."""
        self.pdf.set_draw_color(*RULE)
        self.pdf.set_line_width(0.15)
        self.pdf.line(LEFT, self.pdf.get_y(), LEFT + WIDTH, self.pdf.get_y())
        self.space(1.2)

    def space(self, height: float) -> None:
        """Room below."""
        self.pdf.set_xy(LEFT, self.pdf.get_y() + height)

    def need(self, height: float) -> None:
        """Go on to the next page unless there is so much room on this one."""
        if self.pdf.get_y() + height > 297 - BOTTOM:
            self.pdf.add_page()

    def table(self, rows: Sequence[Sequence[str]], widths: Sequence[float], *, head: bool = False) -> None:
        """A ruled table; with `head` the first row is set bold and again on each page. Labels of pairs are bold too."""
        first = rows[0] if head else None
        for number, row in enumerate(rows):
            bold = [(head and number == 0) or (not head and place % 2 == 0) for place in range(len(row))]
            height = self._row_height(row, widths, bold)
            if self.pdf.get_y() + height > 297 - BOTTOM:
                self.pdf.add_page()
                if first is not None and number:
                    self._row(first, widths, [True] * len(first))
            self._row(row, widths, bold)

    def _row_height(self, row: Sequence[str], widths: Sequence[float], bold: Sequence[bool]) -> float:
        counts = [len(self._cell(text, width, dark)) for text, width, dark in zip(row, widths, bold, strict=True)]
        return max(counts) * BODY * 0.48 + 2 * PADDING

    def _row(self, row: Sequence[str], widths: Sequence[float], bold: Sequence[bool]) -> None:
        pdf, height, top, x = self.pdf, self._row_height(row, widths, bold), self.pdf.get_y(), LEFT
        pdf.set_draw_color(*RULE)
        pdf.set_line_width(0.2)
        for text, width, dark in zip(row, widths, bold, strict=True):
            pdf.rect(x, top, width, height)
            pdf.set_font("song-bold" if dark else "song", size=BODY - 0.5)
            pdf.set_text_color(*INK)
            lines = self._cell(text, width, dark)
            y = top + (height - len(lines) * BODY * 0.48) / 2
            for line in lines:
                pdf.set_xy(x + PADDING, y)
                pdf.cell(width - 2 * PADDING, BODY * 0.48, line, align="C" if dark else "L")
                y += BODY * 0.48
            x += width
        pdf.set_xy(LEFT, top + height)

    def _cell(self, text: str, width: float, dark: bool) -> list[str]:
        return self._broken(self.known(text), "song-bold" if dark else "song", BODY - 0.5, width - 2 * PADDING - 0.3)

    def _broken(self, text: str, family: str, size: float, width: float, indent: float = 0) -> list[str]:
        widths, scale = self._widths[family], size / 1000 / self.pdf.k

        def measure(line: str) -> float:
            return sum(map(widths.__getitem__, line)) * scale

        return [line for part in text.split("\n") for line in (lines_of(part, width, indent, measure) or [""])]

    def _lines(
        self, text: str, family: str, size: float, *, indent: float = 0, align: str = "L", colour: Any = INK
    ) -> None:
        height = size * LEADING
        for line in self._broken(self.known(text), family, size, WIDTH - indent):
            self.need(height)
            self.pdf.set_font(family, size=size)
            self.pdf.set_text_color(*colour)
            self.pdf.set_xy(LEFT + indent, self.pdf.get_y())
            self.pdf.cell(WIDTH - indent, height, line, align=align)
            self.pdf.set_xy(LEFT, self.pdf.get_y() + height)


class _OpenFonts:
    """The font files, which stay open while a paper is set."""

    def __init__(self, pdf: FPDF) -> None:
        self.pdf = pdf

    def close(self) -> None:
        for font in _faces(self.pdf):
            font.ttfont.close()


def _faces(pdf: FPDF) -> list[TTFFont]:
    return [font for font in pdf.fonts.values() if isinstance(font, TTFFont)]
