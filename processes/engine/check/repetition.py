"""Loops and multi-instance activities."""

from __future__ import annotations

import re

from lxml import etree

from processes.engine.check.expressions import check_text, language_of
from processes.engine.check.outline import Node, Outline
from processes.engine.check.problems import Report
from processes.engine.language import LanguageError, free_names
from processes.engine.spiff.reading import children, tag, text_of

FOREIGN_COUNTERS = {
    *("numberOfInstances", "numberOfActiveInstances", "numberOfCompletedInstances", "numberOfTerminatedInstances"),
    *("nrOfTerminatedInstances", "nrOfActivatedInstances", "nrOfClosedInstances", "nrOfSuspendedInstances"),
}
"""Counters of BPMN and of other engines that are not known here."""
NUMBER = re.compile(r"[-+]?[\d.]+")
"""A number written out; how often an activity is done must be a whole one, not below zero."""
DATA = {"dataObject", "dataObjectReference", "dataInput", "dataOutput", "property", "dataStoreReference"}


def check_repetition(outline: Outline, report: Report) -> None:
    """All activities that are done several times."""
    for node in outline.nodes:
        if node.tag.endswith(("Event", "Gateway")):
            continue
        for loop in children(node.element, "standardLoopCharacteristics"):
            _check_loop(report, node, loop)
        for multi in children(node.element, "multiInstanceLoopCharacteristics"):
            _check_multi_instance(outline, report, node, multi)


def _child(element: etree._Element, name: str) -> etree._Element | None:
    found = children(element, name)
    return found[0] if found else None


def _check_loop(report: Report, node: Node, loop: etree._Element) -> None:
    condition, most = _child(loop, "loopCondition"), loop.get("loopMaximum")
    text = text_of(condition)
    if text is None and most is None:
        report.add("loop-incomplete", node, "loopCondition, loopMaximum")
    if most is not None and not most.strip().isdecimal():
        report.add("loop-incomplete", node, f"loopMaximum={most}")
    if text is not None and condition is not None:
        check_text(report, node, "condition-language", text, language_of(condition))


def _check_multi_instance(outline: Outline, report: Report, node: Node, multi: etree._Element) -> None:
    if multi.get("behavior", "All") != "All":
        report.add("multi-instance-incomplete", node, f"behavior={multi.get('behavior')}")
    foreign = {etree.QName(key).localname: value for key, value in multi.attrib.items() if key.startswith("{")}
    cardinality, collection = text_of(_child(multi, "loopCardinality")), text_of(_child(multi, "loopDataInputRef"))
    vendor = None if collection else foreign.get("collection")
    if (cardinality is None) == ((collection or vendor) is None):
        why = "loopCardinality, loopDataInputRef"
        report.add("multi-instance-incomplete", node, why)
    elif vendor:
        report.add("multi-instance-incomplete", node, f"collection={vendor}", here=True)
        collection = None if report.surroundings.portable else vendor
    if (text_of(_child(multi, "loopDataOutputRef")) is None) != (_item(multi, "outputDataItem") is None):
        report.add("multi-instance-incomplete", node, "loopDataOutputRef, outputDataItem")
    if cardinality is not None and NUMBER.fullmatch(cardinality) and not cardinality.isdecimal():
        report.add("multi-instance-incomplete", node, f"loopCardinality={cardinality}")
    for text in (cardinality, collection):
        if text is not None:
            check_text(report, node, "multi-instance-incomplete", text)
    if collection in outline.ids and tag(outline.ids[collection]) in DATA:
        report.add("multi-instance-data-element", node, collection)
    _check_completion(report, node, multi)


def _item(multi: etree._Element, name: str) -> str | None:
    found = _child(multi, name)
    return None if found is None else found.get("id") or found.get("name")


def _check_completion(report: Report, node: Node, multi: etree._Element) -> None:
    condition = _child(multi, "completionCondition")
    text = text_of(condition)
    if (
        text is None
        or condition is None
        or not check_text(report, node, "condition-language", text, language_of(condition))
    ):
        return
    try:
        unknown = free_names(text) & FOREIGN_COUNTERS
    except LanguageError:
        return
    if unknown:
        report.add("multi-instance-counter-unknown", node, ", ".join(sorted(unknown)))
