"""A run: the state of one case in memory for the length of one transaction, on one thread.

Whoever holds it acts on it, lets it advance to the next wait and freezes it. After any exception it is thrown away.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from SpiffWorkflow.util.task import TaskState

from processes.engine.spiff import skeleton as at_rest
from processes.engine.spiff.events import Catch, broadcast, carry_out, known_to, waited_for
from processes.engine.spiff.failures import StepFailed, Unsound
from processes.engine.spiff.gateways import Inclusive
from processes.engine.spiff.model import (
    Change,
    Frozen,
    Hooks,
    Instances,
    MessageWait,
    OpenTask,
    Progress,
    Thrown,
    TimerWait,
)
from processes.engine.spiff.program import Program
from processes.engine.spiff.scopes import MOST_VISITS, Case
from processes.engine.spiff.specs import begin
from processes.engine.spiff.tasks import CaseTask
from processes.engine.spiff.values import Held, ValueStore
from processes.errors import Conflict, Invalid
from processes.messages import message

STEP_BUDGET = 2000
"""Automatic tasks that one advance may carry out."""
STEPS_OF_AN_INSTANCE = 20
"""What is added to the budget for every multi-instance instance that begins."""


class Run:
    """One case on its way."""

    def __init__(self, case: Case, process_id: str, ending: str = "running", budget: int = STEP_BUDGET) -> None:
        self._case = case
        self._process_id = process_id
        self._ending = ending
        self._budget = budget
        self.waited_before: frozenset[str] = frozenset()
        """Task ids of the places that waited for a message or signal when the case was thawed."""

    @property
    def case(self) -> Case:
        """The books of the case, for the rest of this package."""
        return self._case

    # begin and rest

    @classmethod
    def start(
        cls,
        program: Program,
        process_id: str,
        data: Mapping[str, Any],
        hooks: Hooks,
        start_event: str | None = None,
        *,
        budget: int = STEP_BUDGET,
        most_visits: int = MOST_VISITS,
    ) -> Run:
        """Begin a case on a start event, the plain one where none is named; it does not advance yet."""
        _check_process(program, process_id)
        case = Case(program, process_id, hooks, ValueStore(), most_visits)
        routes = [route for route in case.spec.start.routes if start_event in (None, route.target)]
        if not routes:
            raise Invalid(message("流程没有开始事件“%(id)s”。", id=start_event))
        begin(case, routes[0], {name: Held(case.store.put(value), case.tick()) for name, value in data.items()})
        return cls(case, process_id, budget=budget)

    @classmethod
    def thaw(
        cls,
        program: Program,
        process_id: str,
        skeleton: bytes,
        fetch: Callable[[Sequence[str]], Mapping[str, bytes]],
        hooks: Hooks,
        instances: Instances | None = None,
        *,
        budget: int = STEP_BUDGET,
        most_visits: int = MOST_VISITS,
    ) -> Run:
        """A case as it was frozen; values, and instances that are kept apart, are fetched when first needed."""
        _check_process(program, process_id)
        document = at_rest.open_document(skeleton, process_id)
        stored = (each for each in document["keys"] if isinstance(each, str))
        case = Case(program, process_id, hooks, ValueStore(fetch, stored), most_visits)
        case.sleepers.storage = instances
        at_rest.rebuild(case, document)
        run = cls(case, process_id, document["ending"], budget)
        run.waited_before = frozenset(wait.task_id for _, wait in run.waits())
        return run

    def freeze(self, *, apart: bool = False) -> Frozen:
        """The case as it is to be saved; with `apart`, instances that wait for people are given beside the skeleton."""
        return at_rest.freeze(self._case, self._process_id, self._ending, apart=apart)

    # going on

    def advance(self) -> None:
        """Carry out automatic steps until only people, timers and messages can go on."""
        taken, case = 0, self._case
        while True:
            task = next(iter(case.ready.values()), None)
            if task is not None:
                taken += 1
                if taken > self._budget + case.instances_begun * STEPS_OF_AN_INSTANCE:
                    text = message("自动步骤超过 %(limit)s 个，疑似无法结束的循环。", limit=taken - 1)
                    raise StepFailed(task.task_spec.element_id or self._process_id, Unsound(text))
                carry_out(task)
                if case.program.has_conditions:
                    self._check_conditions()
            elif not self._settle():
                return

    def _settle(self) -> bool:
        """When nothing moves by itself: end scopes without tokens, let inclusive joins go on, look at conditions."""
        return self._end_scopes() or self._release_joins() or self._check_conditions()

    def _end_scopes(self) -> bool:
        emptied = sorted(self._case.emptied.values(), key=lambda scope: scope.depth, reverse=True)
        self._case.emptied.clear()
        ended = [scope for scope in emptied if not scope.tokens and not scope.completed]
        for scope in ended:
            scope.finish()
            if scope is self._case:
                self._ending = "completed"
        return bool(ended)

    def _release_joins(self) -> bool:
        waiting = self._case.waiting_for(lambda task: isinstance(task.task_spec, Inclusive))
        return any(
            task.task_spec.fire_if_complete(task.workflow) for task in waiting if task.state == TaskState.WAITING
        )

    def _check_conditions(self) -> bool:
        waiting = self._case.waiting_for(lambda task: waited_for(task) == "conditional")
        met = [task for task in waiting if task.task_spec.condition_met(task)]
        for task in met:
            if task.state == TaskState.WAITING:
                task.task_spec.fire(task)
        return bool(met)

    # people

    def open_tasks(self) -> list[OpenTask]:
        """Human tasks that wait for a person, in the order in which they came up."""
        self._case.sleepers.wake_all()
        return [self._open_task(task) for task in self._case.human.values()]

    def come_up(self, task_ids: Collection[str]) -> list[OpenTask]:
        """Those of some tasks that wait for a person, all of which have come up in this run."""
        return [self._open_task(task) for task in self._case.human.values() if task.id in task_ids]

    def _open_task(self, task: CaseTask) -> OpenTask:
        path = self._case.instance_path(task)
        view = self._case.value_of(task.data)
        return OpenTask(task.id, task.task_spec.element_id, view, path[-1] if path else None, path)

    def seen_by(self, task_id: str) -> Mapping[str, Any]:
        """The variables that an open task of a person sees; none where it is not open."""
        task = self._case.sleepers.find(task_id)
        return self._case.value_of(task.data) if task is not None and task.id in self._case.human else {}

    def complete(self, task_id: str, variables: Mapping[str, Any]) -> None:
        """A person has done a task; `variables` become the case's. Does not advance."""
        task = self._case.sleepers.find(task_id)
        if task is None or not task.task_spec.manual or task.state != TaskState.READY:
            raise Conflict(message("该任务已办结，或案件已进入下一环节。"))
        task.write(variables)
        task.run()

    # timers

    def timers(self) -> list[TimerWait]:
        """All timers that run, soonest first."""
        waits = [
            TimerWait(task.id, task.task_spec.element_id, datetime.fromisoformat(task.internal_data["due"]))
            for task in self._case.waiting_for(lambda task: waited_for(task) == "timer")
        ]
        return sorted(waits, key=lambda wait: wait.due)

    def fire_timers(self, now: datetime) -> None:
        """Fire what is due, earliest first, and advance after each; a repeated timer may be due again at once."""
        moment = self._case.firing_at = now.astimezone(UTC)
        fired: set[tuple[str, datetime]] = set()
        while len(fired) <= self._budget:
            due = [wait for wait in self.timers() if wait.due <= moment and (wait.task_id, wait.due) not in fired]
            if not due:
                return
            for wait in due:
                fired.add((wait.task_id, wait.due))
                task = self._case.register[wait.task_id]
                if task.state == TaskState.WAITING:
                    self._fire(wait.task_id, {})
                if task.internal_data.get("left", -1) >= 0:
                    break  # its next round may come before the others
        raise StepFailed(self._process_id, Unsound(message("到期的定时器过多，疑似无法结束的循环。")))

    # messages and signals

    def messages(self) -> list[MessageWait]:
        """All places that wait for a message."""
        return self._waits("message")

    def waits(self) -> list[tuple[str, MessageWait]]:
        """All places that wait for a message or a signal, each with the kind of what it waits for."""
        return [(kind, wait) for kind in ("message", "signal") for wait in self._waits(kind)]

    def _waits(self, kind: str) -> list[MessageWait]:
        case = self._case
        return [
            MessageWait(task.id, task.task_spec.element_id, task.task_spec.trigger.name, case.value_of(known_to(task)))
            for task in case.waiting_for(lambda task: waited_for(task) == kind)
        ]

    def awaits(self, task_id: str) -> bool:
        """Whether this place still waits for its message."""
        task = self._case.register.get(task_id)
        return task is not None and task.state == TaskState.WAITING and waited_for(task) == "message"

    def deliver(self, task_id: str, payload: Mapping[str, Any]) -> None:
        """Give a message to exactly this waiting place, and advance."""
        if not self.awaits(task_id):
            raise Conflict(message("案件已不再等待这条消息。"))
        self._fire(task_id, payload)

    def _fire(self, task_id: str, payload: Mapping[str, Any]) -> None:
        task = self._case.register[task_id]
        task.task_spec.fire(task, payload)
        self.advance()

    def signal(self, name: str, payload: Mapping[str, Any]) -> None:
        """Let everything in this case that waits for a signal have it, and advance."""
        broadcast(self._case, name, payload)
        self.advance()

    def signals(self) -> list[MessageWait]:
        """All places that wait for a signal."""
        return self._waits("signal")

    def take_thrown(self) -> list[Thrown]:
        """What the case has sent out since the last call."""
        thrown, self._case.thrown = self._case.thrown, []
        return thrown

    # what it looks like

    @property
    def status(self) -> Literal["running", "completed", "terminated"]:
        """Completed only when no token is left."""
        if not self._case.completed:
            return "running"
        return "completed" if self._ending == "completed" else "terminated"

    @property
    def stuck(self) -> bool:
        """Running, but nothing can ever move it: a gateway waits for a token that cannot come."""
        case = self._case
        listening = any(isinstance(task.task_spec, Catch) for task in case.waiting.values())
        return not (case.completed or case.ready or case.human or case.sleepers.any or listening)

    @property
    def data(self) -> Mapping[str, Any]:
        """The variables of the case, each as it was last set on any path."""
        case = self._case
        return case.value_of(case.final if case.completed else case.shared())

    def changes(self) -> list[Change]:
        """What has happened since `start` or `thaw`, in order."""
        return list(self._case.changes)

    def progress(self) -> Progress:
        """How far the case is, by id of element and sequence flow; what was not reached is absent."""
        return at_rest.with_past(at_rest.progress_of(self._case.register.values()), self._case.past)

    def cancel(self) -> None:
        """End the case from outside; everything open is cancelled."""
        if not self._case.completed:
            self._case.abort()
            self._ending = "terminated"


def _check_process(program: Program, process_id: str) -> None:
    if process_id not in program.processes:
        raise Invalid(message("流程图中没有可执行的流程“%(id)s”。", id=process_id))
