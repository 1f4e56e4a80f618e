"""A diagram as a multiset of facts: every element, attribute and text, with its namespace and the id it belongs to.

Two files that say the same in different writing have the same facts: prefixes, the order of attributes, white space,
defaults of the BPMN schema and how a number is written make no difference.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from processes.engine.modeling.source import DRAWINGS, XSI, identity, is_reference, namespace, refers
from processes.engine.spiff.reading import MODEL

Fact = tuple[str, ...]
"""Kind, tag, what it says, and the nearest id around it."""
DEFAULTS = {
    *(("isForCompensation", "false"), ("startQuantity", "1"), ("completionQuantity", "1"), ("isClosed", "false")),
    *(("isExecutable", "false"), ("processType", "None"), ("isSequential", "false"), ("behavior", "All")),
    *(("triggeredByEvent", "false"), ("cancelActivity", "true"), ("isInterrupting", "true"), ("testBefore", "false")),
    *(
        ("parallelMultiple", "false"),
        ("instantiate", "false"),
        ("eventGatewayType", "Exclusive"),
        ("method", "##Compensate"),
    ),
    *(
        ("gatewayDirection", "Unspecified"),
        ("isCollection", "false"),
        ("isUnlimited", "true"),
        ("isReference", "false"),
    ),
    *(("associationDirection", "None"), ("implementation", "##unspecified"), ("implementation", "##WebService")),
    *(
        ("ordering", "Parallel"),
        ("cancelRemainingInstances", "true"),
        ("waitForCompletion", "true"),
        ("structureRef", "xsd:string"),
    ),
    *(
        ("textFormat", "text/plain"),
        ("itemKind", "Information"),
        ("minimum", "0"),
        ("maximum", "1"),
        ("mustUnderstand", "false"),
    ),
    *(("typeLanguage", "http://www.w3.org/2001/XMLSchema"), ("expressionLanguage", "http://www.w3.org/1999/XPath")),
    *(("isMarkerVisible", "false"), ("isMessageVisible", "false"), ("isHorizontal", "")),
}
"""What the BPMN schema means where an attribute is absent."""
UNSAID = {f"{{{XSI}}}schemaLocation", "exporter", "exporterVersion"}
"""Attributes that are about the file and not about the diagram."""


def facts(root: etree._Element) -> Counter[Fact]:
    """Everything a diagram says."""
    return Counter(_facts(root))


def lost_facts(before: etree._Element, after: etree._Element) -> Counter[Fact]:
    """What the first diagram says and the second does not."""
    return facts(before) - facts(after)


def _facts(root: etree._Element) -> Iterator[Fact]:
    for node in root.iter():
        if not isinstance(node.tag, str):
            yield ("remark", "", " ".join((node.text or "").split()), owner(node))
            continue
        of = owner(node)
        parent = node.getparent()
        yield ("element", kind_of(node), kind_of(parent) if parent is not None else "", of)
        for name, value in node.attrib.items():
            said = attribute(node, str(name), str(value))
            if said is not None:
                yield ("attribute", kind_of(node), *said, of)
        text = words_of(node)
        if text:
            yield ("text", kind_of(node), text, of)


def owner(node: etree._Element) -> str:
    """The id of an element, or of the nearest around it."""
    here: etree._Element | None = node
    while here is not None:
        if isinstance(here.tag, str) and (found := identity(here)):
            return found.strip()
        here = here.getparent()
    return ""


def kind_of(node: etree._Element) -> str:
    """A tag with its namespace; a formal expression is an expression of that type."""
    return str(node.tag).replace("}formalExpression", "}expression")


def attribute(node: etree._Element, name: str, value: str) -> tuple[str, str] | None:
    """What an attribute says in whichever way it is written; None where it says nothing."""
    if name in UNSAID or (namespace(node) == MODEL and (name, value.strip()) in DEFAULTS):
        return None
    if name == f"{{{XSI}}}type":
        local = value.strip().rsplit(":", 1)[-1]
        # A condition, a script or a point is of this type whether it says so or not.
        return None if local in ("tFormalExpression", "tExpression", "Point") else (name, local)
    if is_reference(node, name) or name in ("sourceRef", "targetRef"):
        return name, value.strip().rsplit(":", 1)[-1]
    if namespace(node) in DRAWINGS:
        if (name, value) in (("isMarkerVisible", "false"), ("isMessageVisible", "false")):
            return None
        return name, number(value)
    return name, " ".join(value.split())


def number(text: str) -> str:
    """A number as it is always written; any other text as it stands."""
    try:
        return repr(float(text))
    except ValueError:
        return " ".join(text.split())


def words_of(node: etree._Element) -> str:
    """The text of an element and what stands between its children, blanks aside."""
    parts = [node.text or "", *(child.tail or "" for child in node)]
    text = " ".join("".join(parts).split())
    return text.rsplit(":", 1)[-1] if refers(node) else text
