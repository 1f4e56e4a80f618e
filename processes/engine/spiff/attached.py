"""Events that listen beside something else: at the border of an activity, or for an event sub-process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.util.task import TaskState

from processes.engine.spiff.events import Catch
from processes.engine.spiff.tasks import CaseTask
from processes.engine.spiff.values import Held, Variables, newest


class Attached(Catch):
    """An event that listens beside something else: it carries no token, and its variables are those of the other."""

    interrupts = True
    whole = False
    """Whether all parts of the event must have happened."""

    def _arrive(self, my_task: CaseTask) -> None:
        """Visits count when it fires."""

    def catches_code(self, kind: str, code: str | None) -> bool:
        """Whether it catches this error, escalation or cancellation; without a code of its own it catches any."""
        return self.trigger.kind == kind and self.trigger.name in (None, code)

    def watches(self, my_task: CaseTask, activity: CaseTask | None) -> bool:
        """An event at a border watches its activity, the start of an event sub-process the scope around."""
        while activity is not None:
            whole = activity.parent if activity.is_instance else activity
            if my_task.internal_data["host"] in (whole.id, activity.workflow.task_tree.id):
                return True
            activity = activity.workflow.host
        return False

    def is_whole(self, my_task: CaseTask) -> bool:
        """Note that this part has happened; whether the event as a whole has."""
        if not self.whole:
            return True
        my_task._set_state(TaskState.COMPLETED)
        return all(each.finished for each in self.parts(my_task))

    def parts(self, my_task: CaseTask) -> list[CaseTask]:
        """All parts of this event that began to listen with this one."""
        host = my_task.internal_data["host"]
        return [
            each
            for each in my_task.parent.children
            if each.task_spec.element_id == self.element_id and each.internal_data.get("host") == host
        ]

    def listen_on(self, my_task: CaseTask) -> None:
        """After it has fired without interrupting."""
        if self.whole or not self.trigger.rearm(my_task):
            my_task._set_state(TaskState.CANCELLED)


class Part(Attached):
    """One of several things that an intermediate event waits for."""

    def fire(self, my_task: CaseTask, payload: Mapping[str, Any] | None = None) -> None:
        with self.blamed():
            host = my_task.workflow.case.register[my_task.internal_data["host"]]
            if host.state != TaskState.WAITING:
                return
            host.write(payload or {})
            if self.is_whole(my_task):
                host.task_spec.fire(host)


class Boundary(Attached):
    """An event attached to an activity; it listens as long as the activity is open."""

    def fire(
        self, my_task: CaseTask, payload: Mapping[str, Any] | None = None, data: Mapping[str, Held] | None = None
    ) -> None:
        """End the activity or let it go on, and put a token behind this event."""
        with self.blamed():
            my_task.write(payload or {})
            if not self.is_whole(my_task):
                return
            host = my_task.workflow.case.register[my_task.internal_data["host"]]
            own = my_task.workflow.spec.task_specs[self.element_id]
            my_task.workflow.count_visit(own)
            token = host.parent.spawn(own, data=self._known(host, data), internal={"of": host.id})
            results = getattr(host.task_spec, "partial_results", None)
            if results is not None and self.interrupts:
                token.write(results(host))
            self._hand_over(my_task, payload, token)
            if self.interrupts:
                host.cancel()
            else:
                self.listen_on(my_task)
            token._ready()

    def _hand_over(self, my_task: CaseTask, payload: Mapping[str, Any] | None, token: CaseTask) -> None:
        """What came with the event; with that of the parts that happened before it."""
        if self.whole:
            for part in self.parts(my_task):
                token.take(part.data)
        token.write(payload or {})

    @staticmethod
    def _known(host: CaseTask, data: Mapping[str, Held] | None) -> Variables:
        """The activity's variables, with what was set inside it so far."""
        known = dict(host.data)
        inner = host.workflow.case.subprocesses.get(host.id)
        if inner is not None:
            newest(known, inner.shared())
        newest(known, data or {})
        return known


class Guard(Attached):
    """The start event of an event sub-process; it listens as long as the scope around it is open."""

    handler: str
    """Name of the event sub-process."""
    way_in: str
    """Name of the node that leads into it."""

    def fire(
        self, my_task: CaseTask, payload: Mapping[str, Any] | None = None, data: Mapping[str, Held] | None = None
    ) -> None:
        """End what runs around the event sub-process or let it go on, and begin the event sub-process."""
        with self.blamed():
            scope = my_task.workflow
            known = newest(scope.shared(), data or {})
            if self.interrupts:
                scope.interrupt()
            else:
                self.listen_on(my_task)
            token = scope.task_tree.spawn(scope.spec.task_specs[self.way_in], data=known)
            token.write(payload or {})
            token._ready()
