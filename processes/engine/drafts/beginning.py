"""How a draft begins: from a version, from files that were sent, or from an empty sheet."""

from __future__ import annotations

import re
from xml.sax.saxutils import quoteattr

_NO_PART_OF_IDS = re.compile(r"[^A-Za-z0-9_]+")

_EMPTY = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
    xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core"
    id="definitions_{id}" targetNamespace="http://bpmn.io/schema/bpmn">
  <bpmn:process id="{id}" name={name} isExecutable="true">
    <bpmn:startEvent id="start" name="开始" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="diagram">
    <bpmndi:BPMNPlane id="plane" bpmnElement="{id}">
      <bpmndi:BPMNShape id="start_di" bpmnElement="start">
        <dc:Bounds x="180" y="160" width="36" height="36" />
        <bpmndi:BPMNLabel><dc:Bounds x="187" y="203" width="22" height="14" /></bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""


def empty_diagram(key: str, title: str) -> bytes:
    """A sheet with nothing on it but a beginning; ids are ASCII, whatever the key is."""
    plain = _NO_PART_OF_IDS.sub("_", key).strip("_")
    identity = plain if plain and plain[0].isalpha() else f"process_{plain}".rstrip("_")
    return _EMPTY.format(id=identity, name=quoteattr(title)).encode()
