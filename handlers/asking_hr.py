"""征求意见: what other procedures hand to the consultation of the HR bureau, and how its view is told (第十条)."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from processes.engine.messages_later import send_later
from processes.registers.matters import MatterKind
from processes.sequences import last_number, next_number

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


def next_reference(session: Session, asker: str) -> str:
    """What a new asking of a procedure, named by its number, waits for; no two askings share one."""
    return f"{asker}-{next_number(session, f'hr_view:{asker}')}"


def no_longer_wanted(session: Session, asker: str) -> None:
    """A procedure ends, or begins anew, before its last asking was answered: that consultation is given up."""
    send_later(session, "hr_view_not_wanted", f"{asker}-{last_number(session, f'hr_view:{asker}')}", {})


def view_says(opinion: str, reason: str) -> str:
    """The view in one line, or that there was none and the bureau went on by its own decision."""
    said = opinion or "未复（已按程序决定推进）"
    return f"{said}：{reason}" if reason else said
