"""Activities done several times: for every item of a collection, at once or in turn, or while a condition holds.

The wrapper (`MultiInstance`, `Loop`) stands for the activity as a whole; the instances hang below it. Results stay with
their instances and are gathered once, in the order of the items, when the activity ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.util.task import TaskState

from processes.engine.spiff.failures import Unsound
from processes.engine.spiff.repeated import ITEMS, Key, Loop, Repeated, born
from processes.engine.spiff.signing import ANY, Signing
from processes.engine.spiff.tasks import CaseTask
from processes.engine.spiff.values import WHOLE, Variables
from processes.errors import Conflict, Invalid
from processes.messages import message

__all__ = ["Loop", "MultiInstance", "Repeated"]

MOST_INSTANCES = 2000
"""Instances of one activity."""


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
    rule: Signing | None = None
    """How many of the signers must agree, for a task that several people sign."""
    of_house = False
    """Whether the house says who signs, because the diagram does not."""

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
        if self.of_house:
            return self._signers(my_task), True
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

    def _signers(self, my_task: CaseTask) -> dict[Key, Any]:
        case = my_task.workflow.case
        element = case.program.elements[self.element_id]
        found = case.hooks.signers(element, case.value_of(my_task.data)) if self.collection is None else None
        if found is None:
            given = self._collection(my_task)
            if not isinstance(given, (list, tuple, Mapping)):
                raise Invalid(message("会签人应为列表，得到的是 %(type)s。", type=type(given).__name__))
            found = list(given)
        self._check_number(len(found))
        if not found:
            raise Invalid(message("“%(step)s”没有可以签署的人。", step=self.bpmn_name or self.element_id))
        return {str(each): each for each in found}

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

    def given(self, my_task: CaseTask) -> Variables:
        """What an instance has set is set for all, unless the results are collected; its item is its own."""
        if self.output is not None:
            return {}
        return {name: held for name, held in my_task.data.items() if name not in self.items}

    def instance_done(self, my_task: CaseTask, child: CaseTask) -> None:
        """One more is done: gather, begin the next, or end."""
        own = my_task.internal_data
        own["done"] += 1
        if self.output is None:
            self.take_changes(my_task, child, self.items)
        if self.rule is not None:
            child.internal_data["agreed"] = agreed = self._agrees(my_task, child, self.rule)
            own["yes"] = own.get("yes", 0) + agreed
        self._go_on(my_task, child)

    def _go_on(self, my_task: CaseTask, child: CaseTask | None) -> None:
        """After one is done or has been taken out: end, end early, or begin the next."""
        own = my_task.internal_data
        if own["done"] == number(my_task):
            my_task._set_state(TaskState.READY)
        elif why := self._decided(my_task, child):
            with my_task.workflow.case.because(why):
                for other in self.instances(my_task):
                    other.cancel()
            my_task._set_state(TaskState.READY)
        elif self.sequential and not self._waits(my_task):
            key, *own["ahead"] = own["ahead"]
            self._begin(my_task, key, my_task.workflow.case.store.read(my_task.data[ITEMS].key)[key])

    def _waits(self, my_task: CaseTask) -> bool:
        return any(not each.finished for each in my_task.children if each.is_instance)

    def _decided(self, my_task: CaseTask, child: CaseTask | None) -> str:
        """Why the rest need not be done any more; empty while they must."""
        last = child or self._last_done(my_task) if self.condition is not None else None
        if last is not None and self._enough(my_task, last):
            return "enough"
        verdict = self.verdict(my_task)
        if verdict is None or self.rule is None:
            return ""
        return "answered" if self.rule.sign == ANY else "passed" if verdict else "failed"

    def verdict(self, my_task: CaseTask) -> bool | None:
        """Whether the signers have agreed; None while that is open, or where nobody signs."""
        own = my_task.internal_data
        return self.rule.verdict(own.get("yes", 0), own["done"], number(my_task)) if self.rule is not None else None

    @staticmethod
    def _agrees(my_task: CaseTask, child: CaseTask, rule: Signing) -> bool:
        case = my_task.workflow.case
        if rule.agree:
            return bool(case.script_engine.evaluate(child, rule.agree))
        return rule.agreed(case.value_of({name: held for name, held in child.data.items() if held.tick > born(child)}))

    def take_out(self, my_task: CaseTask, child: CaseTask) -> None:
        """One signer fewer: what remains is judged again."""
        own = my_task.internal_data
        if number(my_task) <= 1:
            raise Conflict(message("只剩一位办理人，不能再减签。"))
        own["gone"] = own.get("gone", 0) + 1
        with my_task.workflow.case.because("removed"):
            child.cancel()
        self._go_on(my_task, None)

    def take_in(self, my_task: CaseTask, items: Mapping[Key, Any], *, is_next: bool = False) -> None:
        """More of them than there were: in turn they come next or last, else they begin at once."""
        own = my_task.internal_data
        self.instances(my_task)  # all of them are here before their number changes
        self._check_number(number(my_task) + len(items))
        own["total"] += len(items)
        if not self.sequential:
            for key, item in items.items():
                self._begin(my_task, key, item)
            return
        my_task.write({ITEMS: {**my_task.workflow.case.store.read(my_task.data[ITEMS].key), **items}})
        own["ahead"] = [*items, *own["ahead"]] if is_next else [*own["ahead"], *items]

    def leave_out(self, my_task: CaseTask, key: Key) -> None:
        """One fewer of those whose turn has not come: what remains is judged again."""
        own = my_task.internal_data
        own["ahead"] = [each for each in own["ahead"] if each != key]
        own["gone"] = own.get("gone", 0) + 1
        self._go_on(my_task, None)

    def ahead(self, my_task: CaseTask) -> dict[Key, Any]:
        """Whose turn has not come, in order."""
        keys = my_task.internal_data.get("ahead", ())
        items = my_task.workflow.case.store.read(my_task.data[ITEMS].key) if keys else {}
        return {key: items[key] for key in keys}

    def take_back(self, my_task: CaseTask, child: CaseTask) -> CaseTask:
        """A signature is taken back while others are still waited for: the same signer is asked again."""
        own, key = my_task.internal_data, child.internal_data["key"]
        own["total"], own["gone"] = own["total"] + 1, own.get("gone", 0) + 1
        own["done"] -= 1
        own["yes"] = own.get("yes", 0) - bool(child.internal_data.get("agreed"))
        child.internal_data["undone"] = 1
        store = child.workflow.case.store
        items = {name: store.read(child.data[name].key) for name in self.items if name in child.data}
        if self.sequential:
            for other in [each for each in self.instances(my_task) if not each.finished]:
                own["ahead"] = [other.internal_data["key"], *own["ahead"]]
                other.cancel()
        before = set(my_task.children)
        self.begin_instance(my_task, key, items, self.output_items if self.output else ())
        return next(each for each in my_task.children if each not in before)

    def _last_done(self, my_task: CaseTask) -> CaseTask | None:
        done = [each for each in self.instances(my_task) if each.state == TaskState.COMPLETED and not each.is_undone]
        return max(done, key=lambda each: each.last_state_change, default=None)

    def _enough(self, my_task: CaseTask, child: CaseTask) -> bool:
        own, total = my_task.internal_data, number(my_task)
        names: dict[str, Any] = {
            "nrOfInstances": total,
            "nrOfCompletedInstances": own["done"],
            "nrOfActiveInstances": total - own["done"] - len(own.get("ahead", ())),
            "loopCounter": own["done"],
        }
        if self.output is not None and self.output in (self.condition or ""):
            names[self.output] = self._results(my_task)
        return bool(my_task.workflow.script_engine.evaluate(child, self.condition, names))

    def _results(self, my_task: CaseTask) -> dict[Key, Any] | list[Any]:
        """The results so far, in the order of the items."""
        store = my_task.workflow.case.store
        done = [each for each in self.instances(my_task) if each.state == TaskState.COMPLETED and not each.is_undone]
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
        if self.rule is not None:
            own = my_task.internal_data
            my_task.write({"passed": bool(self.verdict(my_task)), "agreed": own.get("yes", 0), "signed": own["done"]})
        return True


def number(my_task: CaseTask) -> int:
    """How many instances an activity has, without those that were taken out."""
    own = my_task.internal_data
    return int(own["total"] - own.get("gone", 0))
