"""The words of the forms of meetings and training, and what the registers call them."""

from __future__ import annotations

from collections.abc import Mapping

from processes.forms.wording import Wording
from processes.registers.meetings import ANSWERS, MEETING_KINDS, PRESENCES, TRAINING_KINDS


def _keys(words: Mapping[str, Wording]) -> dict[str, str]:
    return {wording.zh: str(key) for key, wording in words.items()}


KIND_OF, PRESENCE_OF, ANSWER_OF, TRAINING_KIND_OF = map(_keys, (MEETING_KINDS, PRESENCES, ANSWERS, TRAINING_KINDS))


def hours_said(half_hours: int) -> str:
    """Hours as people say them.

    >>> hours_said(7), hours_said(6)
    ('3.5', '3')
    """
    return f"{half_hours / 2:g}"
