"""XML of a diagram with all that is in it, comments too, read under the guards of the engine's own reader."""

from __future__ import annotations

from functools import lru_cache

from lxml import etree

from processes.engine.spiff.reading import MODEL, parse

DRAWINGS = (
    "http://www.omg.org/spec/BPMN/20100524/DI",
    "http://www.omg.org/spec/DD/20100524/DC",
    "http://www.omg.org/spec/DD/20100524/DI",
)
KNOWN = (MODEL, *DRAWINGS)
XSI = "http://www.w3.org/2001/XMLSchema-instance"
REFERENCES = {"default", "bpmnElement", "calledElement", "choreographyActivityShape"}
REFERRING = {"incoming", "outgoing", "supports", "source", "target", "eventDefinitionRef"}


def tree(xml: bytes) -> etree._Element:
    """The root of a BPMN file with all that is in it, decoded as its declaration says; `Invalid` for no diagram."""
    return parse(xml, whole=True)


def written(root: etree._Element) -> bytes:
    """The file of a tree: UTF-8, whatever it was before."""
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8")


def namespace(node: etree._Element) -> str:
    """The namespace of an element."""
    return _split(str(node.tag))[0]


@lru_cache(maxsize=5_000)
def _split(tag: str) -> tuple[str, str]:
    name = etree.QName(tag)
    return name.namespace or "", name.localname


def identity(node: etree._Element) -> str:
    """The id of an element of BPMN or of its drawing; the ids of what other tools have added are theirs."""
    return str(node.get("id") or "") if namespace(node) in KNOWN else ""


def is_reference(node: etree._Element, name: str) -> bool:
    """Whether an attribute of BPMN or of its drawing holds the id of something else."""
    return _is_reference(str(node.tag), name)


@lru_cache(maxsize=5_000)
def _is_reference(tag: str, name: str) -> bool:
    if name.startswith("{") or _split(tag)[0] not in KNOWN:
        return False
    return name in REFERENCES or name.endswith("Ref")


def refers(node: etree._Element) -> bool:
    """Whether the text of an element is the id of something else."""
    space, name = _split(str(node.tag))
    if space != MODEL:
        return False
    return name in REFERRING or (name.endswith("Ref") and not name.startswith("loopData"))
