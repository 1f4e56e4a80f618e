"""A diagram as facts: for every element each attribute, property, expression and reference it has, and how it is drawn.

Nothing is left out because it is not known: an attribute without a name of its own is told under its path. Only what
says the same twice is skipped (`incoming`, `outgoing`, ids of inner definitions), and which program wrote the file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from processes.engine.spiff.reading import MODEL, give_ids, parse, reference

PARTS = frozenset(
    {
        *("process", "participant", "lane", "sequenceFlow", "messageFlow", "message", "signal", "error", "escalation"),
        *("task", "userTask", "manualTask", "serviceTask", "scriptTask", "sendTask", "receiveTask"),
        *("businessRuleTask", "callActivity", "subProcess", "transaction", "adHocSubProcess"),
        *("startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"),
        *("exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"),
        *("textAnnotation", "association", "group", "dataObject", "dataObjectReference", "dataStoreReference"),
    }
)
"""Elements told by themselves, as is whatever stands at the top of the file; all else belongs to its parent."""
DERIVED = frozenset({"incoming", "outgoing", "flowNodeRef", "categoryValueRef"})
"""Said once more: by the sequence flows, by the lane of each node, and by the place of what lies inside a group."""
TECHNICAL = frozenset({"exporter", "exporterVersion", "schemaLocation", "type"})
"""Attributes that say which program wrote the file, and what XML Schema calls a type."""
ITEMS = frozenset({"inputDataItem", "outputDataItem"})
"""Their id is the name of a variable."""
NAMED = {
    "messageRef": "message",
    "signalRef": "signal",
    "errorRef": "error",
    "escalationRef": "escalation",
    "categoryValueRef": "categoryValue",
}
"""References that are told by what they name; the id behind it means nothing."""


@dataclass
class Part:
    """One element and all that is its own, by path."""

    id: str
    kind: str
    name: str
    facts: dict[str, str] = field(default_factory=dict)


@dataclass
class Reading:
    """A whole diagram: its parts by id, and how each is drawn."""

    parts: dict[str, Part] = field(default_factory=dict)
    drawn: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def name_of(self, ident: str) -> str:
        """The name of an element, its id where it has none."""
        part = self.parts.get(ident)
        return (part.name if part is not None else "") or ident


def read(bpmn: bytes) -> Reading:
    """All parts of a file; `Invalid` where it is no BPMN."""
    root = parse(bpmn)
    give_ids(root)
    return _Reader(root).read()


def local(node: etree._Element) -> str:
    """The tag without its namespace."""
    return etree.QName(node).localname


class _Reader:
    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self.reading = Reading()
        self.numbers: Counter[str] = Counter()
        self.names = {
            (local(each), each.get("id")): _said(each) for each in root.iter(f"{{{MODEL}}}*") if each.get("id")
        }

    def read(self) -> Reading:
        top = Part("", "definitions", "", dict(_attributes(self.root, skip=frozenset({"id"}))))
        self.reading.parts[""] = top
        for node in self.root.iter(f"{{{MODEL}}}*"):
            if node is not self.root and self._is_part(node):
                self._add(node)
        self._lanes()
        self._orders()
        self.reading.drawn = dict(_drawings(self.root))
        return self.reading

    def _is_part(self, node: etree._Element) -> bool:
        return local(node) in PARTS or node.getparent() is self.root

    def _add(self, node: etree._Element) -> None:
        kind = local(node)
        self.numbers[kind] += 1
        ident = node.get("id") or f"{kind}#{self.numbers[kind]}"
        part = Part(ident, kind, (node.get("name") or "").strip())
        part.facts.update(_attributes(node, skip=frozenset({"id"})))
        part.facts.update(self._content(node, ""))
        around = self._around(node)
        if around:
            part.facts["scope"] = around
        for name in ("sourceRef", "targetRef", "default", "attachedToRef", "calledElement", "processRef"):
            if f"@{name}" in part.facts:
                part.facts[f"@{name}"] = reference(part.facts[f"@{name}"]) or ""
        for name, target in NAMED.items():
            if f"@{name}" in part.facts:
                part.facts[f"@{name}"] = self._named(target, part.facts[f"@{name}"])
        if kind == "textAnnotation":
            part.name = part.facts.get("text", "")
        elif kind == "group":
            part.name = part.facts.get("@categoryValueRef", "")
        self.reading.parts[ident] = part

    def _around(self, node: etree._Element) -> str:
        """The lane, sub-process or process that an element stands in."""
        parent = node.getparent()
        while parent is not None and local(parent) in ("laneSet", "childLaneSet"):
            parent = parent.getparent()
        return "" if parent is None or parent is self.root else parent.get("id") or ""

    def _named(self, kind: str, value: str) -> str:
        return self.names.get((kind, reference(value))) or value

    def _content(self, node: etree._Element, path: str) -> Iterator[tuple[str, str]]:
        """What the inner elements of a part say, each under its path."""
        counts: Counter[str] = Counter()
        for child in node:
            if not isinstance(child.tag, str) or local(child) in DERIVED or self._is_inner_part(child):
                continue
            if local(child) == "properties" and local(node) == "extensionElements":
                yield from _properties(child)
                continue
            name = local(child)
            counts[name] += 1
            here = f"{path}{name}" + (f"[{counts[name]}]" if counts[name] > 1 else "")
            text = (child.text or "").strip()
            attributes = dict(_attributes(child, skip=frozenset() if name in ITEMS else frozenset({"id"})))
            if text or (not attributes and not len(child)):
                yield here, text
            for attribute, value in attributes.items():
                ref = attribute.removeprefix("@")
                yield f"{here}/{attribute}", self._named(NAMED[ref], value) if ref in NAMED else value
            yield from self._content(child, here + "/")
            if name.endswith("EventDefinition") and not attributes and len(child):
                yield here, ""

    def _is_inner_part(self, node: etree._Element) -> bool:
        if etree.QName(node).namespace != MODEL:
            return False
        return local(node) in PARTS or local(node) in ("laneSet", "childLaneSet")

    def _lanes(self) -> None:
        """The innermost lane of every node."""
        for lane in self.root.iter(f"{{{MODEL}}}lane"):
            for ref in lane.iterchildren(f"{{{MODEL}}}flowNodeRef"):
                member = self.reading.parts.get((ref.text or "").strip())
                if member is not None:
                    member.facts["lane"] = lane.get("id") or ""

    def _orders(self) -> None:
        """Of several ways out of an exclusive gateway the first whose condition holds is taken: their order counts."""
        ways: dict[str, list[str]] = {}
        for part in self.reading.parts.values():
            if part.kind == "sequenceFlow":
                ways.setdefault(part.facts.get("@sourceRef", ""), []).append(part.id)
        for ident, flows in ways.items():
            source = self.reading.parts.get(ident)
            if source is not None and source.kind == "exclusiveGateway" and len(flows) > 1:
                source.facts["order"] = "\n".join(flows)


def _said(node: etree._Element) -> str:
    """What an element that others refer to is known by."""
    code = node.get("errorCode") or node.get("escalationCode")
    return code or node.get("name") or node.get("value") or ""


def _attributes(node: etree._Element, *, skip: frozenset[str]) -> Iterator[tuple[str, str]]:
    for key, value in node.attrib.items():
        name = etree.QName(key)
        if name.localname in skip or (name.localname in TECHNICAL and (name.namespace or node.getparent() is None)):
            continue
        yield f"@{name.localname}", str(value).strip()


def _properties(group: etree._Element) -> Iterator[tuple[str, str]]:
    """`name`/`value` properties; of two with one name both are told."""
    counts: Counter[str] = Counter()
    for each in group:
        if isinstance(each.tag, str) and each.get("name"):
            counts[each.get("name") or ""] += 1
            again = counts[each.get("name") or ""]
            value = (each.get("value") or each.text or "").strip()
            yield f"+{each.get('name')}" + (f"[{again}]" if again > 1 else ""), value


def _drawings(root: etree._Element) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Place, size, way and colour of everything drawn, by the id of the element."""
    for node in root.iter("{*}BPMNShape", "{*}BPMNEdge"):
        about = reference(node.get("bpmnElement"))
        if about:
            yield about, tuple(_drawing(node))


def _drawing(node: etree._Element) -> Iterator[str]:
    for each in node.iter(etree.Element):
        for key, value in sorted(each.attrib.items()):
            if etree.QName(key).localname not in ("id", "bpmnElement"):
                yield f"{local(each)}.{etree.QName(key).localname}={_number(str(value))}"


def _number(value: str) -> str:
    try:
        return f"{float(value):.1f}"
    except ValueError:
        return value
