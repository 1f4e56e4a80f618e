"""The cells of decision tables: unary tests such as `-`, `< 10`, `"a","b"`, `not("a")`, `[1..10]` and `5 <= ? < 20`."""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Mapping
from typing import Any

from processes.engine.language import programs
from processes.engine.language.errors import LanguageError, LanguageProblem
from processes.engine.language.frame import EMPTY, EXPRESSION_LENGTH, EXPRESSION_STEPS, Frame, Run
from processes.engine.language.programs import Program, carried_out, problems_of, reserved
from processes.engine.language.reading import Word, cell_word, compose, refuse, words
from processes.engine.language.values import LISTS, contains, equal, ordered
from processes.messages import message
from processes.remembering import remembered

_ORDERS: dict[str, Callable[[Frame, Any, Any], bool]] = {
    "<": ordered(operator.lt),
    "<=": ordered(operator.le),
    ">": ordered(operator.gt),
    ">=": ordered(operator.ge),
}
_OPEN, _CLOSE = frozenset("([{"), frozenset(")]}")


def match_cell(
    text: str,
    value: Any,
    names: Mapping[str, Any] = EMPTY,
    functions: Mapping[str, Callable[..., Any]] = EMPTY,
) -> bool:
    """Whether a value meets the test of a cell; an empty value is never smaller or larger than another.

    >>> match_cell('"优秀","称职"', "称职"), match_cell("(0..10]", 0)
    (True, False)
    """
    program = cell(text)
    program.demand()
    reserved(program, functions)
    frame = Frame(names, functions, EXPRESSION_STEPS)
    frame.slots[0] = value
    try:
        return bool(carried_out(program.run, frame, text))
    except UnorderedError:
        return False


class UnorderedError(LanguageError):
    """An empty value was compared by size, which no test of a cell is met by."""


def check_cell(text: str, functions: Collection[str] = ()) -> list[LanguageProblem]:
    """Everything that keeps a cell from being used where these functions are listed."""
    return problems_of(cell(text), functions)


def cell_names(text: str) -> frozenset[str]:
    """The variables a cell reads besides its own input; raises LanguageError for a text that is not a cell."""
    program = cell(text)
    program.demand()
    return program.reads


@remembered(programs.MOST_KEPT)
def cell(text: str) -> Program:
    """The program of a cell."""
    return programs.guarded(lambda each: _tests(each, _trimmed(words(each))), text, EXPRESSION_LENGTH)


def _trimmed(found: list[Word]) -> list[Word]:
    return [word for word in found if word.kind != "space"]


def _tests(text: str, found: list[Word]) -> Program:
    """A list of tests of which one must be met; `-` or nothing is met by every value."""
    if not found or [word.text for word in found] == ["-"]:
        return Program(lambda frame: True)
    if found[0].text == "not" and len(found) > 2 and _wraps(found[1:]):
        if not found[2:-1]:
            refuse(text, found[0].start, message("此处缺少内容。"))
        inner = _tests(text, found[2:-1])
        return _with(lambda frame: not inner.run(frame), [inner])
    tests = [_test(text, each) for each in _alternatives(text, found)]
    runs = tuple(each.run for each in tests)
    return _with(lambda frame: any(run(frame) for run in runs), tests)


def _with(run: Run, parts: list[Program]) -> Program:
    return Program(
        run,
        problems=tuple(each for part in parts for each in part.problems),
        reads=frozenset().union(*(part.reads for part in parts)),
        calls=tuple(each for part in parts for each in part.calls),
        given=tuple(each for part in parts for each in part.given),
    )


def _wraps(found: list[Word]) -> bool:
    """Whether the first word opens a bracket that only the last one closes."""
    depth = 0
    for place, word in enumerate(found):
        depth += (word.text in _OPEN) - (word.text in _CLOSE)
        if depth == 0:
            return word.text == ")" and found[0].text == "(" and place == len(found) - 1
    return False


def _is_interval(found: list[Word]) -> bool:
    return (
        found[0].text in ("[", "(", "]")
        and found[-1].text in ("]", ")", "[")
        and any(word.text == ".." for word in found)
    )


