"""From the records of a diagram to the specs that execute it.

The specs are built directly and not by the library's parser. It recurses along the flows (489 tasks in a row break it),
sorts the branches of a gateway by their place in the drawing, drops flows without id, nodes it does not reach and
events it does not know, and replaces elements called `Start` and `End` by its own. Here every node is built or refused.
"""

from __future__ import annotations

from lxml import etree

from processes.engine.spiff.diagram import Diagram, Flow, Inside, refused
from processes.engine.spiff.elements import Maker, incomplete
from processes.engine.spiff.gateways import EventBased, Exclusive, Inclusive, Join, Parallel
from processes.engine.spiff.reading import (
    element_id,
    event_definitions,
    is_true,
    reference,
    tag,
)
from processes.engine.spiff.specs import Node, Route, ScopeSpec
from processes.errors import Invalid
from processes.messages import message

MOST_PAIRS = 200_000
"""Inclusive gateways times elements, in one process or sub-process; how they reach each other is worked out once."""


class Builder:
    """Builds the specs of one process or sub-process."""

    def __init__(self, diagram: Diagram, inside: Inside) -> None:
        self.diagram = diagram
        self.inside = inside
        self.scope = ScopeSpec(inside.id)
        self.outgoing: dict[str, list[Flow]] = {}
        self.incoming: dict[str, list[Flow]] = {}
        self.links: dict[str, list[str]] = {}
        """For each link event that is jumped to, those that jump there."""
        self.handlers = [node_id for node_id, node in inside.nodes.items() if is_true(node.get("triggeredByEvent"))]
        """The event sub-processes."""

    def build(self) -> ScopeSpec:
        """All nodes, their boundary events, and the flows between them."""
        maker = Maker(self.diagram, self.scope)
        for node_id, node in self.inside.nodes.items():
            maker.add(node_id, node)
        for flow in self.inside.flows:
            for end in (flow.source, flow.target):
                if end not in self.inside.nodes:
                    raise Invalid(message("连线“%(id)s”没有连到同一层的元素上。", id=flow.id))
            self.outgoing.setdefault(flow.source, []).append(flow)
            self.incoming.setdefault(flow.target, []).append(flow)
        self._connect()
        self._join_links()
        self._attach()
        self._start()
        self._listen(maker)
        self._check_reached()
        self._prepare_joins()
        return self.scope

    def _connect(self) -> None:
        for node_id, node in self.inside.nodes.items():
            spec, flows = self.scope.task_specs[node_id], self.outgoing.get(node_id, [])
            default = reference(node.get("default"))
            if default is not None and default not in [flow.id for flow in flows]:
                raise incomplete(node, "default")
            spec.routes = tuple(self._route(spec, flow, flow.id == default) for flow in flows)
            for flow in flows:
                spec.connect(self.scope.task_specs[flow.target])
            self._check_ways(node, spec, flows)
            if tag(node) == "eventBasedGateway":
                self._check_event_gateway(node, flows)

    @staticmethod
    def _route(spec: Node, flow: Flow, default: bool) -> Route:
        if isinstance(spec, (Parallel, EventBased)) and (flow.condition is not None or default):
            raise Invalid(message("并行网关或事件网关之后的连线“%(id)s”不能带条件。", id=flow.id))
        return Route(flow.id, flow.target, None if default else flow.condition, default)

    def _check_ways(self, node: etree._Element, spec: Node, flows: list[Flow]) -> None:
        kind = tag(node)
        if kind == "endEvent" and flows:
            raise Invalid(message("结束事件“%(id)s”之后不能再有连线。", id=element_id(node)))
        if kind == "startEvent" and self.incoming.get(spec.name):
            raise Invalid(message("开始事件“%(id)s”之前不能有连线。", id=element_id(node)))
        if kind == "boundaryEvent" and self.incoming.get(spec.name):
            raise Invalid(message("边界事件“%(id)s”之前不能有连线。", id=element_id(node)))
        if spec.name in self.handlers:
            if flows or self.incoming.get(spec.name):
                raise Invalid(message("事件子流程“%(id)s”不能有连线。", id=element_id(node)))
        elif kind == "intermediateCatchEvent" and self.diagram.elements[spec.name].event == "link":
            return
        elif kind not in ("startEvent", "boundaryEvent") and not self.incoming.get(spec.name):
            raise Invalid(message("没有连线通向元素“%(id)s”，它永远不会执行。", id=element_id(node)))
        if isinstance(spec, (Exclusive, Inclusive)) and len(flows) > 1:
            bare = [route for route in spec.routes if route.condition is None and not route.default]
            if bare:
                raise Invalid(message("网关之后的连线“%(id)s”没有条件，也不是默认出口。", id=bare[0].flow))

    def _join_links(self) -> None:
        """A link event that throws leads to the one of the same name that catches, as if by a flow."""
        catches: dict[str, str] = {}
        thrown: dict[str, str] = {}
        for node_id, node in self.inside.nodes.items():
            for definition in event_definitions(node):
                if tag(definition) != "linkEventDefinition":
                    continue
                name = (definition.get("name") or "").strip()
                if tag(node) == "intermediateThrowEvent":
                    thrown[node_id] = name
                elif name in catches or self.incoming.get(node_id):
                    raise incomplete(node, "linkEventDefinition name")
                else:
                    catches[name] = node_id
        for node_id, name in thrown.items():
            if name not in catches or self.outgoing.get(node_id):
                raise incomplete(self.inside.nodes[node_id], "linkEventDefinition name")
            target = catches[name]
            spec = self.scope.task_specs[node_id]
            spec.routes = (Route(None, target),)
            spec.connect(self.scope.task_specs[target])
            self.links.setdefault(target, []).append(node_id)

    def _listen(self, maker: Maker) -> None:
        """What begins the event sub-processes."""
        for handler in self.handlers:
            starts = [each for each in self.diagram.insides[handler].nodes.values() if tag(each) == "startEvent"]
            if len(starts) != 1 or self.scope.task_specs[handler].boundaries:
                raise incomplete(self.inside.nodes[handler], "startEvent")
            self.scope.guards += tuple(maker.guard(handler, starts[0]))
            self.scope.task_specs[f"{handler} [begin]"].routes = (Route(None, handler),)

    def _check_event_gateway(self, node: etree._Element, flows: list[Flow]) -> None:
        targets = [self.inside.nodes[flow.target] for flow in flows]
        if is_true(node.get("instantiate")):
            raise refused(node, "instantiate")
        if not targets or any(tag(each) not in ("intermediateCatchEvent", "receiveTask") for each in targets):
            raise Invalid(message("事件网关“%(id)s”之后只能是捕获事件或接收任务。", id=element_id(node)))
        if any(len(self.incoming[flow.target]) > 1 for flow in flows):
            raise Invalid(message("事件网关“%(id)s”之后的事件不能再有别的入口。", id=element_id(node)))

    def _attach(self) -> None:
        """Boundary events to their activities."""
        for node_id, node in self.inside.nodes.items():
            if tag(node) == "boundaryEvent":
                host = self.inside.nodes.get(reference(node.get("attachedToRef")) or "")
                if host is None or tag(host).endswith(("Event", "Gateway")):
                    raise Invalid(message("边界事件“%(id)s”没有附着在任何活动上。", id=node_id))
                spec = self.scope.task_specs[self.diagram.elements[node_id].attached_to or ""]
                parts = range(1, len(event_definitions(node)))
                spec.boundaries += (node_id, *(f"{node_id} [{number}]" for number in parts))

    def _start(self) -> None:
        starts = [node_id for node_id, node in self.inside.nodes.items() if tag(node) == "startEvent"]
        top = self.diagram.elements[self.inside.id].kind == "process"
        if not starts:
            raise Invalid(message("“%(id)s”没有开始事件。", id=self.inside.id))
        if not top and self.diagram.elements[self.inside.id].handles:
            starts = starts[:1]
        elif not top:
            plain = [start for start in starts if self.scope.task_specs[start].trigger.kind == "none"]
            if len(starts) > 1 or not plain:
                raise Invalid(message("子流程“%(id)s”应当恰有一个不带触发条件的开始事件。", id=self.inside.id))
        starts.sort(key=lambda start: self.scope.task_specs[start].trigger.kind != "none")
        self.scope.start.routes = tuple(Route(None, start) for start in starts)
        for start in starts:
            self.scope.start.connect(self.scope.task_specs[start])

    def _check_reached(self) -> None:
        """An island of elements that no start leads to would silently never happen."""
        reached: set[str] = set()
        front = [*(route.target for route in self.scope.start.routes), *self.handlers]
        while front:
            name = front.pop()
            if name not in reached:
                reached.add(name)
                spec = self.scope.task_specs[name]
                front.extend([*spec.boundaries, *(route.target for route in spec.routes)])
        for name in self.inside.nodes:
            if name not in reached:
                raise Invalid(message("从开始事件到不了元素“%(id)s”，它永远不会执行。", id=name))

    def _prepare_joins(self) -> None:
        kinds = [tag(node) for node in self.inside.nodes.values()]
        if kinds.count("inclusiveGateway") * len(kinds) > MOST_PAIRS:
            raise Invalid(message("“%(id)s”中的包容网关过多，请拆分流程。", id=self.inside.id))
        for node_id in self.inside.nodes:
            spec = self.scope.task_specs[node_id]
            if isinstance(spec, Join):
                spec.incoming = tuple(flow.id for flow in self.incoming.get(node_id, []))
            if isinstance(spec, Inclusive) and len(spec.incoming) > 1:
                spec.reach = self._reach(node_id)

    def _reach(self, gateway: str) -> dict[str, frozenset[str]]:
        """For each element, the incoming flows of a gateway that a token there can come by before passing it."""
        found: dict[str, set[str]] = {}
        for flow in self.incoming[gateway]:
            front = [flow.source]
            while front:
                name = front.pop()
                if name == gateway or flow.id in found.setdefault(name, set()):
                    continue
                found[name].add(flow.id)
                front.extend(self._before(name))
        return {name: frozenset(flows) for name, flows in found.items()}

    def _before(self, name: str) -> list[str]:
        attached = self.diagram.elements[name].attached_to
        if attached:
            return [attached]
        return [*(flow.source for flow in self.incoming.get(name, [])), *self.links.get(name, ())]


def build_scopes(diagram: Diagram) -> dict[str, ScopeSpec]:
    """The specs of all processes and sub-processes, by id."""
    return {inside.id: Builder(diagram, inside).build() for inside in diagram.insides.values()}
