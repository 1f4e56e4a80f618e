"""The times of timer events: ISO 8601, bare or in quotes, or an expression."""

from __future__ import annotations

import re

from lxml import etree

from processes.clock import now
from processes.engine.check.expressions import check_text, known_functions, language_of
from processes.engine.check.outline import Node
from processes.engine.check.problems import Report
from processes.engine.language import check_expression
from processes.engine.spiff import timing
from processes.engine.spiff.reading import children, tag, text_of
from processes.errors import Invalid

FORMS = ("timeDate", "timeDuration", "timeCycle")
_QUOTED = re.compile(r"\s*(['\"])([^'\"\\]*)\1\s*")
_LIKE_A_DURATION = re.compile(r"[-+]?P[\dTYMWDHS.,]*|\d+", re.IGNORECASE | re.ASCII)
_IN_WORDS = re.compile(
    r"\s*[零〇一二两三四五六七八九十百半几]+个?(工作日|自然日|日|天|周|星期|月|年|季度|小时|时|刻钟|分钟|分|秒钟|秒)[之以]?[后内前]?\s*"
)
"""«三个工作日»: a person's words, which the language would read as the name of a variable."""
_LIKE_A_TIME = re.compile(r"\s*[-+]?(\d|[PR][-\d/.,TPR]|P\s*$|[@*])", re.IGNORECASE)


def check_timer(report: Report, node: Node, definition: etree._Element) -> None:
    """One timer event definition."""
    found = children(definition, *FORMS)
    text = text_of(found[0]) if found else None
    if text is None:
        report.add("timer-missing", node)
        return
    if len(found) > 1:
        names = ", ".join(tag(each) for each in found)
        report.add("timer-malformed", node, names)
        return
    fine = _check_time(report, node, tag(found[0]), text, language_of(found[0]))
    if fine and node.tag == "intermediateCatchEvent" and tag(found[0]) == "timeCycle":
        report.add("timer-repeats", node, text)


def _check_time(report: Report, node: Node, form: str, text: str, language: str) -> bool:
    """Whether the time can be reckoned."""
    quoted = _QUOTED.fullmatch(text)
    if quoted is not None or timing.is_literal(text):
        why = _refusal(form, quoted.group(2) if quoted is not None else text)
        if why is not None:
            report.add("timer-malformed", node, f"{text}，{why}", text)
        return why is None
    if any(each.fullmatch(text) for each in (_LIKE_A_DURATION, _IN_WORDS)) or (
        _LIKE_A_TIME.match(text) and check_expression(text, known_functions(report))
    ):
        report.add("timer-malformed", node, text)
        return False
    check_text(report, node, "timer-language", text, language)
    return not check_expression(text, known_functions(report))


def _refusal(form: str, text: str) -> str | None:
    """Why a time that is written out would be refused when the timer begins to run."""
    try:
        if form == "timeCycle":
            timing.cycle(text, now())
        elif form == "timeDuration":
            timing.span(text)
        else:
            timing.moment(text)
    except (Invalid, ValueError, OverflowError) as refused:
        return str(refused).rstrip("。")
    return None
