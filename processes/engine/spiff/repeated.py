"""What loops and multi-instance activities have in common, and the loop: again while a condition holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.util.task import TaskState

from processes.engine.spiff.failures import Unsound
from processes.engine.spiff.specs import Node
from processes.engine.spiff.tasks import CaseTask
from processes.engine.spiff.values import Variables
from processes.messages import message

MOST_AT_ONCE = 5000
"""Instances that all activities of a case together may begin in one step; nested ones multiply."""
MOST_ROUNDS = 400
"""Rounds of one loop."""

ITEMS = "$items"
"""Where an activity done in turn keeps its items, fixed when it begins; no variable of a diagram can have this name."""

Key = str | int


class Repeated(Node, LoopTask):
    """What loops and multi-instance activities have in common."""

    multiple = True

    def __init__(self, wf_spec: Any, name: str, element_id: str, title: str) -> None:
        super().__init__(wf_spec, name, element_id, title)
        self.task_spec = f"{name} [child]"
        """Name of the spec of one instance."""

    def begin_instance(self, my_task: CaseTask, key: Key, values: Mapping[str, Any], without: Sequence[str]) -> None:
        spec, case = self._wf_spec.task_specs[self.task_spec], my_task.workflow.case
        case.instances_begun += 1
        if case.instances_begun > MOST_AT_ONCE:
            raise Unsound(message("一步之内产生的多实例超过 %(limit)s 个。", limit=MOST_AT_ONCE))
        data = {name: held for name, held in my_task.data.items() if name not in (*without, ITEMS)}
        child = my_task.spawn(spec, data=data, internal={"key": key, "born": case.clock})
        child.triggered = True
        child.write(values)
        child.internal_data["born"] = case.clock
        spec._update(child)

    def instances(self, my_task: CaseTask) -> list[CaseTask]:
        """All of them, in the order in which they began."""
        my_task.workflow.case.sleepers.wake(my_task)
        return [child for child in my_task.children if child.is_instance]

    def take_changes(self, my_task: CaseTask, child: CaseTask, without: Sequence[str] = ()) -> None:
        """Without an output collection, what an instance has set is set for the activity; the latest wins."""
        since = born(child)
        my_task.take({name: held for name, held in child.data.items() if held.tick > since and name not in without})

    def given(self, my_task: CaseTask) -> Variables:
        """What the instances that are done have set for all."""
        return my_task.data

    def instance_done(self, my_task: CaseTask, child: CaseTask) -> None:
        raise NotImplementedError

    def _run_hook(self, my_task: CaseTask) -> bool | None:
        return True


class Loop(Repeated):
    """Standard loop: again while the condition holds, up to a number of times."""

    def __init__(
        self, wf_spec: Any, name: str, element_id: str, title: str, condition: str | None, most: int | None, first: bool
    ) -> None:
        super().__init__(wf_spec, name, element_id, title)
        self.condition = condition
        self.most = most
        self.test_before = first

    def _update_hook(self, my_task: CaseTask) -> bool | None:
        if my_task.state != TaskState.FUTURE:
            return None
        if self.test_before and not self._again(my_task, 0):
            return True
        my_task._set_state(TaskState.STARTED)
        self.begin_instance(my_task, 0, {}, ())
        return None

    def _again(self, my_task: CaseTask, rounds: int) -> bool:
        if self.most is not None and rounds >= self.most:
            return False
        if rounds >= MOST_ROUNDS:
            raise Unsound(message("循环已进行 %(count)s 轮，疑似无法结束。", count=rounds))
        if self.condition is None:
            return True
        return bool(my_task.workflow.script_engine.evaluate(my_task, self.condition, {"loopCounter": rounds}))

    def instance_done(self, my_task: CaseTask, child: CaseTask) -> None:
        self.take_changes(my_task, child)
        rounds = child.internal_data["key"] + 1
        if self._again(my_task, rounds):
            self.begin_instance(my_task, rounds, {}, ())
        else:
            my_task._set_state(TaskState.READY)


def born(child: CaseTask) -> int:
    """The moment up to which an instance's variables are those it was given."""
    return int(child.internal_data["born"])
