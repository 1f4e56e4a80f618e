"""What the deploy check finds, what it may know about the installation, and how its findings are told."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from processes.engine.check.reasons import HERE, REASONS

Severity = Literal["error", "warning"]
LONGEST_NOTE = 200
"""Characters of a text of the file that a problem quotes."""
MOST_ALIKE = 200
"""Problems of one kind that are told of one file."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a diagram, told in both languages with what to do about it."""

    severity: Severity
    element: str
    """Id of the element; empty for the file as a whole, `source->target` for a flow and the tag for a node without."""
    name: str
    code: str
    message_zh: str
    message_en: str


@dataclass(frozen=True)
class Surroundings:
    """What the check knows about the installation; a part that is None is unknown and its rules are skipped."""

    operations: Mapping[str, Collection[str]] | None = None
    """For each operation, the names of the parameters it needs."""
    parameters: Mapping[str, Collection[str]] | None = None
    """For each operation, the names of all parameters it knows."""
    roles: Collection[str] | None = None
    """Posts that the property `role` may name."""
    lane_names: Collection[str] | None = None
    """Posts, bureaus and people that the name of a plain lane may be."""
    forms: Collection[str] | None = None
    documents: Collection[str] | None = None
    tables: Collection[str] | None = None
    """Decision tables that a business rule task may name."""
    checks: Collection[str] | None = None
    """Rules of the house that the property `check` may name, and counts that `tally` may."""
    english: Callable[[object], str] = str
    """A sentence of the engine in English."""
    functions: Collection[str] = ()
    """Functions that expressions may call besides those of the language."""
    portable: bool = True
    """Whether what other engines ignore, but this one executes, is an error and not a mere warning."""


class Part(Protocol):
    """Something of a diagram that a problem can be about."""

    order: int
    name: str

    @property
    def key(self) -> str: ...


@dataclass
class Report:
    """Gathers the problems of one file."""

    surroundings: Surroundings
    found: dict[tuple[str, str, str], tuple[int, Problem]] = field(default_factory=dict)
    told: dict[str, int] = field(default_factory=dict)

    def add(
        self,
        code: str,
        part: Part | None,
        note: str = "",
        note_en: str | None = None,
        *,
        here: bool = False,
        worded: str | None = None,
    ) -> None:
        """Note a problem; `here` marks what this engine executes although others would not, `worded` other words."""
        severity, zh, en = REASONS[worded or code]
        if here and not self.surroundings.portable:
            severity = "warning"
            zh, en = HERE.get(worded or code, (zh, en))
        key, name = (part.key[:LONGEST_NOTE], shortened(part.name)) if part is not None else ("", "")
        note_zh, note_en = shortened(note), shortened(note if note_en is None else note_en)
        known = (code, key, note_zh)
        self.told[code] = self.told.get(code, 0) + (known not in self.found)
        if known in self.found or self.told[code] > MOST_ALIKE:
            return
        words_zh = {"it": f"“{name}”（{key}）" if name and name != key else f"“{key}”", "id": key, "note": note_zh}
        words_en = {"it": f'"{name}" ({key})' if name and name != key else f'"{key}"', "id": key, "note": note_en}
        problem = Problem(severity, key, name, code, zh.format(**words_zh), en.format(**words_en))
        self.found[known] = (part.order if part is not None else 0, problem)

    @property
    def blocked(self) -> bool:
        """Whether an error has been found."""
        return any(problem.severity == "error" for _, problem in self.found.values())

    def problems(self) -> list[Problem]:
        """Errors first, then as in the document."""
        for code, count in list(self.told.items()):
            if count > MOST_ALIKE:
                self.add("more-alike", None, f"{code}: {count - MOST_ALIKE}")
        ranked = sorted(self.found.values(), key=lambda each: (each[1].severity == "warning", each[0]))
        return [problem for _, problem in ranked]


def shortened(text: str) -> str:
    """A text on one line that is fit to be quoted."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_NOTE else line[: LONGEST_NOTE - 1] + "…"


def is_deployable(problems: Iterable[Problem]) -> bool:
    """Whether nothing but warnings was found."""
    return all(problem.severity != "error" for problem in problems)


def as_report(file: str, problems: Sequence[Problem]) -> dict[str, Any]:
    """The findings of one file as the command line prints them."""
    return {
        "file": file,
        "verdict": "deployable" if is_deployable(problems) else "rejected",
        "problems": [
            {
                "severity": problem.severity,
                "element": problem.element,
                "name": problem.name,
                "code": problem.code,
                "message_zh": problem.message_zh,
                "message_en": problem.message_en,
            }
            for problem in problems
        ],
    }
