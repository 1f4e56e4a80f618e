"""A token moved by an administrator: only to where every join behind it can still fire."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from processes.engine.spiff.attached import Boundary
from processes.engine.spiff.events import Start
from processes.engine.spiff.gateways import EventBased, Join, Parallel
from processes.engine.spiff.run import Run
from processes.engine.spiff.specs import Node
from processes.engine.spiff.tasks import CaseTask
from processes.errors import Conflict, Invalid
from processes.messages import message

Flows = frozenset[str]


def places(run: Run, task_id: str, *, alone: bool) -> list[str]:
    """Ids of the elements to which the token of a task may be moved, in the order of the diagram."""
    token = _token(run, task_id)
    found = []
    for spec in token.workflow.spec.task_specs.values():
        if _may_stand_at(spec) and not _why_not(token, spec, alone=alone):
            found.append(spec.element_id)
    return found


def move(run: Run, task_id: str, element_id: str, *, alone: bool) -> None:
    """Put the token of an open task at another element of its process or sub-process; does not advance.

    Not `alone`: all other tokens beside it are taken away, and the one stands for all.
    """
    token = _token(run, task_id)
    spec = token.workflow.spec.task_specs.get(element_id)
    if spec is None or not _may_stand_at(spec):
        raise Invalid(message("不能移到“%(id)s”：它不在同一层流程中，或不是可以停留的元素。", id=element_id))
    if _why_not(token, spec, alone=alone):
        name = spec.bpmn_name or element_id
        raise Invalid(message("不能移到“%(name)s”：并行分支将无法汇合，请移动全部分支，或另选环节。", name=name))
    data = dict(token.data)
    beside = [] if alone else [each for each in token.workflow.tokens.values() if each is not token]
    with run.case.because("moved"):
        for each in [token, *beside]:
            if not each.is_instance:
                each.cancel()
    again = token.spawn(spec, data=data)
    spec._update(again)


def _token(run: Run, task_id: str) -> CaseTask:
    """The token of an open task: of one done several times that of the activity as a whole."""
    task = run.case.sleepers.find(task_id)
    if task is None or task.finished:
        raise Conflict(message("该任务已办结，或案件已进入下一环节。"))
    return task.parent if task.is_instance else task


def _may_stand_at(spec: Node) -> bool:
    return (
        isinstance(spec, Node)
        and spec.element_id is not None
        and not spec.name.endswith(" [child]")
        and not isinstance(spec, Boundary | Start | Join | EventBased)
    )


def _why_not(token: CaseTask, spec: Node, *, alone: bool) -> bool:
    """Whether a join would wait for ever: for a token that is gone, or beside one that should not be there."""
    scope = token.workflow
    joins = [each for each in scope.spec.task_specs.values() if isinstance(each, Parallel) and len(each.incoming) > 1]
    others = [each for each in scope.tokens.values() if each is not token and not each.is_instance] if alone else []
    for join in joins:
        here, there = _ways(scope.spec.task_specs, token.task_spec, join), _ways(scope.spec.task_specs, spec, join)
        whole: tuple[Flows, Flows] = (frozenset(), frozenset(join.incoming))
        if not alone and there in whole:
            continue
        beside = [_ways_of(scope.spec.task_specs, each, join) for each in others]
        if here != there and (here not in whole or there not in whole or any(each not in whole for each in beside)):
            return True
        if not alone and there not in whole:
            return True
    return False


def _ways_of(specs: dict[str, Node], token: CaseTask, join: Parallel) -> Flows:
    if token.task_spec is join:
        return frozenset(filter(None, [token.flow]))
    return _ways(specs, token.task_spec, join)


def _ways(specs: dict[str, Node], start: Node, join: Parallel) -> Flows:
    """The incoming flows of a join on which a token can come that stands at an element."""
    found: set[str] = set()
    seen: set[str] = set()
    front: list[str] = [start.name]
    while front:
        name = front.pop()
        if name in seen or name == join.name:
            continue
        seen.add(name)
        for flow, target in _leads(specs[name]):
            if target == join.name and flow is not None:
                found.add(flow)
            front.append(target)
    return frozenset(found)


def _leads(spec: Node) -> Iterator[tuple[str | None, str]]:
    routes: Iterable[tuple[str | None, str]] = ((route.flow, route.target) for route in spec.routes)
    yield from routes
    yield from ((None, name) for name in spec.boundaries)
