"""What the check of a whole database finds: one sentence for each thing that does not fit together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from processes.messages import Message, message

MOST_OF_A_KIND = 20
"""Sentences for one kind of problem; the rest is counted."""


@dataclass(frozen=True)
class Problem:
    """Something that does not fit: its kind, a sentence that names the case, and how bad it is."""

    code: str
    text: Message
    severity: Literal["error", "warning"] = "error"


@dataclass
class Report:
    """What was looked at, and what was found."""

    problems: list[Problem] = field(default_factory=list)
    counted: dict[str, int] = field(default_factory=dict)
    """How many of each kind of thing were looked at."""

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong; warnings are no damage."""
        return not any(each.severity == "error" for each in self.problems)

    def as_json(self) -> dict[str, Any]:
        """As `consistency --json` prints it."""
        found = [{"code": each.code, "severity": each.severity, "text": str(each.text)} for each in self.problems]
        return {"sound": self.sound, "checked": self.counted, "problems": found}


def first_of_each_kind(problems: Iterable[Problem], most: int = MOST_OF_A_KIND) -> Iterator[Problem]:
    """The first of each kind, in the order found, and how many more there were."""
    more: dict[str, tuple[int, Problem]] = {}
    told: dict[str, int] = {}
    for each in problems:
        told[each.code] = told.get(each.code, 0) + 1
        if told[each.code] <= most:
            yield each
        else:
            more[each.code] = (told[each.code] - most, each)
    for count, each in more.values():
        text = message("（同类问题另有 %(count)s 处：%(code)s）", count=count, code=each.code)
        yield Problem(each.code, text, each.severity)
