"""Ids: present, used once, and such that neither this engine nor a browser modeler loses the element."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from processes.engine.check.outline import PREFIX, Outline
from processes.engine.check.problems import Report

PORTABLE = re.compile(r"([a-z][\w.-]*:)?[a-z_][\w.-]*", re.IGNORECASE | re.ASCII)
"""Ids that bpmn-moddle keeps; it drops an element with any other id."""
RESERVED = {"Start", "End", "Root"}
"""Ids that SpiffWorkflow's parser gives its own elements."""
LONGEST_ID = 200
LONGEST_NAME = 1_000
"""Characters; lists and indexes of the database hold ids and names."""
DRAWING = re.compile(r"\{http://www\.omg\.org/spec/(BPMN|DD)/\d+/DI\}")
MOST_SHOWN = 5


def check_ids(outline: Outline, report: Report) -> None:
    """Ids of everything that is BPMN."""
    seen: set[str] = set()
    for element in outline.root.iter(PREFIX + "*"):
        if len(element.get("name") or "") > LONGEST_NAME:
            report.add("text-too-long", outline.piece(element), f"name > {LONGEST_NAME}")
        written = element.get("id") or ""
        if not written.strip():
            continue
        if written.strip() in seen:
            report.add("duplicate-id", outline.piece(element))
        seen.add(written.strip())
        if len(written) > LONGEST_ID:
            report.add("text-too-long", outline.piece(element), f"id > {LONGEST_ID}")
        if not PORTABLE.fullmatch(written):
            report.add("id-not-portable", outline.piece(element))
    _check_picture_ids(outline, report, seen)


def _check_picture_ids(outline: Outline, report: Report, seen: set[str]) -> None:
    """Ids of shapes and edges; the process runs without them, but the browser modeler may drop the shape."""
    odd: list[str] = []
    for element in _drawn(outline.root):
        written = element.get("id")
        if written:
            if written in seen or not PORTABLE.fullmatch(written):
                odd.append(written)
            seen.add(written)
    if odd:
        report.add("picture-id", None, "、".join(odd[:MOST_SHOWN]), ", ".join(odd[:MOST_SHOWN]))


def _drawn(root: etree._Element) -> Iterator[etree._Element]:
    return (each for each in root.iter(etree.Element) if DRAWING.match(str(each.tag)))


def check_missing_ids(outline: Outline, report: Report) -> None:
    """Nodes and flows without an id, and nodes with an id that other engines keep for themselves."""
    for process in outline.checked:
        if not process.id:
            report.add("node-without-id", process, here=True)
    for node in outline.nodes:
        if not node.id:
            report.add("node-without-id", node, here=True)
        elif node.id in RESERVED:
            report.add("reserved-id", node, here=True)
    for flow in outline.flows:
        if not flow.id:
            report.add("sequence-flow-without-id", flow, here=True)
