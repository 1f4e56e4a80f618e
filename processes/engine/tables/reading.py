"""A decision table read from DMN: hardened parsing, one decision, and nothing in it is passed over in silence."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from processes.engine.tables.model import AGGREGATIONS, POLICIES, Input, Output, Rule, Table
from processes.errors import Invalid
from processes.messages import message
from processes.remembering import remembered

LARGEST_FILE = 500_000
"""Bytes."""
MOST_KEPT = 2_000_000
"""Bytes of all files whose tables are kept."""
MODELS = (
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
    "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "https://www.omg.org/spec/DMN/20230324/MODEL/",
)
"""The versions of DMN that are read, 1.1 to 1.5."""
LOGIC = frozenset({"businessKnowledgeModel", "decisionService", "import"})
"""What a file may hold besides that would change the result."""
_TYPES = {
    **{name: "string" for name in ("string", "any", "")},
    **{name: "number" for name in ("number", "integer", "long", "double", "decimal", "int", "float")},
    "boolean": "boolean",
    **{name: "date" for name in ("date", "datetime", "date and time")},
}
_LANGUAGES = ("", "python", "feel")


@remembered(MOST_KEPT)
def read_table(xml: bytes) -> Table:
    """The one decision table of a DMN file; `Invalid` for anything that would not be decided as it is drawn."""
    root = _parse(xml)
    for node in _children(root):
        if _tag(node) in LOGIC:
            raise Invalid(message("决策表文件含有不支持的内容“%(tag)s”，只支持一张决策表。", tag=_tag(node)))
    decisions = [node for node in _children(root) if _tag(node) == "decision"]
    if len(decisions) != 1:
        raise Invalid(message("决策表文件应有且只有一个决策，现有 %(count)s 个。", count=len(decisions)))
    decision = decisions[0]
    tables = [node for node in _children(decision) if _tag(node) == "decisionTable"]
    if len(tables) != 1:
        raise Invalid(message("决策“%(name)s”没有决策表。", name=_shown(decision)))
    if any(_tag(node) in ("informationRequirement", "knowledgeRequirement") and _needs(node) for node in decision):
        raise Invalid(message("决策“%(name)s”依赖其他决策，只支持单独一张决策表。", name=_shown(decision)))
    return _table(decision, tables[0])


def _parse(xml: bytes) -> etree._Element:
    if len(xml) > LARGEST_FILE:
        raise Invalid(message("决策表文件超过 %(limit)s 字节的上限。", limit=LARGEST_FILE))
    safe = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(xml, safe)
    except (etree.XMLSyntaxError, ValueError, LookupError) as cause:
        raise Invalid(message("决策表文件不是有效的 XML。")) from cause
    if root.getroottree().docinfo.doctype:
        raise Invalid(message("决策表文件不能含有 DOCTYPE 声明。"))
    name = etree.QName(root)
    if name.localname != "definitions" or name.namespace not in MODELS:
        raise Invalid(message("文件不是 DMN 决策表。"))
    return root


def _table(decision: etree._Element, node: etree._Element) -> Table:
    policy, aggregation = node.get("hitPolicy", "UNIQUE"), node.get("aggregation", "")
    if policy not in POLICIES:
        raise Invalid(message("不支持命中策略“%(policy)s”。", policy=policy))
    if aggregation not in AGGREGATIONS or (aggregation and policy != "COLLECT"):
        raise Invalid(message("不支持汇总方式“%(policy)s”。", policy=aggregation))
    parts = {name: [each for each in _children(node) if _tag(each) == name] for name in ("input", "output", "rule")}
    notes = tuple(each.get("name") or "" for each in _children(node) if _tag(each) == "annotation")
    return Table(
        id=decision.get("id") or "decision",
        name=decision.get("name") or decision.get("id") or "",
        policy=policy,
        aggregation=aggregation,
        inputs=tuple(_input(each, place) for place, each in enumerate(parts["input"], 1)),
        outputs=tuple(_output(each, place, decision) for place, each in enumerate(parts["output"], 1)),
        rules=tuple(_rule(each, place) for place, each in enumerate(parts["rule"], 1)),
        notes=notes or (("",) if any(_description(each) for each in parts["rule"]) else ()),
    )


def _input(node: etree._Element, place: int) -> Input:
    expression = next((each for each in _children(node) if _tag(each) == "inputExpression"), None)
    if expression is None:
        raise Invalid(message("第 %(place)s 个输入列没有表达式。", place=place))
    _need_language(expression)
    return Input(
        node.get("id") or f"input_{place}", node.get("label") or "", _text(expression), _type(expression.get("typeRef"))
    )


def _output(node: etree._Element, place: int, decision: etree._Element) -> Output:
    if any(_tag(each) == "defaultOutputEntry" for each in _children(node)):
        raise Invalid(message("第 %(place)s 个输出列有默认输出，不支持；请另写一条规则。", place=place))
    name = node.get("name") or _variable(decision) or decision.get("id") or ""
    return Output(node.get("id") or f"output_{place}", name, node.get("label") or "", _type(node.get("typeRef")))


def _variable(decision: etree._Element) -> str:
    return next((each.get("name") or "" for each in _children(decision) if _tag(each) == "variable"), "")


def _rule(node: etree._Element, place: int) -> Rule:
    cells: dict[str, list[str]] = {"inputEntry": [], "outputEntry": [], "annotationEntry": []}
    for each in _children(node):
        if _tag(each) in cells:
            _need_language(each)
            cells[_tag(each)].append(_text(each))
    notes = cells["annotationEntry"] or ([_description(node)] if _description(node) else [])
    return Rule(
        node.get("id") or f"rule_{place}", tuple(cells["inputEntry"]), tuple(cells["outputEntry"]), tuple(notes)
    )


def _need_language(node: etree._Element) -> None:
    language = (node.get("expressionLanguage") or "").rstrip("/").rsplit("/", 1)[-1].lower()
    if language not in _LANGUAGES and "feel" not in (node.get("expressionLanguage") or "").lower():
        raise Invalid(message("不支持表达式语言“%(language)s”。", language=language[:40]))


def _type(name: str | None) -> str:
    known = (name or "").rsplit(":", 1)[-1].lower()
    return _TYPES.get(known, "string")


def _description(node: etree._Element) -> str:
    return next(((each.text or "").strip() for each in _children(node) if _tag(each) == "description"), "")


def _needs(node: etree._Element) -> bool:
    """Whether a requirement is of another decision; one of plain input data says nothing that is executed."""
    return any(_tag(each) in ("requiredDecision", "requiredKnowledge") for each in _children(node))


def _children(node: etree._Element) -> Iterator[etree._Element]:
    return (each for each in node if isinstance(each.tag, str) and etree.QName(each).namespace in MODELS)


def _tag(node: etree._Element) -> str:
    return str(etree.QName(node).localname) if isinstance(node.tag, str) else ""


def _text(node: etree._Element) -> str:
    found = next((each for each in _children(node) if _tag(each) == "text"), None)
    return (found.text or "").strip() if found is not None else ""


def _shown(decision: etree._Element) -> str:
    return decision.get("name") or decision.get("id") or ""
