"""How a text is read: its words, the notations of other tools that are understood, and what is refused on sight."""

from __future__ import annotations

import ast
import keyword
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NoReturn

from processes.engine.language.errors import LanguageError, excerpt
from processes.messages import Message, message

INPUT = "__input__"
"""Stands for `?`, the value a cell is asked about; nobody can write it, a double underscore is refused."""

_WORD = re.compile(
    r"""(?P<space>[ \t\r\n]+)
      | (?P<comment>\#[^\n]*)
      | (?P<triple>\"{3}|'{3})
      | (?P<text>"(?:[^"\\\r\n]|\\[\\'"ntr])*"|'(?:[^'\\\r\n]|\\[\\'"ntr])*')
      | (?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?!\w)(?!\.(?!\.)))
      | (?P<name>[^\W\d]\w*)
      | (?P<sign>\.\.|\*\*|//|<=|>=|==|!=|&&|\|\||[-+*/<>=()\[\]{},.:?!])""",
    re.VERBOSE,
)
_HIDDEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_FULL_WIDTH = "（），。：；！？＝＜＞＋－＊／“”‘’【】｛｝、［］\u3000"
_LINE_END = re.compile("\n")
JUEL = re.compile(r"\s*[$#]\{(.*)\}\s*", re.DOTALL)
FEEL = re.compile(r"\s*=(?!=)(.*)", re.DOTALL)
_JUEL_WORDS = {"eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">=", "&&": " and ", "||": " or "}
_JUEL_FOREIGN = frozenset({"empty", "div", "mod", "instanceof"})
_WORDS_OF_PYTHON = frozenset(keyword.kwlist) - {
    *("and", "or", "not", "in", "is", "if", "else", "for", "lambda"),
    *("True", "False", "None"),
}
_STAND_INS = {f"{each}__": each for each in _WORDS_OF_PYTHON}
"""Names such as `pass`, which other tools give to variables: the parser reads them with a tail nobody can write."""
_PLAIN_REFUSED = frozenset({"!", "?", "..", "&&", "||"})


@dataclass(frozen=True)
class Word:
    """One word of a text and where it begins."""

    kind: str
    text: str
    start: int


@dataclass
class Source:
    """A text as the compiler reads it, with the way back to the place in the text that a person wrote."""

    written: str
    text: str = ""
    starts: list[int] = field(default_factory=list)
    origins: list[int] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    mapped: bool = False
    """Whether `~` stands for the `!` of JUEL."""

    def put(self, text: str, origin: int) -> None:
        """Add a word to what the compiler reads."""
        self.starts.append(len(self.text))
        self.origins.append(origin)
        self.text += text

    def place(self, line: int, column: int) -> tuple[int, int]:
        """Line and column, from 1, of the written text for a position of the syntax tree (column in UTF-8 bytes)."""
        if not self.rows:
            self.rows = [0, *(match.end() for match in _LINE_END.finditer(self.text))]
        before = self.rows[min(max(line, 1), len(self.rows)) - 1]
        row = self.text[before:].split("\n", 1)[0]
        at = before + len(row.encode()[: max(column, 0)].decode(errors="ignore"))
        index = max(bisect_right(self.starts, at) - 1, 0)
        origin = self.origins[index] + at - self.starts[index] if self.starts else 0
        return position(self.written, origin)


def position(text: str, offset: int) -> tuple[int, int]:
    """Line and column, from 1, of an offset."""
    offset = min(max(offset, 0), len(text))
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def refuse(text: str, offset: int, why: Message) -> NoReturn:
    """Refuse a text because of what stands at an offset."""
    line, column = position(text, offset)
    raise LanguageError(why, line, column)


def words(text: str, begin: int = 0, end: int | None = None) -> list[Word]:
    """The words of a text; refuses what no notation of the language has."""
    end = len(text) if end is None else end
    if (trap := text.find("<!--", begin, end)) >= 0:
        refuse(text, trap, message("不允许使用注释标记“<!--”，它会使表达式的含义与所见不同。"))
    if hidden := _HIDDEN.search(text, begin, end):
        refuse(text, hidden.start(), message("含有不可见的控制字符，请删除后重新输入。"))
    found: list[Word] = []
    at = begin
    while at < end:
        match = _WORD.match(text, at, end)
        if match is None:
            _refuse_character(text, at)
        word = Word(match.lastgroup or "", match.group(), at)
        _inspect(text, word, found)
        found.append(word)
        at = match.end()
    return found


def _refuse_character(text: str, at: int) -> NoReturn:
    character = text[at]
    if character in _FULL_WIDTH:
        refuse(text, at, message("请将全角符号“%(sign)s”改为半角符号。", sign=character))
    if character in "'\"":
        refuse(text, at, message("引号没有成对，或文字中有不支持的反斜杠写法。"))
    if character.isdigit() or character == ".":
        refuse(text, at, message("数字写法不正确，只能使用十进制数字。"))
    refuse(text, at, message("不支持符号“%(sign)s”。", sign=character if character.isprintable() else repr(character)))


def _inspect(text: str, word: Word, before: list[Word]) -> None:
    if word.kind == "name":
        _inspect_name(text, word)
    elif word.kind == "triple":
        refuse(text, word.start, message("不支持三引号文字。"))
    elif word.kind == "text" and before and before[-1].kind in ("name", "text") and _touching(before[-1], word):
        refuse(text, word.start, message("引号前不能直接连着字母或另一段文字。"))


def _touching(one: Word, two: Word) -> bool:
    joined = one.start + len(one.text) == two.start
    return joined and (one.kind == "text" or one.text not in ("in", "and", "or", "not", "if", "else", "is"))


def _inspect_name(text: str, word: Word) -> None:
    normal = unicodedata.normalize("NFKC", word.text)
    if "__" in normal:
        refuse(text, word.start, message("名称“%(name)s”含有连续下划线，不允许使用。", name=excerpt(word.text)))
    if normal.isascii() and not word.text.isascii():
        refuse(text, word.start, message("名称“%(name)s”使用了特殊字形，请改用普通字母。", name=excerpt(word.text)))


def read_expression(text: str) -> Source:
    """An expression as plain text of the language, whichever notation it was written in."""
    for form, keep in ((JUEL, _juel_word), (FEEL, _feel_word)):
        if match := form.fullmatch(text):
            return compose(text, words(text, match.start(1), match.end(1)), keep, mapped=True)
    return compose(text, words(text), plain_word)


def compose(
    text: str, found: list[Word], keep: Callable[[str, Word], str], *, mapped: bool = False, lines: bool = False
) -> Source:
    """Put words together for the compiler; line breaks count only in scripts."""
    source = Source(text, mapped=mapped)
    for word in found:
        if word.kind == "comment" and not lines:
            refuse(text, word.start, message("表达式中不能写注释。"))
        if word.kind == "space" and not lines:
            if source.text:
                source.put(" ", word.start)
        else:
            kept = keep(text, word)
            source.put(kept if source.text else kept.lstrip(), word.start)
    return source


def plain_word(text: str, word: Word) -> str:
    """A word of the plain notation."""
    if word.text in _PLAIN_REFUSED:
        refuse(text, word.start, message("不支持符号“%(sign)s”，请使用 and、or、not。", sign=word.text))
    return word.text


def cell_word(text: str, word: Word) -> str:
    """A word of a cell, where `?` is the value asked about."""
    return f" {INPUT} " if word.text == "?" else plain_word(text, word)


def _juel_word(text: str, word: Word) -> str:
    if word.text in ("?", "..") or (word.kind == "name" and word.text in _JUEL_FOREIGN):
        refuse(text, word.start, message("不支持“%(word)s”这种 JUEL 写法。", word=word.text))
    if word.text == "!":
        return "~"  # binds as tightly as the `!` of JUEL, which `not` does not
    if word.kind == "name" and word.text in _WORDS_OF_PYTHON:
        return f"{word.text}__"
    return _JUEL_WORDS.get(word.text, word.text)


def _feel_word(text: str, word: Word) -> str:
    return "==" if word.text == "=" else _juel_word(text, word)


def read_script(text: str) -> Source:
    """A script as the compiler reads it."""
    return compose(text, words(text), plain_word, lines=True)


def parse(source: Source, mode: str) -> ast.Module | ast.Expression:
    """The syntax tree of a text; nothing of it is ever run by Python."""
    if not source.text.strip() and mode == "eval":
        raise LanguageError(message("表达式为空。"))
    try:
        tree = ast.parse(source.text, mode=mode)
    except SyntaxError as cause:
        row = source.text.split("\n")[max((cause.lineno or 1) - 1, 0) :][:1] or [""]
        byte = len(row[0][: max((cause.offset or 1) - 1, 0)].encode())
        raise LanguageError(message("语法不正确。"), *source.place(cause.lineno or 1, byte)) from cause
    except (ValueError, RecursionError, MemoryError) as cause:
        raise LanguageError(message("内容嵌套过深或无法读懂。")) from cause
    if isinstance(tree, ast.Module | ast.Expression):
        if source.mapped:
            _give_names_back(tree)
        return tree
    raise LanguageError(message("语法不正确。"))


def _give_names_back(tree: ast.AST) -> None:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            node.id = _STAND_INS.get(node.id, node.id)
        elif isinstance(node, ast.Attribute):
            node.attr = _STAND_INS.get(node.attr, node.attr)