def _alternatives(text: str, found: list[Word]) -> list[list[Word]]:
    """The tests of a cell, split at its commas; an interval may begin with `]` and end with `[`."""
    parts: list[list[Word]] = [[]]
    depth = 0
    for word in found:
        if word.text == "," and depth == 0:
            parts.append([])
            continue
        starts = not parts[-1]
        parts[-1].append(word)
        if starts and word.text == "]":
            depth += 1
        elif word.text == "[" and depth == 1 and parts[-1][0].text in ("]", "(", "[") and _dotted(parts[-1]):
            depth -= 1
        else:
            depth += (word.text in _OPEN) - (word.text in _CLOSE)
    if not all(parts):
        refuse(text, found[-1].start, message("逗号前后缺少内容。"))
    return parts


def _dotted(found: list[Word]) -> bool:
    return any(word.text == ".." for word in found)


def _test(text: str, found: list[Word]) -> Program:
    first = found[0].text
    if len(found) > 2 and _is_interval(found):
        return _interval(text, found)
    if any(word.text == "?" for word in found):
        return _expression(text, found)
    if first in _ORDERS:
        return _ordering(text, first, found[1:])
    if first in ("=", "==", "!="):
        inner = _expression(text, found[1:], found[0])
        equals = first != "!="
        return _with(lambda frame: _equal(frame, inner.run(frame)) is equals, [inner])
    if first == "in" or (first == "not" and len(found) > 1 and found[1].text == "in"):
        inner = _expression(text, found[1 if first == "in" else 2 :], found[0])
        inside = first == "in"
        return _with(lambda frame: contains(frame, frame.slots[0], inner.run(frame)) is inside, [inner])
    inner = _expression(text, found)
    return _with(lambda frame: _means(frame, inner.run(frame)), [inner])


def _ordering(text: str, sign: str, found: list[Word]) -> Program:
    inner = _expression(text, found)
    work = _ORDERS[sign]
    return _with(lambda frame: work(frame, _sized(frame), inner.run(frame)), [inner])


def _sized(frame: Frame) -> Any:
    value = frame.slots[0]
    if value is None:
        raise UnorderedError(message("空值不能比较大小。"))
    return value


def _equal(frame: Frame, wanted: Any) -> bool:
    """Equality in a table is strict: a yes/no value never equals a number."""
    value = frame.slots[0]
    return (type(value) is bool) == (type(wanted) is bool) and equal(frame, value, wanted)


def _means(frame: Frame, wanted: Any) -> bool:
    """A written value is met by itself, a written list by each of its items."""
    if type(wanted) in LISTS and type(frame.slots[0]) not in LISTS:
        return any(_equal(frame, each) for each in wanted)
    return _equal(frame, wanted)


def _interval(text: str, found: list[Word]) -> Program:
    dots = [place for place, word in enumerate(found) if word.text == ".."]
    if len(dots) != 1:
        refuse(text, found[0].start, message("区间写法不正确，例如 [1..10]。"))
    low = _expression(text, found[1 : dots[0]], found[0])
    high = _expression(text, found[dots[0] + 1 : -1], found[-1])
    above = _ORDERS[">=" if found[0].text == "[" else ">"]
    below = _ORDERS["<=" if found[-1].text == "]" else "<"]

    def run(frame: Frame) -> bool:
        value = _sized(frame)
        return above(frame, value, low.run(frame)) and below(frame, value, high.run(frame))

    return _with(run, [low, high])


def _expression(text: str, found: list[Word], near: Word | None = None) -> Program:
    """One expression in a cell; an empty input value that is compared by size in it meets no test."""
    if not found:
        refuse(text, near.start if near else 0, message("此处缺少内容。"))
    asked = any(word.text == "?" for word in found)
    end = found[-1].start + len(found[-1].text)
    program = programs.compile_source(compose(text, words(text, found[0].start, end), cell_word))
    if not asked:
        return program
    return _with(lambda frame: _about_input(frame, program.run), [program])


def _about_input(frame: Frame, run: Run) -> Any:
    try:
        return run(frame)
    except LanguageError as failed:
        if frame.slots[0] is None:
            raise UnorderedError(failed.text) from failed
        raise
