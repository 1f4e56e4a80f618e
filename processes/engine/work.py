"""What people do with a task: take it, put it back, keep a draft, complete it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import Table, delete, select
from sqlalchemy.orm import Session

from processes import audit, clock
from processes.engine.carrying import carried
from processes.engine.door import OpenCase, locked_with_item, opened
from processes.engine.house import FormCheck, House
from processes.engine.language import LanguageError, render
from processes.engine.models import Case, CaseEvent, FormDraft, Incident, Submission, WorkItem
from processes.engine.packages import split
from processes.engine.permissions import acting, holder, need_part, need_to_do, stood_in_for
from processes.engine.spiff import Element, StepFailed
from processes.engine.task_forms import form_context, form_definition, item_of
from processes.engine.verbs.aside import aside_done
from processes.engine.verbs.aside_ids import engine_task
from processes.engine.verbs.opinion_form import OPINION
from processes.engine.verbs.telling import note
from processes.errors import Conflict, Invalid, NotAllowed
from processes.forms.definition import FormDefinition
from processes.forms.drafts import clean_draft
from processes.forms.validation import validate
from processes.identity.actor import Actor
from processes.identity.models import Person
from processes.messages import message

Raw = Mapping[str, Any] | Callable[[FormDefinition], Mapping[str, Any]]
"""Answers as they were sent."""
_DRAFTS = cast(Table, FormDraft.__table__)
LONGEST_COMMENT = 2000
LONGEST_RESULT = 60


@dataclass(frozen=True)
class Completion:
    """What a completed task led to."""

    item: WorkItem
    case: Case
    submission: Submission


def claim(session: Session, actor: Actor, item_id: UUID) -> WorkItem:
    """Take a task of a post for oneself; `Conflict` tells who was first."""
    item = _open_item(session, actor, item_id)
    whose, actor = holder(actor, item), acting(actor, item)
    if item.claimed_by_id == whose:
        return item
    need_not_taken(actor, item)
    item.claimed_by_id, item.claimed_by, item.claimed_at = whose, actor.name, clock.now()
    item.opened_at, item.opened_by = item.opened_at or clock.now(), item.opened_by or actor.name
    _note(session, actor, item, "claimed")
    return item


def release(session: Session, actor: Actor, item_id: UUID) -> WorkItem:
    """Put a task back for everybody who holds the post."""
    item = _open_item(session, actor, item_id)
    if item.claimed_by_id != holder(actor, item):
        raise Conflict(message("这项任务不是由您签收的。"))
    item.claimed_by_id, item.claimed_by, item.claimed_at = None, "", None
    _note(session, actor, item, "released")
    return item


def save_draft(session: Session, house: House, actor: Actor, item_id: UUID, raw: Mapping[str, Any]) -> FormDraft:
    """Keep a form half filled in; nothing is checked, what cannot belong to the form is left out.

    A task that nobody has claimed keeps the draft of the colleague who was first; `Conflict` tells who that is.
    """
    item = _open_item(session, actor, item_id)
    need_not_taken(actor, item)
    case = session.get(Case, item.case_id)
    assert case is not None
    assert actor.person_id is not None
    answers = clean_draft(form_definition(session, case, item), raw)
    draft = session.get(FormDraft, item.id)
    if draft is not None and draft.person_id != actor.person_id and item.claimed_by_id is None:
        first = session.get_one(Person, draft.person_id).name
        raise Conflict(message("%(person)s已暂存此任务的草稿。请先签收，再填写。", person=first))
    if draft is None:
        draft = FormDraft(work_item_id=item.id, person_id=actor.person_id, answers=answers, saved_at=clock.now())
        session.add(draft)
    draft.person_id, draft.answers, draft.saved_at = actor.person_id, answers, clock.now()
    return draft


def complete(
    session: Session, house: House, actor: Actor, item_id: UUID, raw: Raw, *, revision: int | None = None
) -> Completion:
    """Do a task: check the answers with its form, keep them, and let the case go on.

    The case is locked first, so that of two who come together one finds what the other has left. `raw` may be a
    function that takes the answers out of what was sent, for whoever does not know the form.
    Raises `Invalid` with the fields to be corrected, `Conflict` when somebody was first, `NotAllowed`, or `CaseFailed`.
    """
    case, item = locked_with_item(session, item_id)
    need_part(session, actor, item)
    need_to_do(actor, item)
    need_open(item)
    whose = stood_in_for(actor, item)
    actor = acting(actor, item)
    with opened(session, house, actor, case, item, revision=revision) as open_:
        need_not_taken(actor, item)
        item.on_behalf_id = whose.person_id if whose is not None else None
        element = open_.package.program.elements[item.element_id]
        data = open_.run.seen_by(engine_task(item))
        sent = raw(open_.package.form(item.form_key, element)) if callable(raw) else raw
        submission = _submit(open_, item, element, data, sent)
        variables = carried(open_, element, submission, stay=() if item.form_key else set(data) - set(sent))
        with _asking_for_answers(submission, variables):
            if item.attached_as or item.followed:
                _done(open_, item, element, submission)
                aside_done(open_, item, submission, variables)
            else:
                open_.run.complete(item.task_id, variables)
                _done(open_, item, element, submission)
                open_.save(done=item)
    _no_longer_failed(open_, item)
    audit.record(session, actor, "work.complete", f"work_item:{item.id}", case=case.number, step=item.step)
    return Completion(item, case, submission)


def comment(session: Session, actor: Actor, item_id: UUID, text: str) -> CaseEvent:
    """Add a remark to the history; it does not move the case."""
    item = item_of(session, item_id)
    need_part(session, actor, item)
    if actor.has("auditor"):
        raise NotAllowed(message("监督岗位只能查阅，不能批注。"))
    if not text.strip() or len(text) > LONGEST_COMMENT:
        problem = message("批注应为 1 至 %(count)s 字。", count=LONGEST_COMMENT)
        raise Invalid(problem, {"text": problem})
    return _note(session, actor, item, "comment", text.strip())


def _open_item(session: Session, actor: Actor, item_id: UUID) -> WorkItem:
    item = item_of(session, item_id)
    need_part(session, actor, item)
    need_to_do(actor, item)
    session.refresh(item, with_for_update={"key_share": True})
    need_open(item)
    return item


def need_open(item: WorkItem) -> None:
    """Raise `Conflict` with who was first unless a task waits to be done."""
    if item.status == "done":
        moment = clock.local(item.completed_at).strftime("%Y-%m-%d %H:%M") if item.completed_at else ""
        raise Conflict(message("该任务已由%(person)s于 %(moment)s 办结。", person=item.completed_by, moment=moment))
    if item.status == "held":
        raise Conflict(message("该任务正在等待他人的意见（委派、加签或补正），办结后再继续。"))
    if item.status != "open":
        raise Conflict(message("该任务已办结，或案件已进入下一环节。"))


def need_not_taken(actor: Actor, item: WorkItem) -> None:
    """Raise `Conflict` with the name where somebody else has claimed a task."""
    if item.claimed_by_id not in (None, actor.person_id, holder(actor, item)):
        raise Conflict(message("该任务已由%(person)s签收。", person=item.claimed_by))


def _submit(
    opened: OpenCase, item: WorkItem, element: Element, data: Mapping[str, Any], raw: Mapping[str, Any]
) -> Submission:
    session, case = opened.session, opened.case
    form = opened.package.form(item.form_key, element)
    context = form_context(session, opened.house, case, item, form, data)
    answers = validate(form, raw, context)
    for name in split(element.properties.get("check", "")) if item.form_key != OPINION else ():
        check = opened.house.validators.get(name)
        if check is None:
            raise NotAllowed(message("没有名为“%(name)s”的核验规则。", name=name))
        check(FormCheck(session, opened.house, case, opened.actor, opened.now, data, answers))
    submission = Submission(
        id=uuid4(),
        case_id=case.id,
        work_item_id=item.id,
        form_key=item.form_key,
        form_version=form.version,
        form=None if item.form_key else form.as_data(),
        answers=answers,
        person_id=opened.actor.person_id,
        person=opened.actor.name,
        at=opened.now,
    )
    session.add(submission)
    return submission


@contextmanager
def _asking_for_answers(submission: Submission, variables: Mapping[str, Any]) -> Iterator[None]:
    """Where the form was made from the conditions of the diagram, one that lacks an answer asks for it."""
    try:
        yield
    except StepFailed as failure:
        missing = [key for key, value in variables.items() if value is None]
        if submission.form_key or not missing or not isinstance(failure.cause, LanguageError):
            raise
        raise Invalid(failure.text, dict.fromkeys(missing, message("必须填写。"))) from failure


def _done(opened: OpenCase, item: WorkItem, element: Element, submission: Submission) -> None:
    item.status = "done"
    item.completed_at, item.completed_by_id, item.completed_by = opened.now, opened.actor.person_id, opened.actor.name
    item.result = _result(opened, element, submission)
    opened.session.connection().execute(delete(_DRAFTS).where(_DRAFTS.c.work_item_id == item.id))


def _no_longer_failed(opened: OpenCase, item: WorkItem) -> None:
    """Failures of earlier tries to do this task have been got over."""
    case = opened.case
    if not case.open_incidents:
        return
    for incident in opened.session.scalars(
        select(Incident).where(Incident.case_id == case.id, Incident.status == "open")
    ):
        if incident.action.get("kind") == "complete" and incident.action.get("item") == str(item.id):
            incident.status, incident.resolved_at, incident.resolved_by = "resolved", opened.now, opened.actor.name
            case.open_incidents = max(0, case.open_incidents - 1)


def _result(opened: OpenCase, element: Element, submission: Submission) -> str:
    """The decision in a few words: by the task's own template, else its first choice among words of the form."""
    template = element.properties.get("result", "")
    if template and submission.form_key != OPINION:
        return render(template, submission.answers, opened.house.functions(clock.today())).strip()[:LONGEST_RESULT]
    form = opened.package.form(submission.form_key, element)
    return _first_choice(form, submission.answers)[:LONGEST_RESULT]


def _first_choice(form: FormDefinition, answers: Mapping[str, Any]) -> str:
    for field in form.fields:
        value = answers.get(field.key)
        if field.type == "choice" and not field.options_from and isinstance(value, str) and not field.masked:
            return next((option.text("zh") for option in field.options if option.value == value), value)
    return ""


def _note(session: Session, actor: Actor, item: WorkItem, kind: str, text: str = "") -> CaseEvent:
    """A line in the history, and one in the trail."""
    audit.record(session, actor, f"work.{kind}", f"work_item:{item.id}")
    return note(session, actor, item, kind, text)
