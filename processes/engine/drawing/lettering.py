"""Text in boxes: Chinese breaks between any two characters, Latin between words, and nothing leaves its box."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

LINE = 1.25
"""Height of a line in em."""
NOT_FIRST = frozenset("，。、；：？！）》」』】〉”’%,.;:?!)]}…·")
"""Characters that do not begin a line."""
NARROW = frozenset("iljtfrI.,:;'|!()[] ")
WIDE = frozenset("mwMW@%")


@dataclass(frozen=True)
class Lettering:
    """Lines of text at a size in pixels."""

    lines: tuple[str, ...]
    size: float

    @property
    def height(self) -> float:
        return len(self.lines) * self.size * LINE

    @property
    def width(self) -> float:
        return max((width(line) for line in self.lines), default=0.0) * self.size


def width(text: str) -> float:
    """Width of a text in em: a full-width character is 1, a Latin one about 0.55."""
    return sum(_advance(c) for c in text)


def _advance(c: str) -> float:
    if unicodedata.east_asian_width(c) in "WFA" and c not in "·":
        return 1.0
    if unicodedata.combining(c):
        return 0.0
    if c in NARROW:
        return 0.36
    if c in WIDE:
        return 0.92
    return 0.7 if c.isupper() else 0.58


def fit(text: str, box_width: float, box_height: float, sizes: tuple[float, ...] = (12, 11, 10)) -> Lettering:
    """The largest size at which the text fits the box; at the smallest size the rest becomes an ellipsis."""
    for size in sizes:
        lines = wrap(text, box_width / size)
        if len(lines) * size * LINE <= box_height and all(width(line) * size <= box_width for line in lines):
            return Lettering(tuple(lines), size)
    size = sizes[-1]
    most = max(1, int(box_height / (size * LINE)))
    lines = wrap(text, box_width / size)
    kept = lines[:most]
    if len(lines) > most:
        kept[-1] = shorten(kept[-1] + "…", box_width / size)
    return Lettering(tuple(shorten(line, box_width / size) for line in kept), size)


def shorten(line: str, limit: float) -> str:
    """A line cut to `limit` em with an ellipsis."""
    if width(line) <= limit:
        return line
    kept = line.rstrip("…")
    while kept and width(kept) + 1 > limit:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def wrap(text: str, limit: float) -> list[str]:
    """Lines of at most `limit` em."""
    lines: list[str] = []
    for paragraph in text.splitlines():
        line = ""
        for token in _tokens(paragraph, limit):
            if line and width(line.rstrip() + token.rstrip()) > limit and token[0] not in NOT_FIRST:
                lines.append(line.rstrip())
                line = token.lstrip()
            elif line and width((line + token).rstrip()) > limit:
                # A closing mark takes the last character along to the next line.
                lines.append(line[:-1].rstrip())
                line = line[-1] + token
            else:
                line += token
        if line.strip():
            lines.append(line.rstrip())
    return [line for line in lines if line]


def _tokens(text: str, limit: float) -> list[str]:
    tokens: list[str] = []
    word = ""
    for c in text.replace("\t", " "):
        if unicodedata.category(c) == "Cc":
            continue
        if unicodedata.east_asian_width(c) in "WF" or c == " " or width(word + c) > limit:
            if word:
                tokens.append(word)
            word = ""
            if unicodedata.east_asian_width(c) in "WF" or c == " ":
                tokens.append(c)
                continue
        word += c
    return [*tokens, word] if word else tokens
