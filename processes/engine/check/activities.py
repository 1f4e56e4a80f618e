"""Activities: what each kind must name, and what of it would not be executed."""

from __future__ import annotations

from lxml import etree

from processes.engine.check.outline import Node, Outline
from processes.engine.check.problems import Report
from processes.engine.spiff.reading import children, decision_table, properties, reference

OPERATIONS = {"serviceTask": "service-task-unknown", "businessRuleTask": "business-rule-task-unknown"}
BESIDE_PARAMETERS = {
    *("operation", "stage", "document", "correlation", "payload", "title", "role", "unit", "person"),
    "name_en",
}
"""Properties of a service task that are no parameters of its operation."""


def check_activities(outline: Outline, report: Report) -> None:
    """All activities."""
    processes = {process.id for process in outline.processes}
    for node in outline.nodes:
        if node.tag in ("serviceTask", "businessRuleTask", "sendTask"):
            _check_operation(report, node)
        if node.tag in ("sendTask", "receiveTask"):
            _check_message(report, node)
        if node.tag == "callActivity":
            _check_call(report, node, processes)
            _check_called_start(outline, report, node)
        if node.tag == "task":
            report.add("abstract-task", node)
        _check_data(report, node)
    _check_recursion(outline, report)


def _check_operation(report: Report, node: Node) -> None:
    given = properties(node.element)
    operation = given.get("operation", "").strip()
    known = report.surroundings.operations
    if not operation and node.tag == "businessRuleTask" and decision_table(node.element):
        _check_table(report, node, given)
        return
    if not operation:
        if node.tag != "sendTask":
            report.add(OPERATIONS[node.tag], node, "没有 operation", "no `operation`")
        return
    if known is not None and operation not in known:
        report.add(OPERATIONS.get(node.tag, "service-task-unknown"), node, operation)
        return
    _check_parameters(report, node, operation, given)


def _check_table(report: Report, node: Node, given: dict[str, str]) -> None:
    """A table of this package; one that another tool names must be there as well."""
    key, known = decision_table(node.element), report.surroundings.tables
    if known is not None and key in known:
        return
    if not given.get("table", "").strip():
        report.add("business-rule-task-unknown", node, f"decisionRef={key}")
    elif known is not None:
        report.add("table-unknown", node, key)


def _check_parameters(report: Report, node: Node, operation: str, given: dict[str, str]) -> None:
    around = report.surroundings
    for name in (around.operations or {}).get(operation, ()):
        if not given.get(name, "").strip():
            report.add("parameter-missing", node, name)
    if around.parameters is not None and operation in around.parameters:
        for name in given:
            if name not in BESIDE_PARAMETERS and name not in around.parameters[operation]:
                report.add("parameter-unknown", node, name)


def _check_message(report: Report, node: Node) -> None:
    if reference(node.element.get("messageRef")) is not None:
        return
    if node.tag == "receiveTask" or not properties(node.element).get("operation", "").strip():
        report.add("message-task-without-message", node)


def _check_call(report: Report, node: Node, processes: set[str]) -> None:
    called = reference(node.element.get("calledElement"))
    if called is None:
        report.add("call-activity-without-process", node)
    elif called not in processes or _is_of_another_file(node.element):
        report.add("call-activity-unknown-process", node, called)


def _is_of_another_file(element: etree._Element) -> bool:
    """Whether the prefix of what is called stands for another file than this."""
    prefix, colon, _ = (element.get("calledElement") or "").strip().partition(":")
    meant = element.nsmap.get(prefix) if colon else None
    return meant not in (None, element.getroottree().getroot().get("targetNamespace"))


def _check_called_start(outline: Outline, report: Report, node: Node) -> None:
    """A called process begins at once; a start event that waits for something waits for nothing then."""
    called = reference(node.element.get("calledElement"))
    for process in outline.processes:
        if process.id == called and process.starts and all(start.kinds for start in process.starts):
            report.add("called-start-waits", node, process.starts[0].name or process.starts[0].key)


def _check_recursion(outline: Outline, report: Report) -> None:
    """Processes that call themselves, directly or through others."""
    calls: dict[str, set[str]] = {}
    activities = [node for node in outline.nodes if node.tag == "callActivity"]
    for node in activities:
        calls.setdefault(node.scope.process.id, set()).add(reference(node.element.get("calledElement")) or "")
    leads: dict[str, set[str]] = {}
    for process in calls:
        reached: set[str] = set()
        front = list(calls[process])
        while front:
            called = front.pop()
            if called not in reached:
                reached.add(called)
                front.extend(calls.get(called, ()))
        leads[process] = reached
    for node in activities:
        own, called = node.scope.process.id, reference(node.element.get("calledElement")) or ""
        if called == own or own in leads.get(called, ()):
            report.add("call-activity-recursive", node)


def _check_data(report: Report, node: Node) -> None:
    """Data associations only document, unless they compute something."""
    associations = children(node.element, "dataInputAssociation", "dataOutputAssociation")
    if any(children(each, "assignment", "transformation") for each in associations):
        report.add("data-mapping-ignored", node)
    elif associations:
        report.add("data-association-not-executed", node)
