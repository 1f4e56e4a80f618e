"""References: what an element names must exist and be of the right kind."""

from __future__ import annotations

from lxml import etree

from processes.engine.check.outline import PREFIX, REFUSED_NODES, Flow, Node, Outline
from processes.engine.check.problems import Report
from processes.engine.spiff.reading import NODES, children, event_definitions, reference, tag

EVENT_REFERENCES = {
    "messageRef": "message",
    "signalRef": "signal",
    "errorRef": "error",
    "escalationRef": "escalation",
}
MOST_SHOWN = 5


def check_references(outline: Outline, report: Report) -> None:
    """Everything that is executed."""
    for flow in outline.flows:
        _check_flow(outline, report, flow)
    for node in outline.nodes:
        _check_default(report, node)
        _check_event(outline, report, node)
        if node.tag == "boundaryEvent":
            _check_attachment(outline, report, node)
    _check_participants(outline, report)
    _check_loose(outline, report)


def _check_flow(outline: Outline, report: Report, flow: Flow) -> None:
    for name, ref, node in (("sourceRef", flow.source_ref, flow.source), ("targetRef", flow.target_ref, flow.target)):
        if node is not None:
            continue
        found = outline.ids.get(ref or "")
        if found is not None and tag(found) in NODES | REFUSED_NODES:
            report.add("flow-crosses-scope", flow)
        else:
            report.add("dangling-reference", flow, _shown(name, ref, found))


def _shown(name: str, ref: str | None, found: etree._Element | None) -> str:
    return f"{name}={ref or '?'}" + (f" ({tag(found)})" if found is not None else "")


def _check_default(report: Report, node: Node) -> None:
    default = reference(node.element.get("default"))
    if default is not None and default not in {flow.id for flow in node.outgoing}:
        report.add("dangling-reference", node, f"default={default}")


def _check_event(outline: Outline, report: Report, node: Node) -> None:
    """What an event definition, or a send or receive task, refers to."""
    for element in (node.element, *event_definitions(node.element)):
        for attribute, kind in EVENT_REFERENCES.items():
            ref = reference(element.get(attribute))
            if ref is None:
                continue
            found = outline.named.get((kind, ref))
            if found is None:
                report.add("dangling-reference", node, _shown(attribute, ref, outline.ids.get(ref)))
            elif kind in ("message", "signal") and not found.get("name"):
                report.add("message-without-name", outline.piece(found), kind)


def _check_attachment(outline: Outline, report: Report, node: Node) -> None:
    ref = reference(node.element.get("attachedToRef"))
    if ref is not None and ref not in outline.ids:
        report.add("dangling-reference", node, f"attachedToRef={ref}")
    elif node.host is None or node.host.tag.endswith(("Event", "Gateway")) or node.host.is_event_subprocess:
        report.add("boundary-not-on-activity", node)


def _check_participants(outline: Outline, report: Report) -> None:
    """Pools: those of a process that does not exist, and those that only say whom the process talks to."""
    known = {process.id for process in outline.processes}
    for collaboration in children(outline.root, "collaboration"):
        for pool in children(collaboration, "participant"):
            ref = reference(pool.get("processRef"))
            if ref is None:
                report.add("black-box-pool", outline.piece(pool))
            elif ref not in known:
                report.add("dangling-reference", outline.piece(pool), f"processRef={ref}")
        for flow in children(collaboration, "messageFlow"):
            report.add("message-flow-not-executed", outline.piece(flow))


LOOSE = {
    "association": ("sourceRef", "targetRef"),
    "messageFlow": ("sourceRef", "targetRef"),
    "dataObjectReference": ("dataObjectRef",),
    "dataStoreReference": ("dataStoreRef",),
}


def _check_loose(outline: Outline, report: Report) -> None:
    """References that only document: nothing runs by them, but a modeler would lose them."""
    for element in outline.root.iter(PREFIX + "*"):
        kind = tag(element)
        lost = [
            f"{name}={ref}" for name in LOOSE.get(kind, ()) if (ref := _unknown(outline, element.get(name))) is not None
        ]
        if kind not in REFUSED_NODES | NODES | {"lane"}:
            gone: list[str] = []
        else:
            listed = children(element, "incoming", "outgoing", "flowNodeRef")
            gone = [f"{tag(each)}={ref}" for each in listed if (ref := _unknown(outline, each.text)) is not None]
        if lost or gone:
            report.add("reference-dangling", outline.piece(element), ", ".join([*lost, *gone][:MOST_SHOWN]))


def _unknown(outline: Outline, ref: str | None) -> str | None:
    name = reference(ref)
    return name if name is not None and name not in outline.ids else None
