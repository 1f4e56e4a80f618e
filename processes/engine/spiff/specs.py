"""The BPMN elements as SpiffWorkflow task specs: what happens when a token comes, is worked on, and goes on.

Specs are built once for a diagram, shared by all cases and threads, and never written to afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.bpmn.specs.mixins.manual_task import ManualTask
from SpiffWorkflow.bpmn.specs.mixins.script_task import ScriptTask
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask
from SpiffWorkflow.specs import WorkflowSpec
from SpiffWorkflow.util.task import TaskState

from processes.engine.spiff.failures import ErrorRaised, Unsound, blamed_on
from processes.engine.spiff.tasks import CaseTask
from processes.messages import message


class ScopeSpec(BpmnProcessSpec):
    """The inside of a process or sub-process; it has a start of its own and ends when its last token is gone."""

    def __init__(self, name: str) -> None:
        WorkflowSpec.__init__(self, name)
        self.data_objects: dict[str, Any] = {}
        self.data_stores: dict[str, Any] = {}
        self.correlation_keys: dict[str, Any] = {}
        self.io_specification = None
        self.bpmn_start_events: list[Any] = []
        self.start = Node(self, "", None)
        self.guards: tuple[str, ...] = ()
        """Names of the start events of event sub-processes, which listen as long as the scope is open."""


@dataclass(frozen=True)
class Route:
    """A way out of an element."""

    flow: str | None
    target: str
    condition: str | None = None
    default: bool = False


class Node(BpmnTaskSpec):
    """Any element that a token can visit.

    Unlike the library's specs it predicts nothing: the tokens of the next elements are made when this one is
    completed. The task tree then holds what has happened and no guesses, whose number grows exponentially with
    consecutive parallel blocks.
    """

    multiple = False

    def __init__(self, wf_spec: Any, name: str, element_id: str | None, title: str = "", **kwargs: Any) -> None:
        super().__init__(wf_spec, name, **kwargs)
        self.element_id = element_id
        self.bpmn_id, self.bpmn_name = element_id, title
        self.routes: tuple[Route, ...] = ()
        self.boundaries: tuple[str, ...] = ()
        """Names of the boundary events attached to this element."""

    def test(self) -> None:
        """The builder has checked the connections."""

    def blamed(self) -> Any:
        return blamed_on(self.element_id or self._wf_spec.name, self.bpmn_name or "")

    def _predict(self, my_task: CaseTask, *args: Any, **kwargs: Any) -> None:
        """Predict nothing."""

    def _update(self, my_task: CaseTask) -> None:
        """A token has come: take the variables, let the boundary events listen, begin."""
        if my_task.finished:
            return
        with self.blamed():
            if my_task.state == TaskState.FUTURE:
                self._arrive(my_task)
            if self._update_hook(my_task):
                my_task._ready()

    def _arrive(self, my_task: CaseTask) -> None:
        if not my_task.is_instance:
            my_task.workflow.count_visit(self)
            if not my_task.is_watcher:
                my_task._inherit_data()
        for name in self.boundaries:
            spec = self._wf_spec.task_specs[name]
            watcher = my_task.parent.spawn(spec, data=my_task.data, internal={"host": my_task.id})
            spec._update(watcher)

    def _update_hook(self, my_task: CaseTask) -> bool | None:
        return True

    def _run(self, my_task: CaseTask) -> bool | None:
        with self.blamed():
            return super()._run(my_task)

    def _on_complete_hook(self, my_task: CaseTask) -> None:
        """The work is done: choose the ways out and put a token on each."""
        if my_task.is_instance:
            with self.blamed():
                my_task.parent.task_spec.instance_done(my_task.parent, my_task)
            return
        if my_task.workflow.completed:
            return
        with self.blamed():
            chosen = self.choose(my_task)
        for route in chosen:
            my_task.spawn(self._wf_spec.task_specs[route.target], flow=route.flow)

    def holds(self, my_task: CaseTask, route: Route) -> bool:
        """Whether the condition of a flow is true."""
        return bool(my_task.workflow.script_engine.evaluate(my_task, route.condition))

    def choose(self, my_task: CaseTask) -> list[Route]:
        """Activities and events: all flows without condition, and those whose condition is true; else the default."""
        plain = [route for route in self.routes if route.condition is None and not route.default]
        met = [route for route in self.routes if route.condition is not None and self.holds(my_task, route)]
        if not met and any(route.default for route in self.routes):
            met = [route for route in self.routes if route.default]
        if self.routes and not plain and not met:
            raise Unsound(message("没有任何一条出口的条件成立，也没有默认出口。"))
        return [route for route in self.routes if route in plain or route in met]


class Human(Node, ManualTask):
    """User task, manual task and plain task: a person does it."""


class Script(Node, ScriptTask):
    """A script in the house's small language; it reads what other paths have set meanwhile."""

    def _run_hook(self, my_task: CaseTask) -> bool | None:
        known = my_task.parent.task_spec.given(my_task.parent) if my_task.is_instance else my_task.workflow.common()
        my_task.take({name: held for name, held in known.items() if not name.startswith("$")})
        return super()._run_hook(my_task)


