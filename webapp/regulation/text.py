"""The text of the regulation as it came with the product; its number and day of issue are not in it (第十七条)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from webapp.pages.wording import number_of

TEXT = Path(__file__).with_name("text.json")


@dataclass(frozen=True)
class Article:
    """One article: what it is called, its sentences, its items."""

    name: str
    text: str
    items: Sequence[str]

    @property
    def number(self) -> int:
        """Its number.

        >>> Article("第十四条", "", ()).number
        14
        """
        return number_of(self.name[1:-1])


@dataclass(frozen=True)
class Chapter:
    """A chapter and its articles."""

    title: str
    articles: Sequence[Article]


@dataclass(frozen=True)
class Regulation:
    """The whole text."""

    title: str
    chapters: Sequence[Chapter]


@cache
def regulation() -> Regulation:
    """The text, read once."""
    told = json.loads(TEXT.read_text(encoding="utf-8"))
    chapters = [
        Chapter(chapter["title"], [Article(each["name"], each["text"], each["items"]) for each in chapter["articles"]])
        for chapter in told["chapters"]
    ]
    return Regulation(told["title"], chapters)
