"""Events: which may stand where, and what each must say."""

from __future__ import annotations

from processes.engine.check.expressions import check_text, language_of
from processes.engine.check.outline import Node, Outline
from processes.engine.check.problems import Report
from processes.engine.check.timers import check_timer
from processes.engine.spiff.elements import ALLOWED
from processes.engine.spiff.reading import children, event_definitions, reference, text_of

LEGAL = {
    "startEvent": {"none", "message", "timer", "conditional", "signal", "multiple"},
    "intermediateCatchEvent": {"message", "timer", "conditional", "signal", "link", "multiple"},
    "boundaryEvent": {
        *("message", "timer", "conditional", "signal", "error", "escalation", "cancel", "compensate", "multiple"),
    },
    "intermediateThrowEvent": {"none", "message", "signal", "escalation", "link", "compensate", "multiple"},
    "endEvent": {
        *("none", "message", "signal", "error", "escalation", "cancel", "compensate", "terminate", "multiple"),
    },
}
"""The events that BPMN knows, by the place where they may stand."""
PLACES = {
    "startEvent": ("开始事件", "start event"),
    "intermediateCatchEvent": ("中间捕获事件", "intermediate catch event"),
    "boundaryEvent": ("边界事件", "boundary event"),
    "intermediateThrowEvent": ("中间抛出事件", "intermediate throw event"),
    "endEvent": ("结束事件", "end event"),
}


def check_events(outline: Outline, report: Report) -> None:
    """All events, event gateways and event sub-processes."""
    for node in outline.nodes:
        if node.tag in LEGAL:
            _check_event(report, node)
        elif node.tag == "eventBasedGateway":
            _check_gateway(report, node)
        elif node.is_event_subprocess:
            _check_event_subprocess(report, node)


def _check_event(report: Report, node: Node) -> None:
    if children(node.element, "eventDefinitionRef"):
        report.add("event-definition-ref-ignored", node)
        return
    owner = node.scope.owner
    if node.tag == "startEvent" and owner is not None and owner.is_event_subprocess:
        return
    if _is_out_of_place(report, node):
        return
    if node.event not in ALLOWED[node.tag]:
        zh, en = PLACES[node.tag]
        if node.event == "none":
            report.add("catch-event-without-definition", node)
        else:
            report.add("event-not-supported", node, f"{node.event} {zh}", f"{node.event} {en}")
        return
    _check_content(report, node)


def _is_out_of_place(report: Report, node: Node) -> bool:
    """Whether BPMN itself forbids this event here."""
    zh, en = PLACES[node.tag]
    why: tuple[str, str] | None = None
    if node.event not in LEGAL[node.tag] and node.event != "none":
        why = f"{node.event} {zh}", f"{node.event} {en}"
    elif node.tag == "startEvent" and node.scope.parent is not None and node.event != "none":
        why = "子流程的开始事件不能带触发条件", "the start event of a sub-process must have no trigger"
    elif node.tag == "endEvent" and node.event == "cancel" and node.scope.tag != "transaction":
        why = "取消结束事件只能放在事务子流程中", "a cancel end event belongs in a transaction"
    elif node.tag == "boundaryEvent" and node.event == "cancel" and node.host and node.host.tag != "transaction":
        why = "取消边界事件只能附着在事务子流程上", "a cancel boundary event belongs on a transaction"
    if why is not None:
        report.add("event-illegal-here", node, *why)
    return why is not None


def _check_content(report: Report, node: Node) -> None:
    definition = node.definition
    if definition is None:
        return
    if node.event == "timer":
        check_timer(report, node, definition)
    elif node.event == "conditional":
        found = children(definition, "condition")
        text = text_of(found[0]) if found else None
        if text is None:
            report.add("conditional-event-without-condition", node)
        else:
            check_text(report, node, "condition-language", text, language_of(found[0]))
    elif node.event in ("message", "signal") and reference(definition.get(f"{node.event}Ref")) is None:
        zh = {"message": "消息（message）", "signal": "信号（signal）"}[node.event]
        report.add("event-reference-missing", node, zh, node.event)


def _check_gateway(report: Report, node: Node) -> None:
    if len(node.outgoing) < 2:
        report.add("event-based-gateway-outgoing", node)
    wrong = [
        flow.target
        for flow in node.outgoing
        if flow.target is not None
        and (flow.target.tag not in ("intermediateCatchEvent", "receiveTask") or len(flow.target.incoming) > 1)
    ]
    if wrong:
        report.add("event-based-gateway-target", node, ", ".join(each.name or each.key for each in wrong))


def _check_event_subprocess(report: Report, node: Node) -> None:
    """None of them is executed; the reason depends on what it would take."""
    starts = node.inside.starts if node.inside is not None else []
    told = False
    for start in starts:
        if not event_definitions(start.element) and not children(start.element, "eventDefinitionRef"):
            report.add("event-subprocess-untyped-start", start)
            told = True
        elif start.element.get("isInterrupting", "true").strip() in ("true", "1"):
            report.add("event-subprocess-interrupting-not-honoured", start)
            told = True
    if node.scope.parent is not None:
        report.add("event-subprocess-nested", node)
    elif not told:
        report.add("element-not-supported", node, "事件子流程（triggeredByEvent）", "event sub-process")
