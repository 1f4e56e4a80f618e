"""What diagrams of other tools say of a task: who does it, with which form, by which decision table.

`assignee`, `candidateUsers` and `candidateGroups` of Camunda, Activiti and Flowable, and the resource roles of BPMN.
"""

from __future__ import annotations

import re

from lxml import etree

MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
CALLED_DECISION = "{http://spiffworkflow.org/bpmn/schema/1.0/core}calledDecisionId"
ROLES = ("humanPerformer", "potentialOwner", "performer")
_CALLED = re.compile(r"\s*(?:user|group)\((.*)\)\s*", re.DOTALL)
_PARTS = re.compile(r",(?![^({]*[)}])")
_FORM = re.compile(r"^(?:embedded:|camunda-forms:|app:|deployment:|forms?/)*|\.(?:html|form|json|xhtml)$")


def workers(node: etree._Element) -> tuple[str, ...]:
    """Names of people or groups that a task names, each a text or one `${…}`; the most specific first.

    Several people of whom any may do it are left out: a task goes to one person, or to a post.
    """
    found = [*_attribute(node, "assignee")]
    users, groups = _attribute(node, "candidateUsers"), _attribute(node, "candidateGroups")
    for name in ROLES:
        for role in node.iterchildren(MODEL + name):
            for text in role.iter(MODEL + "formalExpression"):
                written = _listed("".join(text.itertext()))
                (found if name != "potentialOwner" else groups).extend(written)
    return tuple(dict.fromkeys([*found, *(users if len(users) == 1 else ()), *groups]))


def form_key(node: etree._Element) -> str:
    """The key of the form that a task names in the way of another tool, without the words around it."""
    for name in ("formKey", "formRef"):
        for written in _attribute(node, name):
            return _FORM.sub("", _FORM.sub("", written))
    return ""


def table_key(node: etree._Element) -> str:
    """The key of the decision table that a business rule task names in the way of another tool."""
    for name in ("decisionRef", "decisionTableReferenceKey"):
        for written in _attribute(node, name):
            return written
    found = (each for each in node.iter(CALLED_DECISION))
    return next(((each.text or "").strip() for each in found), "")


def _attribute(node: etree._Element, name: str) -> list[str]:
    """The parts of an attribute that another tool has written."""
    for key, value in node.attrib.items():
        if str(key).startswith("{") and str(key).endswith(f"}}{name}"):
            return _listed(str(value))
    return []


def _listed(text: str) -> list[str]:
    parts = [part.strip() for part in _PARTS.split(text)]
    bare = [_CALLED.sub(r"\1", part).strip() for part in parts]
    return [part for part in bare if part]
