"""The form of a task that names none: the variables that the diagram declares, and a comment.

Declared are the form fields of other tools (`formField`, `formProperty`), and the names that conditions after the task
ask about, with the type that the comparison shows; a repeated task asks for what its repetition needs. A field begins
with the variable of its name.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from processes.engine.language import LanguageError, free_names
from processes.engine.language.reading import read_expression
from processes.engine.spiff import Element, Program
from processes.engine.spiff.reading import MODEL, parse
from processes.errors import Invalid
from processes.forms.definition import FormDefinition

KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}", re.ASCII)
FOREIGN_TYPES = {
    "string": "text",
    "long": "integer",
    "int": "integer",
    "double": "decimal",
    "date": "date",
    "boolean": "boolean",
    "enum": "choice",
}
ENDING = ("loopCondition", "completionCondition")
LISTS = ("loopDataInputRef", "loopDataOutputRef")
COUNTERS = {"nrOfInstances", "nrOfCompletedInstances", "nrOfActiveInstances", "loopCounter"}
COMMENT = {"key": "comment", "type": "textarea", "label": {"zh": "办理意见", "en": "Comment"}}


def form_of_task(bpmn: bytes, program: Program, element: Element) -> FormDefinition:
    """A form with one field for each declared variable of the task, and a comment box."""
    root = parse(bpmn)
    node = next((each for each in root.iter(f"{{{MODEL}}}*") if each.get("id") == element.id), None)
    fields: dict[str, dict[str, Any]] = {}
    made = _made_by_repetition(node)
    for found in [*_foreign_fields(node), *_of_repetition(node), *_asked(root, element)]:
        if found["key"] in made:
            continue
        if fields.get(found["key"], {}).get("type", "text") == "text":  # a later condition may show the type
            known = fields.get(found["key"], {})
            fields[found["key"]] = {**found, **known, "type": found["type"], "default_from": found["key"]}
    fields.setdefault("comment", COMMENT)
    title = {"zh": element.name or element.id, "en": element.name or element.id}
    whole = {"key": "task", "title": title, "fields": list(fields.values())}
    try:
        return FormDefinition.parse(whole)
    except Invalid:  # a foreign name or type that no field can have
        return FormDefinition.parse({**whole, "fields": [COMMENT]})


def _foreign_fields(node: etree._Element | None) -> Iterator[dict[str, Any]]:
    if node is None:
        return
    for each in node.iter():
        if not isinstance(each.tag, str) or etree.QName(each).localname not in ("formField", "formProperty"):
            continue
        key, label = each.get("id") or "", each.get("label") or each.get("name") or each.get("id") or ""
        if not KEY.fullmatch(key):
            continue
        field: dict[str, Any] = {"key": key, "label": label, "type": FOREIGN_TYPES.get(each.get("type") or "", "text")}
        if field["type"] == "choice":
            values = [
                value for value in each.iter() if isinstance(value.tag, str) and etree.QName(value).localname == "value"
            ]
            field["options"] = [
                {"value": value.get("id"), "label": value.get("name") or value.get("id")} for value in values
            ]
            if not field["options"]:
                field = {**field, "type": "text"}
                del field["options"]
        yield field


def _of_repetition(node: etree._Element | None) -> Iterator[dict[str, Any]]:
    """Fields for what the repetition of a task asks of each round: its conditions, and the result it gathers."""
    for each in node.iter(*(f"{{{MODEL}}}{name}" for name in ENDING)) if node is not None else ():
        yield from _fields_of("".join(each.itertext()).strip())
    for each in node.iter(f"{{{MODEL}}}outputDataItem") if node is not None else ():
        names = [name for name in (each.get("name") or "", each.get("id") or "") if KEY.fullmatch(name)]
        if names:
            yield {"key": names[0], "type": "text", "label": each.get("name") or names[0]}


def _made_by_repetition(node: etree._Element | None) -> set[str]:
    """Names that a repeated task has from its repetition, so that nobody is asked for them."""
    if node is None:
        return set()
    lists = {(each.text or "").strip() for name in LISTS for each in node.iter(f"{{{MODEL}}}{name}")}
    items = {each.get(name) or "" for each in node.iter(f"{{{MODEL}}}inputDataItem") for name in ("id", "name")}
    return lists | items | COUNTERS


def _asked(root: etree._Element, element: Element) -> Iterator[dict[str, Any]]:
    """Fields for what the conditions behind a task ask, up to the next task."""
    flows = list(root.iter(f"{{{MODEL}}}sequenceFlow"))
    gateways = {each.get("id") for each in root.iter() if isinstance(each.tag, str) and each.tag.endswith("Gateway")}
    front, seen = [element.id], set()
    while front:
        here = front.pop()
        seen.add(here)
        for flow in flows:
            if (flow.get("sourceRef") or "").strip() != here:
                continue
            for condition in flow.iterchildren(f"{{{MODEL}}}conditionExpression"):
                yield from _fields_of("".join(condition.itertext()).strip())
            target = (flow.get("targetRef") or "").strip()
            if target in gateways and target not in seen:
                front.append(target)


def _fields_of(condition: str) -> Iterator[dict[str, Any]]:
    try:
        names = free_names(condition)
    except LanguageError:
        return
    types = dict(_compared(condition))
    for name in sorted(names):
        if KEY.fullmatch(name):
            yield {"key": name, "type": types.get(name, "text"), "label": name}


def _compared(condition: str) -> Iterator[tuple[str, str]]:
    """Names with the type of what they are compared with; a bare name is asked as yes or no."""
    try:
        tree = ast.parse(read_expression(condition).text.strip(), mode="eval")
    except (LanguageError, SyntaxError, ValueError, RecursionError):
        return
    tested = [tree.body]
    while tested:
        node = tested.pop()
        if isinstance(node, ast.BoolOp):
            tested += node.values
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.Invert):  # `~` stands for `!`
            tested.append(node.operand)
        elif isinstance(node, ast.Name):
            yield node.id, "boolean"
        elif isinstance(node, ast.Compare) and isinstance(node.left, ast.Name):
            for other in node.comparators:
                if isinstance(other, ast.Constant):
                    yield node.left.id, _type_of(other.value)
                elif isinstance(other, ast.Name) and other.id in ("true", "false"):
                    yield node.left.id, "boolean"


def _type_of(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    return "decimal" if isinstance(value, (int, float)) else "text"
