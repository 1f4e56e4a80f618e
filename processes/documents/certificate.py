"""聘书: the certificate of appointment as PDF, A4 across, to be printed and sealed by the bureau."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from fontTools.ttLib import TTLibError
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
    """Print a certificate; Invalid names the characters that no font has."""
    sheet = _Sheet(values, fonts)
    sheet.draw()
    return bytes(sheet.pdf.output())


class _Sheet:
    """One certificate being drawn."""

    def __init__(self, values: CertificateValues, fonts: FontFolder) -> None:
        self.values = values
        self.pdf = FPDF(orientation="landscape", unit="mm", format="A4")
        self.pdf.set_auto_page_break(False)
        self._describe()
        self._load(fonts)
        self._require_characters()
        self.pdf.add_page()

    def draw(self) -> None:
        """Border, heading, text, seal place, signature, number."""
        self._border()
        self._seal_place()
        self._centred("聘　书", "song-bold", 56, WIDTH / 2, 40, RED)
        self._text()
        self._signature()
        self._number()

    def _describe(self) -> None:
        self.pdf.set_title(plain_text(f"聘书 {self.values.number}"))
        self.pdf.set_author(plain_text(self.values.issuer))
        self.pdf.set_lang("zh-CN")
        self.pdf.set_creation_date(datetime.combine(self.values.reissued_on or self.values.issued_on, time(), UTC))

    def _load(self, fonts: FontFolder) -> None:
        rare = [f"rare{place}" for place, _ in enumerate(fonts.for_rare_characters())]
        files = {"kai": fonts.face("kai"), "song-bold": fonts.face("song-bold")}
        files |= dict(zip(rare, fonts.for_rare_characters(), strict=True))
        for family, file in files.items():
            try:
                self.pdf.add_font(family, fname=file)
            except (TTLibError, FPDFException, OSError, KeyError, ValueError) as fault:
                raise Invalid(message("字体文件“%(name)s”无法使用，请更换。", name=file.name)) from fault
        self.pdf.set_fallback_fonts(rare, exact_match=False)

    def _sentences(self) -> list[str]:
        values = self.values
        term = f"聘期自{chinese_date(values.term_from)}起至{chinese_date(values.term_until)}止。"
        return [
            f"根据《{values.regulation}》，经研究，现聘任您为{values.district}首席规划师，{term}",
            "特颁此证。",
        ]

    def _require_characters(self) -> None:
        values = self.values
        needed = set("".join([values.name, values.issuer, self._number_text(), *self._sentences()]))
        have = set().union(*(font.cmap for family, font in self.pdf.fonts.items() if family != "song-bold"))
        if missing := sorted(c for c in needed if ord(c) not in have):
            raise Invalid(
                message(
                    "字库缺少下列字：%(characters)s。请将含有这些字的字体以“extra-”开头命名，放入系统的fonts文件夹。",
                    characters="、".join(missing),
                )
            )

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
        """The name on a line of its own, then the sentences; smaller when they would reach the signature."""
        for size in (22.0, 20.0, 18.0, 16.0):
            self.pdf.set_font("kai", size=size)
            indent = self.pdf.get_string_width("　　")
            paragraphs = [lines_of(text, RIGHT - LEFT, indent, self.pdf.get_string_width) for text in self._sentences()]
            leading = size * 0.62
            if 80 + leading * (sum(map(len, paragraphs)) + 1) <= SEAL_AT[1] - 14:
                break
        self.pdf.set_text_color(*INK)
        y = 76.0
        self._name(size, y)
        for lines in paragraphs:
            for place, words in enumerate(lines):
                y += leading
                start = LEFT + (indent if place == 0 else 0)
                self._line(words, size, start, y, justified=place < len(lines) - 1)

    def _name(self, size: float, y: float) -> None:
        """姓名同志： at the left edge, smaller if a name is longer than the line."""
        text = f"{self.values.name}同志："
        while self.pdf.get_string_width(text) > RIGHT - LEFT and size > 10:
            size -= 1
            self.pdf.set_font("kai", size=size)
        self._line(text, size, LEFT, y, justified=False)

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
        size = 20.0
        self.pdf.set_font("kai", size=size)
        while self.pdf.get_string_width(self.values.issuer) > 2 * (RIGHT - SEAL_AT[0]) and size > 10:
            size -= 1
            self.pdf.set_font("kai", size=size)
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
        words = "样章" if sample else "「印章」"
        self._centred(words, "kai", 13, x, y - 14.5, RED if sample else FAINT)
        if sample:
            self._centred("仅供演示，不具效力", "kai", 7.5, x, y + 14.5, RED)

    def _number_text(self) -> str:
        again = self.values.reissued_on
        return f"编号：{self.values.number}" + (f"（补发，{chinese_date(again)}）" if again else "")

    def _number(self) -> None:
        self.pdf.set_font("kai", size=12)
        self.pdf.set_text_color(*INK)
        self.pdf.set_xy(LEFT, 178)
        self.pdf.cell(120, 6, self._number_text())
