"""One element of a diagram becomes one spec; what is incomplete or cannot be executed is refused with its id."""

from __future__ import annotations

from typing import Any

from lxml import etree

from processes.engine.spiff.attached import Attached, Boundary, Guard, Part
from processes.engine.spiff.diagram import Diagram, refused
from processes.engine.spiff.events import Catch, Start, Throw, Trigger
from processes.engine.spiff.gateways import EventBased, Exclusive, Inclusive, Parallel
from processes.engine.spiff.instances import Loop, MultiInstance, Repeated
from processes.engine.spiff.reading import (
    PLAIN_TASKS,
    SUB_PROCESSES,
    children,
    decision_table,
    element_id,
    event_definitions,
    is_true,
    properties,
    reference,
    tag,
    text_of,
)
from processes.engine.spiff.signing import SIGNER, signing
from processes.engine.spiff.specs import Human, Node, Operation, ScopeSpec, Script, SubProcess
from processes.errors import Invalid
from processes.messages import message

CATCHES = {"message", "signal", "timer", "conditional"}
ALLOWED = {
    "startEvent": CATCHES | {"none"},
    "intermediateCatchEvent": CATCHES | {"link"},
    "boundaryEvent": CATCHES | {"error", "escalation", "cancel"},
    "intermediateThrowEvent": {"none", "message", "signal", "escalation", "link"},
    "endEvent": {"none", "message", "signal", "error", "escalation", "terminate", "cancel"},
}
"""The events that are executed, by the place where they may stand."""
ALONE = {"none", "link"}
"""Definitions that cannot be one of several."""
OF_HANDLERS = CATCHES | {"error", "escalation"}
"""What may start an event sub-process."""
GATEWAYS = {
    "exclusiveGateway": Exclusive,
    "inclusiveGateway": Inclusive,
    "parallelGateway": Parallel,
    "eventBasedGateway": EventBased,
}


def incomplete(node: etree._Element, what: str) -> Invalid:
    """The refusal of an element that lacks something."""
    name = node.get("name") or element_id(node)
    return Invalid(message("元素“%(name)s”（%(id)s）缺少 %(what)s。", name=name, id=element_id(node), what=what))


def need(value: str | None, node: etree._Element, what: str) -> str:
    """A value that an element must have."""
    if value is None:
        raise incomplete(node, what)
    return value


def interrupts(node: etree._Element, kind: str) -> bool:
    """Whether a boundary event ends the activity it is attached to."""
    return node.get("cancelActivity", "true").strip() in ("true", "1") or kind in ("error", "cancel")


def child_text(node: etree._Element, name: str) -> str | None:
    """The text of a child element."""
    found = children(node, name)
    return text_of(found[0]) if found else None


