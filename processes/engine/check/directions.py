"""Properties by which a diagram tells this desk what it needs: posts, forms, deadlines, titles."""

from __future__ import annotations

import re
from collections.abc import Callable

from processes.engine.check.activities import BESIDE_PARAMETERS
from processes.engine.check.expressions import check_text, check_words
from processes.engine.check.lanes import lanes_of
from processes.engine.check.outline import Node, Outline, Piece, Scope
from processes.engine.check.problems import Report
from processes.engine.spiff import timing
from processes.engine.spiff.reading import PLAIN_TASKS, properties
from processes.engine.spiff.signing import SIGNS, share_of
from processes.errors import Invalid
from processes.identity.posts import NOBODY

WORKING_DAYS = re.compile(r"\d{1,4}wd", re.ASCII)
OFFSET = re.compile(r"[+-]?\d{1,4}(wd|d)", re.ASCII)
COMMA = re.compile(r"[,，]")
OF_PROCESS = {"title", "starters", "asks", "code", "stages", "document", "name_en"}
OF_LANE = {"role", "unit", "person", "name_en"}
OF_TASK = OF_LANE | {
    *("form", "title", "check", "carry", "due", "remind", "escalate", "result", "sign", "document", "stage"),
    *("pass", "signers", "agree", "return", "reject", "again"),
    *("correlation", "tally"),
}
OF_NODE = {"stage", "document", "correlation", "payload", "title", "name_en"}
OPERATED = ("serviceTask", "sendTask", "businessRuleTask")


def check_directions(outline: Outline, report: Report) -> None:
    """The properties of processes, lanes and nodes."""
    for process in outline.checked:
        _check_properties(report, process, properties(process.element), OF_PROCESS)
    for scope in outline.scopes:
        for lane in lanes_of(outline, scope):
            _check_properties(report, lane, properties(lane.element), OF_LANE)
    stages = {process: _stages(process) for process in outline.checked}
    for node in outline.nodes:
        given = properties(node.element)
        if not given:
            continue
        known = OF_TASK if node.tag in PLAIN_TASKS else OF_NODE
        if node.tag == "businessRuleTask":
            known = known | {"table"}
        if node.tag in OPERATED and given.get("operation"):
            own = (
                BESIDE_PARAMETERS
                - {"operation"}
                - set((report.surroundings.parameters or {}).get(given["operation"], ()))
            )
            given = {name: value for name, value in given.items() if name in own}
            known = own
        _check_properties(report, node, given, known)
        _check_stage(report, node, given, stages[node.scope.process])


def _check_properties(report: Report, part: Piece, given: dict[str, str], known: set[str]) -> None:
    for name, value in given.items():
        rule = RULES.get(name)
        if name in known and rule is not None and value.strip():
            rule(report, part, name, value.strip())
    unknown = sorted(name for name in given if name not in known)
    if unknown:
        report.add("property-unknown", part, ", ".join(unknown))
    if given.keys() & {"remind", "escalate"} and not given.get("due", "").strip():
        report.add("remind-without-due", part)


def _is_unknown(known: object, name: str) -> bool:
    return known is not None and name not in known  # type: ignore[operator]


def _check_role(report: Report, part: Piece, name: str, value: str) -> None:
    if _is_unknown(report.surroundings.roles, value):
        report.add("role-unknown", part, value)


def _check_starters(report: Report, part: Piece, name: str, value: str) -> None:
    for role in filter(None, map(str.strip, COMMA.split(value))):
        if role != NOBODY:
            _check_role(report, part, name, role)


def _check_form(report: Report, part: Piece, name: str, value: str) -> None:
    if _is_unknown(report.surroundings.forms, value):
        report.add("form-unknown", part, value)


def _check_document(report: Report, part: Piece, name: str, value: str) -> None:
    if _is_unknown(report.surroundings.documents, value):
        report.add("document-unknown", part, value)


