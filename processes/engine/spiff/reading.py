"""A BPMN file as XML: hardened parsing, what its tags mean, and how ids, references and texts are read."""

from __future__ import annotations

from collections import Counter
from copy import deepcopy
from typing import Any

from lxml import etree

from processes.engine.spiff import foreign
from processes.errors import Invalid
from processes.messages import message

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
OWN_PROPERTIES = "{http://spiffworkflow.org/bpmn/schema/1.0/core}properties"
LARGEST_FILE = 2_000_000
"""Bytes."""

RESOLVED = "resolved-here"
"""Attribute of a reference to an event definition that has been copied to where it is referred to."""
LONGEST_DEFINITION = 4_000
"""Characters."""
PARALLEL_MULTIPLE = {"intermediateCatchEvent", "boundaryEvent"}
"""Events that may wait until all of several things have happened."""
PLAIN_TASKS = {"task", "userTask", "manualTask"}
SUB_PROCESSES = {"subProcess", "transaction"}
NODES = (
    PLAIN_TASKS
    | SUB_PROCESSES
    | {"scriptTask", "serviceTask", "sendTask", "receiveTask", "businessRuleTask", "callActivity"}
    | {"exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway"}
    | {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
)
SILENT = {
    *("documentation", "extensionElements", "incoming", "outgoing", "ioSpecification", "property", "laneSet"),
    *("dataObject", "dataObjectReference", "dataStoreReference", "dataInputAssociation", "dataOutputAssociation"),
    *("textAnnotation", "association", "group", "auditing", "monitoring", "rendering"),
    *("humanPerformer", "performer", "potentialOwner"),
    *("resourceRole", "correlationSubscription", "supports", "supportedInterfaceRef", "sequenceFlow", "script"),
    *("multiInstanceLoopCharacteristics", "standardLoopCharacteristics", "artifact", "category"),
}
"""Children of a process or node that are read elsewhere or mean nothing to execution."""


def parse(xml: bytes, *, whole: bool = False) -> etree._Element:
    """The root of a BPMN file; no DTD, no entities, no network, no huge file: `Invalid` where it is no diagram.

    `whole`: with comments and processing instructions, for whoever writes the file again.
    """
    if len(xml) > LARGEST_FILE:
        raise Invalid(message("流程图文件超过 %(limit)s 字节的上限。", limit=LARGEST_FILE))
    safe = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=not whole,
        remove_pis=not whole,
    )  # fmt: skip
    try:
        root = etree.fromstring(xml, safe)
    except (etree.XMLSyntaxError, ValueError, LookupError) as cause:
        raise Invalid(message("流程图不是格式正确的 XML：%(reason)s", reason=cause)) from cause
    if root.getroottree().docinfo.doctype:
        raise Invalid(message("流程图不得包含 DTD 或实体声明。"))
    if root.tag != f"{{{MODEL}}}definitions":
        raise Invalid(message("文件不是 BPMN 2.0 流程图。"))
    return root


def tag(node: etree._Element) -> str:
    """Local name of a BPMN element; of a foreign one, with its namespace."""
    name = etree.QName(node)
    return name.localname if name.namespace == MODEL else str(node.tag)


def children(node: etree._Element, *names: str) -> list[etree._Element]:
    """BPMN children with one of the names."""
    return [child for child in node if isinstance(child.tag, str) and tag(child) in names]


def text_of(node: etree._Element | None) -> str | None:
    """The whole text of an element, or None where there is none."""
    found = "".join(node.itertext()).strip() if node is not None else ""
    return found or None


def reference(value: str | None) -> str | None:
    """A QName reference without its prefix."""
    return value.strip().rsplit(":", 1)[-1] if value and value.strip() else None


def properties(node: etree._Element) -> dict[str, str]:
    """The `name`/`value` properties by which a diagram speaks to this desk; those of other tools are not read."""
    found: dict[str, str] = {}
    for extension in children(node, "extensionElements"):
        for group in extension:
            if group.tag == OWN_PROPERTIES:
                for each in group:
                    name = each.get("name")
                    if name:
                        found[name] = each.get("value") or (each.text or "").strip()
    return found


def element_id(node: etree._Element) -> str:
    """The id of an element."""
    return (node.get("id") or "").strip()


def give_ids(root: etree._Element) -> None:
    """Give a deterministic id, made from its place, to every process, lane, node and flow that has none."""
    numbers: Counter[str] = Counter()
    for node in root.iter(f"{{{MODEL}}}*"):
        kind = tag(node)
        if element_id(node) or kind not in NODES | {"process", "lane", "sequenceFlow"}:
            continue
        base = kind
        if kind == "sequenceFlow":
            base += f"_{reference(node.get('sourceRef'))}_{reference(node.get('targetRef'))}"
        numbers[base] += 1
        node.set("id", f"{base}_{numbers[base]}")


def decision_table(node: etree._Element) -> str:
    """Key of the table by which a business rule task decides; nothing where it names an operation."""
    given = properties(node)
    if tag(node) != "businessRuleTask" or given.get("operation", "").strip():
        return ""
    return given.get("table", "").strip() or foreign.table_key(node)


def is_true(value: str | None) -> bool:
    """An XML boolean."""
    return (value or "").strip() in ("true", "1")


def event_definitions(node: etree._Element) -> list[Any]:
    """The event definitions of an event."""
    return [child for child in node if isinstance(child.tag, str) and tag(child).endswith("EventDefinition")]


def inline_definitions(root: etree._Element) -> None:
    """Copy the definitions that stand beside the processes into the events that refer to them."""
    refs = list(root.iter(f"{{{MODEL}}}eventDefinitionRef"))
    if not refs:
        return
    shared = {element_id(each): each for each in root if isinstance(each.tag, str) and _is_small_definition(each)}
    for ref in refs:
        event, found = ref.getparent(), shared.get(reference(ref.text) or "")
        if found is not None and event is not None and tag(event).endswith("Event"):
            copy = deepcopy(found)
            copy.attrib.pop("id", None)
            event.append(copy)
            ref.set(RESOLVED, "1")


def _is_small_definition(node: etree._Element) -> bool:
    return tag(node).endswith("EventDefinition") and len(text_of(node) or "") <= LONGEST_DEFINITION


def unresolved(node: etree._Element) -> list[Any]:
    """The references of an event to definitions that are not there."""
    return [each for each in children(node, "eventDefinitionRef") if each.get(RESOLVED) is None]


def event_kind(node: etree._Element) -> str | None:
    """`timer`, `message`, … `multiple` of an event; None for a plain one and for other elements."""
    if not tag(node).endswith("Event"):
        return "message" if tag(node) == "receiveTask" else None
    found = event_definitions(node)
    if len(found) > 1:
        return "multiple"
    return tag(found[0]).removesuffix("EventDefinition") if found else None