class Maker:
    """Makes the specs of the elements of one process or sub-process."""

    def __init__(self, diagram: Diagram, scope: ScopeSpec) -> None:
        self.diagram = diagram
        self.scope = scope

    def add(self, node_id: str, node: etree._Element) -> None:
        """The spec of an element; a repeated activity gets two, for the whole and for one instance."""
        repeated = self._repetition(node_id, node)
        name = repeated.task_spec if repeated is not None else node_id
        self._spec(name, node_id, node)

    def _spec(self, name: str, node_id: str, node: etree._Element) -> Node:
        kind, title = tag(node), node.get("name") or ""
        if kind in PLAIN_TASKS:
            return Human(self.scope, name, node_id, title)
        if kind == "scriptTask":
            script = need(child_text(node, "script"), node, "script")
            return Script(self.scope, name, node_id, title, script=script)
        if kind in SUB_PROCESSES:
            return SubProcess(self.scope, name, node_id, title, node_id)
        if kind == "callActivity":
            return SubProcess(self.scope, name, node_id, title, self._called(node))
        if kind in GATEWAYS:
            return GATEWAYS[kind](self.scope, name, node_id, title)
        if kind in ("serviceTask", "sendTask", "businessRuleTask"):
            return self._operation(name, node_id, node, title)
        if kind == "receiveTask":
            return Catch(self.scope, name, node_id, title, Trigger("message", self._message(node)))
        return self._event(name, node_id, node, title)

    def _operation(self, name: str, node_id: str, node: etree._Element, title: str) -> Node:
        named = bool(properties(node).get("operation"))
        if tag(node) == "businessRuleTask" and not named and not decision_table(node):
            raise refused(node)
        if tag(node) == "sendTask" and node.get("messageRef") and not named:
            return Throw(self.scope, name, node_id, title, [("message", self._message(node))])
        spec = Operation(self.scope, name, node_id, title)
        if tag(node) == "sendTask" and node.get("messageRef"):
            spec.message_name = self._message(node)
        return spec

    def _event(self, name: str, node_id: str, node: etree._Element, title: str) -> Node:
        place, found = tag(node), self._definitions(node)
        if place in ("intermediateThrowEvent", "endEvent"):
            thrown = [(kind, self._named(node, each, kind)) for kind, each in found if each is not None]
            link = [kind for kind, _ in thrown] == ["link"]
            return Throw(self.scope, name, node_id, title, [] if link else thrown)
        triggers = [self._trigger(node, each, kind) for kind, each in found]
        if place == "startEvent":
            return self._start(name, node_id, node, title, triggers)
        if place == "boundaryEvent":
            return self._boundary(name, node_id, node, title, triggers)
        if len(triggers) == 1:
            return Catch(self.scope, name, node_id, title, triggers[0])
        spec = Catch(self.scope, name, node_id, title, Trigger("multiple"))
        for number, trigger in enumerate(triggers):
            part = Part(self.scope, f"{name} [{number}]", node_id, title, trigger)
            part.whole = is_true(node.get("parallelMultiple"))
            spec.boundaries += (part.name,)
        return spec

    def _definitions(self, node: etree._Element) -> list[tuple[str, Any]]:
        """Kind and element of all definitions of an event; one that may not stand there is refused."""
        place, definitions = tag(node), event_definitions(node)
        found = [(tag(each).removesuffix("EventDefinition"), each) for each in definitions] or [("none", None)]
        allowed = OF_HANDLERS if self._starts_handler(node) else ALLOWED[place]
        for kind, _ in found:
            if kind not in allowed or (len(found) > 1 and kind in ALONE):
                raise refused(node, f"{kind}EventDefinition")
            scope = self.diagram.elements[self.scope.name]
            if kind == "cancel" and place == "endEvent" and scope.kind != "transaction":
                raise refused(node, "cancelEventDefinition (not in a transaction)")
        return found

    @staticmethod
    def _starts_handler(node: etree._Element) -> bool:
        """Whether it is the start event of an event sub-process."""
        around = node.getparent()
        if tag(node) != "startEvent" or around is None or tag(around) not in SUB_PROCESSES:
            return False
        return is_true(around.get("triggeredByEvent"))

    def _start(self, name: str, node_id: str, node: etree._Element, title: str, triggers: list[Trigger]) -> Node:
        inside_handler = self._starts_handler(node)
        shown = triggers[0] if len(triggers) == 1 and not inside_handler else Trigger("multiple")
        spec = Start(self.scope, name, node_id, title, shown)
        spec.triggers = tuple(triggers)
        return spec

    def _boundary(self, name: str, node_id: str, node: etree._Element, title: str, triggers: list[Trigger]) -> Node:
        """One spec for each definition; the first has the name of the event, and tokens go on from it."""
        specs: list[Attached] = []
        for number, trigger in enumerate(triggers):
            part = Boundary(self.scope, f"{name} [{number}]" if number else name, node_id, title, trigger)
            part.interrupts = interrupts(node, trigger.kind)
            part.whole = len(triggers) > 1 and is_true(node.get("parallelMultiple"))
            specs.append(part)
        return specs[0]

    def guard(self, handler: str, start: etree._Element) -> list[str]:
        """What listens for the start event of an event sub-process, one spec for each of its definitions."""
        names = []
        way_in = Node(self.scope, f"{handler} [begin]", None)
        for number, (kind, definition) in enumerate(self._definitions(start)):
            name = f"{handler} [{number}]"
            trigger = self._trigger(start, definition, kind)
            spec = Guard(self.scope, name, element_id(start), start.get("name") or "", trigger)
            spec.handler, spec.way_in = handler, way_in.name
            spec.interrupts = start.get("isInterrupting", "true").strip() in ("true", "1") or kind == "error"
            names.append(name)
        return names

    def _trigger(self, node: etree._Element, definition: Any, kind: str) -> Trigger:
        if definition is None or kind == "link":
            return Trigger("none")
        if kind == "timer":
            for child in children(definition, "timeDate", "timeDuration", "timeCycle"):
                text = need(text_of(child), node, tag(child))
                return Trigger("timer", text=text, form=tag(child).removeprefix("time").lower())
            raise incomplete(node, "timeDate / timeDuration / timeCycle")
        if kind == "conditional":
            return Trigger(kind, text=need(child_text(definition, "condition"), node, "condition"))
        return Trigger(kind, self._named(node, definition, kind))

    def _named(self, node: etree._Element, definition: etree._Element, kind: str) -> str | None:
        """Name of the message or signal, code of the error or escalation, that an event refers to."""
        if kind in ("terminate", "cancel", "link"):
            return None
        ref = reference(definition.get(f"{kind}Ref"))
        if ref is None:
            if kind in ("error", "escalation"):
                return None
            raise incomplete(node, f"{kind}Ref")
        found = self.diagram.named.get(ref)
        if found is None or found[0] != kind:
            raise Invalid(message("元素“%(id)s”引用的“%(ref)s”不存在。", id=element_id(node), ref=ref))
        return found[1] if kind in ("error", "escalation") else need(found[1], node, f"{kind} name")

    def _message(self, node: etree._Element) -> str:
        name = self._named(node, node, "message")
        return need(name, node, "messageRef")

    def _called(self, node: etree._Element) -> str:
        called = need(reference(node.get("calledElement")), node, "calledElement")
        element = self.diagram.elements.get(called)
        if element is None or element.kind != "process":
            raise Invalid(message("“%(id)s”调用的流程“%(called)s”不在此文件中。", id=element_id(node), called=called))
        return called

    # repetition

    def _repetition(self, node_id: str, node: etree._Element) -> Repeated | None:
        title = node.get("name") or ""
        if tag(node).endswith(("Event", "Gateway")):
            return None
        loops = children(node, "standardLoopCharacteristics", "multiInstanceLoopCharacteristics")
        if loops and is_true(node.get("triggeredByEvent")):
            raise refused(node, tag(loops[0]))
        for loop in children(node, "standardLoopCharacteristics"):
            condition, most = child_text(loop, "loopCondition"), loop.get("loopMaximum")
            if condition is None and most is None:
                raise incomplete(node, "loopCondition")
            if most is not None and not most.strip().isdecimal():
                raise incomplete(node, "loopMaximum")
            first = is_true(loop.get("testBefore"))
            return Loop(self.scope, node_id, node_id, title, condition, int(most) if most else None, first)
        for multi in children(node, "multiInstanceLoopCharacteristics"):
            spec = self._multi_instance(node_id, node, multi, title)
            if tag(node) in PLAIN_TASKS:
                spec.rule = signing(properties(node))
                spec.sequential = spec.sequential or (spec.rule is not None and spec.rule.in_turn)
            return spec
        return self._signed(node_id, node, title)

    def _signed(self, node_id: str, node: etree._Element, title: str) -> MultiInstance | None:
        """A task that several people sign, though the diagram draws it once."""
        given = properties(node)
        rule = signing(given) if tag(node) in PLAIN_TASKS else None
        if rule is None:
            return None
        spec = MultiInstance(self.scope, node_id, node_id, title)
        spec.rule, spec.sequential, spec.of_house = rule, rule.in_turn, True
        spec.collection, spec.items = given.get("signers", "").strip() or None, (SIGNER,)
        return spec

    def _multi_instance(self, node_id: str, node: etree._Element, multi: etree._Element, title: str) -> MultiInstance:
        if multi.get("behavior", "All") != "All":
            raise refused(node, "multi-instance behavior")
        spec = MultiInstance(self.scope, node_id, node_id, title)

        def items(name: str) -> tuple[str, ...]:
            found = children(multi, name)
            said = (found[0].get("id"), found[0].get("name")) if found else ()
            return tuple(dict.fromkeys(filter(None, said)))

        foreign = {etree.QName(key).localname: value for key, value in multi.attrib.items() if key.startswith("{")}
        spec.cardinality = child_text(multi, "loopCardinality")
        spec.collection = child_text(multi, "loopDataInputRef") or foreign.get("collection")
        if (spec.cardinality is None) == (spec.collection is None):
            raise incomplete(node, "loopDataInputRef / loopCardinality")
        vendor = foreign.get("elementVariable")
        spec.items = items("inputDataItem") or ((vendor,) if vendor else ())
        spec.output, spec.output_items = child_text(multi, "loopDataOutputRef"), items("outputDataItem")
        if (spec.output is None) != (not spec.output_items):
            raise incomplete(node, "loopDataOutputRef / outputDataItem")
        spec.condition = child_text(multi, "completionCondition")
        spec.sequential = is_true(multi.get("isSequential"))
        return spec
