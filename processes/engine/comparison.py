"""What one version of a package changes in another: steps of the diagram by id, and files by path."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from lxml import etree

from processes.engine.packages import DIAGRAM, Package
from processes.engine.spiff.reading import MODEL, parse

PARTS = frozenset(
    {
        *("process", "participant", "lane", "sequenceFlow", "message", "signal", "error", "escalation"),
        *("task", "userTask", "manualTask", "serviceTask", "scriptTask", "sendTask", "receiveTask"),
        *("businessRuleTask", "callActivity", "subProcess", "transaction", "adHocSubProcess"),
        *("startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"),
        *("exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"),
    }
)
"""Elements that are told as changed; all else belongs to the one that contains it."""
DERIVED = frozenset({"incoming", "outgoing"})
"""Said by the sequence flows once more."""


@dataclass(frozen=True)
class Change:
    """Something that one version has otherwise than the other."""

    kind: Literal["added", "removed", "changed"]
    tag: str
    """Local name of the element; `file` for a file of the package."""
    id: str
    name: str


def compare(before: Package, after: Package) -> list[Change]:
    """Steps and files that were added, removed or changed; steps that are only drawn elsewhere are not."""
    steps = list(_changes(_parts(before.bpmn), _parts(after.bpmn)))
    files = _changes(_files(before.files), _files(after.files))
    return steps + list(files)


def _changes(before: Mapping[str, _Part], after: Mapping[str, _Part]) -> Iterable[Change]:
    for key, part in after.items():
        if key not in before:
            yield Change("added", part.tag, key, part.name)
        elif before[key].content != part.content:
            yield Change("changed", part.tag, key, part.name)
    for key, part in before.items():
        if key not in after:
            yield Change("removed", part.tag, key, part.name)


@dataclass(frozen=True)
class _Part:
    tag: str
    name: str
    content: Any


def _files(files: Mapping[str, bytes]) -> dict[str, _Part]:
    return {path: _Part("file", path, content) for path, content in files.items() if path != DIAGRAM}


def _parts(bpmn: bytes) -> dict[str, _Part]:
    found = {}
    for element in parse(bpmn).iter(f"{{{MODEL}}}*"):
        tag, key = etree.QName(element).localname, element.get("id")
        if tag in PARTS and key:
            found[key] = _Part(tag, element.get("name") or "", _content(element))
    return found


def _content(element: etree._Element) -> Any:
    """An element with all that is its own, spaces between tags left aside."""
    inner = [each for each in element if isinstance(each.tag, str)]
    own = [_content(each) for each in inner if etree.QName(each).localname not in PARTS | DERIVED]
    return (element.tag, sorted(element.attrib.items()), (element.text or "").strip(), own)
