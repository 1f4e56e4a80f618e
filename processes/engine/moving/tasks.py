"""What becomes of the open tasks of a case in another version: whose they are, what they are called, which form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes import clock
from processes.engine.assigning import assignment
from processes.engine.comparing import Words
from processes.engine.house import House
from processes.engine.language import render
from processes.engine.models import LONGEST_TITLE, UNDONE, Case, FormDraft, WorkItem
from processes.engine.packages import Package
from processes.engine.permissions import may_do
from processes.engine.spiff import Element, Finding, Run
from processes.engine.spiff.moving import open_task
from processes.errors import Invalid
from processes.forms.wording import Wording
from processes.identity.models import Organization, Person
from processes.identity.people import actor_of
from processes.identity.posts import POSTS
from processes.identity.routing import Assignment
from processes.messages import Message, message

ROUTING = ("role", "unit", "person")
TIMES = ("due", "remind", "escalate")


@dataclass(frozen=True)
class Whose:
    """To whom a task goes."""

    role: str
    organization_id: str | None
    person_id: UUID | None


@dataclass(frozen=True)
class TaskChange:
    """An open task that will be somebody else's."""

    item_id: UUID
    step: str
    title: str
    before: Words
    after: Words
    loses_claim: str = ""
    """The name of who had taken it and may do it no longer."""


@dataclass
class Tasks:
    """What is to be written for the open tasks of a case."""

    values: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    changes: list[TaskChange] = field(default_factory=list)
    remarks: list[Finding] = field(default_factory=list)
    unclaimed: list[tuple[WorkItem, UUID]] = field(default_factory=list)
    """Tasks whose holders may do them no longer, with these."""


def tasks_after(session: Session, house: House, case: Case, run: Run, before: Package, after: Package) -> Tasks:
    """How the open tasks of a case are to be written; those of one step with the same rules stay as they are."""
    query = select(WorkItem).where(WorkItem.case_id == case.id, WorkItem.status.in_(UNDONE))
    found, told = Tasks(), set[tuple[str, str]]()
    for item in session.scalars(query.order_by(WorkItem.created_at, WorkItem.id)):
        old, new = before.program.elements[item.element_id], after.program.elements.get(item.element_id)
        if new is None:
            raise Invalid(message("“%(step)s”正在由他人补正或会办，新版本中已没有这个环节。", step=item.step))
        if item.attached_as:
            continue  # asked of a person by a person: the diagram does not say whose it is
        values = _named(house, case, run, item, old, new)
        if _routing(before, old) != _routing(after, new):
            values.update(_handed(session, house, case, run, item, after, new, found))
        if values:
            found.values[item.id] = values
        for finding in _remarks(session, item, old, new, before, after):
            if (finding.element_id, finding.text.msgid) not in told:
                told.add((finding.element_id, finding.text.msgid))
                found.remarks.append(finding)
    return found


def _named(house: House, case: Case, run: Run, item: WorkItem, old: Element, new: Element) -> dict[str, Any]:
    """Name, title, form and stage where the new version says otherwise."""
    values: dict[str, Any] = {}
    step, form, stage = new.name or new.id, new.properties.get("form", ""), new.properties.get("stage", "")
    values.update({"step": step} if step != item.step else {})
    values.update({"form_key": form} if form != item.form_key else {})
    values.update({"stage": stage} if stage != item.stage else {})
    if (old.properties.get("title"), old.name) != (new.properties.get("title"), new.name):
        template = new.properties.get("title", "")
        data = run.seen_by(item.task_id) if template else {}
        drawn = render(template, data, house.functions(clock.today())).strip() if template else ""
        values["title"] = (drawn or f"{step}：{case.title}")[:LONGEST_TITLE]
    return values


def _routing(of: Package, element: Element) -> tuple[Any, ...]:
    """All that decides whose a task is."""
    found: list[Any] = [tuple(element.properties.get(name) for name in ROUTING), element.workers]
    lane = of.program.lanes.get(element.lane or "")
    while lane is not None:
        found.append((lane.name, *(lane.properties.get(name) for name in ROUTING)))
        lane = of.program.lanes.get(lane.parent or "")
    return tuple(found)


def _handed(
    session: Session, house: House, case: Case, run: Run, item: WorkItem, after: Package, new: Element, found: Tasks
) -> dict[str, Any]:
    """To whom the task goes by the new version; a claim stays with whoever may still do it."""
    task = open_task(run, item.task_id)
    if task is None:
        return {}
    today = clock.today()
    whose = assignment(session, case, after, task, new, house.functions(today), today)
    own = Whose(item.role, item.organization_id, item.person_id)
    if own == Whose(whose.role, whose.organization_id, whose.person_id):
        return {}
    values: dict[str, Any] = {
        "role": whose.role, "organization_id": whose.organization_id, "person_id": whose.person_id,
        "unit_id": whose.unit_id or case.unit_id,
    }  # fmt: skip
    loses = ""
    if item.claimed_by_id is not None and not _may_still(session, item, whose):
        loses = item.claimed_by
        values.update(claimed_by_id=None, claimed_by="", claimed_at=None)
        found.unclaimed.append((item, item.claimed_by_id))
    words = whose_words(session, own), whose_words(session, Whose(whose.role, whose.organization_id, whose.person_id))
    found.changes.append(TaskChange(item.id, new.name or new.id, item.title, *words, loses))
    return values


def _may_still(session: Session, item: WorkItem, whose: Assignment) -> bool:
    holder = session.get(Person, item.claimed_by_id)
    if holder is None or holder.disabled:
        return False
    as_it_will_be = WorkItem(role=whose.role, organization_id=whose.organization_id, person_id=whose.person_id)
    return may_do(actor_of(session, holder, clock.today()), as_it_will_be)


def whose_words(session: Session, whose: Whose) -> Words:
    """Who gets a task, in words."""
    if whose.person_id is not None:
        person = session.get(Person, whose.person_id)
        return person.name if person is not None else str(whose.person_id)
    post = POSTS.get(whose.role)
    organization = session.get(Organization, whose.organization_id) if whose.organization_id else None
    where = Wording(organization.name, organization.name_en or "") if organization is not None else ""
    if post is None:
        return where or whose.role
    name = Wording(post.zh, post.en)
    if organization is None or post.organization_kind == whose.organization_id:
        return name
    return message("%(organization)s：%(post)s", organization=where, post=name)


def _remarks(
    session: Session, item: WorkItem, old: Element, new: Element, before: Package, after: Package
) -> Iterator[Finding]:
    """What stays as it was although the new version says otherwise, and what whoever is at it must know."""

    def said(text: Message) -> Finding:
        return Finding(new.id, new.name or new.id, text)

    if _times(old.properties) != _times(new.properties):
        yield said(message("办理时限、提醒或上报的规定已改变：已在办的任务仍按原期限和原提醒。"))
    one, other = old.properties.get("form", ""), new.properties.get("form", "")
    changed = one != other or _form(before, one) != _form(after, other)
    if changed and session.get(FormDraft, item.id) is not None:
        yield said(message("表单已改变：已暂存的内容保留，新表单中没有的项目不再显示。"))
    elif changed:
        yield said(message("表单已改变：在办的任务改用新表单。"))


def _times(properties: Mapping[str, str]) -> Sequence[str]:
    return [properties.get(name, "").strip() for name in TIMES]


def _form(of: Package, key: str) -> bytes | None:
    found = of.forms.get(key)
    return found.canonical if found is not None else None
