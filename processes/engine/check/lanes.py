"""Lanes: who works there."""

from __future__ import annotations

from lxml import etree

from processes.engine.check.outline import Node, Outline, Piece, Scope
from processes.engine.check.problems import Report
from processes.engine.spiff.reading import PLAIN_TASKS, children, properties, reference, tag

WORKERS = ("role", "unit", "person")
"""Properties that say who does a task."""


def check_lanes(outline: Outline, report: Report) -> None:
    """The lanes of all processes, and the human tasks that stand in none."""
    placed: dict[str, list[Piece]] = {}
    for scope in outline.scopes:
        for lane in lanes_of(outline, scope):
            _check_lane(report, lane)
            for listed in children(lane.element, "flowNodeRef"):
                placed.setdefault(reference(listed.text) or "", []).append(lane)
    for node in outline.nodes:
        if node.tag in PLAIN_TASKS - {"task"} and not _has_worker(node, placed):
            report.add("user-task-without-lane", node)
        lanes = placed.get(node.id, [])
        beside = [lane for lane in lanes if not any(_stands_in(other, lane) for other in lanes)]
        if len(beside) > 1:
            report.add("lane-repeated", node, "、".join(lane.name or lane.key for lane in beside))


def _stands_in(inner: Piece, outer: Piece) -> bool:
    """Whether a lane is inside another."""
    return inner is not outer and any(each is outer.element for each in inner.element.iterancestors())


def lanes_of(outline: Outline, scope: Scope) -> list[Piece]:
    """All lanes of a process or sub-process, with those inside others."""
    found: list[Piece] = []
    waiting = list(reversed([each for each in scope.strangers if tag(each) == "laneSet"]))
    while waiting:
        for lane in children(waiting.pop(), "lane"):
            found.append(outline.piece(lane))
            waiting.extend(children(lane, "childLaneSet"))
    return found


def _check_lane(report: Report, lane: Piece) -> None:
    around = report.surroundings
    if properties(lane.element).keys() & set(WORKERS) or _is_divided(lane.element):
        return
    if not lane.name:
        report.add("lane-without-name", lane)
    elif around.lane_names is not None and lane.name not in around.lane_names:
        report.add("lane-unknown", lane)


def _is_divided(lane: etree._Element) -> bool:
    return bool(children(lane, "childLaneSet"))


def _has_worker(node: Node, placed: dict[str, list[Piece]]) -> bool:
    if properties(node.element).keys() & set(WORKERS) or node.id in placed:
        return True
    scope = node.scope
    while scope.owner is not None:
        if scope.owner.id in placed:
            return True
        scope = scope.owner.scope
    return False
