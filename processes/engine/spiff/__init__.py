"""The engine adapter: a BPMN file becomes a `Program`, a case of it a `Run` that rests as `Frozen` between steps."""

from processes.engine.spiff.failures import ErrorRaised, StepFailed, Unsound
from processes.engine.spiff.model import (
    Apart,
    Change,
    Element,
    Finding,
    Frozen,
    Hooks,
    Lane,
    MessageWait,
    OpenTask,
    Progress,
    Thrown,
    TimerWait,
)
from processes.engine.spiff.program import Program, TimerStart, compile_program
from processes.engine.spiff.run import Run

__all__ = [
    "Apart",
    "Change",
    "Element",
    "ErrorRaised",
    "Finding",
    "Frozen",
    "Hooks",
    "Lane",
    "MessageWait",
    "OpenTask",
    "Program",
    "Progress",
    "Run",
    "StepFailed",
    "Thrown",
    "TimerStart",
    "TimerWait",
    "Unsound",
    "compile_program",
]
