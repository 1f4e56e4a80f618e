"""What an import would do, row by row, before anybody confirms it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from processes.forms.wording import Wording
from processes.messages import Message


class Outcome(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


OUTCOMES: dict[str, Wording] = {
    Outcome.NEW: Wording("新增", "New"),
    Outcome.CHANGED: Wording("更改", "Changed"),
    Outcome.SAME: Wording("无变化", "No change"),
    Outcome.REFUSED: Wording("不予导入", "Refused"),
}


@dataclass(frozen=True)
class Change:
    """A value that would be another one."""

    column: Wording
    before: str
    after: str


@dataclass(frozen=True)
class Problem:
    """Why a row is refused, and the cell that is wrong."""

    cell: str
    text: Message


@dataclass(frozen=True)
class Row:
    """One row of the file and what becomes of it."""

    number: int
    label: str
    outcome: Outcome
    changes: Sequence[Change] = ()
    problems: Sequence[Problem] = ()
    notes: Sequence[Message] = ()


@dataclass(frozen=True)
class Report:
    """All rows of a file; nothing is imported while one is refused."""

    rows: Sequence[Row]
    problems: Sequence[Message] = field(default=())
    """What is wrong with the rows together, such as more 优秀 than the ceiling allows."""

    def count(self, outcome: Outcome) -> int:
        """How many rows have an outcome."""
        return sum(each.outcome == outcome for each in self.rows)

    @property
    def refused(self) -> bool:
        """Whether anything stands against the import."""
        return bool(self.problems) or self.count(Outcome.REFUSED) > 0

    @property
    def changing(self) -> int:
        """How many rows change the register."""
        return self.count(Outcome.NEW) + self.count(Outcome.CHANGED)

    @property
    def digest(self) -> str:
        """What the report says, in short: the same digest, the same report."""
        said = [
            (each.number, each.outcome.value, [(one.column.zh, one.before, one.after) for one in each.changes])
            for each in self.rows
        ]
        return hashlib.sha256(repr(said).encode()).hexdigest()
