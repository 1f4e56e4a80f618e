"""A decision table written as DMN 1.3, so that other tools can open it."""

from __future__ import annotations

from lxml import etree

from processes.engine.tables.model import Input, Output, Rule, Table

MODEL = "https://www.omg.org/spec/DMN/20191111/MODEL/"
NAMESPACE = "http://spiffworkflow.org/dmn"


def write_table(table: Table) -> bytes:
    """The table as a file; the same table gives the same bytes."""
    root = etree.Element(f"{{{MODEL}}}definitions", nsmap={None: MODEL})
    root.set("id", f"definitions_{table.id}")
    root.set("name", table.name)
    root.set("namespace", NAMESPACE)
    decision = _put(root, "decision", id=table.id, name=table.name)
    node = _put(decision, "decisionTable", id=f"table_{table.id}", hitPolicy=table.policy)
    if table.aggregation:
        node.set("aggregation", table.aggregation)
    for column in table.inputs:
        _write_input(node, column)
    for answer in table.outputs:
        _write_output(node, answer)
    for name in table.notes:
        _put(node, "annotation", name=name)
    for rule in table.rules:
        _write_rule(node, rule, table)
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"


def _write_input(node: etree._Element, column: Input) -> None:
    made = _put(node, "input", id=column.id, label=column.label)
    expression = _put(made, "inputExpression", id=f"{column.id}_expression", typeRef=column.type)
    expression.set("expressionLanguage", "python")
    _put(expression, "text").text = column.expression


def _write_output(node: etree._Element, column: Output) -> None:
    _put(node, "output", id=column.id, label=column.label, name=column.name, typeRef=column.type)


def _write_rule(node: etree._Element, rule: Rule, table: Table) -> None:
    made = _put(node, "rule", id=rule.id)
    for place, text in enumerate(rule.inputs, 1):
        _put(_put(made, "inputEntry", id=f"{rule.id}_in_{place}"), "text").text = text
    for place, text in enumerate(rule.outputs, 1):
        entry = _put(made, "outputEntry", id=f"{rule.id}_out_{place}")
        entry.set("expressionLanguage", "python")
        _put(entry, "text").text = text
    for place in range(len(table.notes)):
        _put(_put(made, "annotationEntry"), "text").text = rule.notes[place] if place < len(rule.notes) else ""


def _put(parent: etree._Element, tag: str, /, **given: str) -> etree._Element:
    made = etree.SubElement(parent, f"{{{MODEL}}}{tag}")
    for key, value in given.items():
        made.set(key, value)
    return made
