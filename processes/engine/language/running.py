"""Working out expressions and carrying out scripts, and checking them before anybody depends on them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

from processes.engine.language import programs
from processes.engine.language.errors import LanguageProblem
from processes.engine.language.frame import EMPTY, EXPRESSION_STEPS, SCRIPT_STEPS, Frame, Room
from processes.engine.language.programs import Program, carried_out, problems_of, reserved
from processes.engine.language.values import number, plain, same

_READY = frozenset({str, bool, type(None)})


def evaluate(text: str, names: Mapping[str, Any] = EMPTY, functions: Mapping[str, Callable[..., Any]] = EMPTY) -> Any:
    """The value of an expression: plain data that shares nothing with `names`.

    Only the names the text reads are fetched. Raises LanguageError (MissingValueError where data is absent); an error
    of the desk raised by a function or by `names` goes through unchanged.

    >>> evaluate("grade == '优秀' and len(votes) > 2", {"grade": "优秀", "votes": [1, 1, 0]})
    True
    """
    program = programs.expression(text)
    if program.problems:
        program.demand()
    if program.given and functions:
        reserved(program, functions)
    return carried_out(lambda frame: _result(program.run(frame)), Frame(names, functions, EXPRESSION_STEPS), text)


def _result(value: Any) -> Any:
    kind = type(value)
    if kind in _READY and (kind is not str or len(value) < 1000):
        return value
    return number(value) if kind is int or kind is float else plain(value, Room())


def execute(
    script: str, names: Mapping[str, Any] = EMPTY, functions: Mapping[str, Callable[..., Any]] = EMPTY
) -> dict[str, Any]:
    """The variables a script has assigned or changed, as fresh plain data; `names` itself is never touched.

    Loop variables end with their loop. Raises LanguageError; then nothing has changed.

    >>> execute("total = sum(votes)\\nvotes.append(total)", {"votes": [1, 2]})
    {'total': 3, 'votes': [1, 2, 3]}
    """
    program = programs.script(script)
    program.demand()
    reserved(program, functions)
    frame = Frame(names, functions, SCRIPT_STEPS)
    return dict(carried_out(lambda each: _changes(program, each), frame, script))


def _changes(program: Program, frame: Frame) -> dict[str, Any]:
    program.run(frame)
    room = Room()
    changed = {name: plain(frame.own[name], room) for name in frame.written}
    if program.changes:
        for name, value in frame.own.items():
            if name not in frame.written:
                after = plain(value, room)
                if not same(after, plain(frame.names[name], Room())):
                    changed[name] = after
    return changed


def check_expression(text: str, functions: Collection[str] = ()) -> list[LanguageProblem]:
    """Everything that keeps an expression from running where these functions are listed; empty when it may run."""
    return problems_of(programs.expression(text), functions)


def check_script(script: str, functions: Collection[str] = ()) -> list[LanguageProblem]:
    """Everything that keeps a script from running where these functions are listed; empty when it may run."""
    return problems_of(programs.script(script), functions)


def free_names(text: str) -> frozenset[str]:
    """The variables an expression reads; raises LanguageError for a text that is not an expression."""
    program = programs.expression(text)
    program.demand()
    return program.reads


class ScriptNames(NamedTuple):
    """The variables a script reads before it sets them, and those it sets."""

    reads: frozenset[str]
    writes: frozenset[str]


def script_names(script: str) -> ScriptNames:
    """The variables a script uses; raises LanguageError for a text that is not a script."""
    program = programs.script(script)
    program.demand()
    return ScriptNames(program.reads, program.writes)
