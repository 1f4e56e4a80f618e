"""Why a task need not be done any more, as its line in the history says it."""

from __future__ import annotations

WHY = {
    "answered": "已由%(person)s办理",
    "passed": "已达到通过比例，无需再签",
    "failed": "已不可能通过，无需再签",
    "enough": "已满足完成条件，无需再办",
    "removed": "已由%(person)s减签",
    "returned": "已由%(person)s退回",
    "recalled": "已由%(person)s撤回",
    "moved": "已由%(person)s移至其他环节",
}
"""What is told of a task that somebody else's act has ended."""


def why_words(why: str, person: str) -> str:
    """The reason in a few words, with who has brought it about; nothing where the diagram itself has."""
    return WHY.get(why, "") % {"person": person}
