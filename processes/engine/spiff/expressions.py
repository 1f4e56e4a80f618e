"""Every expression and script goes through the house's own small language; Python's `eval` is never reached."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.script_engine.python_environment import BasePythonScriptEngineEnvironment

from processes.engine.language import evaluate, execute
from processes.engine.spiff.model import Hooks
from processes.engine.spiff.values import ValueStore, View


class SafeEnvironment(BasePythonScriptEngineEnvironment):
    """The environment SpiffWorkflow asks to evaluate anything, with our language behind it."""

    def __init__(self, hooks: Hooks) -> None:
        super().__init__()
        self._hooks = hooks

    def evaluate(self, expression: str, context: Mapping[str, Any], external_context: Any = None) -> Any:
        return evaluate(expression, context, self._hooks.functions)

    def execute(self, script: str, context: Mapping[str, Any], external_context: Any = None) -> dict[str, Any]:
        return execute(script, context, self._hooks.functions)

    def call_service(self, context: Any, **kwargs: Any) -> Any:
        raise NotImplementedError("service tasks go through Hooks.call_operation")


class SafeEngine(PythonScriptEngine):
    """Gives expressions the variables of a task; a failure is told by whoever asked, with the element."""

    def __init__(self, hooks: Hooks, store: ValueStore) -> None:
        super().__init__(SafeEnvironment(hooks))
        self._store = store

    def evaluate(self, task: Any, expression: str, external_context: Mapping[str, Any] | None = None) -> Any:
        """The value of an expression; `external_context` adds names or puts others in front."""
        return self.environment.evaluate(expression, View(self._store, task.data, external_context))

    def execute(self, task: Any, script: str, external_context: Any = None) -> bool:
        """Run a script on copies and keep the variables it has set."""
        task.write(self.environment.execute(script, View(self._store, task.data)))
        return True
