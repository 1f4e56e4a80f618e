"""Events: which may stand where, and what each must say."""

from __future__ import annotations

from lxml import etree

from processes.engine.check.constructs import LOOPS
from processes.engine.check.expressions import check_text, language_of
from processes.engine.check.outline import Node, Outline
from processes.engine.check.problems import Report
from processes.engine.check.structure import link_name
from processes.engine.check.timers import check_timer
from processes.engine.spiff.elements import ALLOWED, ALONE, OF_HANDLERS
from processes.engine.spiff.reading import (
    PARALLEL_MULTIPLE,
    children,
    event_definitions,
    is_true,
    reference,
    tag,
    text_of,
    unresolved,
)

LEGAL = {
    "startEvent": {"none", "message", "timer", "conditional", "signal"},
    "intermediateCatchEvent": {"message", "timer", "conditional", "signal", "link"},
    "boundaryEvent": {"message", "timer", "conditional", "signal", "error", "escalation", "cancel", "compensate"},
    "intermediateThrowEvent": {"none", "message", "signal", "escalation", "link", "compensate"},
    "endEvent": {"none", "message", "signal", "error", "escalation", "cancel", "compensate", "terminate"},
}
"""The events that BPMN knows, by the place where they may stand."""
OF_EVENT_SUBPROCESSES = {"message", "timer", "conditional", "signal", "error", "escalation", "compensate"}
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
    """One event with all its definitions, those that stand elsewhere among them."""
    definitions = event_definitions(node.element)
    if gone := unresolved(node.element):
        names = ", ".join(text_of(each) or "?" for each in gone)
        report.add("dangling-reference", node, f"eventDefinitionRef={names}")
        report.add("event-definition-ref-ignored", node)
        return
    if children(node.element, "eventDefinitionRef"):
        report.add("event-definition-ref-ignored", node, here=True)
    kinds = [tag(each).removesuffix("EventDefinition") for each in definitions] or ["none"]
    if is_true(node.element.get("parallelMultiple")) and node.tag not in PARALLEL_MULTIPLE and len(kinds) > 1:
        report.add("event-not-supported", node, "并行多重开始事件（parallelMultiple）", "parallel multiple start event")
    for kind in dict.fromkeys(kinds):
        if not _is_out_of_place(report, node, kind) and _is_executed(report, node, kind, alone=len(kinds) == 1):
            _tell_rare(report, node, kind)
            _tell_interrupting(report, node, kind)
    for definition in definitions:
        _check_content(report, node, definition)


def _starts_handler(node: Node) -> bool:
    """Whether it is the start event of an event sub-process."""
    owner = node.scope.owner
    return node.tag == "startEvent" and owner is not None and owner.is_event_subprocess


def _is_out_of_place(report: Report, node: Node, kind: str) -> bool:
    """Whether BPMN itself forbids this event here."""
    zh, en = PLACES[node.tag]
    legal = OF_EVENT_SUBPROCESSES if _starts_handler(node) else LEGAL[node.tag]
    why: tuple[str, str] | None = None
    if kind not in legal and kind != "none":
        why = f"{kind} {zh}", f"{kind} {en}"
    elif _starts_handler(node):
        pass
    elif node.tag == "startEvent" and node.scope.parent is not None and kind != "none":
        why = "子流程的开始事件不能带触发条件", "the start event of a sub-process must have no trigger"
    elif node.tag == "endEvent" and kind == "cancel" and node.scope.tag != "transaction":
        why = "取消结束事件只能放在事务子流程中", "a cancel end event belongs in a transaction"
    elif node.tag == "boundaryEvent" and kind == "cancel" and node.host and node.host.tag != "transaction":
        why = "取消边界事件只能附着在事务子流程上", "a cancel boundary event belongs on a transaction"
    if why is not None:
        report.add("event-illegal-here", node, *why)
    return why is not None


