"""What a tool has lost of a diagram by reading and writing it, found part by part, and put back where it was."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from lxml import etree

from processes.engine.modeling.facts import attribute, kind_of, words_of
from processes.engine.modeling.source import identity, refers
from processes.errors import Invalid
from processes.messages import message

Path = tuple[tuple[str, int], ...]
"""From an element with an id down to one without: tag and number among the children of that tag."""
MOST = 5_000


@dataclass(frozen=True)
class Loss:
    """A part of a diagram that a tool has not kept."""

    kind: Literal["element", "attribute", "stray", "text", "remark"]
    near: str
    """The id of the element in which it was, or of the nearest around it; empty for the file."""
    path: Path
    """From there to the element in which it was."""
    name: str
    """The name of an attribute; of an element, its place among the children."""
    value: str
    """The value of an attribute, a text, or the XML of an element."""
    instead: str = ""
    """The value or text that the tool has written in its place; where it is another by now, somebody wanted it so."""

    @classmethod
    def read(cls, data: Any) -> Loss:
        """A loss as a browser sends it back."""
        try:
            path = tuple((str(tag), int(number)) for tag, number in data["path"])
            texts = {name: str(data[name]) for name in ("kind", "near", "name", "value")}
        except (KeyError, TypeError, ValueError) as cause:
            raise Invalid(message("请求不完整或格式有误，未作任何更改。")) from cause
        if texts["kind"] not in ("element", "attribute", "stray", "text", "remark"):
            raise Invalid(message("请求不完整或格式有误，未作任何更改。"))
        return cls(path=path, instead=str(data.get("instead", "")), **texts)  # type: ignore[arg-type]  # checked above


def losses(before: etree._Element, after: etree._Element) -> list[Loss]:
    """What `after` has lost of `before`, in the order of the file."""
    known = {ident: each for each in after.iter(etree.Element) if (ident := identity(each))}
    return list(_losses(before, after, known))


def restore(root: etree._Element, lost: Iterable[Loss]) -> None:
    """Put back what a tool could not keep, where the element that it belongs to is still there."""
    ids = {ident: each for each in root.iter(etree.Element) if (ident := identity(each))}
    for loss in lost:
        place = root if not loss.near else ids.get(loss.near)
        for tag, number in loss.path:
            place = _child(place, tag, number) if place is not None else None
        if place is not None:
            _put_back(place, loss, ids)


def _losses(before: etree._Element, after: etree._Element, known: dict[str, etree._Element]) -> Iterator[Loss]:
    yield from _attributes(before, after)
    if (text := words_of(before)) and text != words_of(after):
        yield Loss("text", *_address(before), "", before.text or "", after.text or "")
    pairs = _pairs(before, after, known)
    for place, child in enumerate(before):
        if not isinstance(child.tag, str):
            if not _has_remark(after, child):
                yield Loss("remark", *_address(before), str(place), _xml(child))
        elif child in pairs:
            yield from _losses(child, pairs[child], known)
        else:
            yield Loss("element", *_address(before), str(place), _xml(child))


def _xml(node: etree._Element) -> str:
    return etree.tostring(node, with_tail=False, encoding="unicode")


def _attributes(before: etree._Element, after: etree._Element) -> Iterator[Loss]:
    said = {str(n): s for n, v in before.attrib.items() if (s := attribute(before, str(n), str(v))) is not None}
    kept = {str(n): s for n, v in after.attrib.items() if (s := attribute(after, str(n), str(v))) is not None}
    for name, what in said.items():
        if name not in kept or kept[name] != what:
            near, path = _address(before)
            yield Loss("attribute", near, path, name, str(before.get(name)), after.get(name) or "")
            local = etree.QName(name).localname
            if local != name and local in kept and local not in said:
                yield Loss("stray", near, path, local, str(after.get(local)))


def _pairs(
    before: etree._Element, after: etree._Element, known: dict[str, etree._Element]
) -> dict[etree._Element, etree._Element]:
    """The children of one element and what became of them: by id, else the same, else the next of the same kind."""
    pairs: dict[etree._Element, etree._Element] = {}
    same: dict[tuple[Any, ...], list[etree._Element]] = defaultdict(list)
    for child in after.iterchildren(etree.Element):
        if not identity(child):
            same[_says(child)].append(child)
    nameless: list[etree._Element] = []
    for child in before.iterchildren(etree.Element):
        ident = identity(child)
        if ident and ident in known and kind_of(known[ident]) == kind_of(child):
            pairs[child] = known[ident]
        elif not ident and same[_says(child)]:
            pairs[child] = same[_says(child)].pop(0)
        elif not ident:
            nameless.append(child)
    others = [each for alike in same.values() for each in alike]
    for child in nameless:
        alike = next((each for each in others if kind_of(each) == kind_of(child)), None)
        if alike is not None and not refers(child):
            others.remove(alike)
            pairs[child] = alike
    return pairs


def _says(node: etree._Element) -> tuple[Any, ...]:
    """An element with all that is in it, in whichever way it is written."""
    given = [attribute(node, str(name), str(value)) for name, value in node.attrib.items()]
    inside = tuple(_says(child) for child in node.iterchildren(etree.Element))
    return kind_of(node), tuple(sorted(each for each in given if each is not None)), words_of(node), inside


def _address(node: etree._Element) -> tuple[str, Path]:
    path: list[tuple[str, int]] = []
    here = node
    while not identity(here) and (parent := here.getparent()) is not None:
        path.append((kind_of(here), [each for each in parent if _is(each, kind_of(here))].index(here)))
        here = parent
    return identity(here), tuple(reversed(path))


def _is(node: etree._Element, tag: str) -> bool:
    return isinstance(node.tag, str) and kind_of(node) == tag and not identity(node)


def _child(node: etree._Element, tag: str, number: int) -> etree._Element | None:
    found: Sequence[etree._Element] = [each for each in node if _is(each, tag)]
    return found[number] if number < len(found) else None


def _has_remark(node: etree._Element, remark: etree._Element) -> bool:
    return any(each.tag is remark.tag and each.text == remark.text for each in node)


def _put_back(place: etree._Element, loss: Loss, ids: dict[str, etree._Element]) -> None:
    if loss.kind == "stray":
        if place.get(loss.name) == loss.value:
            del place.attrib[loss.name]
    elif loss.kind == "attribute":
        if (place.get(loss.name) or "") == loss.instead:
            place.set(loss.name, loss.value)
    elif loss.kind == "text":
        if (place.text or "") == loss.instead:
            place.text = loss.value
    else:
        _insert(place, loss, ids)


def _insert(place: etree._Element, loss: Loss, ids: dict[str, etree._Element]) -> None:
    safe = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        part = etree.fromstring(f"<r>{loss.value}</r>", safe)[0]
        index = int(loss.name)
    except (etree.XMLSyntaxError, ValueError, IndexError) as cause:
        raise Invalid(message("请求不完整或格式有误，未作任何更改。")) from cause
    inside = [part, *part.iter(etree.Element)]
    if any(isinstance(each.tag, str) and identity(each) in ids for each in inside):
        return
    part.tail = place[index].tail if index < len(place) else None
    place.insert(index, part)
