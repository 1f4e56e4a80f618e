"""The trail of a case: which visits led to a task, and the case sent back to one of them (退回、撤回).

Where tokens were joined, every one of them is a predecessor; behind a boundary event it is the activity the event is
attached to. What is sent back takes exactly those tokens along that came of the visit; a join that has used up tokens
of other branches gets these back, so that it can fire again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.util.task import TaskState

from processes.engine.spiff.events import Throw
from processes.engine.spiff.gateways import Join
from processes.engine.spiff.instances import MultiInstance, Repeated
from processes.engine.spiff.run import Run
from processes.engine.spiff.specs import Human, Operation, SubProcess
from processes.engine.spiff.tasks import CaseTask
from processes.engine.spiff.values import newest
from processes.errors import Conflict
from processes.messages import message


@dataclass(frozen=True)
class Visit:
    """An earlier step to which a case can be sent back."""

    task_id: str
    element_id: str
    single: bool
    """Whether it was one task of one person: neither done several times nor a sub-process."""
    withdrawn: tuple[str, ...]
    """Task ids of the other open tasks that would be withdrawn with it."""
    repeated: tuple[str, ...]
    """Ids of the elements that act by themselves and would act once more."""


def earlier_visits(run: Run, task_id: str) -> list[Visit]:
    """The steps of people that led to an open task, the last first; of each element the last visit."""
    found: dict[str, CaseTask] = {}
    for each in _ancestors(_open(run, task_id)):
        if _is_target(each):
            known = found.get(each.task_spec.element_id)
            if known is None or known.last_state_change < each.last_state_change:
                found[each.task_spec.element_id] = each
    ordered = sorted(found.values(), key=lambda each: each.last_state_change, reverse=True)
    return [_visit(run, each, task_id) for each in ordered]


def later_tasks(run: Run, visit_id: str) -> tuple[list[str], list[str]]:
    """Open tasks that came of a visit, and the ids of elements that have acted by themselves since."""
    visit = _known(run, visit_id)
    return list(_withdrawn(run, visit)), list(_repeated(visit))


def send_back(run: Run, visit_id: str, why: str) -> None:
    """Let a case stand again where it stood when it came to this visit; does not advance."""
    visit = _known(run, visit_id)
    if visit.is_undone or visit.workflow.completed or visit.is_instance:
        raise Conflict(message("案件在此期间已有变化，请刷新后再办理。"))
    after = _descendants(visit)
    known = dict(visit.data)
    lost = _lost_branches(visit, after)
    with run.case.because(why):
        for each in [visit, *after]:
            if not each.finished:
                newest(known, each.data)
                each.cancel()
    for each in lost:
        again = each.parent.spawn(each.task_spec, flow=each.flow, data=each.data)
        again._set_state(TaskState.WAITING)
    for each in [visit, *after]:
        each.internal_data["undone"] = 1
    _come_again(visit, known)


def _come_again(visit: CaseTask, known: Mapping[str, Any]) -> None:
    origin = run_of_boundary(visit)
    internal = {} if origin is None else {"of": origin}
    again = visit.parent.spawn(visit.task_spec, flow=visit.flow, data=known, internal=internal)
    again.task_spec._update(again)


def run_of_boundary(task: CaseTask) -> str | None:
    """Task id of the activity whose boundary event has put a token here."""
    return task.internal_data.get("of")


def amend(run: Run, visit_id: str, variables: Mapping[str, Any]) -> None:
    """What an earlier step says now instead: every token that came of it knows it (直送)."""
    visit = _known(run, visit_id)
    run.case.sleepers.wake_all()
    following = {each.id for each in _descendants(visit)} | {visit.id}
    for task in list(run.case.register.values()):
        if not task.finished and not task.is_watcher and not task.workflow.completed and _is_within(task, following):
            task.write(variables)


def take_back_signature(run: Run, task_id: str) -> None:
    """Ask a signer again whose signature is given while others are still waited for."""
    child = run.case.sleepers.find(task_id)
    if child is None or not child.is_instance or child.parent.finished or child.is_undone:
        raise Conflict(message("会签已结束，不能撤回。"))
    with run.case.because("recalled"):
        child.parent.task_spec.take_back(child.parent, child)


def remove_signer(run: Run, task_id: str) -> None:
    """Take out one signer who has not signed; the rule is judged again (减签)."""
    child = run.case.sleepers.find(task_id)
    if child is None or child.finished or not is_one_of_several(run, task_id):
        raise Conflict(message("该任务不是多人办理的任务，或已办结。"))
    child.parent.task_spec.take_out(child.parent, child)


def is_one_of_several(run: Run, task_id: str) -> bool:
    """Whether an open task is one instance of a task that several people do."""
    task = run.case.sleepers.find(task_id)
    return task is not None and task.is_instance and isinstance(task.parent.task_spec, MultiInstance)


# the trail


def _known(run: Run, task_id: str) -> CaseTask:
    found = run.case.register.get(task_id)
    if found is None:
        raise Conflict(message("案件在此期间已有变化，请刷新后再办理。"))
    return found


def _open(run: Run, task_id: str) -> CaseTask:
    task = run.case.sleepers.find(task_id)
    if task is None or task.id not in run.case.human:
        raise Conflict(message("该任务已办结，或案件已进入下一环节。"))
    return task


def _before(task: CaseTask) -> list[CaseTask]:
    """What came directly before a visit, in its own scope."""
    scope = task.workflow
    origin = run_of_boundary(task)
    found = [scope.tasks.get(origin) if origin is not None else task.parent]
    if isinstance(task.task_spec, Join):
        found += [each.parent for each in _merged(task)]
    return [each for each in found if each is not None]


def _merged(survivor: CaseTask) -> list[CaseTask]:
    """The other tokens that a join has used up together with the one that went on."""
    return [each for each in survivor.workflow.tasks.values() if each.internal_data.get("into") == survivor.id]


def _ancestors(task: CaseTask) -> Iterator[CaseTask]:
    """Everything that led to a task, in its scope and in those around it."""
    seen: set[str] = set()
    front = [task]
    while front:
        current = front.pop()
        before = _before(current)
        host = current.workflow.host
        if not before and host is not None:
            before = [host]
        for each in before:
            if each.id not in seen:
                seen.add(each.id)
                front.append(each)
                yield each


def _is_target(task: CaseTask) -> bool:
    spec = task.task_spec
    if task.is_undone or task.is_instance or not task.finished or task.workflow.completed or spec.element_id is None:
        return False
    if isinstance(spec, Repeated):
        return isinstance(spec._wf_spec.task_specs[spec.task_spec], Human | SubProcess)
    return isinstance(spec, Human | SubProcess)


def _descendants(visit: CaseTask) -> list[CaseTask]:
    """Everything in its scope that came of a visit; watchers go with the activity they watch."""
    after: dict[str, list[CaseTask]] = {}
    for task in visit.workflow.tasks.values():
        if not task.is_watcher:
            for before in _before(task):
                after.setdefault(before.id, []).append(task)
    found: dict[str, CaseTask] = {}
    front = [visit]
    while front:
        for task in after.get(front.pop().id, ()):
            if task.id not in found:
                found[task.id] = task
                front.append(task)
    return list(found.values())


def _lost_branches(visit: CaseTask, after: list[CaseTask]) -> list[CaseTask]:
    """Tokens of other branches that joins have used up since: they wait there again."""
    inside = {visit.id, *(each.id for each in after)}
    joined = [each for each in after if isinstance(each.task_spec, Join) and not each.is_undone]
    used = [token for each in joined for token in (each, *_merged(each))]
    return [each for each in used if each.parent.id not in inside and not each.is_undone]


def _is_within(task: CaseTask, tasks: set[str]) -> bool:
    """Whether a task is one of some visits, or inside one."""
    current: CaseTask | None = task
    while current is not None:
        if current.id in tasks or (current.is_instance and current.parent.id in tasks):
            return True
        current = current.workflow.host
    return False


def _visit(run: Run, visit: CaseTask, task_id: str) -> Visit:
    single = isinstance(visit.task_spec, Human)
    withdrawn = tuple(each for each in _withdrawn(run, visit) if each != task_id)
    return Visit(visit.id, visit.task_spec.element_id, single, withdrawn, tuple(_repeated(visit)))


def _withdrawn(run: Run, visit: CaseTask) -> Iterator[str]:
    following = {each.id for each in _descendants(visit)}
    run.case.sleepers.wake_all()
    for task in run.case.human.values():
        if _is_within(task, following):
            yield task.id


def _repeated(visit: CaseTask) -> list[str]:
    """Elements that have acted by themselves since a visit, or may have inside a sub-process."""
    found: dict[str, None] = {}
    for each in _descendants(visit):
        if not each.is_undone and each.state == TaskState.COMPLETED:
            found.update(dict.fromkeys(_acting(each.workflow.case.program, each.task_spec)))
    if isinstance(visit.task_spec, SubProcess):
        found.update(dict.fromkeys(_acting(visit.workflow.case.program, visit.task_spec)))
    return list(found)


def _acting(program: Any, spec: Any, seen: frozenset[str] = frozenset()) -> Iterator[str]:
    if isinstance(spec, Repeated):
        spec = spec._wf_spec.task_specs[spec.task_spec]
    if isinstance(spec, Operation) or (
        isinstance(spec, Throw) and any(kind in ("message", "signal") for kind, _ in spec.throws)
    ):
        yield str(spec.element_id)
    elif isinstance(spec, SubProcess) and spec.spec not in seen:
        for inner in program.scopes[spec.spec].task_specs.values():
            yield from _acting(program, inner, seen | {spec.spec})


def was_followed(run: Run, visit_id: str) -> bool:
    """Whether people have done something that came of a visit."""
    following = {each.id for each in _descendants(_known(run, visit_id))}
    return any(
        isinstance(task.task_spec, Human) and task.state == TaskState.COMPLETED and not task.is_undone
        for task in run.case.register.values()
        if _is_within(task, following)
    )
