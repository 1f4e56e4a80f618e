"""Sentences of comparisons, moves and the gate in the reader's language."""

from __future__ import annotations

from typing import Any

from processes.engine.comparing import Words, in_language
from processes.engine.moving import from_data
from webapp.language import current_language, say


def told(words: Words | None) -> str:
    """Words as the reader reads them."""
    return say(in_language(words, current_language()))


def told_data(data: Any) -> str:
    """Words that were stored, as the reader reads them."""
    return told(from_data(data))
