"""Random changes of a diagram, as a process owner might make them: a step more, a step less, another kind, a branch."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

from hypothesis import strategies as st
from lxml import etree

from processes.engine.spiff.reading import MODEL

B = f"{{{MODEL}}}"
_NUMBERS = count(1)
TASKS = ("userTask", "manualTask", "task")


class Change:
    """One diagram that is being changed."""

    def __init__(self, xml: str, draw: Callable) -> None:
        self.root = etree.fromstring(xml.encode())
        self.draw = draw

    def pick(self, *names: str):
        """One of the elements with these names, None where there is none."""
        found = [each for name in names for each in self.root.iter(B + name)]
        return self.draw(st.sampled_from(found)) if found else None

    def add(self, around, tag: str, /, **attributes: str):
        """A new element with an id that no other has."""
        made = etree.SubElement(around, B + tag, id=f"new{next(_NUMBERS)}")
        for key, value in attributes.items():
            made.set(key, value)
        return made

    def connect(self, around, source: str, target: str):
        return self.add(around, "sequenceFlow", sourceRef=source, targetRef=target)

    def more_steps(self) -> None:
        """A task on a flow."""
        flow = self.pick("sequenceFlow")
        around, target = flow.getparent(), flow.get("targetRef")
        task = self.add(around, "userTask", name="新环节")
        flow.set("targetRef", task.get("id"))
        self.connect(around, task.get("id"), target)

    def fewer_steps(self) -> None:
        """A task with one way in and one way out is gone, with all that is attached to it."""
        task = self.pick(*TASKS, "serviceTask", "subProcess")
        if task is None:
            return
        around, ident = task.getparent(), task.get("id")
        ways_in = [each for each in around.iterchildren(B + "sequenceFlow") if each.get("targetRef") == ident]
        ways_out = [each for each in around.iterchildren(B + "sequenceFlow") if each.get("sourceRef") == ident]
        attached = [each for each in around.iterchildren(B + "boundaryEvent") if each.get("attachedToRef") == ident]
        if len(ways_out) != 1 or attached:
            return
        for each in ways_in:
            each.set("targetRef", ways_out[0].get("targetRef"))
        around.remove(ways_out[0])
        around.remove(task)

    def another_kind(self) -> None:
        task = self.pick(*TASKS)
        if task is not None:
            task.tag = B + self.draw(st.sampled_from([*TASKS, "intermediateThrowEvent"]))

    def one_branch_more(self) -> None:
        fork = self.pick("parallelGateway", "inclusiveGateway")
        if fork is None:
            return
        around = fork.getparent()
        joins = [each for each in around.iterchildren(fork.tag) if each is not fork]
        if joins:
            task = self.add(around, "userTask", name="新分支")
            self.connect(around, fork.get("id"), task.get("id"))
            self.connect(around, task.get("id"), self.draw(st.sampled_from(joins)).get("id"))

    def one_branch_less(self) -> None:
        """A way that leads from a gateway over one task is gone."""
        fork = self.pick("parallelGateway", "inclusiveGateway", "exclusiveGateway")
        if fork is None:
            return
        around = fork.getparent()
        ways = [each for each in around.iterchildren(B + "sequenceFlow") if each.get("sourceRef") == fork.get("id")]
        ways = [each for each in ways if each.get("id") != fork.get("default")]
        if len(ways) > 1:
            way = self.draw(st.sampled_from(ways))
            target = next((each for each in around if each.get("id") == way.get("targetRef")), None)
            around.remove(way)
            if target is not None and target.tag in [B + name for name in TASKS]:
                for each in list(around.iterchildren(B + "sequenceFlow")):
                    if each.get("sourceRef") == target.get("id"):
                        around.remove(each)
                around.remove(target)

    def another_join(self) -> None:
        gateway = self.pick("parallelGateway", "inclusiveGateway")
        if gateway is not None:
            gateway.tag = B + self.draw(st.sampled_from(["parallelGateway", "inclusiveGateway"]))

    def other_times(self) -> None:
        text = self.pick("timeDuration", "timeCycle")
        if text is not None:
            text.text = self.draw(st.sampled_from(["P2D", "PT1H"]))
            text.tag = B + "timeDuration"

    def one_deadline_more(self) -> None:
        task = self.pick(*TASKS, "subProcess")
        if task is None:
            return
        around = task.getparent()
        event = self.add(
            around,
            "boundaryEvent",
            attachedToRef=task.get("id"),
            cancelActivity=self.draw(st.sampled_from(["true", "false"])),
        )
        etree.SubElement(etree.SubElement(event, B + "timerEventDefinition"), B + "timeDuration").text = "P1D"
        end = self.add(around, "endEvent")
        self.connect(around, event.get("id"), end.get("id"))

    def one_deadline_less(self) -> None:
        event = self.pick("boundaryEvent")
        if event is None:
            return
        around = event.getparent()
        ways = [each for each in around.iterchildren(B + "sequenceFlow") if each.get("sourceRef") == event.get("id")]
        for each in ways:
            around.remove(each)
        around.remove(event)

    def one_or_many(self) -> None:
        loop = self.pick("multiInstanceLoopCharacteristics", "standardLoopCharacteristics")
        if loop is None:
            return
        if loop.get("isSequential") is not None and self.draw(st.booleans()):
            loop.set("isSequential", "false" if loop.get("isSequential") == "true" else "true")
        else:
            loop.getparent().remove(loop)

    def other_conditions(self) -> None:
        condition = self.pick("conditionExpression")
        if condition is not None:
            condition.text = self.draw(st.sampled_from(["a == 2", "True", "False"]))

    def into_a_sub_process(self) -> None:
        task = self.pick(*TASKS)
        if task is None or task.find(B + "multiInstanceLoopCharacteristics") is not None:
            return
        around, ident = task.getparent(), task.get("id")
        sub = self.add(around, "subProcess")
        for flow in around.iterchildren(B + "sequenceFlow"):
            for end in ("sourceRef", "targetRef"):
                if flow.get(end) == ident:
                    flow.set(end, sub.get("id"))
        for event in around.iterchildren(B + "boundaryEvent"):
            if event.get("attachedToRef") == ident:
                event.set("attachedToRef", sub.get("id"))
        sub.append(task)
        start, end = self.add(sub, "startEvent"), self.add(sub, "endEvent")
        self.connect(sub, start.get("id"), ident)
        self.connect(sub, ident, end.get("id"))


CHANGES = [name for name in vars(Change) if name[0] != "_" and name not in ("pick", "add", "connect")]


def changed(xml: str, draw: Callable) -> bytes:
    """The diagram with one to three random changes."""
    change = Change(xml, draw)
    for name in draw(st.lists(st.sampled_from(CHANGES), min_size=1, max_size=3)):
        getattr(change, name)()
    return etree.tostring(change.root)
