"""Opening and saving in the modeler: what the tool loses is put back, what vanished must have been deleted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from lxml import etree

from processes.engine.modeling.facts import lost_facts, owner
from processes.engine.modeling.losses import MOST, Loss, losses, restore
from processes.engine.modeling.portable import portable
from processes.engine.modeling.source import identity, tree, written
from processes.errors import Invalid
from processes.messages import message

EXPORTER = "Chief Planner Desk"
MOST_NAMED = 20


class VanishedElements(Invalid):
    """Elements are missing that nobody has deleted."""

    code = "elements-vanished"

    def __init__(self, names: Sequence[str]) -> None:
        shown = "、".join(names[:MOST_NAMED])
        super().__init__(
            message(
                "有 %(count)s 个元素在保存时不见了，而您并没有删除它们，因此未保存：%(names)s。原来的内容仍在。",
                count=len(names),
                names=shown,
            )
        )
        self.names = names


@dataclass(frozen=True)
class Opened:
    """What the modeler could not take in of a file: what is put back at each save, and what nobody can keep."""

    kept: Sequence[Loss]
    gone: Sequence[str]


def opened(before: bytes, written_back: bytes) -> Opened:
    """Compare a file with what the modeler has made of it before anything was changed."""
    original, shown = tree(before), tree(written_back)
    found = losses(original, shown)[:MOST]
    restore(shown, found)
    left = lost_facts(original, shown)
    return Opened(found, [" ".join(each for each in fact if each) for fact in sorted(left)])


def merged(before: bytes, drawn: bytes, deleted: Collection[str] | None, kept: Sequence[Loss]) -> bytes:
    """The file to save: as it was drawn, with what the modeler could not take in. `deleted` is None: anything was."""
    root = tree(drawn)
    restore(root, kept[:MOST])
    if deleted is not None:
        _check_vanished(tree(portable(before).xml), root, frozenset(deleted))
    root.set("exporter", EXPORTER)
    if "exporterVersion" in root.attrib:
        del root.attrib["exporterVersion"]
    return written(root)


def is_own(xml: bytes) -> bool:
    """Whether a file was saved by the modeler of this desk."""
    return f'exporter="{EXPORTER}"'.encode() in xml[:20_000]


def _check_vanished(before: etree._Element, after: etree._Element, deleted: frozenset[str]) -> None:
    there = {identity(each) for each in after.iter(etree.Element)}
    names = [
        f"{each.get('name') or etree.QName(each).localname}（{identity(each)}）"
        for each in before.iter(etree.Element)
        if identity(each) and identity(each) not in there and not _was_deleted(each, deleted)
    ]
    if names:
        raise VanishedElements(names)


def _was_deleted(node: etree._Element, deleted: frozenset[str]) -> bool:
    here: etree._Element | None = node
    while here is not None:
        if owner(here) in deleted or here.get("bpmnElement") in deleted:
            return True
        here = here.getparent()
    return False
