"""Instances of a multi-instance task that wait for people, at rest apart from the skeleton.

Of an activity that 400 people answer, one completion changes one instance. Each instance is therefore kept with the
work item that it became; the skeleton names the activity only. An instance sleeps until its own task is done, or until
somebody asks for all of them: when the last is done, or the activity is cancelled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson
from SpiffWorkflow.util.task import TaskState

from processes.engine.spiff.model import Apart, Instances
from processes.engine.spiff.tasks import CaseTask
from processes.engine.spiff.values import Held, ValueStore, Variables
from processes.errors import Invalid
from processes.messages import message

if TYPE_CHECKING:
    from processes.engine.spiff.scopes import Case


@dataclass
class Kept:
    """An activity whose instances are kept apart."""

    base: Variables
    """The variables that each instance is written against; fixed when the first is written."""
    asleep: bool
    """Whether there are instances in storage that are not here."""
    content: dict[str, bytes] = field(default_factory=dict)
    """What was read of those that are here: they are written again only when they have changed."""


class Sleepers:
    """The instances of a case that are kept apart."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self.kept: dict[str, Kept] = {}
        """By task id of the activity."""
        self.storage: Instances | None = None

    @property
    def any(self) -> bool:
        """Whether some instance of an open activity is still at rest."""
        return any(kept.asleep and not self._case.register[each].finished for each, kept in self.kept.items())

    def find(self, task_id: str) -> CaseTask | None:
        """A task of the case, woken if it is at rest."""
        found = self._case.register.get(task_id)
        if found is None and self.any and self.storage is not None:
            one = self.storage.one(task_id)
            if one is not None and one.activity in self.kept:
                found = self._woken(self._case.register[one.activity], task_id, one.content)
        return found

    def wake(self, activity: CaseTask) -> None:
        """Let all instances of an activity be here."""
        kept = self.kept.get(activity.id)
        if kept is None or not kept.asleep:
            return
        if self.storage is None:
            raise Invalid(message("案件数据不完整或已被改动（%(key)s）。", key=activity.id))
        kept.asleep = False
        for task_id, content in self.storage.all(activity.id).items():
            if task_id not in self._case.register:
                self._woken(activity, task_id, content)
        register = self._case.register
        instances = [each.id for each in activity.children if each.is_instance]
        if len(instances) != activity.internal_data["total"]:
            raise Invalid(message("案件数据不完整或已被改动（%(key)s）。", key=activity.id))
        instances.sort(key=lambda child: register[child].internal_data["born"])
        following = [each.id for each in activity.children if not each.is_instance]
        activity._children[:] = instances + following
        in_order(self._case.human)
        in_order(activity.workflow.tokens)

    def wake_all(self) -> None:
        """Let every instance be here."""
        for activity in (self._case.register[each] for each in list(self.kept)):
            if not activity.finished:
                self.wake(activity)

    def restore(self, activity: CaseTask, base: Variables) -> None:
        """The skeleton says that the instances of an activity are kept apart."""
        self.kept[activity.id] = Kept(base, asleep=True)

    def _woken(self, activity: CaseTask, task_id: str, content: bytes) -> CaseTask:
        kept = self.kept[activity.id]
        try:
            state, tick, internal, changed, gone = orjson.loads(content)
            variables = dict(kept.base)
            for name in gone:
                del variables[name]
            store = self._case.store
            variables.update((name, Held(reference_of(ref, store), at)) for name, (ref, at) in changed.items())
        except (ValueError, TypeError, KeyError) as cause:
            raise Invalid(message("案件状态已损坏，无法读取。")) from cause
        spec = activity.workflow.spec.task_specs[activity.task_spec.task_spec]
        task = CaseTask.restored(activity.workflow, spec, activity, task_id, state, tick)
        task.flow, task.data, task.internal_data, task.triggered = None, variables, internal, True
        self._case.admit(task)
        kept.content[task_id] = content
        return task

    def lay_down(self) -> tuple[dict[str, Apart], set[str]]:
        """What has changed of the instances that are kept apart, and the task ids of all of them that are here."""
        changed: dict[str, Apart] = {}
        here: set[str] = set()
        for each in self.kept:
            if not may_be_apart(self._case.register[each]):
                self.wake(self._case.register[each])
        for activity in self._activities():
            kept = self.kept.setdefault(activity.id, Kept(dict(activity.data), asleep=False))
            for child in activity.children:
                here.add(child.id)
                content = self._content(child, kept.base)
                if kept.content.get(child.id) != content:
                    changed[child.id] = Apart(activity.id, content)
        return changed, here

    def resting(self) -> list[tuple[str, Variables]]:
        """The activities whose instances are kept apart now, and what these are written against."""
        return [(activity.id, self.kept[activity.id].base) for activity in self._activities()]

    def _activities(self) -> Iterator[CaseTask]:
        """Open activities whose instances are single tasks of people, all begun at once."""
        for scope in self._case.all_scopes():
            for task in scope.tokens.values():
                if may_be_apart(task):
                    yield task

    def _content(self, task: CaseTask, base: Variables) -> bytes:
        store = self._case.store
        new = sorted(item for item in task.data.items() if base.get(item[0]) != item[1])
        changed = {name: [reference(held.key, store), held.tick] for name, held in new}
        gone = sorted(name for name in base if name not in task.data)
        return orjson.dumps([task._state, task.last_state_change, task.internal_data, changed, gone])

    def keys(self, task_ids: Iterable[str]) -> set[str]:
        """Keys of the values that some instances use."""
        return {held.key for each in task_ids for held in self._case.register[each].data.values()}


def may_be_apart(task: CaseTask) -> bool:
    """Whether the instances of a task may be kept apart from the skeleton."""
    spec: Any = task.task_spec
    if not spec.multiple or getattr(spec, "sequential", True) or task.state != TaskState.STARTED:
        return False
    return bool(spec._wf_spec.task_specs[spec.task_spec].manual)


def in_order(queue: dict[str, CaseTask]) -> None:
    """Tasks in the order in which they came to their present state."""
    ordered = sorted(queue.values(), key=lambda task: task.last_state_change)
    queue.clear()
    queue.update((task.id, task) for task in ordered)


def reference(key: str, store: ValueStore) -> str | list[str]:
    """How a document names a value: by its key, or as it is where it is small."""
    raw = store.small(key)
    return key if raw is None else [raw.decode()]


def reference_of(ref: str | list[str], store: ValueStore) -> str:
    """The key of a value that a document names."""
    return ref if isinstance(ref, str) else store.take_small(ref[0].encode())
