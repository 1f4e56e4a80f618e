"""What is told when a text is not of the language, or cannot be worked out with the data at hand."""

from __future__ import annotations

from typing import NamedTuple

from processes.errors import Invalid
from processes.messages import Message


class LanguageProblem(NamedTuple):
    """One thing that keeps a text from being of the language; line and column count from 1."""

    line: int
    column: int
    text: Message


class LanguageError(Invalid):
    """An expression, a script, a template or a cell was refused or could not be worked out."""

    def __init__(self, text: Message, line: int = 1, column: int = 1) -> None:
        super().__init__(text)
        self.line = line
        self.column = column


class MissingValueError(LanguageError):
    """A variable, key or position that the data does not have; a template draws nothing for it."""


def excerpt(text: object, most: int = 40) -> str:
    """The beginning of a text, for quoting it in a sentence."""
    words = str(text)
    return words if len(words) <= most else words[: most - 1] + "…"
