"""The form of one task: its definition, the values it begins with, the lists it offers, the files it may name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from processes import clock
from processes.engine.coming_back import sent_before
from processes.engine.door import thawed
from processes.engine.house import FormCheck, House, Tally
from processes.engine.models import Case, FormDraft, Submission, WorkItem
from processes.engine.packages import package
from processes.engine.permissions import holder, may_do, need_part
from processes.engine.verbs.allowed import may_transfer, verbs
from processes.engine.verbs.aside_ids import engine_task
from processes.errors import NotAllowed, NotFound
from processes.files import StoredFile
from processes.forms.beginning import initial_values
from processes.forms.context import FormContext, StoredFileInfo
from processes.forms.definition import FormDefinition
from processes.forms.drafts import clean_draft
from processes.forms.wording import Option
from processes.identity.actor import SYSTEM, Actor
from processes.messages import message


@dataclass(frozen=True)
class TaskForm:
    """A task as its page shows it."""

    item: WorkItem
    case: Case
    form: FormDefinition
    context: FormContext
    values: Mapping[str, Any]
    """What the form is drawn with: the draft, else what comes back to be mended, else values of the case and defaults;
    a done task's answers."""
    draft: FormDraft | None
    submission: Submission | None
    actions: frozenset[str]
    """What the actor may do now: `complete`, `draft`, `claim`, `release`, `transfer`, `remind`, `comment`, and what
    `verbs.allowed` lists."""


def form_for(session: Session, house: House, actor: Actor, item_id: UUID, language: str = "zh") -> TaskForm:
    """A task with its form; those without a part in it get `NotFound`."""
    item = item_of(session, item_id)
    need_part(session, actor, item)
    case = session.get(Case, item.case_id, options=[undefer(Case.skeleton)])
    assert case is not None
    submission = session.scalars(select(Submission).where(Submission.work_item_id == item.id)).first()
    form = form_definition(session, case, item, submission)
    if item.status != "open":
        context = form_context(session, house, case, item, form, {}, language)
        values = submission.answers if submission else {}
        actions = _remarks(actor) | verbs(session, actor, case, item)
        return TaskForm(item, case, form, context, values, None, submission, actions)
    context = form_context(session, house, case, item, form, task_data(session, house, case, item), language)
    draft = session.get(FormDraft, item.id) if may_do(actor, item) else None
    element = package(session, case.definition_id).program.elements[item.element_id]
    values = initial_values(form, context, draft.answers if draft else sent_before(session, element, item))
    actions = _actions(actor, case, item) | verbs(session, actor, case, item)
    return TaskForm(item, case, form, context, values, draft, None, actions)


def _remarks(actor: Actor) -> frozenset[str]:
    """An auditor reads everything and changes nothing; all others may comment."""
    return frozenset() if actor.has("auditor") else frozenset({"comment"})


def _actions(actor: Actor, case: Case, item: WorkItem) -> frozenset[str]:
    actions = set(_remarks(actor))
    if case.status != "running" or actor.has("auditor"):
        return frozenset(actions)
    whose = holder(actor, item)
    if whose not in (item.claimed_by_id, item.person_id):
        actions.add("remind")
    if not may_do(actor, item):
        return frozenset(actions)
    if item.claimed_by_id is None and item.person_id is None:
        actions.add("claim")
    if item.claimed_by_id == whose and item.person_id is None:
        actions.add("release")
    if item.claimed_by_id in (None, whose):
        actions |= {"complete", "draft"}
        if may_transfer(item):
            actions.add("transfer")
    return frozenset(actions)


def tally_of(
    session: Session, house: House, actor: Actor, task: TaskForm, answers: Mapping[str, Any] | None = None
) -> Tally | None:
    """What the answers of a task's form come to as they stand; None where its diagram names no count."""
    element = package(session, task.case.definition_id).program.elements[task.item.element_id]
    source = house.tallies.get(element.properties.get("tally", ""))
    if source is None or "complete" not in task.actions:
        return None
    given = task.values if answers is None else answers
    return source(FormCheck(session, house, task.case, actor, clock.now(), task.context.values, given))


def tally_typed(session: Session, house: House, actor: Actor, item_id: UUID, raw: Mapping[str, Any]) -> Tally:
    """The count of what somebody has just typed; nothing is kept and nothing is checked."""
    task = form_for(session, house, actor, item_id)
    found = tally_of(session, house, actor, task, clean_draft(task.form, raw))
    if found is None:
        raise NotAllowed(message("该任务没有可供即时计算的数字。"))
    return found


def item_of(session: Session, item_id: UUID) -> WorkItem:
    """A work item, or `NotFound`."""
    found = session.get(WorkItem, item_id)
    if found is None:
        raise NotFound(message("没有这项任务。"))
    return found


def form_definition(
    session: Session, case: Case, item: WorkItem, submission: Submission | None = None
) -> FormDefinition:
    """The form of a task, or the one that was sent with it."""
    if submission is not None and submission.form is not None:
        return FormDefinition.parse(submission.form)
    of = package(session, case.definition_id)
    return of.form(item.form_key, of.program.elements[item.element_id])


def task_data(session: Session, house: House, case: Case, item: WorkItem) -> Mapping[str, Any]:
    """The variables that an open task sees."""
    run = thawed(session, house, SYSTEM, case, package(session, case.definition_id))
    return run.seen_by(engine_task(item))


def form_context(
    session: Session,
    house: House,
    case: Case,
    item: WorkItem,
    form: FormDefinition,
    data: Mapping[str, Any],
    language: str = "zh",
) -> FormContext:
    """What a form needs to know from outside, for drawing it and for checking what comes back."""
    return FormContext(
        today=clock.today(),
        add_workdays=house.calendar.add_workdays,
        options=options_of(session, house, form, data),
        values=data,
        files=_Files(session, case.id, item.id),
        language=language,
    )


def options_of(
    session: Session, house: House, form: FormDefinition, data: Mapping[str, Any]
) -> dict[str, Sequence[Option]]:
    """The lists that a form's fields name: those of the house, or variables that hold such a list."""
    wanted = {each.options_from for field in form.fields for each in (field, *field.columns) if each.options_from}
    found: dict[str, Sequence[Option]] = {}
    for name in wanted:
        source = house.options.get(name)
        found[name] = source(session, data) if source is not None else _from_variable(data.get(name))
    return found


def _from_variable(value: Any) -> list[Option]:
    if not isinstance(value, (list, tuple)):
        return []
    return [
        Option(str(each.get("value", "")), str(each.get("label") or each.get("value", "")))
        if isinstance(each, Mapping)
        else Option(str(each), str(each))
        for each in value
    ]


class _Files:
    """Stored files that a form of this case may name."""

    def __init__(self, session: Session, case_id: UUID, item_id: UUID) -> None:
        self.session = session
        self.case_id = case_id
        self.item_id = item_id

    def __call__(self, identifier: str) -> StoredFileInfo | None:
        try:
            found = self.session.get(StoredFile, UUID(identifier))
        except ValueError:
            return None
        if found is None or (found.case_id != self.case_id and found.work_item_id != self.item_id):
            return None
        return StoredFileInfo(found.name, found.kind, found.size)
