"""Fonts for many certificates at once: the faces are read once, and kept with the characters that are needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

from fontTools import subset
from fontTools.ttLib import TTFont, TTLibError

from processes.documents.certificate import HEADING
from processes.documents.fonts import Face, FontFolder

FACES: tuple[Face, ...] = ("kai", "song-bold")
WORDS = (
    "根据《重庆市区县首席规划师管理办法》，经研究，现聘任您为首席规划师，聘期自起至止。特颁此证。"
    "同志：编号：（补发，）样章仅供演示，不具效力「印章」"
)
NUMERALS = "〇一二三四五六七八九十年月日号〔〕0123456789 "


@contextmanager
def faces_for(texts: Iterable[str], fonts: FontFolder) -> Iterator[FontFolder]:
    """A font folder whose faces hold what certificates with these texts need; whole faces take most of the time.

    What is missing from such a face is looked for in the fonts for rare characters, as it is with whole faces.
    """
    wanted = {ord(character) for text in (*texts, HEADING, WORDS, NUMERALS) for character in text}
    with TemporaryDirectory(prefix="faces-") as name:
        folder = Path(name)
        for face in FACES:
            _cut(fonts.face(face), wanted, folder / f"{face}.ttf")
        for extra in fonts.for_rare_characters():
            if extra.name.startswith("extra-"):
                copyfile(extra, folder / extra.name)
        yield FontFolder(folder)


def _cut(source: Path, wanted: set[int], target: Path) -> None:
    """Keep the wanted characters of a face; one that cannot be read is left to the printing, which tells its name."""
    options = subset.Options(notdef_outline=True, recalc_timestamp=False)
    options.layout_features = []
    try:
        with source.open("rb") as opened, TTFont(opened, fontNumber=0, lazy=True) as font:
            cutter = subset.Subsetter(options)
            cutter.populate(unicodes=wanted)
            cutter.subset(font)
            font.save(target)
    except (TTLibError, OSError, KeyError, ValueError):
        copyfile(source, target.with_suffix(source.suffix))
