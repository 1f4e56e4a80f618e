"""Patterns of texts, in a notation whose running time never runs away."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import re2

LONGEST_PATTERN = 500
_OPTIONS = re2.Options()
_OPTIONS.log_errors = False
_OPTIONS.max_mem = 1 << 20


class BadPattern(ValueError):
    """The pattern cannot be read, or is too large."""


@lru_cache(maxsize=128)
def compiled(pattern: str) -> Any:
    """The pattern, compiled once; raises `BadPattern`."""
    if len(pattern) > LONGEST_PATTERN:
        raise BadPattern(pattern)
    try:
        return re2.compile(pattern, options=_OPTIONS)
    except (re2.error, UnicodeError) as error:
        raise BadPattern(pattern) from error


def matches(pattern: str, text: str) -> bool:
    """Whether the whole text has the pattern."""
    return compiled(pattern).fullmatch(text) is not None
