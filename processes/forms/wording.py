"""Texts a form's owner writes: in Chinese, and in English where there is an English text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Wording:
    """A label, a title or a hint in both languages."""

    zh: str
    en: str = ""

    def text(self, language: str) -> str:
        """The text in the reader's language; Chinese where there is no English."""
        return self.en if self.en and language.startswith("en") else self.zh


@dataclass(frozen=True, slots=True)
class Option:
    """A value that may be chosen and what people call it."""

    value: str
    label: Wording | str

    def text(self, language: str) -> str:
        """What people call it."""
        return self.label.text(language) if isinstance(self.label, Wording) else self.label


def wording_of(data: Any) -> Wording:
    """The wording in a checked definition: a text, or texts by language."""
    if isinstance(data, Mapping):
        return Wording(data["zh"], data.get("en") or "")
    return Wording(data)


def option_of(data: Any) -> Option:
    """The option in a checked definition: a text that names itself, or a value with its label."""
    if isinstance(data, Mapping):
        return Option(data["value"], wording_of(data["label"]) if "label" in data else data["value"])
    return Option(data, data)
