"""The reason that somebody gives for an act on a case, a task or a draft; it stands in the history and in the trail."""

from __future__ import annotations

from processes.errors import Invalid
from processes.messages import message

LONGEST_REASON = 1000
"""Characters."""


def need_reason(reason: str, field: str = "reason") -> str:
    """A reason as it is kept; `Invalid` where none is given, or too long a one."""
    text = reason.strip()
    if not text:
        problem = message("请填写理由。")
        raise Invalid(problem, {field: problem})
    return short(text, field)


def short(text: str, field: str = "reason") -> str:
    """A remark as it is kept, which may be empty; `Invalid` where it is too long."""
    text = text.strip()
    if len(text) > LONGEST_REASON:
        problem = message("理由不能超过 %(count)s 字。", count=LONGEST_REASON)
        raise Invalid(problem, {field: problem})
    return text
