"""Makes the shipped font faces from the full free fonts; run once, when a font or the list of characters changes.

    python -m processes.documents.font_subsets LXGWWenKai-Regular.ttf NotoSerifCJK-Regular.ttc NotoSerifCJK-Bold.ttc

The characters are GB 2312, 通用规范汉字表 (State Council 2013, 8,105 characters; those outside GB 2312 are listed in
`fonts/characters.txt`) and the marks that documents use. Both fonts are under the SIL Open Font License; a subset is a
modified version, so it bears a name of its own («Desk …»).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FONTS = Path(__file__).with_name("fonts")
MARKS = "·•‧—–…“”‘’〇〔〕《》〈〉「」『』【】　"
SIMPLIFIED_FACE = 2
"""Place of the simplified-Chinese face in the Noto Serif CJK collections."""


def _gb2312(rows: range) -> Iterator[str]:
    for row in rows:
        for cell in range(0xA1, 0xFF):
            yield bytes([row, cell]).decode("gb2312", errors="ignore")


def characters_for_text() -> set[str]:
    """Every character that a name, a place or a sentence of a document may need."""
    listed = (FONTS / "characters.txt").read_text(encoding="utf-8")
    return {c for c in "".join(_gb2312(range(0xA1, 0xF8))) + listed + MARKS + _ascii() if c != "\n"}


def characters_for_titles() -> set[str]:
    """GB 2312 level 1 and marks: enough for the headings of certificates."""
    return set("".join(_gb2312(range(0xA1, 0xAA))) + "".join(_gb2312(range(0xB0, 0xD8))) + MARKS + _ascii())


def _ascii() -> str:
    return "".join(map(chr, range(0x20, 0x7F))) + "\u00b7"


def cut(source: Path, face: int, name: str, wanted: set[str], target: Path) -> None:
    """Write the wanted characters of one face to `target` under a name of its own."""
    with TTFont(source, fontNumber=face, recalcTimestamp=False) as font:
        missing = {ord(c) for c in wanted} - set(font.getBestCmap())
        if missing:
            print(f"{source.name} lacks {len(missing)}: {''.join(map(chr, sorted(missing)))}")
        options = subset.Options(hinting=False, notdef_outline=True, name_IDs=["*"], recalc_timestamp=False)
        options.layout_features = []
        options.drop_tables += ["BASE", "GSUB", "GPOS", "GDEF", "VORG", "vhea", "vmtx", "DSIG"]
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes={ord(c) for c in wanted})
        cutter.subset(font)
        _rename(font, name)
        font.save(target)


def _rename(font: TTFont, name: str) -> None:
    """Reserved font names may not be kept by a modified version; copyright and licence stay."""
    table = font["name"]
    kept = {record.nameID: record.toUnicode() for record in table.names if record.langID == 0x409}
    table.names = []
    family, style = name.rsplit(" ", 1)
    own = {1: family, 2: style, 3: f"chief-planner:{name}", 4: name, 6: name.replace(" ", "")}
    for number, text in {**{i: kept[i] for i in (0, 5, 13, 14) if i in kept}, **own}.items():
        table.setName(text, number, 3, 1, 0x409)
    if "CFF " in font:
        font["CFF "].cff.fontNames = [own[6]]
        top = font["CFF "].cff.topDictIndex[0]
        top.FamilyName, top.FullName = family, name


def main(kai: str, song: str, bold: str) -> None:
    """Make the three faces."""
    cut(Path(kai), -1, "Desk Kai Regular", characters_for_text(), FONTS / "kai.ttf")
    cut(Path(song), SIMPLIFIED_FACE, "Desk Song Regular", characters_for_text(), FONTS / "song.otf")
    cut(Path(bold), SIMPLIFIED_FACE, "Desk Song Bold", characters_for_titles(), FONTS / "song-bold.otf")


if __name__ == "__main__":
    main(*sys.argv[1:])
