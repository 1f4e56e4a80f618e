"""Loops of nothing but automatic steps, which may spin until the engine stops them."""

from __future__ import annotations

from lxml import etree

from processes.engine.check.outline import Node, Outline, Scope
from processes.engine.check.problems import Report
from processes.engine.spiff.reading import event_definitions, reference

AUTOMATIC = {
    *("scriptTask", "serviceTask", "sendTask", "businessRuleTask", "exclusiveGateway", "inclusiveGateway"),
    *("parallelGateway", "intermediateThrowEvent"),
}
"""Nodes that a token passes without waiting for anybody."""


def check_loops(outline: Outline, report: Report) -> None:
    """One warning for each process or sub-process that has such a loop."""
    for scope in outline.scopes:
        circling = _circling(scope)
        if circling:
            report.add("automatic-loop", next(node for node in scope.nodes if node in circling))


def check_self_starts(outline: Outline, report: Report) -> None:
    """Processes that send what they are started by: each case would begin another."""
    for process, scopes in outline.inside.items():
        starts = {ref for start in process.starts for ref in _named(start.element)}
        thrown: set[tuple[str, str]] = set()
        for scope in scopes:
            for node in scope.nodes:
                if node.tag in ("endEvent", "intermediateThrowEvent", "sendTask"):
                    thrown |= _named(node.element)
        for _, ref in sorted(starts & thrown):
            report.add("starts-itself", process, ref)


def _named(element: etree._Element) -> set[tuple[str, str]]:
    """The messages and signals that an event or task refers to."""
    found = set()
    for each in (element, *event_definitions(element)):
        for kind in ("message", "signal"):
            ref = reference(each.get(f"{kind}Ref"))
            if ref is not None:
                found.add((kind, ref))
    return found


def _circling(scope: Scope) -> set[Node]:
    """Automatic nodes that are left when all that begin or end a path have been taken away, again and again."""
    left = {node for node in scope.nodes if node.tag in AUTOMATIC}
    after = {node: [flow.target for flow in node.outgoing if flow.target in left] for node in left}
    before = {node: [flow.source for flow in node.incoming if flow.source in left] for node in left}
    counts = [{node: len(ways[node]) for node in left} for ways in (after, before)]
    front = [node for node in left if not after[node] or not before[node]]
    while front:
        node = front.pop()
        if node not in left:
            continue
        left.discard(node)
        for ways, count in ((before, counts[0]), (after, counts[1])):
            for other in ways[node]:
                if other is not None and other in left:
                    count[other] -= 1
                    if not count[other]:
                        front.append(other)
    return left
