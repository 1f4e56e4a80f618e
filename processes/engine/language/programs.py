"""Compiled texts: kept, so that a condition is read once and then only carried out."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from textwrap import dedent
from typing import Any

from processes.engine.language.errors import LanguageError, LanguageProblem, excerpt
from processes.engine.language.expressions import Compiler
from processes.engine.language.frame import EXPRESSION_LENGTH, SCRIPT_LENGTH, Frame, Run
from processes.engine.language.reading import Source, parse, read_expression, read_script
from processes.engine.language.statements import ScriptCompiler
from processes.errors import DeskError
from processes.messages import message
from processes.remembering import remembered

MOST_KEPT = 200_000
"""Characters of all texts of a kind whose programs are kept; a program takes a hundred times the memory of its text."""


@dataclass(frozen=True)
class Program:
    """A compiled text: what it does, or why it is refused, and the names it uses."""

    run: Run
    problems: tuple[LanguageProblem, ...] = ()
    reads: frozenset[str] = frozenset()
    writes: frozenset[str] = frozenset()
    calls: tuple[tuple[str, int, int], ...] = ()
    given: tuple[tuple[str, int, int], ...] = ()
    changes: bool = False

    def demand(self) -> None:
        """Refuse to run a text with problems; the first is told."""
        if self.problems:
            line, column, text = self.problems[0]
            raise LanguageError(text, line, column)


def _never(frame: Frame) -> Any:
    raise LanguageError(message("语法不正确。"))


def _program(compiler: Compiler, run: Run) -> Program:
    return Program(
        run=run,
        problems=tuple(sorted(compiler.problems, key=lambda each: each[:2])),
        reads=frozenset(compiler.reads),
        writes=frozenset(compiler.writes),
        calls=tuple(compiler.calls),
        given=tuple(compiler.names_given),
        changes=compiler.changes,
    )


def guarded(build: Callable[[str], Program], text: str, most: int) -> Program:
    """Compile a text; one that cannot even be read becomes a program with a problem."""
    if not isinstance(text, str) or len(text) > most:
        why = message("内容不是文字，或超过 %(most)s 字。", most=most)
        return Program(_never, (LanguageProblem(1, 1, why),))
    try:
        return build(text)
    except LanguageError as refused:
        return Program(_never, (LanguageProblem(refused.line, refused.column, refused.text),))
    except (RecursionError, MemoryError):
        return Program(_never, (LanguageProblem(1, 1, message("内容嵌套过深或无法读懂。")),))


def compile_source(source: Source) -> Program:
    """Compile an expression that has been read."""
    tree = parse(source, "eval")
    assert isinstance(tree, ast.Expression)
    compiler = Compiler(source)
    return _program(compiler, compiler.expression(tree.body))


def _build_script(text: str) -> Program:
    source = read_script(dedent(text.replace("\r\n", "\n").replace("\r", "\n")))
    tree = parse(source, "exec")
    assert isinstance(tree, ast.Module)
    compiler = ScriptCompiler(source)
    return _program(compiler, compiler.block(tree.body))


@remembered(MOST_KEPT)
def expression(text: str) -> Program:
    """The program of an expression."""
    return guarded(lambda each: compile_source(read_expression(each)), text, EXPRESSION_LENGTH)


@remembered(MOST_KEPT)
def script(text: str) -> Program:
    """The program of a script."""
    return guarded(_build_script, text, SCRIPT_LENGTH)


def problems_of(program: Program, functions: Collection[str]) -> list[LanguageProblem]:
    """Everything that keeps a program from running where these functions are listed."""
    found = list(program.problems)
    for name, line, column in program.calls:
        if name not in functions:
            why = message("没有名为“%(name)s”的函数。", name=excerpt(name))
            found.append(LanguageProblem(line, column, why))
    for name, line, column in program.given:
        if name in functions:
            why = message("“%(name)s”是保留名称，不能用作变量。", name=excerpt(name))
            found.append(LanguageProblem(line, column, why))
    return sorted(found, key=lambda each: each[:2])


_FAILURES = (TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RecursionError, MemoryError)
"""What Python raises when data does not fit; anything else (a lost database) is not the text's fault and goes on up."""


def carried_out(work: Run, frame: Frame, text: str) -> Any:
    """Run a program; a failure of the data is told as one sentence that quotes the text."""
    try:
        return work(frame)
    except DeskError:
        raise
    except ZeroDivisionError as cause:
        raise LanguageError(message("除数为零：%(text)s", text=excerpt(text))) from cause
    except _FAILURES as cause:
        raise LanguageError(message("数据不适合这样计算：%(text)s", text=excerpt(text))) from cause


def reserved(program: Program, functions: Mapping[str, Any]) -> None:
    """Refuse a program that gives a value the name of a listed function."""
    for name, line, column in program.given:
        if name in functions:
            raise LanguageError(message("“%(name)s”是保留名称，不能用作变量。", name=excerpt(name)), line, column)
