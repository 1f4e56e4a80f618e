"""Short texts with values in them, such as the title of a task: `关于{unit_name}的函`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from typing import Any

from processes.engine.language import programs
from processes.engine.language.errors import LanguageError, LanguageProblem, MissingValueError, excerpt
from processes.engine.language.frame import EMPTY, LONGEST_TEXT, SCRIPT_LENGTH, SCRIPT_STEPS, Frame
from processes.engine.language.programs import Program, carried_out, problems_of, reserved
from processes.engine.language.reading import compose, plain_word, position, refuse, words
from processes.engine.language.values import LISTS, MOMENTS, kind_of, number
from processes.messages import message
from processes.remembering import remembered

Part = str | Program
_LONGEST_DECIMAL = 100


def render(template: str, names: Mapping[str, Any] = EMPTY, functions: Mapping[str, Callable[..., Any]] = EMPTY) -> str:
    """A template with its expressions worked out; nothing is drawn where data is absent. `{{` and `}}` are braces.

    >>> render("关于{unit.name}的函（{year}年）", {"unit": {"name": "巴南区"}, "year": 2026})
    '关于巴南区的函（2026年）'
    """
    frame = Frame(names, functions, SCRIPT_STEPS)
    drawn: list[str] = []
    room = LONGEST_TEXT
    for part in _parts(template):
        if isinstance(part, Program):
            part.demand()
            reserved(part, functions)
            words_drawn = _drawn(part, frame, template)
        else:
            words_drawn = part
        room -= len(words_drawn)
        if room < 0:
            raise LanguageError(message("文字过长（超过 %(most)s 字）。", most=LONGEST_TEXT))
        drawn.append(words_drawn)
    return "".join(drawn)


def check_template(template: str, functions: Collection[str] = ()) -> list[LanguageProblem]:
    """Everything that keeps a template from being drawn where these functions are listed."""
    return [
        problem for part in _parts(template) if isinstance(part, Program) for problem in problems_of(part, functions)
    ]


def template_names(template: str) -> frozenset[str]:
    """The variables a template reads; raises LanguageError for a text that is not a template."""
    found: frozenset[str] = frozenset()
    for part in _parts(template):
        if isinstance(part, Program):
            part.demand()
            found |= part.reads
    return found


def _drawn(part: Program, frame: Frame, template: str) -> str:
    try:
        return carried_out(lambda each: as_text(part.run(each)), frame, template)
    except MissingValueError:
        return ""


def as_text(value: Any, inside: bool = False) -> str:
    """A value as it is drawn in a text; mappings and lists of lists are not for drawing."""
    kind = type(value)
    if kind is str:
        return str(value)
    if value is None:
        return ""
    if kind is bool:
        return "是" if value else "否"
    if kind is Decimal:
        number(value)
        return format(value, "f") if abs(value.adjusted()) < _LONGEST_DECIMAL else str(value)
    if kind is int or kind is float:
        return str(number(value))
    if kind in MOMENTS:
        return str(value)
    if kind in LISTS and not inside:
        return "、".join(as_text(each, inside=True) for each in value)
    raise LanguageError(message("%(kind)s不能写进文字。", kind=kind_of(value)))


@remembered(programs.MOST_KEPT)
def _parts(template: str) -> tuple[Part, ...]:
    unreadable = programs.guarded(lambda text: Program(_idle), template, SCRIPT_LENGTH)
    if unreadable.problems:
        return (unreadable,)
    try:
        return tuple(_split(template))
    except LanguageError as refused:
        return (Program(_idle, (LanguageProblem(refused.line, refused.column, refused.text),)),)


def _idle(frame: Frame) -> None:
    return None


def _split(template: str) -> list[Part]:
    parts: list[Part] = []
    at = 0
    while at < len(template):
        character = template[at]
        if character in "{}" and template[at : at + 2] == character * 2:
            parts.append(character)
            at += 2
        elif character == "{":
            end = _closing(template, at)
            parts.append(_expression(template, at + 1, end))
            at = end + 1
        elif character == "}":
            refuse(template, at, message("大括号没有成对。"))
        else:
            ends = [each for each in (template.find("{", at), template.find("}", at)) if each >= 0]
            parts.append(template[at : min(ends, default=len(template))])
            at = min(ends, default=len(template))
    return parts


def _closing(template: str, start: int) -> int:
    """Where the brace that is open at `start` closes; braces in quotes and inner braces do not count."""
    depth, quote = 0, ""
    for at in range(start, len(template)):
        character = template[at]
        if quote:
            quote = "" if character == quote and template[at - 1] != "\\" else quote
        elif character in "'\"":
            quote = character
        elif character in "{}":
            depth += 1 if character == "{" else -1
            if depth == 0:
                return at
    refuse(template, start, message("大括号没有成对。"))


def _expression(template: str, begin: int, end: int) -> Program:
    def build(text: str) -> Program:
        return programs.compile_source(compose(text, words(text, begin, end), plain_word))

    if not template[begin:end].strip():
        line, column = position(template, begin)
        why = message("大括号内没有内容：%(text)s", text=excerpt(template))
        return Program(_idle, (LanguageProblem(line, column, why),))
    return programs.guarded(build, template, SCRIPT_LENGTH)
