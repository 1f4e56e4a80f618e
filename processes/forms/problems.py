"""A problem of a form definition."""

from __future__ import annotations

from dataclasses import dataclass

from processes.messages import Message


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at one place of a definition, e.g. `fields[2].pattern`."""

    path: str
    message: Message
