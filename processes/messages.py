"""Sentences for people, made below the web shell and translated when they are drawn.

The source language is Chinese; `message("…")` marks a sentence for extraction, as `_()` does in the shell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Message:
    """A sentence with named values; `str()` gives it in Chinese, the shell gives it in the reader's language."""

    msgid: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.msgid % self.params if self.params else self.msgid

    def __hash__(self) -> int:
        return hash((self.msgid, tuple(sorted((key, str(value)) for key, value in self.params.items()))))


def message(msgid: str, **params: Any) -> Message:
    """Mark a Chinese sentence with `%(name)s` places as one that is shown to people."""
    return Message(msgid, params)
