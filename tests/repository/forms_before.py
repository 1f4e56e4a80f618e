"""From whose forms each operation takes its answers: read from the diagrams that the desk brings along.

`python -m tests.repository.forms_before` writes it down anew after a diagram has been changed.
"""

from __future__ import annotations

import json
from pathlib import Path

from lxml import etree

from processes.engine.spiff.reading import MODEL

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "handlers" / "forms_before.json"
B = f"{{{MODEL}}}"


def _property(element, name):
    given = (each for around in element.findall(f"{B}extensionElements") for each in around.iter("{*}property"))
    return next((each.get("value") for each in given if each.get("name") == name), "")


class Diagram:
    """The flows of a diagram, walked backwards."""

    def __init__(self, xml):
        root = etree.fromstring(xml)
        self.elements = {each.get("id"): each for each in root.iter(f"{B}*") if each.get("id")}
        self.into = {}
        for each in root.iter(f"{B}sequenceFlow"):
            self.into.setdefault(each.get("targetRef"), []).append(each.get("sourceRef"))
        self.services = list(root.iter(f"{B}serviceTask"))
        self.own_forms = {_property(each, "form") for each in root.iter(f"{B}userTask")} - {""}

    def forms(self, service):
        """The forms of the tasks of people that come before a step, with no other such task between."""
        found, seen = set(), set()
        ahead = [(each, False) for each in self.into.get(service.get("id"), ())]
        while ahead:
            step = ahead.pop()
            if step in seen:
                continue
            seen.add(step)
            element, outside = self.elements[step[0]], step[1]
            if element.tag == f"{B}userTask" and not outside:
                found.add(_property(element, "form"))
            else:
                ahead += self._before(element, outside)
        return found - {""}

    def _before(self, element, outside):
        """What comes before an element; of an activity that is left by an event, or entered, what is outside of it."""
        if element.tag == f"{B}boundaryEvent":
            return [(element.get("attachedToRef"), True)]
        if element.tag == f"{B}startEvent" and element.getparent().tag == f"{B}subProcess":
            return [(element.getparent().get("id"), True)]
        called = self.elements.get(element.get("calledElement"), element)
        inside = [] if outside else [(each.get("id"), False) for each in called.findall(f"{B}endEvent")]
        return inside + [(each, False) for each in self.into.get(element.get("id"), ())]


def forms_before():
    """All forms, and the operations with the forms before them, over all diagrams."""
    found, forms = {}, set()
    for path in sorted((ROOT / "bpmn").glob("*/process.bpmn")):
        diagram = Diagram(path.read_bytes())
        forms |= diagram.own_forms
        for each in diagram.services:
            if operation := _property(each, "operation"):
                found.setdefault(operation, set()).update(diagram.forms(each))
    before = {operation: sorted(each) for operation, each in sorted(found.items()) if each}
    return {"forms": sorted(forms), "before": before}


if __name__ == "__main__":
    found = forms_before()
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(forms)}" for name, forms in found["before"].items())
    KEPT.write_text(f'{{"forms": {json.dumps(found["forms"])},\n"before": {{\n{lines}\n}}}}\n')
