"""The meaning of a diagram file: its elements, who contains whom, and how they follow each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from processes.errors import Invalid
from processes.messages import message

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"

ACTIVITIES = frozenset(
    {
        "task",
        "userTask",
        "manualTask",
        "serviceTask",
        "scriptTask",
        "sendTask",
        "receiveTask",
        "businessRuleTask",
        "callActivity",
        "subProcess",
        "transaction",
        "adHocSubProcess",
    }
)
SUB_PROCESSES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
EVENTS = frozenset({"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"})
GATEWAYS = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"})
FLOW_NODES = ACTIVITIES | EVENTS | GATEWAYS
FLOWS = frozenset({"sequenceFlow", "messageFlow", "association", "dataInputAssociation", "dataOutputAssociation"})


@dataclass(eq=False)
class Element:
    """One element of the file; `parent` is the id of the process, sub-process or collaboration that contains it."""

    id: str
    kind: str
    name: str
    parent: str
    node: etree._Element
    lane: str = ""


@dataclass
class Model:
    """All elements of a file by id, in the order of the file."""

    root: etree._Element
    elements: dict[str, Element] = field(default_factory=dict)

    def inside(self, parent: str) -> list[Element]:
        """The flow nodes directly inside a process or sub-process."""
        return [e for e in self.elements.values() if e.parent == parent and e.kind in FLOW_NODES]

    def processes(self) -> list[Element]:
        """The processes in the order of their pools; those without a pool come last."""
        found = [e for e in self.elements.values() if e.kind == "process"]
        pools = [local_ref(e.node.get("processRef")) for e in self.elements.values() if e.kind == "participant"]
        return sorted(found, key=lambda e: pools.index(e.id) if e.id in pools else len(pools))

    def sequence(self, parent: str) -> list[tuple[str, str, str]]:
        """(flow id, source id, target id) of the sequence flows inside one scope; dangling ones are left out."""
        out = []
        for e in self.elements.values():
            if e.kind != "sequenceFlow":
                continue
            source, target = (self.elements.get(e.node.get(end) or "") for end in ("sourceRef", "targetRef"))
            if source and target and source.parent == target.parent == parent:
                out.append((e.id, source.id, target.id))
        return out

    def host(self, element: Element) -> str:
        """The id of the activity that a boundary event is attached to, or nothing."""
        if element.kind != "boundaryEvent":
            return ""
        host = self.elements.get(local_ref(element.node.get("attachedToRef")))
        return host.id if host and host.parent == element.parent else ""


def local_ref(ref: str | None) -> str:
    """A reference without its namespace prefix."""
    return (ref or "").rsplit(":", 1)[-1].strip()


def local(node: etree._Element) -> str:
    """The tag without its namespace."""
    return etree.QName(node).localname


def children(node: etree._Element, *names: str) -> Iterator[etree._Element]:
    """The child elements, of these names if any are given."""
    for child in node:
        if isinstance(child.tag, str) and (not names or local(child) in names):
            yield child


def parse(xml: bytes) -> etree._Element:
    """Read the file without entities, network or document types; raises `Invalid` when it is no XML."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Invalid(message("流程图文件不是有效的 XML，无法绘制。")) from error


def read_model(root: etree._Element) -> Model:
    """Collect the elements; of two elements with one id the first counts."""
    model = Model(root)
    for node in root.iter():
        if not isinstance(node.tag, str) or etree.QName(node).namespace != BPMN:
            continue
        name = (node.get("name") or "").strip()
        kind = local(node)
        if kind == "textAnnotation":
            name = next(("".join(text.itertext()).strip() for text in children(node, "text")), "")
        ident = node.get("id") or (f"_{kind}_{len(model.elements)}" if kind in FLOWS else "")
        if ident and ident not in model.elements:
            model.elements[ident] = Element(ident, kind, name, _container(node), node)
    _name_lanes(model)
    return model


def _container(node: etree._Element) -> str:
    parent = node.getparent()
    while parent is not None and local(parent) in {"laneSet", "lane", "childLaneSet"}:
        parent = parent.getparent()
    return (parent.get("id") or "") if parent is not None else ""


def _name_lanes(model: Model) -> None:
    for lane in [e for e in model.elements.values() if e.kind == "lane"]:
        for ref in children(lane.node, "flowNodeRef"):
            if member := model.elements.get(local_ref(ref.text)):
                member.lane = lane.id
    for e in model.elements.values():  # a container stands before its content in the file
        if not e.lane and (parent := model.elements.get(e.parent)) and parent.kind in SUB_PROCESSES:
            e.lane = parent.lane
