"""Fonts for PDF: the office's own folder first, then the faces that are shipped.

An office puts files named `kai`, `song` or `song-bold` (`.ttf`, `.otf` or `.ttc`) into `<CHIEF_PLANNER_HOME>/fonts` to
print in its own typefaces, and files named `extra-….ttf|otf|ttc` for characters that no other face has.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Face = Literal["kai", "song", "song-bold"]
SHIPPED = Path(__file__).with_name("fonts")
ENDINGS = (".ttf", ".otf", ".ttc")

# Both report every table they drop and every glyph they look for; missing characters are refused before printing.
for _talker in ("fontTools", "fpdf"):
    logging.getLogger(_talker).setLevel(logging.ERROR)


@dataclass(frozen=True)
class FontFolder:
    """Where faces are looked up; `folder` is the office's own, or None."""

    folder: Path | None = None

    def face(self, name: Face) -> Path:
        """The file of a face."""
        own = self._own()
        for place in ([own] if own else []) + [SHIPPED]:
            for ending in ENDINGS:
                if (place / f"{name}{ending}").is_file():
                    return place / f"{name}{ending}"
        raise FileNotFoundError(f"the shipped face {name} is missing")

    def for_rare_characters(self) -> list[Path]:
        """Faces asked when a character is missing, in this order: the office's extra ones, then the shipped ones."""
        own = self._own()
        extra = sorted(file for file in own.glob("extra-*") if file.suffix.lower() in ENDINGS) if own else []
        return [*extra, SHIPPED / "kai.ttf", SHIPPED / "song.otf"]

    def _own(self) -> Path | None:
        return self.folder if self.folder is not None and self.folder.is_dir() else None
