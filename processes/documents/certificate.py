"""聘书: the certificate of appointment as PDF, A4 across, to be printed and sealed by the bureau."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path

from fontTools.ttLib import TTFont, TTLibError
from fpdf import FPDF, FPDFException

from processes.documents.dates import chinese_date, date_in_numerals
from processes.documents.fonts import FontFolder
from processes.documents.line_breaking import lines_of
from processes.documents.values import plain_text
from processes.errors import Invalid
from processes.messages import message

WIDTH, HEIGHT = 297.0, 210.0
LEFT, RIGHT = 36.0, 261.0
"""Edges of the text, millimetres from the left edge of the sheet."""
SEAL_AT, SEAL_RADIUS = (214.0, 160.0), 21.0
GOLD, RED, INK, FAINT = (184, 140, 40), (190, 25, 30), (25, 25, 25), (190, 190, 190)
PAPER = (255, 253, 246)
HEADING = "聘　书"
TEXT_SIZES = (22.0, 21.0, 20.0, 19.0, 18.0, 17.0, 16.0)
SMALLEST_NAME = 12.0
"""Points; a certificate with smaller writing than this is not issued."""
FEWEST_ALONE = 6
"""Characters; a shorter last line is avoided by a size that is a little smaller."""
NAME_AT, TEXT_UNTIL = 76.0, SEAL_AT[1] - SEAL_RADIUS


@dataclass(frozen=True)
class CertificateValues:
    """What a certificate says; a re-issued one keeps its number and names the day of its re-issue."""

    name: str
    district: str
    term_from: date
    term_until: date
    number: str
    issuer: str
    issued_on: date
    reissued_on: date | None = None
    sample: bool = False
    regulation: str = "重庆市区县首席规划师管理办法"


def render_certificate(values: CertificateValues, fonts: FontFolder) -> bytes:
    """Print a certificate; Invalid names the characters that no font has, and what is too long for the sheet."""
    with closing(_Sheet(_on_one_line(values))) as sheet:
        sheet.load(fonts)
        sheet.draw()
        return bytes(sheet.pdf.output())


def _on_one_line(values: CertificateValues) -> CertificateValues:
    words = {field: getattr(values, field) for field in ("name", "district", "number", "issuer", "regulation")}
    return replace(
        values, **{field: re.sub(r"[\n\t]+", " ", plain_text(text)).strip() for field, text in words.items()}
    )


class _Sheet:
    """One certificate being drawn."""

    def __init__(self, values: CertificateValues) -> None:
        self.values = values
        self.pdf = FPDF(orientation="landscape", unit="mm", format="A4")
        self.pdf.set_auto_page_break(False)
        self._describe()

    def draw(self) -> None:
        """Border, heading, text, seal place, signature, number."""
        self.pdf.add_page()
        self._border()
        self._seal_place()
        self._centred(HEADING, "song-bold", 56, WIDTH / 2, 40, RED)
        self._text()
        self._signature()
        self._number()

    def _describe(self) -> None:
        self.pdf.set_title(f"聘书 {self.values.number}")
        self.pdf.set_author(self.values.issuer)
        self.pdf.set_lang("zh-CN")
        self.pdf.set_creation_date(datetime.combine(self.values.reissued_on or self.values.issued_on, time(), UTC))

    def close(self) -> None:
        """Let go of the font files, which stay open while a sheet is drawn."""
        for font in self.pdf.fonts.values():
            font.ttfont.close()

    def load(self, fonts: FontFolder) -> None:
        """Take the faces of the office or the shipped ones, and faces for rare characters only if some are missing."""
        files = {"kai": fonts.face("kai"), "song-bold": fonts.face("song-bold")}
        for family, file in files.items():
            self._add(family, file)
        rare: list[str] = []
        for file in fonts.for_rare_characters():
            if file != files["kai"] and self._missing(rare):
                rare.append(f"rare{len(rare)}")
                self._add(rare[-1], file)
        self.pdf.set_fallback_fonts(rare, exact_match=False)
        if missing := sorted(self._missing(rare)):
            raise Invalid(
                message(
                    "字库缺少下列字：%(characters)s。请将含有这些字的字体以“extra-”开头命名，放入系统的fonts文件夹。",
                    characters="、".join(missing),
                )
            )

    def _add(self, family: str, file: Path) -> None:
        try:
            with file.open("rb") as opened:
                TTFont(opened, fontNumber=0, lazy=True)
            self.pdf.add_font(family, fname=file)
        except (TTLibError, FPDFException, OSError, KeyError, ValueError) as fault:
            raise Invalid(message("字体文件“%(name)s”无法使用，请更换。", name=file.name)) from fault

    def _missing(self, rare: list[str]) -> set[str]:
        """Characters of the sheet that neither their own face has nor one of those for rare characters."""
        values = self.values
        text = "".join([values.name, values.issuer, self._number_text(), *self._sentences()])
        also = set().union(*(self.pdf.fonts[family].cmap for family in rare))
        return {
            character
            for family, words in (("kai", text), ("song-bold", HEADING))
            for character in words
            if ord(character) not in self.pdf.fonts[family].cmap and ord(character) not in also
        }

    def _sentences(self) -> list[str]:
        values = self.values
        term = f"聘期自{chinese_date(values.term_from)}起至{chinese_date(values.term_until)}止。"
        return [
            f"根据《{values.regulation}》，经研究，现聘任您为{values.district}首席规划师，{term}",
            "特颁此证。",
        ]

    def _border(self) -> None:
        pdf = self.pdf
        pdf.set_fill_color(*PAPER)
        pdf.rect(0, 0, WIDTH, HEIGHT, style="F")
        pdf.set_draw_color(*GOLD)
        for inset, weight in ((12.0, 1.2), (14.2, 0.35), (17.0, 0.35)):
            pdf.set_line_width(weight)
            pdf.rect(inset, inset, WIDTH - 2 * inset, HEIGHT - 2 * inset)
        for x in (17.0, WIDTH - 17.0):
            for y in (17.0, HEIGHT - 17.0):
                self._corner(x, y)

    def _corner(self, x: float, y: float) -> None:
        """A small square turned into each corner of the inner frame."""
        inward_x, inward_y = (1 if x < WIDTH / 2 else -1), (1 if y < HEIGHT / 2 else -1)
        self.pdf.rect(min(x, x + 6 * inward_x), min(y, y + 6 * inward_y), 6, 6)
        self.pdf.rect(min(x, x + 3.5 * inward_x), min(y, y + 3.5 * inward_y), 3.5, 3.5)

    def _text(self) -> None:
        """The name on a line of its own, then the sentences."""
        size, paragraphs = self._set_out()
        leading = _leading(size)
        self.pdf.set_text_color(*INK)
        self._name(size)
        y = NAME_AT
        for lines in paragraphs:
            for place, words in enumerate(lines):
                y += leading
                start = LEFT + (self._indent(size) if place == 0 else 0)
                self._line(words, size, start, y, justified=place < len(lines) - 1)

    def _set_out(self) -> tuple[float, list[list[str]]]:
        """The size and the lines of the sentences: large, above the seal, and no few characters alone on a line."""
        fitting = [(size, lines) for size in TEXT_SIZES if (lines := self._lines(size)) is not None]
        if not fitting:
            raise Invalid(message("聘书内容过长，一页写不下，请使用区县简称。"))
        tidy = [(size, lines) for size, lines in fitting[:3] if len(lines[0]) == 1 or len(lines[0][-1]) >= FEWEST_ALONE]
        return (tidy or fitting)[0]

    def _lines(self, size: float) -> list[list[str]] | None:
        """The sentences in lines of a size, or None when they would reach the seal."""
        indent = self._indent(size)
        paragraphs = [lines_of(text, RIGHT - LEFT, indent, self.pdf.get_string_width) for text in self._sentences()]
        last = NAME_AT + _leading(size) * sum(map(len, paragraphs))
        return paragraphs if last + size / self.pdf.k <= TEXT_UNTIL else None

    def _indent(self, size: float) -> float:
        self.pdf.set_font("kai", size=size)
        return float(self.pdf.get_string_width("　　"))

    def _name(self, size: float) -> None:
        """姓名同志： at the left edge."""
        text = f"{self.values.name}同志："
        self._line(text, self._size_for(text, size, RIGHT - LEFT, "姓名"), LEFT, NAME_AT, justified=False)

    def _size_for(self, text: str, size: float, width: float, what: str) -> float:
        """The size at which a text fits its place, at most `size`."""
        self.pdf.set_font("kai", size=size)
        while self.pdf.get_string_width(text) > width:
            size -= 1
            if size < SMALLEST_NAME:
                raise Invalid(message("聘书上的%(what)s过长，一行写不下。", what=what))
            self.pdf.set_font("kai", size=size)
        return size

    def _line(self, words: str, size: float, x: float, y: float, *, justified: bool) -> None:
        self.pdf.set_font("kai", size=size)
        spare = RIGHT - x - self.pdf.get_string_width(words)
        if justified and len(words) > 1 and spare > 0:
            self.pdf.set_char_spacing(spare / (len(words) - 1) * self.pdf.k)
        self.pdf.set_xy(x, y)
        self.pdf.cell(RIGHT - x + 1, 8, words)
        self.pdf.set_char_spacing(0)

    def _centred(self, words: str, family: str, size: float, x: float, y: float, colour: tuple[int, int, int]) -> None:
        self.pdf.set_font(family, size=size)
        self.pdf.set_text_color(*colour)
        self.pdf.set_xy(x - 90, y - 5)
        self.pdf.cell(180, 10, words, align="C")

    def _signature(self) -> None:
        size = self._size_for(self.values.issuer, 20.0, 2 * (RIGHT - SEAL_AT[0]), "颁发机关")
        self._centred(self.values.issuer, "kai", size, SEAL_AT[0], SEAL_AT[1] - 5, INK)
        self._centred(date_in_numerals(self.values.issued_on), "kai", 18, SEAL_AT[0], SEAL_AT[1] + 7, INK)

    def _seal_place(self) -> None:
        """A faint circle where the seal goes; the desk never draws a seal, a sample says 样章."""
        x, y = SEAL_AT
        sample = self.values.sample
        self.pdf.set_draw_color(*(RED if sample else FAINT))
        self.pdf.set_line_width(0.5 if sample else 0.2)
        self.pdf.set_dash_pattern(0 if sample else 1.5, 0 if sample else 1.5)
        self.pdf.circle(x, y, SEAL_RADIUS)
        self.pdf.set_dash_pattern()
        words = "样章" if sample else "（印章）"
        self._centred(words, "kai", 13, x, y - 14.5, RED if sample else FAINT)
        if sample:
            self._centred("仅供演示，不具效力", "kai", 7.5, x, y + 14.5, RED)

    def _number_text(self) -> str:
        again = self.values.reissued_on
        return f"编号：{self.values.number}" + (f"（补发，{chinese_date(again)}）" if again else "")

    def _number(self) -> None:
        text = self._number_text()
        size = self._size_for(text, 14.0, SEAL_AT[0] - SEAL_RADIUS - LEFT - 4, "编号")
        self.pdf.set_text_color(*INK)
        self._line(text, size, LEFT, 177, justified=False)


def _leading(size: float) -> float:
    """Millimetres from line to line for a size in points."""
    return size * 0.62
