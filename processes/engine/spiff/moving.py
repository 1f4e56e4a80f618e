"""A case at rest carried over to another version of its diagram: token by token, or refused with the element and why.

Nothing is begun anew. A token stays the task it was, with its variables, its deadline and its instances; what has
happened stays in the tree even where the new version no longer draws it. What could not go on as it stands is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from SpiffWorkflow.util.task import TaskState

from processes.engine.spiff.attached import Attached, Boundary, Guard
from processes.engine.spiff.events import Catch, Trigger
from processes.engine.spiff.gateways import EventBased, Join
from processes.engine.spiff.instances import Loop, MultiInstance
from processes.engine.spiff.model import Finding, OpenTask
from processes.engine.spiff.program import Program
from processes.engine.spiff.run import Run
from processes.engine.spiff.skeleton import open_document
from processes.engine.spiff.specs import Node, ScopeSpec, SubProcess
from processes.engine.spiff.tasks import CaseTask
from processes.messages import Message, message

PLACE, SCOPE, SPEC, STATE, FLOW, INTERNAL = 0, 1, 2, 4, 7, 8
"""What stands where in the row of a task."""
NOWHERE = ""
"""Name of the node before the start event of every scope: what has ended and is no longer drawn is kept under it."""
SAVED_IN_ONE = 3
"""Since this version of the skeleton the inside of what has ended is left out."""


@dataclass
class Plan:
    """What carrying a case over would mean, and the case as it would then rest."""

    obstacles: list[Finding] = field(default_factory=list)
    remarks: list[Finding] = field(default_factory=list)
    skeleton: bytes = b""
    document: Mapping[str, Any] = field(default_factory=dict)


def plan(skeleton: bytes, process_id: str, old: Program, new: Program) -> Plan:
    """Whether a case can go on in another version, and how it rests there; nothing is changed."""
    carrier = _Carrier(open_document(skeleton, process_id), old, new)
    carrier.carry()
    found = carrier.plan
    if not found.obstacles:
        found.document, found.skeleton = carrier.document, orjson.dumps(carrier.document)
    return found


class _Carrier:
    """Looks at every task of a case that rests."""

    def __init__(self, document: dict[str, Any], old: Program, new: Program) -> None:
        self.document = document
        self.old, self.new = old, new
        self.plan = Plan()
        self.rows: list[list[Any]] = document["tasks"]
        self.specs: list[str] = document["specs"]
        self.scopes: list[str] = [row[0] for row in document["scopes"]]
        self.by_id = {row[0]: row for row in self.rows}
        self.told: set[tuple[str, str]] = set()

    def carry(self) -> None:
        """Every task, those that have ended too."""
        if self.document["process"] not in self.new.processes:
            text = message("新版本中没有可执行的流程“%(id)s”。", id=self.document["process"])
            self.plan.obstacles.append(Finding(self.document["process"], self._step(self.document["process"]), text))
            return
        for name in self.scopes:
            if name not in self.new.scopes:
                self._refuse(
                    name, message("案件正在这个子流程（或被调用的流程）中办理，新版本已将其删除或改为普通环节。")
                )
        for row in self.rows:
            self._row(row)

    def _row(self, row: list[Any]) -> None:
        before, after = self._specs_of(row)
        internal = row[INTERNAL] or {}
        if row[STATE] & TaskState.FINISHED_MASK:
            if after is None:
                self._history(row, before)
        elif "host" in internal:
            self._watcher(row, before, after, internal)
        elif "key" in internal:
            if after is not None and type(before) is not type(after):
                self._refuse_kind(before)
        else:
            self._token(row, before, after, internal)

    def _specs_of(self, row: list[Any]) -> tuple[Node, Node | None]:
        scope, name = self.scopes[row[SCOPE]], self.specs[row[SPEC]]
        inside: ScopeSpec | None = self.new.scopes.get(scope)
        return self.old.scopes[scope].task_specs[name], None if inside is None else inside.task_specs.get(name)

    def _history(self, row: list[Any], before: Node) -> None:
        """What has ended and is drawn no longer: its place in the tree and what it said stay."""
        element = before.element_id
        self._rename(row)
        if element is not None and not isinstance(before, Attached) and element not in self.new.elements:
            self._remark(element, message("已办过的环节在新版本中已删除；办理记录保留。"))

    def _rename(self, row: list[Any]) -> None:
        if NOWHERE not in self.specs:
            self.specs.append(NOWHERE)
        row[SPEC] = self.specs.index(NOWHERE)

    # what listens beside an activity

    def _watcher(self, row: list[Any], before: Node, after: Node | None, internal: Mapping[str, Any]) -> None:
        element = before.element_id or before.name
        if after is None or not self._listens_there(before, after, internal):
            row[STATE] = int(TaskState.CANCELLED)
            if after is None:
                self._rename(row)
            self._remark(element, message("新版本中不再附着于正在办理的环节：原来的等待或计时随迁移停止。"))
        elif type(before) is not type(after):
            self._refuse_kind(before)
        elif self._parts(before, row) != self._parts(after, row, new=True):
            self._refuse(element, message("正在等待的事件的触发方式已改变。"))
        else:
            self._trigger(element, before, after)

    def _listens_there(self, before: Node, after: Node, internal: Mapping[str, Any]) -> bool:
        """Whether an event still belongs to that beside which it listens."""
        if not isinstance(after, Boundary):
            return isinstance(before, Guard) == isinstance(after, Guard)
        host = self.by_id[internal["host"]]
        _, there = self._specs_of(host)
        return there is None or after.name in there.boundaries

    def _parts(self, spec: Node, row: list[Any], *, new: bool = False) -> list[str]:
        """The names of all parts of an event; several definitions are listened for one by one."""
        program = self.new if new else self.old
        specs = program.scopes[self.scopes[row[SCOPE]]].task_specs.values()
        return sorted(each.name for each in specs if each.element_id == spec.element_id)

    # tokens

    def _token(self, row: list[Any], before: Node, after: Node | None, internal: Mapping[str, Any]) -> None:
        element = before.element_id or before.name
        if after is None:
            self._refuse(element, self._gone(element))
        elif type(before) is not type(after):
            self._refuse_kind(before)
        elif isinstance(before, MultiInstance) and isinstance(after, MultiInstance):
            self._instances(element, before, after)
        elif isinstance(before, Join) and isinstance(after, Join):
            if self.document["flows"][row[FLOW]] not in after.incoming:
                self._refuse(element, message("已到达汇合网关的分支在新版本中不再通向它，案件将一直等待。"))
        elif isinstance(before, SubProcess) and isinstance(after, SubProcess):
            if before.spec != after.spec:
                self._refuse(element, message("正在办理的子流程调用的是另一个流程了。"))
        elif isinstance(before, Catch) and isinstance(after, Catch):
            self._waiting(row, element, before, after, internal)

    def _gone(self, element: str) -> Message:
        if element in self.new.elements:
            return message("正在办理的环节在新版本中移到了另一个子流程里。")
        return message("正在办理的环节在新版本中已删除。")

    def _refuse_kind(self, before: Node) -> None:
        element = before.element_id or before.name
        now = next(
            (each for scope in self.new.scopes.values() for each in [scope.task_specs.get(element)] if each), None
        )
        repeated = isinstance(before, (MultiInstance, Loop)) or isinstance(now, (MultiInstance, Loop))
        if repeated and type(before) is not type(now):
            self._refuse(
                element, message("正在办理的环节由单份改为多份（或由多份改为单份、循环），已有的结果无法对应。")
            )
        else:
            self._refuse(element, message("正在办理的环节改成了另一种类型。"))

    def _instances(self, element: str, before: MultiInstance, after: MultiInstance) -> None:
        """An activity done several times keeps the instances it has and what they gave."""
        if before.sequential != after.sequential:
            self._refuse(element, message("正在办理的多份任务由同时办理改为逐个办理（或相反）。"))
        if before.rule != after.rule:
            self._refuse(element, message("会签正在进行，签署方式或通过规则已改变；须由已开始的这一轮按原规则办完。"))
        if (before.items, before.output, before.output_items) != (after.items, after.output, after.output_items):
            self._refuse(element, message("正在办理的多份任务使用的变量或结果的变量已改变，已有的结果无法对应。"))
        if (before.collection, before.cardinality) != (after.collection, after.cardinality):
            self._remark(element, message("份数的规定已改变：已展开的各份不变，不再重新展开。"))
        if before.condition != after.condition:
            self._remark(element, message("提前完成的条件已改变：下一份办结时按新条件判断。"))

    def _waiting(self, row: list[Any], element: str, before: Catch, after: Catch, internal: Mapping[str, Any]) -> None:
        if before.boundaries != after.boundaries and before.trigger.kind == "multiple":
            self._refuse(element, message("正在等待的事件的触发方式已改变。"))
            return
        if "race" in internal:
            self._race(self.by_id[internal["race"]])
        self._trigger(element, before, after)

    def _race(self, gateway: list[Any]) -> None:
        """Of the events behind an event gateway the first decides: they must be the same."""
        before, after = self._specs_of(gateway)
        if not isinstance(after, EventBased):
            self._refuse_kind(before)
        elif {each.target for each in before.routes} != {each.target for each in after.routes}:
            element = before.element_id or before.name
            self._refuse(element, message("案件正在事件网关处等待，其后的事件有增减。"))

    def _trigger(self, element: str, before: Node, after: Node) -> None:
        old, new = getattr(before, "trigger", None), getattr(after, "trigger", None)
        if not isinstance(old, Trigger) or not isinstance(new, Trigger):
            return
        if old.kind != new.kind or (old.form == "cycle") != (new.form == "cycle"):
            self._refuse(element, message("正在等待的事件的触发方式已改变。"))
        elif old.kind == "timer" and (old.text, old.form) != (new.text, new.form):
            self._remark(element, message("定时的规定已改变：本案已起算的时刻不变。"))
        elif old.kind in ("message", "signal") and old.name != new.name:
            self._remark(element, message("迁移后改为等待“%(name)s”。", name=new.name))
        elif old.kind == "conditional" and old.text != new.text:
            self._remark(element, message("等待的条件已改变：迁移后按新条件判断。"))

    # findings

    def _step(self, element: str) -> str:
        found = self.old.elements.get(element)
        return (found.name if found is not None else "") or element

    def _refuse(self, element: str, text: Message) -> None:
        if (element, text.msgid) not in self.told:
            self.told.add((element, text.msgid))
            self.plan.obstacles.append(Finding(element, self._step(element), text))

    def _remark(self, element: str, text: Message) -> None:
        if (element, text.msgid) not in self.told:
            self.told.add((element, text.msgid))
            self.plan.remarks.append(Finding(element, self._step(element), text))


def adopt(run: Run) -> list[Finding]:
    """Let the events listen that the new version attaches to what is open; does not advance."""
    case, found = run.case, []
    known: dict[str, set[str]] = {}
    for task in case.register.values():
        if task.is_watcher:
            known.setdefault(task.internal_data["host"], set()).add(task.task_spec.name)
    for task in list(case.register.values()):
        if task.finished or task.is_watcher or task.is_instance:
            continue
        for name in task.task_spec.boundaries:
            if name not in known.get(task.id, ()):
                found.append(_listen(task.parent, task, name))
    for scope in list(case.all_scopes()):
        root, heard = scope.task_tree, known.get(scope.task_tree.id, set())
        interrupted = any(each.is_watcher and each.finished for each in _watchers_of(run, root))
        for name in () if scope.completed or interrupted else scope.spec.guards:
            if name not in heard:
                found.append(_listen(root, root, name))
    return found


def _watchers_of(run: Run, root: CaseTask) -> list[CaseTask]:
    return [each for each in run.case.register.values() if each.internal_data.get("host") == root.id]


def _listen(parent: CaseTask, host: CaseTask, name: str) -> Finding:
    spec = host.workflow.spec.task_specs[name]
    spec._update(parent.spawn(spec, data=host.data, internal={"host": host.id}))
    text = message("新版本附着的事件自迁移时起等待或计时。")
    return Finding(spec.element_id or name, spec.bpmn_name or spec.element_id or name, text)


def open_task(run: Run, task_id: str) -> OpenTask | None:
    """An open task of a person with its variables, woken where it is at rest."""
    task = run.case.sleepers.find(task_id)
    if task is None or task.id not in run.case.human:
        return None
    path = run.case.instance_path(task)
    view = run.case.value_of(task.data)
    return OpenTask(task.id, task.task_spec.element_id, view, path[-1] if path else None, path)


def comes_from_an_old_release(skeleton: bytes, process_id: str) -> bool:
    """Whether a case was saved with the inside of what has ended, and must be saved anew before it is carried over."""
    return int(open_document(skeleton, process_id)["version"]) < SAVED_IN_ONE
