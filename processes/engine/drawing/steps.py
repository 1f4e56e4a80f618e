"""A diagram as a list: what follows what, for the table below the picture and for screen readers."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from processes.engine.drawing.model import SUB_PROCESSES, Model, parse, read_model


@dataclass(frozen=True)
class Step:
    """One node of the diagram; `scope` is the id of the process or sub-process that contains it."""

    element_id: str
    kind: str
    name: str
    lane_name: str
    scope: str


def steps(xml: bytes) -> list[Step]:
    """All nodes in flow order; the inside of a sub-process directly follows it."""
    model = read_model(parse(xml))
    out: list[Step] = []
    waiting = [e.id for process in reversed(model.processes()) for e in reversed(in_order(model, process.id))]
    while waiting:
        e = model.elements[waiting.pop()]
        lane = model.elements.get(e.lane)
        out.append(Step(e.id, e.kind, e.name, lane.name if lane else "", e.parent))
        if e.kind in SUB_PROCESSES:
            waiting += [inner.id for inner in reversed(in_order(model, e.id))]
    return out


def in_order(model: Model, scope: str) -> list:
    """The nodes of one scope: each after those that lead to it, loops back left aside."""
    nodes = model.inside(scope)
    follow = followers(model, scope)
    entered = {target for targets in follow.values() for target in targets}
    roots = [e.id for e in nodes if e.kind == "startEvent"]
    roots += [e.id for e in nodes if e.id not in entered and e.id not in roots]
    roots += [e.id for e in nodes if e.id not in roots]  # nodes that only a loop reaches
    seen: set[str] = set()
    blocks: list[list[str]] = []
    for root in roots:
        if root not in seen:
            blocks.append(_finished(root, follow, seen)[::-1])
    # Later roots never lead to earlier ones unless they met them already, so they may stand behind.
    return [model.elements[ident] for block in blocks for ident in block]


def followers(model: Model, scope: str) -> dict[str, list[str]]:
    """Node id → the nodes its flows and its boundary events lead to."""
    follow: dict[str, list[str]] = defaultdict(list)
    for _, source, target in model.sequence(scope):
        follow[source].append(target)
    for e in model.inside(scope):
        if host := model.host(e):
            follow[host].append(e.id)
    return follow


def _finished(root: str, follow: dict[str, list[str]], seen: set[str]) -> list[str]:
    """The nodes reached from `root` that were not seen before, each after all that follow it."""
    seen.add(root)
    stack = [(root, iter(reversed(follow.get(root, ()))))]
    done: list[str] = []
    while stack:
        node, rest = stack[-1]
        for target in rest:
            if target not in seen:
                seen.add(target)
                stack.append((target, iter(reversed(follow.get(target, ())))))
                break
        else:
            done.append(node)
            stack.pop()
    return done
