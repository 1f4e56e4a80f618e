"""From the bytes of a file to its XML, under the same guards as the engine's own reader."""

from __future__ import annotations

from lxml import etree

from processes.engine.check.problems import Report
from processes.engine.spiff.reading import LARGEST_FILE, MODEL

MOST_ELEMENTS = 40_000
"""BPMN elements of one file."""


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
    if sum(1 for _ in root.iter(f"{{{MODEL}}}*")) > MOST_ELEMENTS:
        report.add("file-too-complex", None, str(MOST_ELEMENTS))
        return None
    return root


def _declares_type(xml: bytes) -> bool:
    head = xml[:20_000].replace(b"\0", b"")
    return b"<!DOCTYPE" in head or b"<!ENTITY" in head
