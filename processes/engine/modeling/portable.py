"""A file as the modeler can take it in: UTF-8, with ids that it keeps, and a drawing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from processes.engine.check.identity import PORTABLE
from processes.engine.drawing import layout
from processes.engine.modeling.source import DRAWINGS, is_reference, refers, tree, written
from processes.engine.spiff.reading import MODEL, NODES
from processes.errors import Invalid
from processes.messages import Message, message

NEEDS_ID = NODES | {"process", "lane", "participant", "sequenceFlow", "messageFlow", "subProcess"}
MOST_OPENED, MOST_ARRANGED = 4_000, 1_500
"""Nodes and flows that the modeler takes in, and that are laid out where a file has no drawing."""


@dataclass(frozen=True)
class Renamed:
    """An element that has got another id: the modeler drops those whose id is not ASCII, or is used twice."""

    before: str
    after: str
    name: str


@dataclass
class Portable:
    """What the modeler opens, and what had to be changed for it."""

    xml: bytes
    renamed: list[Renamed] = field(default_factory=list)
    notices: list[Message] = field(default_factory=list)


def portable(xml: bytes) -> Portable:
    """The same diagram as UTF-8 with portable ids; the same file always becomes the same. `Invalid` if it is none."""
    root = tree(xml)
    _check_size(root)
    found = Portable(b"")
    encoding = (root.getroottree().docinfo.encoding or "UTF-8").upper()
    if encoding not in ("UTF-8", "ASCII", "US-ASCII"):
        found.notices.append(message("文件编码为 %(encoding)s，已转换为 UTF-8。", encoding=encoding))
    found.renamed = list(_with_ids(root))
    if found.renamed:
        found.notices.append(message("%(count)s 个元素的标识已改写为可移植的标识。", count=len(found.renamed)))
    found.xml = written(root)
    drawn = layout(found.xml)
    if drawn != found.xml:
        found.notices.append(message("文件中没有图形，已自动排版。"))
        found.xml = drawn
    return found


def _check_size(root: etree._Element) -> None:
    count = sum(_needs_id(each) for each in _elements(root))
    drawn = next(root.iter(f"{{{DRAWINGS[0]}}}BPMNShape"), None) is not None
    most = MOST_OPENED if drawn else MOST_ARRANGED
    if count > most:
        text = message(
            "流程图有 %(count)s 个元素，超过画图工具的上限 %(most)s 个，请拆成几张图。", count=count, most=most
        )
        raise Invalid(text)


def _with_ids(root: etree._Element) -> Iterator[Renamed]:
    """Give every element an id that the modeler keeps; references follow."""
    taken = {each for element in _elements(root) if (each := element.get("id")) and PORTABLE.fullmatch(each)}
    seen: set[str] = set()
    moved: dict[str, str] = {}
    numbers: Counter[str] = Counter()
    for element in _elements(root):
        before = element.get("id")
        if before is None and not _needs_id(element):
            continue
        if before is not None and PORTABLE.fullmatch(before) and before not in seen:
            seen.add(before)
            continue
        after = _free(before, element, taken, numbers)
        taken.add(after)
        seen.add(after)
        element.set("id", after)
        if before is not None and before not in seen:
            moved.setdefault(before.strip(), after)
        if etree.QName(element).namespace == MODEL:
            yield Renamed(before or "", after, (element.get("name") or "").strip())
    if moved:
        _follow(root, moved)


def _elements(root: etree._Element) -> Iterator[etree._Element]:
    """The elements of BPMN and of its drawing; what other tools have added is theirs."""
    for element in root.iter(etree.Element):
        if etree.QName(element).namespace in (MODEL, *DRAWINGS):
            yield element


def _needs_id(element: etree._Element) -> bool:
    name = etree.QName(element)
    return name.namespace == MODEL and name.localname in NEEDS_ID


def _free(before: str | None, element: etree._Element, taken: set[str], numbers: Counter[str]) -> str:
    """An id that nobody has: the old one without blanks, else the kind and a number."""
    stripped = (before or "").strip()
    if PORTABLE.fullmatch(stripped) and stripped not in taken:
        return stripped
    kind = etree.QName(element).localname
    while True:
        numbers[kind] += 1
        if f"{kind}_{numbers[kind]}" not in taken:
            return f"{kind}_{numbers[kind]}"


def _follow(root: etree._Element, moved: dict[str, str]) -> None:
    for element in _elements(root):
        for name, value in element.attrib.items():
            if is_reference(element, str(name)) and (after := _moved(str(value), moved)):
                element.set(name, after)
        if refers(element) and (after := _moved(element.text or "", moved)):
            element.text = after


def _moved(value: str, moved: dict[str, str]) -> str | None:
    """A reference after ids have moved, its prefix kept; None where it names none of them."""
    prefix, colon, local = value.strip().rpartition(":")
    after = moved.get(local) or moved.get(value.strip())
    return f"{prefix}{colon}{after}" if after else None
