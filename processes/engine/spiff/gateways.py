"""Gateways: which ways out are taken, and how many tokens are waited for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from SpiffWorkflow.util.task import TaskState

from processes.engine.spiff.failures import Unsound
from processes.engine.spiff.specs import Node, Route
from processes.engine.spiff.tasks import CaseTask
from processes.messages import message


class Exclusive(Node):
    """The first way out, in the order of the diagram's XML, whose condition is true; else the default."""

    def choose(self, my_task: CaseTask) -> list[Route]:
        if len(self.routes) == 1 and self.routes[0].condition is None:
            return list(self.routes)
        for route in self.routes:
            if not route.default and self.holds(my_task, route):
                return [route]
        found = [route for route in self.routes if route.default]
        if not found:
            raise Unsound(message("没有任何一条出口的条件成立，也没有默认出口。"))
        return found


class Join(Node):
    """A gateway that waits for tokens: at most one of each incoming flow is used up, others stay for the next time."""

    incoming: tuple[str, ...] = ()

    def arrivals(self, scope: Any) -> dict[str | None, CaseTask]:
        """The oldest waiting token of each incoming flow."""
        found: dict[str | None, CaseTask] = {}
        waiting = [task for task in scope.tokens.values() if task.task_spec is self and task.state == TaskState.WAITING]
        for task in sorted(waiting, key=lambda task: task.last_state_change):
            found.setdefault(task.flow, task)
        return found

    def join(self, tokens: Iterable[CaseTask]) -> None:
        """Let one token go on with the variables of all, each as it was last set."""
        *merged, survivor = sorted(tokens, key=lambda task: task.last_state_change)
        for task in merged:
            survivor.take(task.data)
            task.internal_data["into"] = survivor.id
            task._set_state(TaskState.COMPLETED)
        survivor._ready()

    def _update_hook(self, my_task: CaseTask) -> bool | None:
        if len(self.incoming) < 2:
            return True
        my_task._set_state(TaskState.WAITING)
        self.arrived(my_task)
        return None

    def arrived(self, my_task: CaseTask) -> None:
        """A token has come and waits."""


class Parallel(Join):
    """Waits for a token on every incoming flow; puts one on every outgoing."""

    def arrived(self, my_task: CaseTask) -> None:
        found = self.arrivals(my_task.workflow)
        if len(found) == len(self.incoming):
            self.join(found.values())

    def choose(self, my_task: CaseTask) -> list[Route]:
        return list(self.routes)


class Inclusive(Join):
    """Waits for the tokens that can still come (BPMN 2.0, 13.4.3); takes every way out whose condition is true."""

    reach: dict[str, frozenset[str]]
    """For each element, the incoming flows a token there can arrive on without passing this gateway first."""

    def fire_if_complete(self, scope: Any) -> bool:
        """Go on when no token elsewhere can reach an empty incoming flow, unless it can reach a filled one as well."""
        found = self.arrivals(scope)
        if not found:
            return False
        filled = set(found)
        for task in scope.tokens.values():
            if task.task_spec is self or task.is_instance:
                continue
            ways = self.reach.get(task.task_spec.name, frozenset())
            if ways - filled and not ways & filled:
                return False
        self.join(found.values())
        return True

    def choose(self, my_task: CaseTask) -> list[Route]:
        if len(self.routes) == 1 and self.routes[0].condition is None:
            return list(self.routes)
        met = [route for route in self.routes if not route.default and self.holds(my_task, route)]
        met = met or [route for route in self.routes if route.default]
        if self.routes and not met:
            raise Unsound(message("没有任何一条出口的条件成立，也没有默认出口。"))
        return met


class EventBased(Node):
    """The first of the events behind it decides; every event keeps its own wait, so two timers have two deadlines."""

    def _on_complete_hook(self, my_task: CaseTask) -> None:
        for route in self.routes:
            my_task.spawn(self._wf_spec.task_specs[route.target], flow=route.flow, internal={"race": my_task.id})