def _is_executed(report: Report, node: Node, kind: str, *, alone: bool) -> bool:
    """Whether the engine executes this event; told where it does not."""
    zh, en = PLACES[node.tag]
    allowed = OF_HANDLERS if _starts_handler(node) else ALLOWED[node.tag]
    if kind == "none" and kind not in allowed:
        untyped = "event-subprocess-untyped-start" if _starts_handler(node) else "catch-event-without-definition"
        report.add(untyped, node)
        return False
    if kind not in allowed or (kind in ALONE and not alone):
        report.add("event-not-supported", node, f"{kind} {zh}", f"{kind} {en}")
        return False
    return True


def _tell_interrupting(report: Report, node: Node, kind: str) -> None:
    """An error or a cancellation ends its activity even where it is drawn as if it did not."""
    drawn = node.element.get("cancelActivity" if node.tag == "boundaryEvent" else "isInterrupting", "true").strip()
    if kind in ("error", "cancel") and drawn in ("false", "0") and (node.host is not None or _starts_handler(node)):
        report.add("event-illegal-here", node, f"{kind} 事件总是中断", f"{kind} events always interrupt", here=True)


def _tell_rare(report: Report, node: Node, kind: str) -> None:
    """What is executed here although many engines do not."""
    zh, en = PLACES[node.tag]
    if kind == "link" or (node.tag == "endEvent" and kind == "signal"):
        report.add("event-not-supported", node, f"{kind} {zh}", f"{kind} {en}", here=True)
    if _starts_handler(node):
        if kind in ("error", "escalation"):
            report.add("event-not-supported", node, f"{kind} {zh}", f"{kind} {en}", here=True)
        if node.element.get("isInterrupting", "true").strip() in ("true", "1"):
            report.add("event-subprocess-interrupting-not-honoured", node, here=True)


def _check_content(report: Report, node: Node, definition: etree._Element) -> None:
    kind = tag(definition).removesuffix("EventDefinition")
    if kind not in LEGAL[node.tag] and not _starts_handler(node):
        return
    if kind == "timer":
        check_timer(report, node, definition)
    elif kind == "conditional":
        found = children(definition, "condition")
        text = text_of(found[0]) if found else None
        if text is None:
            report.add("conditional-event-without-condition", node)
        else:
            check_text(report, node, "condition-language", text, language_of(found[0]))
    elif kind in ("message", "signal") and reference(definition.get(f"{kind}Ref")) is None:
        zh = {"message": "消息（message）", "signal": "信号（signal）"}[kind]
        report.add("event-reference-missing", node, zh, kind)


def check_links(outline: Outline, report: Report) -> None:
    """Each link event that throws needs one of the same name and level that catches, and the other way round."""
    for scope in outline.scopes:
        links = [node for node in scope.nodes if node.event == "link"]
        thrown = [link_name(node) for node in links if node.tag == "intermediateThrowEvent"]
        caught = [link_name(node) for node in links if node.tag == "intermediateCatchEvent"]
        for node in links:
            name = link_name(node)
            others = thrown if node.tag == "intermediateCatchEvent" else caught
            if not name or name not in others or caught.count(name) > 1:
                report.add("link-unmatched", node, name or "—")


def _check_gateway(report: Report, node: Node) -> None:
    if len(node.outgoing) < 2:
        report.add("event-based-gateway-outgoing", node)
    wrong = [
        flow.target
        for flow in node.outgoing
        if flow.target is not None
        and (
            flow.target.tag not in ("intermediateCatchEvent", "receiveTask")
            or len(flow.target.incoming) > 1
            or flow.target.boundaries
            or children(flow.target.element, *LOOPS)
        )
    ]
    if wrong:
        report.add("event-based-gateway-target", node, ", ".join(each.name or each.key for each in wrong))


def _check_event_subprocess(report: Report, node: Node) -> None:
    """It stands by itself, and many engines do not know it inside a sub-process."""
    if node.scope.parent is not None:
        report.add("event-subprocess-nested", node, here=True)
    if node.incoming or node.outgoing:
        report.add("event-illegal-here", node, "事件子流程不能有顺序流", "an event sub-process has no sequence flows")
    for loop in children(node.element, "multiInstanceLoopCharacteristics", "standardLoopCharacteristics"):
        report.add("element-not-supported", node, tag(loop))
