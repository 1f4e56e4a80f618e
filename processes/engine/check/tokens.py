"""The token game: from one marking of a net to all that may follow it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from processes.engine.check.net import NOTHING, Marking, Net, Token
from processes.engine.check.outline import Flow, Node, Scope
from processes.engine.spiff.reading import event_definitions, reference, tag

RAISED = {"error", "escalation", "cancel"}
JOINS = {"parallelGateway", "inclusiveGateway"}


class Step(NamedTuple):
    """One thing that may happen."""

    after: Marking
    node: Node
    """What was carried out."""
    raised: tuple[str, str | None] | None = None
    """Kind and reference of an error, escalation or cancellation that looks for a boundary event outside."""


def steps(net: Net, marking: Marking, scope: Scope) -> Iterator[Step]:
    """Everything that may happen next in a scope."""
    seen: set[Token] = set()
    joins: dict[Node, None] = {}
    for index, token in enumerate(marking):
        if token in seen:
            continue
        seen.add(token)
        node = net.target(token[0])
        rest = marking[:index] + marking[index + 1 :]
        if token[0] % 2:
            yield from _inside(net, node, token, rest)
        elif node.tag in JOINS and len(net.ways_in[node]) > 1:
            joins[node] = None
        else:
            yield from _enter(net, node, rest)
    for node in joins:
        yield from _join(net, node, marking)


def _with(rest: Marking, added: tuple[Token, ...]) -> Marking:
    return tuple(sorted(rest + added)) if added else rest


def _enter(net: Net, node: Node, rest: Marking) -> Iterator[Step]:
    """A token comes to a node."""
    net.seen.add(node)
    if node.tag == "endEvent" and "terminate" in node.kinds:
        yield Step(NOTHING, node)
    elif node.tag == "endEvent":
        kind = next((each for each in node.kinds if each in RAISED), None)
        yield Step(rest, node, (kind, _raised_reference(node, kind)) if kind is not None else None)
    elif net.opens(node):
        yield from _open(net, node, rest)
    elif any(not boundary.interrupts for boundary in node.boundaries):
        yield Step(_with(rest, ((2 * net.number[node] + 1, (), ()),)), node)
    else:
        yield from _leave(net, node, node, rest)
        yield from _boundaries(net, node, None, rest)


def _raised_reference(node: Node, kind: str) -> str | None:
    """What the error, escalation or cancellation of an event refers to."""
    found = [each for each in event_definitions(node.element) if tag(each) == f"{kind}EventDefinition"]
    return reference(found[0].get(f"{kind}Ref")) if found else None


def _leave(net: Net, node: Node, by: Node, rest: Marking) -> Iterator[Step]:
    for added in net.leave(by):
        yield Step(tuple(sorted(rest + added)), node)


def _open(net: Net, node: Node, rest: Marking) -> Iterator[Step]:
    """A sub-process begins."""
    assert node.inside is not None
    for inner in net.begin(node.inside.starts[0]):
        if inner:
            yield Step(_with(rest, ((2 * net.number[node] + 1, inner, ()),)), node)
        else:
            yield from _leave(net, node, node, rest)


def _boundaries(net: Net, node: Node, token: Token | None, rest: Marking) -> Iterator[Step]:
    """The boundary events of an activity may happen at any time; each that does not interrupt, once."""
    for boundary in node.boundaries:
        number = net.number[boundary]
        if boundary.interrupts:
            net.seen.add(boundary)
            yield from _leave(net, boundary, boundary, rest)
        elif token is not None and number not in token[2]:
            net.seen.add(boundary)
            staying = (token[0], token[1], tuple(sorted((*token[2], number))))
            yield from _leave(net, boundary, boundary, (*rest, staying))


def _inside(net: Net, node: Node, token: Token, rest: Marking) -> Iterator[Step]:
    """A token is inside an activity: something moves in there, the activity ends, or a boundary event happens."""
    place, inner, fired = token
    if net.opens(node):
        assert node.inside is not None
        for step in steps(net, inner, node.inside):
            caught = _catcher(node, step.raised)
            if caught is not None:
                net.seen.add(caught)
                yield from _caught(net, node, step, caught, (place, step.after, fired), rest)
            elif step.after:
                yield Step(_with(rest, ((place, step.after, fired),)), step.node, step.raised)
            else:
                for ended in _leave(net, step.node, node, rest):
                    yield ended._replace(raised=step.raised)
    else:
        yield from _leave(net, node, node, rest)
    yield from _boundaries(net, node, token, rest)


def _caught(net: Net, node: Node, step: Step, caught: Node, staying: Token, rest: Marking) -> Iterator[Step]:
    """A boundary event catches what was raised inside; the activity goes on if it does not interrupt."""
    for added in net.leave(caught):
        if caught.interrupts:
            yield Step(_with(rest, added), step.node)
        elif step.after:
            yield Step(_with(rest, (*added, staying)), step.node)
        else:
            yield from _leave(net, step.node, node, (*rest, *added))


def _catcher(node: Node, raised: tuple[str, str | None] | None) -> Node | None:
    """The boundary event that catches what was raised inside an activity."""
    if raised is None:
        return None
    kind, code = raised
    for boundary in node.boundaries:
        if kind in boundary.kinds and _raised_reference(boundary, kind) in (None, code):
            return boundary
    return None


def _join(net: Net, node: Node, marking: Marking) -> Iterator[Step]:
    """A gateway that waits for several tokens goes on when all are there that can come."""
    filled = [flow for flow in net.ways_in[node] if _holds(net, marking, flow)]
    if node.tag == "parallelGateway" and len(filled) < len(net.ways_in[node]):
        return
    if node.tag == "inclusiveGateway" and _is_awaited(net, node, marking, filled):
        return
    net.seen.add(node)
    left = list(marking)
    for flow in filled:
        left.remove((net.places[flow], (), ()))
    yield from _leave(net, node, node, tuple(left))


def _holds(net: Net, marking: Marking, flow: Flow) -> bool:
    return (net.places[flow], (), ()) in marking


def _is_awaited(net: Net, node: Node, marking: Marking, filled: list[Flow]) -> bool:
    """Whether a token elsewhere can still come to an empty way in, and to no filled one (BPMN 2.0, 13.4.3)."""
    reach, full = net.reach(node), frozenset(filled)
    for place, _, _ in marking:
        at = net.target(place)
        ways = reach.get(at, frozenset()) if at is not node else frozenset()
        if ways - full and not ways & full:
            return True
    return False


def stuck(net: Net, marking: Marking) -> Iterator[Node]:
    """The nodes before which tokens wait for ever in a marking where nothing can happen any more."""
    front = list(marking)
    while front:
        place, inner, _ = front.pop()
        if place % 2 and inner:
            front.extend(inner)
        else:
            yield net.target(place)