def _check_house_rules(report: Report, part: Piece, name: str, value: str) -> None:
    for rule in filter(None, map(str.strip, COMMA.split(value))):
        if _is_unknown(report.surroundings.checks, rule):
            report.add("check-unknown", part, rule)


def _check_expression(report: Report, part: Piece, name: str, value: str) -> None:
    check_text(report, part, "expression-invalid", value)


def _check_due(report: Report, part: Piece, name: str, value: str) -> None:
    if WORKING_DAYS.fullmatch(value):
        return
    if re.match(r"[-+]?\d+\s*(wd|d|h|w|m|天|日|工作日)", value, re.IGNORECASE):
        report.add("due-malformed", part, value)
    elif timing.is_literal(value):
        try:
            (timing.span if value[:1] in "Pp" else timing.moment)(value)
        except (Invalid, ValueError, OverflowError):
            report.add("due-malformed", part, value)
    else:
        check_text(report, part, "due-malformed", value)


def _check_remind(report: Report, part: Piece, name: str, value: str) -> None:
    for offset in map(str.strip, COMMA.split(value)):
        if not OFFSET.fullmatch(offset):
            report.add("remind-malformed", part, offset or value)


def _check_escalate(report: Report, part: Piece, name: str, value: str) -> None:
    for step in map(str.strip, COMMA.split(value)):
        role, at, offset = (each.strip() for each in step.partition("@"))
        if not role or (at and not OFFSET.fullmatch(offset)):
            report.add("escalate-malformed", part, step or value)
        elif _is_unknown(report.surroundings.roles, role):
            report.add("role-unknown", part, role)


def _check_sign(report: Report, part: Piece, name: str, value: str) -> None:
    if value not in SIGNS and share_of(value) is None:
        report.add("sign-malformed", part, value)


def _check_pass(report: Report, part: Piece, name: str, value: str) -> None:
    if share_of(value) is None:
        report.add("sign-malformed", part, f"pass={value}")


def _check_word(*words: str) -> Callable[[Report, Piece, str, str], None]:
    def check(report: Report, part: Piece, name: str, value: str) -> None:
        if value not in words:
            report.add("verb-rule-malformed", part, f"{name}={value}")

    return check


def _check_stages(report: Report, part: Piece, name: str, value: str) -> None:
    keys: set[str] = set()
    for stage in filter(None, map(str.strip, re.split(r"[;；]", value))):
        key, *titles = (each.strip() for each in stage.split(":"))
        if not key or key in keys or len(titles) > 2 or not any(titles):
            report.add("stages-malformed", part, stage)
        keys.add(key)


def _stages(process: Scope) -> set[str]:
    value = properties(process.element).get("stages", "")
    return {stage.split(":")[0].strip() for stage in re.split(r"[;；]", value)} - {""}


def _check_stage(report: Report, node: Node, given: dict[str, str], stages: set[str]) -> None:
    stage = given.get("stage", "").strip()
    if stage and stage not in stages:
        report.add("stage-unknown", node, stage)


RULES: dict[str, Callable[[Report, Piece, str, str], None]] = {
    "role": _check_role,
    "starters": _check_starters,
    "unit": _check_expression,
    "person": _check_expression,
    "correlation": _check_expression,
    "form": _check_form,
    "check": _check_house_rules,
    "tally": _check_house_rules,
    "document": _check_document,
    "title": lambda report, part, name, value: check_words(report, part, value, name),
    "result": lambda report, part, name, value: check_words(report, part, value, name),
    "due": _check_due,
    "remind": _check_remind,
    "escalate": _check_escalate,
    "sign": _check_sign,
    "pass": _check_pass,
    "signers": _check_expression,
    "agree": _check_expression,
    "return": _check_word("any", "straight", "no"),
    "reject": _check_word("yes", "no"),
    "again": _check_word("keep"),
    "stages": _check_stages,
}
"""What the value of each property must be."""
