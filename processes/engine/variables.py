"""Which names the expressions of a diagram read: what a form must go on giving, or a step will fail.

Whatever looks like a name counts: to warn of one too many costs a glance, one too few costs a case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from processes.engine.spiff.reading import MODEL, parse
from processes.errors import Invalid

_NAME = re.compile(r"(?<![.\w])[A-Za-z_]\w*", re.ASCII)
_QUOTED = re.compile(r"'([^'\\]*(?:\\.[^'\\]*)*)'|\"([^\"\\]*(?:\\.[^\"\\]*)*)\"")
_BRACED = re.compile(r"\{([^{}]*)\}")
_EXPRESSIONS = frozenset(
    {
        *("conditionExpression", "condition", "script", "completionCondition", "loopCondition", "loopCardinality"),
        *("timeDate", "timeDuration", "timeCycle", "loopDataInputRef", "loopDataOutputRef"),
    }
)
_TEMPLATES = frozenset({"title", "result"})
_NOT_READ = frozenset(
    {
        *(
            "form",
            "operation",
            "role",
            "stage",
            "stages",
            "starters",
            "asks",
            "code",
            "check",
            "tally",
            "document",
            "sign",
        ),
        *("remind", "escalate", "again", "name_en"),
    }
)
"""Properties that name something else than variables."""


@dataclass(frozen=True)
class Use:
    """One expression of a diagram: the element it belongs to, the names it reads, the texts it compares with."""

    element: str
    name: str
    text: str
    names: frozenset[str]
    literals: frozenset[str]


def uses(bpmn: bytes) -> list[Use]:
    """All expressions of a diagram, in the order of the file; of a file that cannot be read, none."""
    try:
        root = parse(bpmn)
    except Invalid:
        return []
    return list(_uses(root))


def _uses(root: etree._Element) -> Iterator[Use]:
    for node in root.iter():
        if not isinstance(node.tag, str):
            continue
        name = etree.QName(node)
        if name.localname == "property" and name.namespace != MODEL:
            yield from _of_property(node)
        elif name.localname in _EXPRESSIONS and (node.text or "").strip():
            yield _use(node, node.text or "", node.text or "")


def _of_property(node: etree._Element) -> Iterator[Use]:
    key, value = node.get("name") or "", node.get("value") or ""
    if not value or key in _NOT_READ:
        return
    read = " ".join(_BRACED.findall(value)) if key in _TEMPLATES else value
    if read:
        yield _use(node, value, read)


def _use(node: etree._Element, text: str, read: str) -> Use:
    owner = _owner(node)
    literals = {"".join(found) for found in _QUOTED.findall(read)}
    return Use(
        element=owner.get("id") or "",
        name=owner.get("name") or owner.get("id") or "",
        text=" ".join(text.split())[:200],
        names=frozenset(_NAME.findall(_QUOTED.sub(" ", read))),
        literals=frozenset(literals),
    )


def _owner(node: etree._Element) -> etree._Element:
    """The nearest element around an expression that people see: it has an id and belongs to the model."""
    here: etree._Element | None = node.getparent()
    inner = frozenset({"conditionExpression", "timerEventDefinition", "multiInstanceLoopCharacteristics"})
    while here is not None:
        name = etree.QName(here)
        if here.get("id") and name.namespace == MODEL and name.localname not in inner:
            return here
        here = here.getparent()
    return node


def naming(bpmn: bytes, name: str, value: str) -> list[str]:
    """The names of the elements whose property `name` is `value`; of a file that cannot be read, none."""
    try:
        root = parse(bpmn)
    except Invalid:
        return []
    owners = root.xpath("//*[local-name()='property'][@name=$name][@value=$value]/../../..", name=name, value=value)
    return list(dict.fromkeys(each.get("name") or each.get("id") or "" for each in owners))


def naming_with(bpmn: bytes, name: str, beside: str, value: str) -> set[str]:
    """The values of the property `name` of elements whose property `beside` is `value`."""
    try:
        root = parse(bpmn)
    except Invalid:
        return set()
    wanted = root.xpath(
        "//*[local-name()='property'][@name=$beside][@value=$value]/../*[local-name()='property'][@name=$name]",
        name=name,
        beside=beside,
        value=value,
    )
    return {each.get("value") or "" for each in wanted}
