"""The tokens of a case: SpiffWorkflow tasks that hold references to values and tell their scope whatever happens."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from processes.engine.spiff.values import Held, Variables, newest
from processes.errors import Conflict
from processes.messages import message

for _name in ("spiff", "spiff.task", "spiff.workflow", "spiff.data"):
    logging.getLogger(_name).setLevel(logging.WARNING)  # its records would carry the variables of the case


class CaseTask(Task):
    """One visit of an element.

    Differences from the library's task: `data` maps names to references (`Held`); states are never logged, because
    logs are no place for personal data; nothing is ever removed from the tree, a task that ends early is cancelled and
    reported; `last_state_change` is the tick of the case, not a clock that may be set back.
    """

    data: Variables
    _state: int

    def __init__(
        self,
        workflow: Any,
        task_spec: Any,
        parent: CaseTask | None = None,
        state: int = TaskState.FUTURE,
        id: str | None = None,
        flow: str | None = None,
        data: Mapping[str, Held] | None = None,
        internal: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(workflow, task_spec, parent, state, id or uuid4().hex)
        self.flow = flow
        """Id of the sequence flow the token came over."""
        self.data = dict(data or {})
        self.internal_data = dict(internal or {})
        self.last_state_change = workflow.case.tick()
        workflow.case.admit(self)

    @classmethod
    def restored(
        cls, workflow: Any, spec: Any, before: CaseTask | None, task_id: str, state: int, tick: int
    ) -> CaseTask:
        """A task as it was saved; the caller gives it its variables and enters it into the books."""
        task = cls.__new__(cls)
        Task.__init__(task, workflow, spec, before, state, task_id)
        task.last_state_change = tick
        return task

    @property
    def is_instance(self) -> bool:
        """Whether this is one instance of a multi-instance activity."""
        return "key" in self.internal_data

    @property
    def is_watcher(self) -> bool:
        """Whether this is a boundary event that listens while its host works; it carries no token."""
        return "host" in self.internal_data

    @property
    def is_undone(self) -> bool:
        """Whether the case has been sent back to before this visit, so that it counts no longer."""
        return "undone" in self.internal_data

    @property
    def finished(self) -> bool:
        return bool(self._state & TaskState.FINISHED_MASK)

    def spawn(
        self,
        task_spec: Any,
        flow: str | None = None,
        data: Mapping[str, Held] | None = None,
        internal: Mapping[str, Any] | None = None,
    ) -> CaseTask:
        """Put a new token behind this task."""
        return CaseTask(self.workflow, task_spec, self, TaskState.FUTURE, None, flow, data, internal)

    def _add_child(self, task_spec: Any, state: int = TaskState.FUTURE) -> CaseTask:
        return CaseTask(self.workflow, task_spec, self, state)

    def _set_state(self, value: int) -> None:
        if value == self._state:
            return
        before, self._state = self._state, value
        self.last_state_change = self.workflow.case.tick()
        self.workflow.case.state_changed(self, before)

    def _inherit_data(self) -> None:
        """Start with the variables of the task before, and with those a token was put here with, where these are newer.

        References only, so nothing is shared that could change.
        """
        self.data = newest(dict(self.parent.data), self.data)

    def write(self, values: Mapping[str, Any]) -> None:
        """Set variables; each value is fixed as it is now."""
        case = self.workflow.case
        for name, value in values.items():
            self.data[name] = Held(case.store.put(value), case.tick())

    def take(self, other: Mapping[str, Held]) -> None:
        """Take over what was set later than what this task has."""
        newest(self.data, other)

    def run(self) -> bool | None:
        """Carry out the task, once and only when its turn has come."""
        if self._state != TaskState.READY:
            raise Conflict(message("该任务已办结，或案件已进入下一环节。"))
        result = self.task_spec._run(self)
        if self._state == TaskState.READY:
            self.complete()
        return bool(result)

    def cancel(self) -> None:
        """End the task early, with everything that runs inside it."""
        if self.finished:
            return
        self.workflow.case.sleepers.wake(self)
        self._set_state(TaskState.CANCELLED)
        for child in self.children:
            if child.is_instance:
                child.cancel()
        inner = self.workflow.case.subprocesses.get(self.id)
        if inner is not None:
            inner.abort()

    def collect_log_extras(self, dct: dict[str, Any] | None = None) -> dict[str, Any]:
        return {}
