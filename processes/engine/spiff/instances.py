"""Activities done several times: for every item of a collection, at once or in turn, or while a condition holds.

The wrapper (`MultiInstance`, `Loop`) stands for the activity as a whole; the instances hang below it. Results stay with
their instances and are gathered once, in the order of the items, when the activity ends.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.util.task import TaskState

from processes.engine.spiff.failures import Unsound
from processes.engine.spiff.specs import Node
from processes.engine.spiff.tasks import CaseTask
from processes.engine.spiff.values import WHOLE
from processes.errors import Invalid
from processes.messages import message

MOST_INSTANCES = 2000
"""Instances of one activity."""
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
        born = child.internal_data["born"]
        my_task.take({name: held for name, held in child.data.items() if held.tick > born and name not in without})

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


class MultiInstance(Repeated):
    """For every item of a list or mapping, or a number of times; in parallel or in turn."""

    cardinality: str | None = None
    """Expression giving how many."""
    collection: str | None = None
    """Expression giving the list or mapping."""
    items: tuple[str, ...] = ()
    """Variables in which each instance finds its item: the id and, where it is another, the name of the data item."""
    output: str | None = None
    """Variable that gets the results: a mapping with the same keys, or a list in the same order."""
    output_items: tuple[str, ...] = ()
    """Variables in which each instance may leave its result; the first that it has set counts."""
    condition: str | None = None
    """Completion condition; true ends the activity early."""
    sequential = False

    def _update_hook(self, my_task: CaseTask) -> bool | None:
        if my_task.state != TaskState.FUTURE:
            return None
        items, keyed = self._items(my_task)
        keys: list[Key] = list(items)
        my_task.internal_data.update(total=len(keys), done=0, keyed=keyed)
        if not keys:
            return True
        my_task._set_state(TaskState.STARTED)
        if self.sequential:
            my_task.write({ITEMS: items})
            my_task.internal_data["ahead"] = keys[1:]
            keys = keys[:1]
        for key in keys:
            self._begin(my_task, key, items[key])
        return None

    def _begin(self, my_task: CaseTask, key: Key, item: Any) -> None:
        self.begin_instance(my_task, key, dict.fromkeys(self.items, item), self.output_items if self.output else ())

    def _items(self, my_task: CaseTask) -> tuple[dict[Key, Any], bool]:
        """The items by key, those of a mapping or places 0, 1, 2 … of a list; and whether it was a mapping."""
        if self.collection is None:
            count = my_task.workflow.script_engine.evaluate(my_task, self.cardinality)
            if type(count) is not int or count < 0:
                raise Invalid(message("多实例的数量应为不小于零的整数，得到的是 %(value)s。", value=repr(count)))
            self._check_number(count)
            return {place: place for place in range(count)}, False
        found = self._collection(my_task)
        if isinstance(found, Mapping):
            self._check_number(len(found))
            if not all(type(key) is str or (type(key) is int and abs(key) <= WHOLE) for key in found):
                raise Invalid(message("多实例映射的键应为文字或整数。"))
            return dict(found), True
        if isinstance(found, (list, tuple)):
            self._check_number(len(found))
            return dict(enumerate(found)), False
        text = message("多实例的集合应为列表或映射，得到的是 %(type)s。", type=type(found).__name__)
        raise Invalid(text)

    def _collection(self, my_task: CaseTask) -> Any:
        """A plain variable is read as it is, however large; anything else is an expression."""
        held = my_task.data.get((self.collection or "").strip())
        if held is not None:
            return my_task.workflow.case.store.read(held.key)
        return my_task.workflow.script_engine.evaluate(my_task, self.collection)

    @staticmethod
    def _check_number(count: int) -> None:
        if count > MOST_INSTANCES:
            text = message("多实例共 %(count)s 项，超过上限 %(limit)s 项。", count=count, limit=MOST_INSTANCES)
            raise Unsound(text)

    def instance_done(self, my_task: CaseTask, child: CaseTask) -> None:
        """One more is done: gather, begin the next, or end."""
        own = my_task.internal_data
        own["done"] += 1
        if self.output is None:
            self.take_changes(my_task, child, self.items)
        if own["done"] == own["total"]:
            my_task._set_state(TaskState.READY)
        elif self.condition is not None and self._enough(my_task, child):
            for other in self.instances(my_task):
                other.cancel()
            my_task._set_state(TaskState.READY)
        elif self.sequential:
            key, *own["ahead"] = own["ahead"]
            self._begin(my_task, key, my_task.workflow.case.store.read(my_task.data[ITEMS].key)[key])

    def _enough(self, my_task: CaseTask, child: CaseTask) -> bool:
        own = my_task.internal_data
        names: dict[str, Any] = {
            "nrOfInstances": own["total"],
            "nrOfCompletedInstances": own["done"],
            "nrOfActiveInstances": own["total"] - own["done"] - len(own.get("ahead", ())),
            "loopCounter": own["done"],
        }
        if self.output is not None and self.output in (self.condition or ""):
            names[self.output] = self._results(my_task)
        return bool(my_task.workflow.script_engine.evaluate(child, self.condition, names))

    def _results(self, my_task: CaseTask) -> dict[Key, Any] | list[Any]:
        """The results so far, in the order of the items."""
        store = my_task.workflow.case.store
        done = [each for each in self.instances(my_task) if each.state == TaskState.COMPLETED]
        held = {each.internal_data["key"]: self._result(each) for each in done}
        store.load(each.key for each in held.values() if each is not None)
        found = {key: None if each is None else store.read(each.key) for key, each in held.items()}
        return found if my_task.internal_data["keyed"] else list(found.values())

    def _result(self, child: CaseTask) -> Any:
        return next((child.data[name] for name in self.output_items if name in child.data), None)

    def partial_results(self, my_task: CaseTask) -> dict[str, Any]:
        """The output collection as it stands, for the path of a boundary event that ends the activity."""
        return {} if self.output is None else {self.output: self._results(my_task)}

    def _run_hook(self, my_task: CaseTask) -> bool | None:
        my_task.data.pop(ITEMS, None)
        my_task.write(self.partial_results(my_task))
        return True
