"""A diagram ready to be executed: compiled once, shared by all cases and threads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from processes.engine.spiff.builder import build_scopes
from processes.engine.spiff.diagram import Diagram, read
from processes.engine.spiff.model import Element, Lane
from processes.engine.spiff.specs import ScopeSpec
from processes.errors import Invalid
from processes.messages import message


@dataclass(frozen=True)
class TimerStart:
    """A timer start event of a process; the caller keeps the time and starts the case."""

    process_id: str
    element_id: str
    form: str
    """`date`, `duration` or `cycle`."""
    text: str


@dataclass(frozen=True)
class Program:
    """The executable content of one BPMN file; never changed after it was compiled."""

    processes: tuple[str, ...]
    """Ids of the executable processes, in document order."""
    names: Mapping[str, str]
    """Name of each process."""
    elements: Mapping[str, Element]
    lanes: Mapping[str, Lane]
    message_starts: Mapping[str, tuple[str, str]]
    """For each message that starts a case: process id, start event id."""
    signal_starts: Mapping[str, tuple[tuple[str, str], ...]]
    """For each signal that starts cases: process id and start event id of each."""
    timer_starts: tuple[TimerStart, ...]
    scopes: Mapping[str, ScopeSpec]
    """The specs, for this package only."""
    has_conditions: bool
    """Whether some event waits for a condition, which any step may make true."""

    def items(self, element_id: str) -> tuple[str, ...]:
        """Variables in which each instance of an activity finds whom or what it is for."""
        spec = self.scopes[self.elements[element_id].scope].task_specs.get(element_id)
        found: tuple[str, ...] = getattr(spec, "items", ())
        return found


def compile_program(xml: bytes) -> Program:
    """Compile a BPMN file; `Invalid` tells what cannot be executed, and where."""
    diagram = read(xml)
    scopes = build_scopes(diagram)
    messages, signals, timers = _starts(diagram, scopes)
    names = {pid: diagram.elements[pid].name or pid for pid in diagram.processes}
    return Program(
        processes=tuple(diagram.processes),
        names=names,
        elements=diagram.elements,
        lanes=diagram.lanes,
        message_starts=messages,
        signal_starts={name: tuple(found) for name, found in signals.items()},
        timer_starts=tuple(timers),
        scopes=scopes,
        has_conditions=any(
            getattr(getattr(spec, "trigger", None), "kind", "") == "conditional"
            for scope in scopes.values()
            for spec in scope.task_specs.values()
        ),
    )


Starts = tuple[dict[str, tuple[str, str]], dict[str, list[tuple[str, str]]], list[TimerStart]]


def _starts(diagram: Diagram, scopes: Mapping[str, ScopeSpec]) -> Starts:
    messages: dict[str, tuple[str, str]] = {}
    signals: dict[str, list[tuple[str, str]]] = {}
    timers: list[TimerStart] = []
    for pid in diagram.processes:
        for route in scopes[pid].start.routes:
            for trigger in scopes[pid].task_specs[route.target].triggers:
                if trigger.kind == "message":
                    if trigger.name in messages:
                        raise Invalid(message("消息“%(name)s”有不止一个开始事件。", name=trigger.name))
                    messages[trigger.name] = (pid, route.target)
                elif trigger.kind == "signal":
                    signals.setdefault(trigger.name, []).append((pid, route.target))
                elif trigger.kind == "timer":
                    timers.append(TimerStart(pid, route.target, trigger.form, trigger.text))
    return messages, signals, timers
