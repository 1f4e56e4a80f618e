"""How processes and sub-processes begin, branch and end."""

from __future__ import annotations

from processes.engine.check.outline import Node, Outline, Scope
from processes.engine.check.problems import Report
from processes.engine.spiff.builder import MOST_PAIRS
from processes.engine.spiff.reading import SUB_PROCESSES, reference
from processes.engine.spiff.scopes import DEEPEST_NESTING

DECISIONS = {"exclusiveGateway", "inclusiveGateway"}


def check_structure(outline: Outline, report: Report) -> None:
    """Starts, ends, splits, and what can never be reached."""
    depth: dict[Scope, int] = {}
    for scope in outline.scopes:
        depth[scope] = depth[scope.parent] + 1 if scope.parent is not None else 0
        if depth[scope] == DEEPEST_NESTING + 1:
            report.add("nested-too-deep", scope, str(DEEPEST_NESTING))
        if not scope.nodes:
            if scope.parent is None:
                report.add("empty-process", scope)
            else:
                report.add("subprocess-start-events", scope, "0")
            continue
        _check_start(report, scope)
        if not any(node.tag == "endEvent" for node in scope.nodes):
            report.add("no-end-event" if scope.parent is None else "subprocess-no-end-event", scope, here=True)
        for node in scope.nodes:
            _check_ways_in(report, node)
            _check_ways_out(report, node)
        _check_repeated_flows(report, scope)
        _check_reached(report, scope)
        inclusive = sum(node.tag == "inclusiveGateway" for node in scope.nodes)
        if inclusive * len(scope.nodes) > MOST_PAIRS:
            report.add("too-many-inclusive-gateways", scope, str(inclusive))


def _check_start(report: Report, scope: Scope) -> None:
    starts = scope.starts
    if scope.parent is None:
        if not starts:
            report.add("no-start-event", scope)
        plain = [start for start in starts if not start.kinds]
        for other in plain[1:]:
            report.add("second-plain-start", other, plain[0].name or plain[0].key)
    elif len(starts) != 1:
        report.add("subprocess-start-events", scope, str(len(starts)))


def _check_ways_in(report: Report, node: Node) -> None:
    is_link = node.tag == "intermediateCatchEvent" and node.event == "link"
    if node.tag in ("startEvent", "boundaryEvent") or is_link:
        if node.incoming:
            report.add("event-illegal-here", node, "有流入的顺序流", "it has an incoming flow")
    elif not node.incoming and not node.stands_apart:
        report.add("no-incoming-flow", node)


def _check_ways_out(report: Report, node: Node) -> None:
    flows = node.outgoing
    is_link = node.tag == "intermediateThrowEvent" and node.event == "link"
    if (node.tag == "endEvent" or is_link) and flows:
        report.add("event-illegal-here", node, "有流出的顺序流", "it has an outgoing flow")
    elif not flows and not node.ends_apart:
        report.add("implicit-end", node, here=True)
    elif len(flows) > 1 and not node.tag.endswith(("Gateway", "startEvent", "endEvent")):
        report.add("implicit-split", node, str(len(flows)), here=True)
    _check_conditions(report, node)


def _check_conditions(report: Report, node: Node) -> None:
    """Where conditions stand and where they are missing; what they say is looked at elsewhere."""
    default = reference(node.element.get("default"))
    for flow in node.outgoing:
        is_default = default is not None and flow.id == default
        if node.tag in DECISIONS:
            if flow.condition is None and not is_default and len(node.outgoing) > 1:
                report.add("gateway-flow-without-condition", flow)
        elif node.tag in ("parallelGateway", "eventBasedGateway"):
            if flow.condition is not None or is_default:
                report.add("condition-not-on-gateway", flow, node.tag)
        elif flow.condition is not None:
            report.add("condition-not-on-gateway", flow, node.tag, here=True)
        if is_default and flow.condition is not None and node.tag in DECISIONS:
            report.add("default-with-condition", flow)
    if node.tag in DECISIONS:
        _check_decision(report, node, default)


def _check_decision(report: Report, node: Node, default: str | None) -> None:
    if default is None and any(flow.condition is not None for flow in node.outgoing):
        report.add("gateway-without-default", node)
    seen: set[str] = set()
    for flow in node.outgoing:
        if flow.condition is None or flow.id == default:
            continue
        if flow.condition in seen and node.tag == "exclusiveGateway":
            report.add("conditions-overlap", node, flow.condition)
        seen.add(flow.condition)


def _check_repeated_flows(report: Report, scope: Scope) -> None:
    seen: set[tuple[str | None, str | None, str | None]] = set()
    for flow in scope.flows:
        ends = (flow.source_ref, flow.target_ref, flow.condition)
        if ends in seen:
            report.add("repeated-flow", flow)
        seen.add(ends)


def reached_from(front: list[Node], without: frozenset[Node] = frozenset()) -> set[Node]:
    """All nodes of a scope that a token can come to over flows, boundary events and links."""
    reached: set[Node] = set()
    while front:
        node = front.pop()
        if node in reached or node in without:
            continue
        reached.add(node)
        front.extend(node.boundaries)
        front.extend(flow.target for flow in node.outgoing if flow.target is not None)
        front.extend(linked(node))
    return reached


def linked(node: Node) -> list[Node]:
    """The link events that a link throw event jumps to."""
    if node.tag != "intermediateThrowEvent" or node.event != "link":
        return []
    name = link_name(node)
    catches = [each for each in node.scope.nodes if each.tag == "intermediateCatchEvent" and each.event == "link"]
    return [each for each in catches if link_name(each) == name]


def link_name(node: Node) -> str:
    """The name by which link events find each other."""
    definition = node.definition
    return (definition.get("name") or "").strip() if definition is not None else ""


def _check_reached(report: Report, scope: Scope) -> None:
    """Islands: what has a way in but cannot be reached from the start."""
    if not scope.starts:
        return
    apart = [node for node in scope.nodes if node.is_event_subprocess or node.is_compensation]
    reached = reached_from([*scope.starts, *apart])
    for node in scope.nodes:
        if node not in reached and (node.incoming or node.tag == "boundaryEvent") and _is_placed(node):
            report.add("unreachable", node)


def _is_placed(node: Node) -> bool:
    """A boundary event without a host is told as such."""
    return node.tag != "boundaryEvent" or node.host is not None


def is_executed_subprocess(node: Node) -> bool:
    """A sub-process that a sequence flow leads into."""
    return node.tag in SUB_PROCESSES and not node.is_event_subprocess and not node.is_compensation
