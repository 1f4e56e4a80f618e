"""Texts in the language of diagrams: read by the compiler that later runs them, and told in its words."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from lxml import etree

from processes.engine.check.outline import Outline, Piece
from processes.engine.check.problems import Report
from processes.engine.language import (
    BUILTINS,
    LanguageProblem,
    check_expression,
    check_script,
    check_template,
    dialect,
    free_names,
)
from processes.engine.language.reading import read_expression
from processes.engine.spiff.reading import children, text_of

NOTATIONS = {"juel": "JUEL ${…}", "feel": "FEEL =…"}
"""Notations of other engines that this one understands as well."""
BARE_WORD = re.compile(r"[^\W\d]\w*")
VALUES = (ast.List, ast.Set, ast.Dict, ast.Tuple, ast.ListComp, ast.SetComp, ast.DictComp)
"""Lists and mappings written out, which always count as true."""
_NEGATED = re.compile(r"^~ ?(?=\w+$)")
OWN_LANGUAGE = re.compile(r"(text/|application/)?(x-)?python[\d.]*", re.IGNORECASE)
FOREIGN_LANGUAGE = re.compile(
    r"xpath|java|groovy|mvel|feel|juel|ruby|kotlin|drools|xquery|xslt|^el$|scala|lua|php|perl|c#|beanshell|sql",
    re.IGNORECASE,
)
"""Languages that an attribute `language` may name and that are not executed."""


def check_conditions(outline: Outline, report: Report) -> None:
    """The conditions of all sequence flows."""
    for flow in outline.flows:
        for element in children(flow.element, "conditionExpression"):
            text = text_of(element)
            if text is None:
                continue
            check_text(report, flow, "condition-language", text, language_of(element))
            if not check_expression(text, known_functions(report)):
                _check_question(report, flow, text)


def _check_question(report: Report, flow: Piece, text: str) -> None:
    """A condition asks about the variables of a case; a mere value is a label or a slip."""
    asked = ast.parse(read_expression(text).text.strip(), mode="eval").body
    if isinstance(asked, VALUES) or (isinstance(asked, ast.Constant) and isinstance(asked.value, str)):
        report.add("condition-language", flow, text, worded="condition-is-a-value")
    elif not free_names(text):
        report.add("bare-word-condition", flow, text, worded="constant-condition")
    elif BARE_WORD.fullmatch(text):
        report.add("bare-word-condition", flow, text)


def language_of(element: etree._Element) -> str:
    """The language that an expression says it is written in, where that is not ours."""
    named = (element.get("language") or "").strip()
    return named if FOREIGN_LANGUAGE.search(named) else ""


def check_text(report: Report, part: Piece, code: str, text: str, language: str = "") -> bool:
    """Whether an expression can be executed; what cannot is told under `code`."""
    problems = check_expression(text, known_functions(report))
    if problems:
        report.add(code, part, told(text, problems), quoted(text, problems))
        return False
    notation = NOTATIONS.get(dialect(text)) or language
    if notation:
        plain = plain_notation(text)
        zh = f"{text}（{notation}）；" + (f"请写成 {plain}" if plain else "请改写成本系统的写法")
        en = f"{text} ({notation}); " + (f"write {plain}" if plain else "write it in that of this desk")
        report.add(code, part, zh, en, here=not language, worded="foreign-notation")
    return not notation


def plain_notation(text: str) -> str:
    """The same in the plain notation of the language, where it is short and surely the same; else nothing."""
    if dialect(text) not in NOTATIONS or len(text) > 80:
        return ""
    plain = _NEGATED.sub("not ", read_expression(text).text.strip())
    return "" if "~" in plain else plain


def check_words(report: Report, part: Piece, text: str, name: str) -> None:
    """A property that is a template such as `关于{unit_name}的函`."""
    problems = check_template(text, known_functions(report))
    if problems:
        report.add("template-invalid", part, f"{name}：{told(text, problems)}", f"{name}: {quoted(text, problems)}")


def known_functions(report: Report) -> frozenset[str]:
    """All functions an expression may call."""
    return frozenset(report.surroundings.functions) - frozenset(BUILTINS)


def told(text: str, problems: Sequence[LanguageProblem]) -> str:
    """The text and the first reason why it is not of the language."""
    first = problems[0]
    words = " ".join(text.split())
    kept = words if len(words) <= 60 else words[:59] + "…"
    return f"{kept}，第 {first.line} 行第 {first.column} 字：{str(first.text).rstrip('。')}"


def quoted(text: str, problems: Sequence[LanguageProblem]) -> str:
    """The text and the place where it stops being of the language."""
    first = problems[0]
    words = " ".join(text.split())
    kept = words if len(words) <= 60 else words[:59] + "…"
    return f"{kept} (line {first.line}, column {first.column})"


def check_scripts(outline: Outline, report: Report) -> None:
    """The scripts of script tasks."""
    for node in outline.nodes:
        if node.tag != "scriptTask":
            continue
        found = children(node.element, "script")
        text = text_of(found[0]) if found else None
        named = (node.element.get("scriptFormat") or "").strip()
        if text is None:
            report.add("script-missing", node)
        elif named and not OWN_LANGUAGE.fullmatch(named):
            report.add("script-language", node, named)
        elif problems := check_script(text, known_functions(report)):
            report.add("script-language", node, told(text, problems), quoted(text, problems))
