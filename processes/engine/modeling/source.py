"""XML of a diagram with all that is in it, comments too, read under the guards of the engine's own reader."""

from __future__ import annotations

from functools import lru_cache

from lxml import etree

from processes.engine.spiff.reading import LARGEST_FILE, MODEL
from processes.errors import Invalid
from processes.messages import message

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
    """The root of a BPMN file, decoded as its declaration says; `Invalid` where it is no diagram."""
    if len(xml) > LARGEST_FILE:
        raise Invalid(message("流程图文件超过 %(limit)s 字节的上限。", limit=LARGEST_FILE))
    safe = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(xml, safe)
    except (etree.XMLSyntaxError, ValueError, LookupError) as cause:
        raise Invalid(message("流程图不是格式正确的 XML：%(reason)s", reason=cause)) from cause
    if root.getroottree().docinfo.doctype:
        raise Invalid(message("流程图不得包含 DTD 或实体声明。"))
    if root.tag != f"{{{MODEL}}}definitions":
        raise Invalid(message("文件不是 BPMN 2.0 流程图。"))
    return root


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
