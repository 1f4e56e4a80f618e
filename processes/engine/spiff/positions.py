"""Where the tokens of a case at rest stand in a version of its diagram, from the outside in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.util.task import TaskState

from processes.engine.spiff.gateways import Join
from processes.engine.spiff.program import Program
from processes.engine.spiff.specs import SubProcess


@dataclass(frozen=True)
class Position:
    """A token: in an activity or event, or before a join; with what is inside it."""

    element_id: str
    flow: str | None = None
    """For a token that waits at a join: the flow it came over."""
    insides: tuple[tuple[Position, ...], ...] = ()
    """The tokens inside a sub-process: for one done several times, those of each instance."""
    fired: frozenset[str] = frozenset()
    """Boundary events that have happened without ending it."""
    calls: str = ""
    """Id of the process it calls, whose tokens those inside it are."""


def positions(document: Mapping[str, Any], program: Program) -> tuple[Position, ...]:
    """The tokens of a case that has been carried over to this program, those of the outermost scope."""
    return _Positions(document, program).of_scope(0)


class _Positions:
    def __init__(self, document: Mapping[str, Any], program: Program) -> None:
        self.document, self.program = document, program
        self.rows: list[list[Any]] = document["tasks"]
        self.inner = {row[1]: number for number, row in enumerate(document["scopes"]) if row[1] >= 0}
        self.children: dict[int, list[int]] = {}
        self.fired: dict[str, set[str]] = {}
        for place, row in enumerate(self.rows):
            self.children.setdefault(row[3], []).append(place)
            internal = row[8] or {}
            if "host" in internal and row[4] & TaskState.FINISHED_MASK:
                self.fired.setdefault(internal["host"], set()).add(document["specs"][row[2]])

    def of_scope(self, number: int) -> tuple[Position, ...]:
        """The tokens of one scope; events that race behind one gateway are one token in it."""
        scope = self.program.scopes[self.document["scopes"][number][0]]
        found: dict[str, Position] = {}
        for place, row in enumerate(self.rows):
            internal = row[8] or {}
            if row[1] != number or row[4] & TaskState.FINISHED_MASK or "host" in internal or "key" in internal:
                continue
            spec = scope.task_specs[self.document["specs"][row[2]]]
            if "race" in internal:
                gateway = next(each for each in self.rows if each[0] == internal["race"])
                name = self.document["specs"][gateway[2]]
                found[internal["race"]] = Position(scope.task_specs[name].element_id or name)
            elif isinstance(spec, Join):
                found[row[0]] = Position(spec.element_id or spec.name, flow=self.document["flows"][row[7]])
            elif spec.element_id is not None:
                found[row[0]] = self._at(place, row, spec)
        return tuple(found.values())

    def _at(self, place: int, row: list[Any], spec: Any) -> Position:
        places = [place, *(child for child in self.children.get(place, ()) if "key" in (self.rows[child][8] or {}))]
        insides = tuple(self.of_scope(self.inner[each]) for each in places if each in self.inner)
        one = spec._wf_spec.task_specs.get(getattr(spec, "task_spec", ""), spec)
        called = one.spec if isinstance(one, SubProcess) and one.spec != spec.element_id else ""
        return Position(spec.element_id, None, insides, frozenset(self.fired.get(row[0], ())), called)
