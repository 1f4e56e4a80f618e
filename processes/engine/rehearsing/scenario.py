"""A scenario: who did what and when in a rehearsal, and how its cases stood in the end; a JSON file of the package."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from processes.errors import Invalid
from processes.messages import Message, message

FOLDER = "scenarios/"
MOST_ACTS = 300
MOST_CASES = 200
LONGEST = 2 * 366 * 24 * 60
"""Minutes that a scenario may last: two years."""


@dataclass(frozen=True)
class Act:
    """Something that a stand-in does, so many minutes after the beginning."""

    minutes: int
    login: str
    process: str
    """Id of the process whose case it is about."""
    case: int
    """Which case of that process, counted from 1 in the order in which they began."""
    element: str = ""
    """The task; empty: it is done to the case as a whole."""
    instance: str = ""
    """Which instance of a multi-instance task."""
    answers: Mapping[str, Any] | None = None
    """The answers of the form, the variables of a start, or what a verb was given."""
    verb: str = ""
    """As the audit trail calls it, e.g. `work.return`; empty: the task is completed, the case started."""
    aside: str = ""
    """Of a task that was asked aside: as what, e.g. `before` (前加签)."""
    whose: str = ""
    """Log-in of the one person whose task it is."""
    step: str = ""
    """What the task was called."""


@dataclass(frozen=True)
class Standing:
    """How a case stands in the end."""

    process: str
    case: int
    status: str
    outcome: str
    stage: str
    open: Mapping[str, int]
    """Open tasks by step."""
    documents: tuple[str, ...] = ()
    """Keys of the documents that it has drafted or issued, in order."""


@dataclass(frozen=True)
class Scenario:
    """A whole rehearsal as a file."""

    title: str
    begins: datetime
    lasts: int
    """Minutes from the beginning to the end."""
    acts: tuple[Act, ...]
    expected: tuple[Standing, ...]

    def as_json(self) -> bytes:
        """The file."""
        data = {
            "title": self.title,
            "begins": self.begins.isoformat(),
            "lasts": self.lasts,
            "acts": [
                {key: value for key, value in asdict(each).items() if value not in ("", None)} for each in self.acts
            ],
            "expected": [asdict(each) for each in self.expected],
        }
        return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def read_scenario(content: bytes) -> Scenario:
    """A scenario from its file; `Invalid`, with what is wrong, when it is none."""
    try:
        data = json.loads(content)
        made = Scenario(
            title=_text(data, "title"),
            begins=datetime.fromisoformat(_text(data, "begins")),
            lasts=_number(data, "lasts", LONGEST),
            acts=tuple(_act(each) for each in _list(data, "acts", MOST_ACTS)),
            expected=tuple(_standing(each) for each in _list(data, "expected", MOST_CASES)),
        )
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as cause:
        raise Invalid(_unreadable(cause)) from cause
    if made.begins.tzinfo is None:
        raise Invalid(message("场景的开始时间须带时区。"))
    return made


def _unreadable(cause: Exception) -> Message:
    return message("场景文件无法读取：%(reason)s", reason=str(cause)[:200] or type(cause).__name__)


def _act(data: Mapping[str, Any]) -> Act:
    answers = data.get("answers")
    if answers is not None and not isinstance(answers, Mapping):
        raise TypeError("answers")
    return Act(
        _number(data, "minutes", LONGEST), _text(data, "login"), _text(data, "process"), _number(data, "case", 10_000),
        str(data.get("element", "")), str(data.get("instance", "")), answers,
        *(str(data.get(name, "")) for name in ("verb", "aside", "whose", "step")),
    )  # fmt: skip


def _standing(data: Mapping[str, Any]) -> Standing:
    opened = data.get("open", {})
    return Standing(
        _text(data, "process"), _number(data, "case", 10_000), _text(data, "status"), str(data.get("outcome", "")),
        str(data.get("stage", "")), {str(key): int(value) for key, value in opened.items()},
        tuple(str(each) for each in data.get("documents", ())),
    )  # fmt: skip


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data[name]
    if not isinstance(value, str):
        raise TypeError(name)
    return value


def _number(data: Mapping[str, Any], name: str, most: int) -> int:
    value = data[name]
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise ValueError(name)
    return value


def _list(data: Mapping[str, Any], name: str, most: int) -> list[Any]:
    value = data[name]
    if not isinstance(value, list) or len(value) > most:
        raise ValueError(name)
    return value
