"""In which notation a text of somebody else's diagram is written, for the deploy check to say what it found."""

from __future__ import annotations

import re
from typing import Literal

from processes.engine.language import programs
from processes.engine.language.reading import FEEL, JUEL

Dialect = Literal["python", "juel", "feel", "template", "javascript", "xpath", "unknown"]

_FOREIGN: tuple[tuple[Dialect, re.Pattern[str]], ...] = (
    ("xpath", re.compile(r"getDataObject|getVariableProperty|bpmn:|\$\w|^\s*/|::|@\w|text\(\)")),
    ("javascript", re.compile(r"===|!==|&&|\|\||![^=]|\b(?:var|let|const|function|new|return)\b|;|\+\+|\?.+:")),
    ("feel", re.compile(r"\b(?:then|between|some|every|satisfies|instance of)\b|\.\.|(?<![=<>!])=(?!=)|\bdate\(")),
)


def dialect(text: str) -> Dialect:
    """The notation of a text.

    `juel` is exactly one `${…}` or `#{…}`, `template` one with words around it, `feel` has a leading `=` or words of
    FEEL, `python` is the plain notation of the language. Whether such a text may run is for `check_expression` to say.
    """
    if JUEL.fullmatch(text) and text.count("{") - text.count("${") - text.count("#{") <= text.count("}") - 1:
        return "juel" if len(re.findall(r"[$#]\{", text)) == 1 else "template"
    if "${" in text or "#{" in text:
        return "template"
    if FEEL.fullmatch(text):
        return "feel"
    if not programs.expression(text).problems:
        return "python"
    return next((name for name, pattern in _FOREIGN if pattern.search(text)), "unknown")