class Operation(Node):
    """Service task: an operation of the house, carried out at once."""

    message_name: str | None = None
    """A send task may send a message after its operation."""

    def _run_hook(self, my_task: CaseTask) -> bool | None:
        case = my_task.workflow.case
        element = case.program.elements[self.element_id]
        try:
            result = case.hooks.call_operation(element, dict(case.value_of(my_task.data)))
        except ErrorRaised as raised:
            if not raise_error(my_task, "error", raised.error_code):
                raise
            return None
        if result:
            my_task.write(result)
        if self.message_name is not None:
            case.throw("message", self.message_name, my_task)
        return True


class SubProcess(Node, SubWorkflowTask):
    """Sub-process, transaction or call activity."""

    def __init__(self, wf_spec: Any, name: str, element_id: str, title: str, inner: str) -> None:
        super().__init__(wf_spec, name, element_id, title=title, subworkflow_spec=inner)

    def _update_hook(self, my_task: CaseTask) -> bool | None:
        if my_task.id not in my_task.workflow.case.subprocesses:
            my_task._set_state(TaskState.STARTED)
            self.start_workflow(my_task)
        return None

    def start_workflow(self, my_task: CaseTask) -> None:
        inner = my_task.workflow.case.open_inner(my_task, self.spec)
        begin(inner, inner.spec.start.routes[0], my_task.data)


def begin(scope: Any, route: Route, data: Any) -> CaseTask:
    """Put the first token into a scope, on one of its start events."""
    root = CaseTask(scope, scope.spec.start, None, TaskState.FUTURE, data=data)
    scope.task_tree = root
    root._set_state(TaskState.COMPLETED)
    for name in scope.spec.guards:
        guard = scope.spec.task_specs[name]
        guard._update(root.spawn(guard, data=data, internal={"host": root.id}))
    first = root.spawn(scope.spec.task_specs[route.target], flow=route.flow)
    first.task_spec._update(first)
    return first


def raise_error(my_task: CaseTask, kind: str, code: str | None) -> bool:
    """Let the nearest enclosing event that matches catch an error, an escalation or a cancellation.

    Only the scopes around the task are searched, from the inside out: the boundary events of each activity, then the
    event sub-processes beside it; what stands beside the scopes is none of its business.
    """
    host: CaseTask | None = my_task
    while host is not None:
        attached = host.parent if host.is_instance else host
        scope = attached.workflow
        for watched in (attached.id, scope.task_tree.id):
            found = [each for each in scope.watchers.get(watched, {}).values() if _catches(each, kind, code, attached)]
            if found:
                catcher = min(found, key=lambda each: each.task_spec.trigger.name is None)
                catcher.task_spec.fire(catcher, data=my_task.data)
                return True
        host = scope.host
    return False


def _catches(watcher: CaseTask, kind: str, code: str | None, attached: CaseTask) -> bool:
    """Whether an event takes what is thrown; an event sub-process does not take what comes out of itself."""
    handles = getattr(watcher.task_spec, "handler", None)
    return bool(watcher.task_spec.catches_code(kind, code)) and handles != attached.task_spec.name
