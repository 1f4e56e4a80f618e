"""Events: what a case waits for, and what it sends out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from SpiffWorkflow.util.task import TaskState

from processes import clock
from processes.engine.language import MissingValueError
from processes.engine.spiff import timing
from processes.engine.spiff.specs import Node, Operation, Script, raise_error
from processes.engine.spiff.tasks import CaseTask
from processes.engine.spiff.values import Variables, newest


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
        """After it has fired without interrupting: whether it listens on."""
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
            self._go_round(my_task)
            my_task.write(payload or {})
            self._win_race(my_task)
            my_task._ready()

    def _go_round(self, my_task: CaseTask) -> None:
        """A repeated timer waits on for its next round, for which another token goes on."""
        this_round = my_task.internal_data
        if "every" in this_round and "race" not in this_round and self.trigger.rearm(my_task):
            following = my_task.parent.spawn(self, my_task.flow, my_task.data, my_task.internal_data)
            following._set_state(TaskState.WAITING)
            my_task.internal_data = this_round

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
            known = newest(self._around(my_task), my_task.data)
            case = my_task.workflow.case
            try:
                true = bool(case.script_engine.environment.evaluate(self.trigger.text, case.value_of(known)))
            except MissingValueError:
                true = False  # what it asks about has not been set yet
        before = my_task.internal_data.get("true", False)
        my_task.internal_data["true"] = true
        return true and not before

    def _around(self, my_task: CaseTask) -> Variables:
        """What is known in the scope of an event, in those around it, and inside of what it watches."""
        known: Variables = {}
        scope = my_task.workflow
        while scope is not None:
            newest(known, scope.shared())
            scope = scope.host.workflow if scope.host is not None else None
        for inner in my_task.workflow.case.subprocesses.values():
            if not inner.completed and self.watches(my_task, inner.host):
                newest(known, inner.shared())
        return known

    def watches(self, my_task: CaseTask, activity: CaseTask | None) -> bool:
        """Whether an activity is inside of what this event watches."""
        return False


class Start(Catch):
    """A start event; what it waits for has happened when the case begins, unless it is a condition."""

    triggers: tuple[Trigger, ...] = ()
    """All that may begin a case here."""

    def _update_hook(self, my_task: CaseTask) -> bool | None:
        return super()._update_hook(my_task) if self.trigger.kind == "conditional" else True


class Throw(Node):
    """An intermediate throwing event, an end event or a send task."""

    ORDER = ("message", "signal", "escalation", "error", "cancel", "terminate")
    """In which several are thrown: what ends the scope comes last."""

    def __init__(
        self, wf_spec: Any, name: str, element_id: str, title: str, throws: Sequence[tuple[str, str | None]]
    ) -> None:
        super().__init__(wf_spec, name, element_id, title)
        self.throws = sorted(throws, key=lambda each: self.ORDER.index(each[0]))

    def _on_complete_hook(self, my_task: CaseTask) -> None:
        """Send first: whatever is interrupted by it must not take another step."""
        scope = my_task.workflow
        before = scope.interruptions
        with self.blamed():
            for kind, code in self.throws:
                if not scope.completed and scope.interruptions == before:
                    self._send(my_task, kind, code)
        if scope.interruptions == before:
            super()._on_complete_hook(my_task)

    def _send(self, my_task: CaseTask, kind: str, code: str | None) -> None:
        scope, case = my_task.workflow, my_task.workflow.case
        if kind == "terminate":
            scope.terminate()
        elif kind in ("error", "escalation", "cancel"):
            caught = raise_error(my_task, kind, code)
            if not caught and kind == "cancel":
                scope.terminate()
            elif not caught:
                case.throw(kind, code or "", my_task)
        else:
            case.throw(kind, code or "", my_task)
            if kind == "signal":
                broadcast(case, code or "", {})


def waited_for(task: CaseTask) -> str | None:
    """What a waiting task waits for."""
    return task.task_spec.trigger.kind if isinstance(task.task_spec, Catch) else None


def known_to(task: CaseTask) -> Variables:
    """What counts where something is waited for; an event sub-process waits for its whole scope, as it is now."""
    known: Variables = task.workflow.shared() if hasattr(task.task_spec, "handler") else task.data
    return known


def broadcast(case: Any, name: str, payload: Mapping[str, Any]) -> None:
    """Let everything in the case that waits for a signal have it."""

    def waits(task: CaseTask) -> bool:
        trigger = getattr(task.task_spec, "trigger", None)
        return trigger is not None and trigger.kind == "signal" and trigger.name == name

    for task in case.waiting_for(waits):
        if task.state == TaskState.WAITING:
            task.task_spec.fire(task, payload)


def carry_out(task: CaseTask) -> None:
    """Do an automatic step; deadlines around it that have passed while it worked come before the next."""
    began, scope = clock.now(), task.workflow
    task.run()
    if not isinstance(task.task_spec, Operation | Script) or scope.case.firing_at is not None:
        return
    now = clock.now()
    while scope is not None:
        _fire_passed(scope, scope.task_tree.id, began, now)
        host = scope.host
        if host is not None:
            _fire_passed(host.workflow, (host.parent if host.is_instance else host).id, began, now)
        scope = host.workflow if host is not None else None


def _fire_passed(scope: Any, watched: str, began: datetime, now: datetime) -> None:
    for each in [*scope.watchers.get(watched, {}).values()]:
        due = each.internal_data.get("due")
        if due is not None and each.state == TaskState.WAITING and began < datetime.fromisoformat(due) <= now:
            each.task_spec.fire(each)
