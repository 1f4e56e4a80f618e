"""The last gate: the engine compiles the file, and everything that was drawn must be in what it has compiled."""

from __future__ import annotations

from collections import Counter
from typing import Any

from processes.engine.check.lanes import lanes_of
from processes.engine.check.outline import Flow, Node, Outline, Scope
from processes.engine.check.problems import Report
from processes.engine.spiff import Program, compile_program
from processes.engine.spiff.reading import children
from processes.errors import Invalid

LOOPS = ("standardLoopCharacteristics", "multiInstanceLoopCharacteristics")


def check_coverage(outline: Outline, report: Report, xml: bytes) -> None:
    """Compile the file as a deployment would, and compare."""
    try:
        program = compile_program(xml)
    except Invalid as refusal:
        _tell_refusal(outline, report, refusal)
        return
    compiled = _definitions(program)
    for node in outline.nodes:
        if node.id and compiled[node.id] < len([each for each in node.kinds if each != "link"]):
            report.add("not-covered", node, "eventDefinition")
    for process in outline.checked:
        if process.id and process.id not in program.elements:
            report.add("not-covered", process, "process")
    for scope in outline.scopes:
        _compare(report, program, scope)
        for lane in lanes_of(outline, scope):
            if lane.id and lane.id not in program.lanes:
                report.add("not-covered", lane, "lane")


def _definitions(program: Program) -> Counter[str]:
    """How many event definitions of each element have been compiled."""
    found: Counter[str] = Counter()
    for scope in program.scopes.values():
        for spec in scope.task_specs.values():
            own = [getattr(spec, "trigger", None)] if not getattr(spec, "triggers", ()) else spec.triggers
            waits = [each for each in own if each is not None and each.kind not in ("none", "multiple")]
            found[spec.element_id or ""] += len(waits) + len(getattr(spec, "throws", ()))
    return found


def _tell_refusal(outline: Outline, report: Report, refusal: Invalid) -> None:
    """A refusal that no rule has foreseen still names its element where it can."""
    found = outline.ids.get(str(refusal.text.params.get("id", "")))
    part = outline.piece(found) if found is not None else outline.checked[0]
    report.add("engine-refuses", part, str(refusal), report.surroundings.english(refusal.text))


def _compare(report: Report, program: Program, scope: Scope) -> None:
    """The nodes and flows of one process or sub-process; those without an id are counted."""
    compiled = program.scopes.get(scope.id)
    if compiled is None:
        if scope.id:
            report.add("not-covered", scope, scope.tag)
        return
    specs: dict[str, Any] = compiled.task_specs
    routes = {route.flow: route for spec in specs.values() for route in getattr(spec, "routes", ())}
    nodes = [name for name in specs if name in program.elements]
    if len(nodes) < len(scope.nodes):
        report.add("not-covered", scope, f"{len(scope.nodes) - len(nodes)} × node")
    for node in scope.nodes:
        if node.id:
            _compare_node(report, program, specs, node)
    for flow in scope.flows:
        if flow.id:
            _compare_flow(report, routes.get(flow.id), flow)


def _compare_node(report: Report, program: Program, specs: dict[str, Any], node: Node) -> None:
    spec, element = specs.get(node.id), program.elements.get(node.id)
    if spec is None or element is None or element.kind != node.tag:
        report.add("not-covered", node, node.tag)
        return
    if node.tag.endswith("Event") and (element.event or "none") != node.event:
        report.add("not-covered", node, f"{node.event}EventDefinition")
    for loop in LOOPS:
        if children(node.element, loop) and f"{node.id} [child]" not in specs:
            report.add("not-covered", node, loop)
    if node.host is not None and node.id not in getattr(specs.get(node.host.id), "boundaries", ()):
        report.add("not-covered", node, "attachedToRef")


def _compare_flow(report: Report, route: Any, flow: Flow) -> None:
    if route is None or route.target != flow.target_ref:
        report.add("not-covered", flow, "sequenceFlow")
    elif flow.condition is not None and not route.default and route.condition != flow.condition:
        report.add("not-covered", flow, "conditionExpression")
