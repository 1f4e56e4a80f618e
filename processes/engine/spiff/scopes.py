"""A running process and its running sub-processes: which tokens are where, and what is to be done next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from processes.engine.spiff.apart import Sleepers
from processes.engine.spiff.expressions import SafeEngine
from processes.engine.spiff.failures import Unsound
from processes.engine.spiff.model import Change, Hooks, Progress, Thrown
from processes.engine.spiff.tasks import CaseTask
from processes.engine.spiff.values import Held, ValueStore, Variables, View, newest
from processes.messages import message

MOST_VISITS = 400
"""How often one element may be entered in one scope of a case before the loop is taken for a mistake."""
DEEPEST_NESTING = 20
"""Sub-processes and called processes inside each other."""


class Scope:
    """What a case and a sub-process have in common."""

    case: Case
    spec: Any
    tasks: dict[str, CaseTask]
    task_tree: CaseTask
    completed: bool
    depth: int

    def open_scope(self) -> None:
        """Empty books, before the first token."""
        self.tokens: dict[str, CaseTask] = {}
        self.watchers: dict[str, dict[str, CaseTask]] = {}
        self.visits: dict[str, int] = {}
        self.interruptions = 0
        """How often an event sub-process has ended what ran here."""
        self.final: Variables = {}

    @property
    def host(self) -> CaseTask | None:
        """The sub-process or call activity this scope is the inside of."""
        return None

    def _task_completed_notify(self, task: CaseTask) -> None:
        """The library would walk the whole tree here, and take an element called `End` for the end."""

    def count_visit(self, task_spec: Any) -> None:
        """Guard against loops that never end."""
        seen = self.visits[task_spec.name] = self.visits.get(task_spec.name, 0) + 1
        if seen > self.case.most_visits:
            raise Unsound(message("该环节已重复进入 %(count)s 次，疑似无法结束的循环。", count=seen - 1))

    def leaves(self) -> Iterator[CaseTask]:
        """The newest task of every path; instances of a multi-instance activity are inside it, not behind it."""
        for task in self.tasks.values():
            if not task.is_instance and all(self.tasks[child].is_instance for child in task._children):
                yield task

    def shared(self) -> Variables:
        """All variables of this scope, each as it was last set on any path."""
        known: Variables = {}
        for task in self.leaves():
            newest(known, task.data)
        return known

    def common(self) -> Variables:
        """All that counts of this scope and those around and inside; only instances have variables of their own."""
        top, known = self.outermost(), dict[str, Held]()
        for scope in self.case.all_scopes():
            if not scope.completed and scope.outermost() is top:
                for task in scope.leaves():
                    newest(known, {} if task.is_undone else task.data)
        return known

    def outermost(self) -> Scope:
        """The scope farthest outside that shares its variables with this one."""
        scope: Scope = self
        while scope.host is not None and not scope.host.is_instance:
            scope = scope.host.workflow
        return scope

    def finish(self) -> None:
        """The last token is gone: the scope ends and its host goes on."""
        if self.completed:
            return
        self.completed = True
        self.final = self.shared()
        self._dismiss()
        host = self.host
        if host is not None:
            host.take(self.final)
            host._set_state(TaskState.READY)

    def abort(self) -> None:
        """Cancel all that is open here; the host does not go on by this."""
        if not self.completed:
            self.final = self.shared()
            self.completed = True
        for task in [*self.tokens.values()]:
            task.cancel()
        self._dismiss()

    def interrupt(self) -> None:
        """An event sub-process takes over: what runs here ends, and nothing here listens any more."""
        self.interruptions += 1
        for task in [*self.tokens.values()]:
            task.cancel()
        self._dismiss()

    def _dismiss(self) -> None:
        """Let the event sub-processes listen no longer."""
        for guard in [*self.watchers.get(self.task_tree.id, {}).values()]:
            guard._set_state(TaskState.CANCELLED)

    def terminate(self) -> None:
        """A terminate event: cancel what is open, then end as usual."""
        self.final = self.shared()
        for task in [*self.tokens.values()]:
            task.cancel()
        self.finish()


class InnerScope(Scope, BpmnSubWorkflow):
    """The inside of one sub-process or called process."""

    def __init__(self, spec: Any, host: CaseTask, case: Case) -> None:
        self.case = case
        self.open_scope()
        super().__init__(spec, host.id, case, deserializing=True)
        if self.depth > DEEPEST_NESTING:
            raise Unsound(message("子流程嵌套超过 %(limit)s 层，疑似流程反复调用自身。", limit=DEEPEST_NESTING))

    @property
    def host(self) -> CaseTask | None:
        return self.case.register.get(self.parent_task_id)

    def _calculate_depth(self) -> int:
        host = self.host
        return 1 + host.workflow.depth if host is not None else 1


class Case(Scope, BpmnWorkflow):
    """The outermost scope, with the books of the whole case."""

    def __init__(self, program: Any, process_id: str, hooks: Hooks, store: ValueStore, most_visits: int) -> None:
        self.program = program
        self.store = store
        self.hooks = hooks
        self.most_visits = most_visits
        self.clock = 0
        self.instances_begun = 0
        """Multi-instance instances begun in this run; each may take some automatic steps of its own."""
        self.firing_at: datetime | None = None
        """The moment timers are fired for, where it is not the present."""
        self.past: Progress = {}
        """How far the sub-processes came that had ended when the case was saved; their inside is not kept."""
        self.register: dict[str, CaseTask] = {}
        self.ready: dict[str, CaseTask] = {}
        """What can go on by itself, first come first served."""
        self.human: dict[str, CaseTask] = {}
        self.waiting: dict[str, CaseTask] = {}
        self.emptied: dict[int, Scope] = {}
        self.sleepers = Sleepers(self)
        """Instances of multi-instance tasks that are at rest apart from the skeleton, until somebody asks for them."""
        self.why = ""
        """Why what is being cancelled is cancelled, see `Change.why`."""
        self.changes: list[Change] = []
        self.thrown: list[Thrown] = []
        self.open_scope()
        engine = SafeEngine(hooks, store)
        super().__init__(program.scopes[process_id], {}, script_engine=engine, deserializing=True)

    @property
    def case(self) -> Case:  # type: ignore[override]
        return self

    def tick(self) -> int:
        """The next moment of this case; moments are counted, not timed."""
        self.clock += 1
        return self.clock

    def get_task_from_id(self, task_id: str) -> CaseTask | None:
        return self.register.get(task_id)

    def all_scopes(self) -> Iterator[Scope]:
        yield self
        yield from self.subprocesses.values()

    def open_inner(self, host: CaseTask, spec_name: str) -> InnerScope:
        """The inside of a sub-process, still without tokens."""
        inner = InnerScope(self.program.scopes[spec_name], host, self)
        self.subprocesses[host.id] = inner
        return inner

    def admit(self, task: CaseTask) -> None:
        """Enter a new task into the books."""
        self.register[task.id] = task
        self.file(task)

    def file(self, task: CaseTask) -> None:
        """Put a task where its state says it belongs."""
        scope, state = task.workflow, task._state
        for queue in (self.ready, self.human, self.waiting):
            queue.pop(task.id, None)
        scope.tokens.pop(task.id, None)
        if state & TaskState.FINISHED_MASK:
            return
        if state == TaskState.READY:
            (self.human if task.task_spec.manual else self.ready)[task.id] = task
        elif state == TaskState.WAITING:
            self.waiting[task.id] = task
        if task.is_watcher:
            scope.watchers.setdefault(task.internal_data["host"], {})[task.id] = task
        else:
            scope.tokens[task.id] = task

    def state_changed(self, task: CaseTask, before: int) -> None:
        """Follow a task from one state to the next."""
        self.file(task)
        self.record(task, before)
        if not task.finished:
            return
        scope = task.workflow
        if task.is_watcher:
            scope.watchers.get(task.internal_data["host"], {}).pop(task.id, None)
        for watcher in list(scope.watchers.pop(task.id, {}).values()):
            watcher._set_state(TaskState.CANCELLED)
        if not scope.tokens:
            self.emptied[id(scope)] = scope

    def record(self, task: CaseTask, before: int) -> None:
        """Note what this means for the element; a boundary event is noted only when it fires."""
        if task.task_spec.element_id is None or task.is_watcher:
            return
        if task._state == TaskState.COMPLETED:
            self._note("completed", task)
        elif task._state == TaskState.CANCELLED and before != TaskState.FUTURE:
            self._note("cancelled", task)
        elif before == TaskState.FUTURE and not task.finished:
            self._note("entered", task)

    def _note(self, kind: Any, task: CaseTask) -> None:
        path = self.scope_path(task)
        keys = self.instance_path(task)
        element, multiple = task.task_spec.element_id, task.task_spec.multiple
        why = self.why if kind == "cancelled" else ""
        self.changes.append(Change(kind, task.id, element, path, keys[-1] if keys else None, multiple, why))

    @contextmanager
    def because(self, why: str) -> Iterator[None]:
        """What is cancelled in this block is cancelled for this reason."""
        before, self.why = self.why, self.why or why
        try:
            yield
        finally:
            self.why = before

    def scope_path(self, task: CaseTask) -> tuple[str, ...]:
        """Task ids of the sub-processes around a task, outermost first."""
        path: list[str] = []
        host = task.workflow.host
        while host is not None:
            path.append(host.id)
            host = host.workflow.host
        return tuple(reversed(path))

    def instance_path(self, task: CaseTask) -> tuple[str | int, ...]:
        """Keys of the multi-instance activities around a task, outermost first."""
        path: list[str | int] = []
        current: CaseTask | None = task
        while current is not None:
            if current.is_instance:
                path.append(current.internal_data["key"])
            current = current.workflow.host
        return tuple(reversed(path))

    def throw(self, kind: Any, name: str, task: CaseTask) -> None:
        """Hand something to the house outside."""
        self.thrown.append(Thrown(kind, name, task.task_spec.element_id, View(self.store, task.data)))

    def waiting_for(self, wanted: Callable[[CaseTask], bool]) -> list[CaseTask]:
        """Waiting tasks of one sort, in the order in which they began to wait."""
        found = [task for task in self.waiting.values() if not task.workflow.completed and wanted(task)]
        return sorted(found, key=lambda task: task.last_state_change)

    def value_of(self, variables: Mapping[str, Any]) -> View:
        return View(self.store, variables)

    def collect_log_extras(self, dct: dict[str, Any] | None = None) -> dict[str, Any]:
        return {}
