"""征求意见: what other procedures hand to the consultation of the HR bureau, and how its view is told (第十条)."""

from __future__ import annotations

from typing import Any

from processes.registers.matters import MatterKind

REPLY_WD = 5
"""Working days the HR bureau has for one matter (D)."""
LONGEST_TEXT = 4000
"""Characters of the letter's text, as the form of the consultation takes it."""
UNANSWERED: dict[str, Any] = {"opinion": "", "hr_reason": "", "hr_silent": False, "matter_id": ""}
"""The view before the HR bureau is asked, or asked again."""


def put_to_hr(kind: MatterKind, subject: str, text: str, *, reference: str, reply_wd: int = REPLY_WD) -> dict[str, Any]:
    """The variables from which the consultation draws its letter; `reference` is what the procedure then waits for."""
    return {
        "matter": kind.value,
        "subject": subject,
        "matter_text": text[:LONGEST_TEXT],
        "reference": reference,
        "reply_wd": reply_wd,
    }


def view_says(opinion: str, reason: str) -> str:
    """The view in one line, or that there was none and the bureau went on by its own decision."""
    said = opinion or "未复（已按程序决定推进）"
    return f"{said}：{reason}" if reason else said
