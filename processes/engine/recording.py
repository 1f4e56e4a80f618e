"""What a step of a case has changed, written into the tables that lists read: work items, history, jobs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import Table, bindparam, case, insert, or_, select, update
from sqlalchemy.orm import Session

from processes import clock, jobs
from processes.engine.assigning import assignment
from processes.engine.deadlines import due_moment, escalations, offset_moment, reminders
from processes.engine.house import House
from processes.engine.language import evaluate, render
from processes.engine.models import LONGEST_TITLE, UNDONE, Case, CaseEvent, WorkItem
from processes.engine.packages import Package
from processes.engine.recording_messages import Messages
from processes.engine.spiff import Apart, Change, Element, OpenTask, Run
from processes.engine.spiff.failures import blamed_on
from processes.engine.successors import successor
from processes.engine.why import why_words
from processes.identity.actor import Actor
from processes.identity.routing import read_offices

HUMAN = frozenset({"userTask", "manualTask", "task"})
TOLD = HUMAN | {
    *("serviceTask", "sendTask", "receiveTask", "businessRuleTask", "scriptTask", "callActivity", "subProcess"),
    *("startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"),
}
"""Kinds of elements that the history of a case tells of."""
FEW = 3
"""Tasks that come up together for which offices are looked up one by one."""
_EVENTS, _ITEMS = insert(cast(Table, CaseEvent.__table__)), insert(cast(Table, WorkItem.__table__))
_INSTANCES = (
    update(cast(Table, WorkItem.__table__))
    .where(WorkItem.case_id == bindparam("case"), WorkItem.task_id == bindparam("task"))
    .values(activity_id=bindparam("of_activity"), instance=bindparam("content"))
)
REMIND, ESCALATE = "work.remind", "work.escalate"


class Recorder:
    """Writes the difference between a case as it was loaded and as it is now."""

    def __init__(
        self, session: Session, house: House, actor: Actor, case: Case, run: Run, of: Package, now: datetime,
        instances: Mapping[str, Apart],
    ) -> None:  # fmt: skip
        self.session = session
        self.house = house
        self.actor = actor
        self.case = case
        self.run = run
        self.package = of
        self.elements = of.program.elements
        self.now = now
        self.today = clock.local(now).date()
        self.functions = house.functions(self.today)
        self.instances = dict(instances)
        """Instances that are to be kept with their work items."""

    def save(self, done: WorkItem | None) -> None:
        """Write everything; `done` is the task that the actor has completed himself."""
        changes = [change for change in self.run.changes() if not change.multiple]
        if done is not None:
            self._keep_instance(done)
        self._history(changes, done)
        self._close_items(changes)
        self._open_items(changes)
        self._keep_instances()
        Messages(self.session, self.case, self.run, self.elements, self.functions, self.now).save()
        self._state(changes)

    # history

    def _history(self, changes: list[Change], done: WorkItem | None) -> None:
        rows = []
        for change in changes:
            element = self.elements[change.element_id]
            if element.kind not in TOLD or (change.kind == "entered" and element.kind not in HUMAN):
                continue
            mine = done is not None and change.task_id == done.task_id
            rows.append(
                {
                    "case_id": self.case.id,
                    "at": self.now,
                    "kind": change.kind,
                    "element_id": element.id,
                    "step": element.name,
                    "task_id": change.task_id,
                    "person_id": done.completed_by_id if done is not None and mine else None,
                    "person": done.completed_by if done is not None and mine else "",
                    "organization": "",
                    "text": why_words(change.why, self.actor.name),
                    "detail": {
                        "kind": element.kind,
                        "event": element.event or "",
                        "instance": _text(change.instance_key),
                    },
                }
            )
        if rows:
            self.session.connection().execute(_EVENTS, rows)

    # work items

    def _close_items(self, changes: list[Change]) -> None:
        gone: dict[str, list[str]] = {}
        for each in changes:
            if each.kind == "cancelled" and self._human(each):
                gone.setdefault(each.why, []).append(each.task_id)
        for why, task_ids in gone.items():
            ended = select(WorkItem.id).where(WorkItem.case_id == self.case.id, WorkItem.task_id.in_(task_ids))
            self.session.execute(
                update(WorkItem)
                .where(
                    WorkItem.case_id == self.case.id,
                    or_(WorkItem.task_id.in_(task_ids), WorkItem.attached_to_id.in_(ended)),
                    WorkItem.status.in_(UNDONE),
                )
                .values(
                    status="cancelled",
                    completed_at=self.now,
                    result=case((WorkItem.result == "", why_words(why, self.actor.name)), else_=WorkItem.result),
                )
                .execution_options(synchronize_session=False)
            )

    def _open_items(self, changes: list[Change]) -> None:
        entered = {each.task_id for each in changes if each.kind == "entered" and self._human(each)}
        if not entered:
            return
        if len(entered) > FEW:
            read_offices(self.session)
        items = [self._item(task) for task in self.run.come_up(entered)]
        if items:
            self.session.connection().execute(_ITEMS, items)

    def _keep_instance(self, item: WorkItem) -> None:
        kept = self.instances.pop(item.task_id, None)
        if kept is not None:
            item.activity_id, item.instance = kept.activity, kept.content

    def _keep_instances(self) -> None:
        """Of work items that were there before: those of a case that has kept its instances otherwise until now."""
        rows = [
            {"case": self.case.id, "task": task_id, "of_activity": kept.activity, "content": kept.content}
            for task_id, kept in self.instances.items()
        ]
        if rows:
            self.session.connection().execute(_INSTANCES, rows)

    def _human(self, change: Change) -> bool:
        return self.elements[change.element_id].kind in HUMAN

    def _item(self, task: OpenTask) -> dict[str, Any]:
        element = self.elements[task.element_id]
        with blamed_on(element.id, element.name):
            return self._row(task, element)

    def _row(self, task: OpenTask, element: Element) -> dict[str, Any]:
        whose = assignment(self.session, self.case, self.package, task, element, self.functions, self.today)
        whose = replace(whose, person_id=successor(self.session, whose.person_id))
        kept = self.instances.pop(task.id, None)
        item_id, due = uuid4(), self._due(task, element)
        self._later(item_id, element, due)
        return {
            "id": item_id,
            "case_id": self.case.id,
            "task_id": task.id,
            "element_id": element.id,
            "process_key": self.case.key,
            "step": element.name or element.id,
            "title": self._title(task, element),
            "form_key": element.properties.get("form", ""),
            "stage": element.properties.get("stage", ""),
            "status": "open",
            "role": whose.role,
            "organization_id": whose.organization_id,
            "unit_id": whose.unit_id or self.case.unit_id,
            "person_id": whose.person_id,
            "instance_key": _text(task.instance_key),
            "claimed_by": "",
            "created_at": self.now,
            "due_at": due,
            "completed_by": "",
            "result": "",
            "activity_id": kept.activity if kept else None,
            "instance": kept.content if kept else None,
        }

    def _title(self, task: OpenTask, element: Element) -> str:
        template = element.properties.get("title", "")
        drawn = render(template, task.data, self.functions).strip() if template else ""
        return (drawn or f"{element.name or element.id}：{self.case.title}")[:LONGEST_TITLE]

    def _due(self, task: OpenTask, element: Element) -> datetime | None:
        text = element.properties.get("due", "")
        return due_moment(
            text, self.now, self.house.calendar, lambda expression: evaluate(expression, task.data, self.functions)
        )

    def _later(self, item_id: UUID, element: Element, due: datetime | None) -> None:
        """Reminders and escalations, each once."""
        if due is None:
            return
        for offset in reminders(element.properties.get("remind", "")):
            at = offset_moment(due, offset, self.house.calendar)
            if at > self.now:
                key = f"{REMIND}:{item_id}:{offset.text}"
                jobs.enqueue_new(self.session, REMIND, {"item": str(item_id)}, due=at, key=key)
        for role, offset in escalations(element.properties.get("escalate", "")):
            at = offset_moment(due, offset, self.house.calendar)
            key = f"{ESCALATE}:{item_id}:{role}:{offset.text}"
            jobs.enqueue_new(
                self.session, ESCALATE, {"item": str(item_id), "role": role}, due=max(at, self.now), key=key
            )

    # the case itself

    def _state(self, changes: list[Change]) -> None:
        of, run = self.case, self.run
        for change in changes:
            if change.kind == "entered" and (stage := self.elements[change.element_id].properties.get("stage")):
                of.stage = stage
        if run.status == "running":
            timers = run.timers()
            of.next_due = timers[0].due if timers else None
            return
        of.status = run.status
        of.next_due = None
        of.ended_at = self.now
        ends = [self.elements[each.element_id] for each in changes if each.kind == "completed" and self._ends(each)]
        if ends and not of.outcome:
            of.outcome = ends[-1].name

    def _ends(self, change: Change) -> bool:
        """Whether it is an end of the case itself: of its process, or of an event sub-process directly in that."""
        element = self.elements[change.element_id]
        if element.kind != "endEvent":
            return False
        around = self.elements.get(element.scope)
        return not change.scope or (around is not None and around.handles and around.scope == self.case.process_id)


def _text(value: Any) -> str:
    return "" if value is None else str(value)
