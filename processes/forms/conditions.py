"""When a field is shown or required: conditions on the answers to other fields."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Look = Callable[[str], Any]
"""The answer to a field by its key; None when there is none."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Holds when the answer is (or is not) one of the values; an unanswered question fulfils neither."""

    key: str
    values: tuple[Any, ...]
    negated: bool = False

    kind = "comparison"

    def holds(self, look: Look) -> bool:
        """Whether it holds; of several chosen values one is enough."""
        answer = look(self.key)
        given = list(answer) if isinstance(answer, (list, tuple)) else [answer]
        given = [each for each in given if each is not None and each != ""]
        if not given:
            return False
        return any(same(each, value) for each in given for value in self.values) is not self.negated

    def keys(self) -> Iterator[str]:
        """Fields it looks at."""
        yield self.key

    def comparisons(self) -> Iterator[Comparison]:
        """The comparisons it is made of."""
        yield self

    def as_data(self) -> dict[str, Any]:
        """As it is written in a definition."""
        return {"key": self.key, "not_in" if self.negated else "in": list(self.values)}


@dataclass(frozen=True, slots=True)
class Combination:
    """Holds when all its parts hold (`all`), or when one does (`any`)."""

    kind: str
    parts: tuple[Condition, ...]

    def holds(self, look: Look) -> bool:
        """Whether it holds."""
        return (all if self.kind == "all" else any)(part.holds(look) for part in self.parts)

    def keys(self) -> Iterator[str]:
        """Fields it looks at."""
        for part in self.parts:
            yield from part.keys()

    def comparisons(self) -> Iterator[Comparison]:
        """The comparisons it is made of."""
        for part in self.parts:
            yield from part.comparisons()

    def as_data(self) -> dict[str, Any]:
        """As it is written in a definition."""
        return {self.kind: [part.as_data() for part in self.parts]}


Condition = Comparison | Combination


def same(answer: Any, value: Any) -> bool:
    """Equality as people mean it: 是 is not the number one."""
    return isinstance(answer, bool) is isinstance(value, bool) and bool(answer == value)


def condition_of(data: Mapping[str, Any]) -> Condition:
    """The condition in a checked definition."""
    for kind in ("all", "any"):
        if kind in data:
            return Combination(kind, tuple(condition_of(part) for part in data[kind]))
    negated = "not_in" in data
    return Comparison(data["key"], tuple(data["not_in" if negated else "in"]), negated)
