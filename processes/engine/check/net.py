"""A process as a net in which tokens move: what each node does with them, and the steps that cannot go wrong cut short.

A token is `(place, inner, fired)`: it waits on a flow before a node, or is inside an activity; `inner` holds the tokens
inside a sub-process, `fired` the non-interrupting boundary events that have happened. A marking is a sorted tuple of
tokens. Data is ignored: every condition may hold, every message may arrive.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from processes.engine.check.outline import Flow, Node, Scope
from processes.engine.check.structure import is_executed_subprocess, linked
from processes.engine.spiff.reading import reference

Token = tuple[int, tuple[Any, ...], tuple[int, ...]]
Marking = tuple[Token, ...]
WIDEST_CHOICE = 6
"""Conditional ways out of one node up to which every combination is tried; above it, each alone and all together."""
DEEPEST = 20
"""Levels of sub-processes that are looked into; deeper ones count as one step."""
NOTHING: Marking = ()


class Net:
    """The nodes of one process and of the sub-processes inside it, numbered."""

    def __init__(self, process: Scope, scopes: list[Scope]) -> None:
        self.process = process
        self.nodes = [node for scope in scopes for node in scope.nodes]
        self.number = {node: number for number, node in enumerate(self.nodes)}
        self.flows: list[Flow] = []
        self.places: dict[Flow, int] = {}
        self.seen: set[Node] = set()
        """Nodes that a token has come to."""
        self._add_flows(scopes)
        self.ways_in = {node: [flow for flow in node.incoming if flow in self.places] for node in self.nodes}
        self.ways_out = {node: [flow for flow in node.outgoing if flow in self.places] for node in self.nodes}
        self.depth: dict[Scope, int] = {}
        for scope in scopes:
            self.depth[scope] = self.depth[scope.parent] + 1 if scope.parent in self.depth else 0
        self._arrivals: dict[Flow, tuple[Flow, tuple[Node, ...]]] = {}
        self._reach: dict[Node, dict[Node, frozenset[Flow]]] = {}
        self._leaving: dict[Node, list[tuple[Flow, ...]]] = {}

    def _add_flows(self, scopes: list[Scope]) -> None:
        """Flows with both ends; link events are joined as if by a flow."""
        for scope in scopes:
            for flow in scope.flows:
                if flow.source is not None and flow.target is not None:
                    self.places[flow] = 2 * len(self.flows)
                    self.flows.append(flow)

    def target(self, place: int) -> Node:
        """The node a token waits before, or is inside of."""
        if place % 2:
            return self.nodes[place // 2]
        target = self.flows[place // 2].target
        assert target is not None
        return target

    def arrive(self, flow: Flow) -> Token:
        """A token on a flow, led at once past all nodes where nothing is decided."""
        known = self._arrivals.get(flow)
        if known is None:
            passed: list[Node] = []
            last = flow
            while (node := last.target) is not None and self._is_plain(node) and len(passed) <= len(self.nodes):
                passed.append(node)
                last = self.ways_out[node][0]
            known = self._arrivals[flow] = (last, tuple(passed))
        self.seen.update(known[1])
        return (self.places[known[0]], (), ())

    def _is_plain(self, node: Node) -> bool:
        simple = len(self.ways_in[node]) == 1 and len(self.ways_out[node]) == 1 and not node.boundaries
        return simple and not self.opens(node) and node.tag != "endEvent"

    def opens(self, node: Node) -> bool:
        """Whether tokens move inside a node of their own."""
        inside = node.inside
        if inside is None or not is_executed_subprocess(node) or len(inside.starts) != 1:
            return False
        return self.depth[node.scope] < DEEPEST

    def begin(self, start: Node) -> Iterator[Marking]:
        """The markings right after a start event."""
        self.seen.add(start)
        for added in self.leave(start):
            yield tuple(sorted(added))

    def leave(self, node: Node) -> Iterator[tuple[Token, ...]]:
        """The tokens that may be put behind a node, one alternative after the other."""
        known = self._leaving.get(node)
        if known is None:
            known = self._leaving[node] = list(self._alternatives(node))
        for flows in known:
            yield tuple(self.arrive(flow) for flow in flows)

    def _alternatives(self, node: Node) -> Iterator[tuple[Flow, ...]]:
        flows = self.ways_out[node]
        jumps = [flow for other in linked(node) for flow in self.ways_out[other]]
        if jumps:
            self.seen.update(linked(node))
            yield tuple(jumps)
        elif not flows:
            yield ()
        elif node.tag in ("exclusiveGateway", "eventBasedGateway", "complexGateway"):
            yield from ((flow,) for flow in flows)
        elif node.tag == "inclusiveGateway":
            yield from _choices([], flows)
        elif node.tag == "parallelGateway":
            yield tuple(flows)
        else:
            yield from _conditional(node, flows)

    def reach(self, gateway: Node) -> dict[Node, frozenset[Flow]]:
        """For each node, the ways into an inclusive gateway that a token there can still come by."""
        known = self._reach.get(gateway)
        if known is None:
            found: dict[Node, set[Flow]] = {}
            for flow in self.ways_in[gateway]:
                front = [flow.source]
                while front:
                    node = front.pop()
                    if node is None or node is gateway or flow in found.setdefault(node, set()):
                        continue
                    found[node].add(flow)
                    front.extend([node.host] if node.host is not None else [way.source for way in self.ways_in[node]])
            known = self._reach[gateway] = {node: frozenset(flows) for node, flows in found.items()}
        return known


def _choices(always: list[Flow], maybe: list[Flow]) -> Iterator[tuple[Flow, ...]]:
    """The flows that are always taken with every combination of the others; never none at all."""
    sizes = range(len(maybe) + 1) if len(maybe) <= WIDEST_CHOICE else (0, 1, len(maybe))
    for size in sizes:
        for chosen in combinations(maybe, size):
            if always or chosen:
                yield (*always, *chosen)


def _conditional(node: Node, flows: list[Flow]) -> Iterator[tuple[Flow, ...]]:
    """Ways out of an activity or event: those without condition, those that hold, else the default."""
    default = reference(node.element.get("default"))
    fallback = [flow for flow in flows if default is not None and flow.id == default]
    maybe = [flow for flow in flows if flow.condition is not None and flow not in fallback]
    always = [flow for flow in flows if flow.condition is None and flow not in fallback]
    if fallback:
        yield (*always, *fallback)
    if maybe or not fallback:
        yield from _choices(always, maybe)
