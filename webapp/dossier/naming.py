"""Names of files and folders that every system takes, and that people can read."""

from __future__ import annotations

import re
import unicodedata

FORBIDDEN = re.compile(r'[\\/:*?"<>|\s]+')
RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
LONGEST = 60
"""Characters; Chinese ones take three bytes, and systems take 255."""


def safe_name(text: str, otherwise: str = "file") -> str:
    """A text as a name without an ending.

    >>> safe_name("关于征求万州区首席规划师人选意见的函: 第1/2份")
    '关于征求万州区首席规划师人选意见的函_第1_2份'
    """
    plain = unicodedata.normalize("NFC", text)
    printable = "".join(each for each in plain if each.isprintable() or each.isspace())
    name = FORBIDDEN.sub("_", printable).strip("._ ")[:LONGEST].rstrip("._ ")
    return f"_{name}" if RESERVED.match(name) else name or otherwise


class Names:
    """Names given out in one folder; none is given twice, whatever the case of its letters."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def __call__(self, text: str, ending: str = "") -> str:
        """A name that is still free."""
        base, number = safe_name(text), 1
        while (name := f"{base}{'' if number == 1 else f'_{number}'}{ending}").casefold() in self._taken:
            number += 1
        self._taken.add(name.casefold())
        return name
