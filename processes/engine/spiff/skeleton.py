"""A case at rest: every token's place and state in a compact document, the values beside it.

The specs are not part of it, and no delta of one task's variables depends on what another task does later: maps of
variables are written against the map of the task before, in one document that is always written whole. Nothing in it is
ever evaluated; a document of another version is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from SpiffWorkflow.util.task import TaskState

from processes.engine.spiff.apart import in_order, reference, reference_of
from processes.engine.spiff.gateways import Join
from processes.engine.spiff.model import Apart, Frozen, Progress
from processes.engine.spiff.scopes import Case, InnerScope, Scope
from processes.engine.spiff.tasks import CaseTask
from processes.engine.spiff.values import Held, Variables
from processes.errors import Invalid
from processes.messages import message

VERSION = 3
"""Version of the document; raise it with every change of the format, and convert old ones explicitly."""
READABLE = frozenset({1, 2, 3})
"""Version 1 kept the inside of finished sub-processes, version 2 only how far they came. Since version 3 small values
are written in place, instances of an activity that has ended are left out, and those that wait for people may be apart.
"""


class _Maps:
    """Maps of variables, each written once: the number of the map it differs from, and the difference."""

    def __init__(self) -> None:
        self.keys: dict[str, int] = {}
        self.rows: list[list[Any]] = []

    def _key(self, key: str) -> int:
        return self.keys.setdefault(key, len(self.keys))

    def number(self, variables: Variables, base: Variables | None, base_number: int) -> int:
        """The number of a map; `base` is the map of the task before."""
        if base is not None and variables == base:
            return base_number
        old = base or {}
        new = sorted(item for item in variables.items() if old.get(item[0]) != item[1])
        changed = {name: [self._key(held.key), held.tick] for name, held in new}
        self.rows.append([base_number, changed, sorted(name for name in old if name not in variables)])
        return len(self.rows) - 1


def freeze(case: Case, process_id: str, ending: str, *, apart: bool = False) -> Frozen:
    """The case as a skeleton and its new values; with `apart`, instances that wait for people are not part of it."""
    maps = _Maps()
    changed, aside = case.sleepers.lay_down() if apart else _all_here(case)
    scopes = _in_place(case, [scope for scope in case.all_scopes() if not _is_over(scope)])
    open_scopes = {id(scope) for scope in scopes}
    tasks = [
        task
        for task in case.register.values()
        if id(task.workflow) in open_scopes and task.id not in aside and not _is_gathered(task)
    ]
    places = {task.id: place for place, task in enumerate(tasks)}
    numbers = _number_variables(tasks, maps)
    scope_rows = [_scope_row(scope, places, maps) for scope in scopes]
    scope_numbers = {id(scope): number for number, scope in enumerate(scopes)}
    specs: dict[str, int] = {}
    flows: dict[str | None, int] = {None: 0}
    rows = []
    for task in tasks:
        name = specs.setdefault(task.task_spec.name, len(specs))
        parent = places[task._parent] if task._parent is not None else -1
        row = [task.id, scope_numbers[id(task.workflow)], name, parent, task._state, task.last_state_change]
        rows.append([*row, numbers[task.id], flows.setdefault(task.flow, len(flows)), task.internal_data or 0])
    document = {
        "version": VERSION,
        "process": process_id,
        "ending": ending,
        "clock": case.clock,
        "keys": [],
        "maps": maps.rows,
        "specs": list(specs),
        "flows": list(flows),
        "scopes": scope_rows,
        "tasks": rows,
        "past": _past(case, open_scopes),
    }
    if apart:
        document["apart"] = [
            [places[activity], maps.number(base, case.register[activity].data, numbers[activity])]
            for activity, base in case.sleepers.resting()
        ]
    document["keys"] = [reference(key, case.store) for key in maps.keys]
    used = frozenset(key for key in {*maps.keys, *case.sleepers.keys(aside)} if case.store.small(key) is None)
    new = {key: raw for key, raw in case.store.made.items() if key in used}
    return Frozen(orjson.dumps(document), new, used, changed)


def _in_place(case: Case, scopes: list[Scope]) -> list[Scope]:
    """Scopes in the order of the tasks they are the inside of, which is the same after every save and load."""
    if len(scopes) > 1:
        place = {task_id: number for number, task_id in enumerate(case.register)}
        scopes.sort(key=lambda scope: -1 if scope.host is None else place[scope.host.id])
    return scopes


def _all_here(case: Case) -> tuple[dict[str, Apart], set[str]]:
    case.sleepers.wake_all()
    return {}, set()


def _is_gathered(task: CaseTask) -> bool:
    """Whether it is an instance of an activity that has ended: what came of it is in the variables."""
    return task.is_instance and task.parent.finished


def _is_over(scope: Scope) -> bool:
    """Whether nothing can come of a scope any more: its inside, or that of a scope around it, has ended."""
    inner: Scope | None = scope
    while inner is not None and inner.host is not None:
        if inner.completed and inner.host.finished:
            return True
        inner = inner.host.workflow
    return False


def _past(case: Case, open_scopes: set[int]) -> Progress:
    """How far the inside of what has ended came."""
    ended = progress_of(task for task in case.register.values() if id(task.workflow) not in open_scopes)
    return with_past(ended, case.past)


def with_past(found: Progress, past: Progress) -> Progress:
    """Progress with what is known from earlier: done wins over cancelled, current over both."""
    for ident, state in past.items():
        if ident not in found or (state == "done" and found[ident] == "cancelled"):
            found[ident] = state
    return found


def progress_of(tasks: Iterable[CaseTask]) -> Progress:
    """How far tasks have come, by id of element and sequence flow: `done`, `current` or `cancelled`."""
    found: Progress = {}
    for task in tasks:
        if task.flow is not None:
            found[task.flow] = "done"
        element = task.task_spec.element_id
        if element is None or task.is_watcher or task.is_instance:
            continue
        if not task.finished:
            found[element] = "current"
        elif task.state == TaskState.COMPLETED and not task.is_undone and found.get(element) != "current":
            found[element] = "done"
        else:
            found.setdefault(element, "cancelled")
    return found


def _number_variables(tasks: Iterable[CaseTask], maps: _Maps) -> dict[str, int]:
    """For each task the number of its map of variables, written against that of the task before."""
    numbers: dict[str, int] = {}
    for task in tasks:
        before = task.parent or task.workflow.host
        if before is None:
            numbers[task.id] = maps.number(task.data, None, -1)
        else:
            numbers[task.id] = maps.number(task.data, before.data, numbers[before.id])
    return numbers


def _scope_row(scope: Scope, places: Mapping[str, int], maps: _Maps) -> list[Any]:
    host = scope.host
    final = maps.number(scope.final, None, -1)
    return [scope.spec.name, places[host.id] if host is not None else -1, int(scope.completed), final]


def open_document(skeleton: bytes, process_id: str) -> dict[str, Any]:
    """The document of a skeleton, if it is one of ours and of this process."""
    try:
        document = orjson.loads(skeleton)
    except orjson.JSONDecodeError as cause:
        raise Invalid(message("案件状态已损坏，无法读取。")) from cause
    if not isinstance(document, dict) or document.get("version") not in READABLE:
        raise Invalid(message("案件状态的格式版本不受支持，请先升级数据。"))
    if document.get("process") != process_id:
        raise Invalid(message("案件状态属于另一个流程（%(process)s）。", process=document.get("process")))
    return document


def rebuild(case: Case, document: Mapping[str, Any]) -> None:
    """Put every token back where it was."""
    try:
        _rebuild(case, document)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as cause:
        raise Invalid(message("案件状态已损坏，无法读取。")) from cause


def _rebuild(case: Case, document: Mapping[str, Any]) -> None:
    maps = _restore_maps(document, [reference_of(each, case.store) for each in document["keys"]])
    scopes: list[Any] = [None] * len(document["scopes"])
    inner_of = {row[1]: number for number, row in enumerate(document["scopes"]) if row[1] >= 0}
    scopes[0] = case
    tasks: list[CaseTask] = []
    specs, flows = document["specs"], document["flows"]
    for place, (task_id, scope, name, parent, state, tick, data, flow, internal) in enumerate(document["tasks"]):
        spec = scopes[scope].spec.task_specs.get(specs[name])
        if spec is None:
            raise Invalid(message("流程版本与案件状态不符：缺少元素“%(id)s”。", id=specs[name]))
        _check_flow(spec, state, flows[flow])
        before = tasks[parent] if parent >= 0 else None
        task = CaseTask.restored(scopes[scope], spec, before, task_id, state, tick)
        task.flow, task.data, task.internal_data = flows[flow], dict(maps[data]), internal or {}
        task.triggered = task.is_instance
        tasks.append(task)
        case.admit(task)
        _enter(scopes[scope], task)
        if place in inner_of:
            number = inner_of[place]
            scopes[number] = _reopen(case, task, document["scopes"][number], maps)
    case.clock = document["clock"]
    for place, number in document.get("apart", ()):
        case.sleepers.restore(tasks[place], dict(maps[number]))
    case.past = dict(document.get("past", {}))
    case.completed, case.final = bool(document["scopes"][0][2]), maps[document["scopes"][0][3]]
    _order(case)


def _check_flow(spec: Any, state: int, flow: str | None) -> None:
    """A token that waits at a join must have come over a flow the join still has, or it would wait for ever."""
    if state == TaskState.WAITING and isinstance(spec, Join) and flow not in spec.incoming:
        raise Invalid(message("流程版本与案件状态不符：缺少元素“%(id)s”。", id=flow))


def _restore_maps(document: Mapping[str, Any], keys: list[str]) -> list[Variables]:
    maps = list[Variables]()
    for base, changed, gone in document["maps"]:
        variables: Variables = dict(maps[base]) if base >= 0 else {}
        for name in gone:
            del variables[name]
        variables.update({name: Held(keys[key], tick) for name, (key, tick) in changed.items()})
        maps.append(variables)
    return maps


def _reopen(case: Case, host: CaseTask, row: list[Any], maps: list[Variables]) -> InnerScope:
    spec_name, _, completed, final = row
    if spec_name not in case.program.scopes:
        raise Invalid(message("流程版本与案件状态不符：缺少元素“%(id)s”。", id=spec_name))
    scope = case.open_inner(host, spec_name)
    scope.completed, scope.final = bool(completed), maps[final]
    return scope


def _enter(scope: Scope, task: CaseTask) -> None:
    """Count the visit again, and find the root of the scope."""
    if task._parent is None:
        scope.task_tree = task
    elif not task.is_instance and not task.is_watcher:
        scope.visits[task.task_spec.name] = scope.visits.get(task.task_spec.name, 0) + 1


def _order(case: Case) -> None:
    """Queues in the order in which the tasks came to their present state, as they were before."""
    for queue in (case.ready, case.human, case.waiting, *(scope.tokens for scope in case.all_scopes())):
        in_order(queue)
    for scope in case.all_scopes():
        if not scope.tokens and not scope.completed:
            case.emptied[id(scope)] = scope
