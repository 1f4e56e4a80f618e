"""What a piece of work costs, counted and not timed: the same on a machine that is slow or does other things."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, TypeVar

T = TypeVar("T")

MOST_CALLS = 4_000_000
"""Calls that an answer to one request may take; a processor does about two million a second."""


def calls_of(work: Callable[[], T]) -> tuple[T, int]:
    """The result of some work, and how often it called a function, of Python's or of C's."""
    made, before = 0, sys.getprofile()

    def count(_frame: FrameType, happened: str, _what: Any) -> None:
        nonlocal made
        if happened in ("call", "c_call"):
            made += 1

    sys.setprofile(count)
    try:
        result = work()
    finally:
        sys.setprofile(before)
    return result, made
