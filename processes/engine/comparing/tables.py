"""Two versions of a decision table compared rule by rule and cell by cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from processes.engine.comparing.model import Change, Fact, Words
from processes.messages import message


@dataclass
class Table:
    """A decision table: its columns, and its rules with their cells in the order of the columns."""

    id: str
    name: str
    policy: str
    columns: dict[str, str] = field(default_factory=dict)
    """By id: what the column is called and what it looks at."""
    rules: dict[str, dict[str, str]] = field(default_factory=dict)
    """By id of the rule: the cells by id of the column, and the annotation."""


def compare_tables(path: str, before: bytes | None, after: bytes | None) -> Iterator[Change]:
    """What a decision table decides otherwise."""
    if before == after:
        return
    title = message("决策表文件“%(path)s”", path=path)
    old, new = _tables(before), _tables(after)
    if old is None or new is None:
        yield Change("changed", "table", path, title, (Fact(message("内容"), None, message("无法读取")),))
        return
    for key, table in new.items():
        if key not in old:
            yield Change("added", "table", path, _subject(table), tuple(_rules(table, added=True)), part=key)
        else:
            yield from _compared(path, old[key], table)
    for key, table in old.items():
        if key not in new:
            yield Change("removed", "table", path, _subject(table), tuple(_rules(table, added=False)), part=key)


def _subject(table: Table) -> Words:
    return message("决策表“%(name)s”", name=table.name or table.id)


def _tables(content: bytes | None) -> dict[str, Table] | None:
    """The decisions of a file; None where it is no XML."""
    if content is None:
        return {}
    safe = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, safe)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return {table.id: table for node in root.iter("{*}decision") for table in [_table(node)]}


def _text(node: etree._Element, *path: str) -> str:
    found: etree._Element | None = node
    for name in path:
        found = None if found is None else found.find("{*}" + name)
    return "".join(found.itertext()).strip() if found is not None else ""


def _table(node: etree._Element) -> Table:
    ident = node.get("id") or ""
    inner = node.find("{*}decisionTable")
    table = Table(ident, node.get("name") or "", (inner.get("hitPolicy") or "UNIQUE") if inner is not None else "")
    if inner is None:
        table.rules["expression"] = {"expression": _text(node, "literalExpression")}
        return table
    if inner.get("aggregation"):
        table.policy += f" {inner.get('aggregation')}"
    columns = [*inner.iterchildren("{*}input"), *inner.iterchildren("{*}output")]
    for place, column in enumerate(columns):
        key = column.get("id") or str(place)
        looks_at = _text(column, "inputExpression") or column.get("name") or ""
        label = column.get("label") or ""
        table.columns[key] = f"{label}（{looks_at}）" if label and looks_at else label or looks_at or key
    keys = list(table.columns)
    for place, rule in enumerate(inner.iterchildren("{*}rule"), 1):
        cells = [*rule.iterchildren("{*}inputEntry"), *rule.iterchildren("{*}outputEntry")]
        found = {key: "".join(cell.itertext()).strip() for key, cell in zip(keys, cells, strict=False)}
        notes = [*filter(None, (_text(each) for each in rule.iterchildren("{*}annotationEntry", "{*}description")))]
        table.rules[rule.get("id") or f"#{place}"] = {**found, "": " ".join(notes)}
    return table


def _compared(path: str, old: Table, new: Table) -> Iterator[Change]:
    facts = [*_heads(old, new)]
    for place, (key, cells) in enumerate(new.rules.items(), 1):
        name = message("第 %(number)s 条规则", number=place)
        if key not in old.rules:
            facts.append(Fact(name, None, _row(new, cells)))
        elif old.rules[key] != cells:
            facts += _cells(old, new, key, place)
    for place, (key, cells) in enumerate(old.rules.items(), 1):
        if key not in new.rules:
            facts.append(Fact(message("原第 %(number)s 条规则", number=place), _row(old, cells), None))
    kept = [key for key in old.rules if key in new.rules], [key for key in new.rules if key in old.rules]
    if kept[0] != kept[1]:
        numbers = [list(old.rules).index(key) + 1 for key in kept[1]]
        facts.append(Fact(message("规则顺序"), _numbers(sorted(numbers)), _numbers(numbers)))
    if facts:
        yield Change("changed", "table", path, _subject(new), tuple(facts), part=new.id)


def _numbers(numbers: list[int]) -> str:
    return "、".join(str(each) for each in numbers)


def _heads(old: Table, new: Table) -> Iterator[Fact]:
    if old.name != new.name:
        yield Fact(message("名称"), old.name, new.name)
    if old.policy != new.policy:
        yield Fact(message("命中策略"), old.policy, new.policy)
    for key in dict.fromkeys([*old.columns, *new.columns]):
        if old.columns.get(key) != new.columns.get(key):
            yield Fact(message("列"), old.columns.get(key), new.columns.get(key))


def _cells(old: Table, new: Table, key: str, place: int) -> Iterator[Fact]:
    before, after = old.rules[key], new.rules[key]
    for column in dict.fromkeys([*before, *after]):
        if before.get(column) != after.get(column):
            head = new.columns.get(column) or old.columns.get(column) or message("备注")
            name = message("第 %(number)s 条规则的“%(column)s”", number=place, column=head)
            yield Fact(name, _cell(before.get(column)), _cell(after.get(column)))


def _cell(text: str | None) -> Words | None:
    return None if text is None else text or message("（空）")


def _row(table: Table, cells: dict[str, str]) -> str:
    return "；".join(f"{table.columns.get(key, key)} {text or '-'}" for key, text in cells.items() if key or text)


def _rules(table: Table, *, added: bool) -> Iterator[Fact]:
    for place, cells in enumerate(table.rules.values(), 1):
        row = _row(table, cells)
        yield Fact(message("第 %(number)s 条规则", number=place), None if added else row, row if added else None)
