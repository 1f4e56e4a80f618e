"""Events: what a case waits for, and what it sends out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from SpiffWorkflow.util.task import TaskState

from processes import clock
from processes.engine.spiff import timing
from processes.engine.spiff.specs import Node, raise_error
from processes.engine.spiff.tasks import CaseTask
from processes.engine.spiff.values import Held, Variables, newest


class Trigger:
    """What starts a catching event; `name` is that of a message or signal or the code of an error or escalation."""

    def __init__(self, kind: str, name: str | None = None, text: str = "", form: str = "") -> None:
        self.kind = kind
        self.name = name
        self.text = text
        """Expression of a condition or timer."""
        self.form = form
        """`date`, `duration` or `cycle`, for a timer."""

    def arm(self, my_task: CaseTask) -> bool:
        """Begin to wait; true when it has happened already."""
        if self.kind == "timer":
            my_task.internal_data.update(self._deadline(my_task))
        return self.kind == "none"

    def _deadline(self, my_task: CaseTask) -> dict[str, Any]:
        """The moment a timer is due, reckoned once; later changes of the calendar do not move it."""
        value: Any = self.text.strip()
        if not timing.is_literal(value):
            value = my_task.workflow.script_engine.evaluate(my_task, value)
        now = clock.now()
        if self.form == "cycle":
            round_ = timing.cycle(value, now)
            return {"due": round_.due.isoformat(), "every": round_.every, "left": round_.left}
        due = timing.span(value).after(now) if self.form == "duration" else timing.moment(value)
        return {"due": due.isoformat()}

    def rearm(self, my_task: CaseTask) -> bool:
        """After it has fired without interrupting: whether it listens on. Missed rounds of a timer count as one."""
        if self.kind != "timer":
            return True
        old = my_task.internal_data
        if "every" not in old:
            return False
        due = datetime.fromisoformat(old["due"])
        following = timing.Cycle(due, old["every"], old["left"]).following(
            my_task.workflow.case.firing_at or clock.now()
        )
        if following is None:
            return False
        my_task.internal_data = {**old, "due": following.due.isoformat(), "left": following.left}
        return True


class Catch(Node):
    """A start event, an intermediate catching event or a receive task."""

    def __init__(self, wf_spec: Any, name: str, element_id: str, title: str, trigger: Trigger) -> None:
        super().__init__(wf_spec, name, element_id, title)
        self.trigger = trigger

    def _update_hook(self, my_task: CaseTask) -> bool | None:
        if my_task.state == TaskState.FUTURE:
            if self.trigger.arm(my_task):
                return True
            my_task._set_state(TaskState.WAITING)
        return None

    def fire(self, my_task: CaseTask, payload: Mapping[str, Any] | None = None) -> None:
        """What was waited for has happened."""
        with self.blamed():
            my_task.write(payload or {})
            self._win_race(my_task)
            my_task._ready()

    def _win_race(self, my_task: CaseTask) -> None:
        """Behind an event-based gateway the other events are no longer waited for."""
        race = my_task.internal_data.get("race")
        if race is not None:
            for other in my_task.parent.children:
                if other is not my_task and other.internal_data.get("race") == race:
                    other.cancel()

    def condition_met(self, my_task: CaseTask) -> bool:
        """Whether a conditional event has become true; it must have been false before to happen again."""
        with self.blamed():
            known = newest(my_task.workflow.shared(), my_task.data)
            case = my_task.workflow.case
            true = bool(case.script_engine.environment.evaluate(self.trigger.text, case.value_of(known)))
        before = my_task.internal_data.get("true", False)
        my_task.internal_data["true"] = true
        return true and not before


class Start(Catch):
    """A start event; what it waits for has happened when the case begins."""

    def _update_hook(self, my_task: CaseTask) -> bool | None:
        return True


class Boundary(Catch):
    """An event attached to an activity; it listens as long as the activity is open."""

    def __init__(
        self, wf_spec: Any, name: str, element_id: str, title: str, trigger: Trigger, interrupts: bool
    ) -> None:
        super().__init__(wf_spec, name, element_id, title, trigger)
        self.interrupts = interrupts

    def _arrive(self, my_task: CaseTask) -> None:
        """Visits count when it fires; the variables are those of the activity."""

    def catches_code(self, kind: str, code: str | None) -> bool:
        """Whether it catches this error, escalation or cancellation; without a code of its own it catches any."""
        return self.trigger.kind == kind and self.trigger.name in (None, code)

    def fire(
        self, my_task: CaseTask, payload: Mapping[str, Any] | None = None, data: Mapping[str, Held] | None = None
    ) -> None:
        """End the activity or let it go on, and put a token behind this event."""
        with self.blamed():
            host = my_task.workflow.case.register[my_task.internal_data["host"]]
            my_task.workflow.count_visit(self)
            token = host.parent.spawn(self, data=self._known(host, data))
            results = getattr(host.task_spec, "partial_results", None)
            if results is not None and self.interrupts:
                token.write(results(host))
            token.write(payload or {})
            if self.interrupts:
                host.cancel()
            elif not self.trigger.rearm(my_task):
                my_task._set_state(TaskState.CANCELLED)
            token._ready()

    @staticmethod
    def _known(host: CaseTask, data: Mapping[str, Held] | None) -> Variables:
        """The activity's variables, with what was set inside it so far."""
        known = dict(host.data)
        inner = host.workflow.case.subprocesses.get(host.id)
        if inner is not None:
            newest(known, inner.shared())
        newest(known, data or {})
        return known


class Throw(Node):
    """An intermediate throwing event, an end event or a send task."""

    def __init__(self, wf_spec: Any, name: str, element_id: str, title: str, kind: str, code: str | None) -> None:
        super().__init__(wf_spec, name, element_id, title)
        self.kind = kind
        self.code = code

    def _on_complete_hook(self, my_task: CaseTask) -> None:
        """Send first: whatever is interrupted by it must not take another step."""
        with self.blamed():
            self._send(my_task)
        super()._on_complete_hook(my_task)

    def _send(self, my_task: CaseTask) -> None:
        scope, case = my_task.workflow, my_task.workflow.case
        if self.kind == "terminate":
            scope.terminate()
        elif self.kind in ("error", "escalation", "cancel"):
            caught = raise_error(my_task, self.kind, self.code)
            if not caught and self.kind == "cancel":
                scope.terminate()
            elif not caught:
                case.throw(self.kind, self.code or "", my_task)
        elif self.kind in ("message", "signal"):
            case.throw(self.kind, self.code or "", my_task)
            if self.kind == "signal":
                broadcast(case, self.code or "", {})


def broadcast(case: Any, name: str, payload: Mapping[str, Any]) -> None:
    """Let everything in the case that waits for a signal have it."""

    def waits(task: CaseTask) -> bool:
        trigger = getattr(task.task_spec, "trigger", None)
        return trigger is not None and trigger.kind == "signal" and trigger.name == name

    for task in case.waiting_for(waits):
        if task.state == TaskState.WAITING:
            task.task_spec.fire(task, payload)
