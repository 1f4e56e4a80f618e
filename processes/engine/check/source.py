"""From the bytes of a file to its XML, under the same guards as the engine's own reader."""

from __future__ import annotations

from lxml import etree

from processes.engine.check.outline import REFUSED_NODES
from processes.engine.check.problems import Report, Surroundings
from processes.engine.language.frame import SCRIPT_LENGTH
from processes.engine.spiff.reading import (
    LARGEST_FILE,
    MODEL,
    NODES,
    OWN_PROPERTIES,
    children,
    element_id,
    inline_definitions,
)

MOST_NODES = 2_000
"""Activities, events and gateways of one file; the longest procedure of the desk has about a hundred."""
MOST_ELEMENTS = 40_000
"""BPMN elements of one file."""
MOST_WRITTEN = 200_000
"""Characters of all scripts and expressions of one file; those of the desk's own twenty procedures have 65,000."""
WRITTEN = (
    *("script", "conditionExpression", "condition", "completionCondition", "loopCondition", "loopCardinality"),
    *("timeDate", "timeDuration", "timeCycle"),
)


def opened(xml: bytes, report: Report) -> etree._Element | None:
    """The root of a BPMN file, decoded as its XML declaration says; None where it cannot be read any further."""
    if len(xml) > LARGEST_FILE:
        report.add("file-too-large", None, str(LARGEST_FILE))
        return None
    safe = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(xml, safe)
    except (etree.XMLSyntaxError, ValueError, LookupError) as cause:
        report.add("dtd-or-entity" if _declares_type(xml) else "xml-not-wellformed", None, str(cause))
        return None
    if root.getroottree().docinfo.doctype:
        report.add("dtd-or-entity", None)
        return None
    if root.tag != f"{{{MODEL}}}definitions":
        report.add("not-bpmn-definitions", None, str(root.tag))
        return None
    nodes = sum(1 for _ in root.iter(*(f"{{{MODEL}}}{name}" for name in NODES | REFUSED_NODES)))
    elements = sum(1 for _ in root.iter(f"{{{MODEL}}}*"))
    for found, most in ((nodes, MOST_NODES), (elements, MOST_ELEMENTS)):
        if found > most:
            report.add("file-too-complex", None, str(most))
            return None
    if _written(root) > MOST_WRITTEN:
        report.add("scripts-too-long", None, str(MOST_WRITTEN))
        return None
    inline_definitions(root)
    return root


def _written(root: etree._Element) -> int:
    """Characters that the check would have to compile; what is too long by itself is refused where it stands."""
    texts = [len(each.text or "") for each in root.iter(*(f"{{{MODEL}}}{name}" for name in WRITTEN))]
    texts += [len(each.get("value", "")) for group in root.iter(OWN_PROPERTIES) for each in group]
    return sum(each for each in texts if each <= SCRIPT_LENGTH)


def first_process(xml: bytes) -> str:
    """Id of the first executable process of a file; nothing where the check will tell what is wrong with it."""
    root = opened(xml, Report(Surroundings()))
    for process in children(root, "process") if root is not None else ():
        if process.get("isExecutable", "true").strip() in ("true", "1"):
            return element_id(process)
    return ""


def _declares_type(xml: bytes) -> bool:
    head = xml[:20_000].replace(b"\0", b"")
    return b"<!DOCTYPE" in head or b"<!ENTITY" in head
