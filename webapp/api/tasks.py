"""Tasks: the lists of a person, one task with its form, and what people do with it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args
from uuid import UUID

from flask import Response
from sqlalchemy.orm import Session

from processes.engine import case_lists, handing_on, held, inbox, incidents, work
from processes.engine.case_lists import CaseFilter
from processes.engine.inbox import Filter, View
from processes.engine.models import Submission, WorkItem
from processes.engine.permissions import may_do
from processes.engine.reasons import LONGEST_REASON
from processes.engine.task_forms import TaskForm, form_definition, form_for
from processes.errors import Invalid
from processes.messages import message
from processes.paging import Page
from webapp.api import drawing
from webapp.api.answering import PAGING, changing, page_of, page_shown, shown
from webapp.api.calls import Asked, Calls, Field, Parameter
from webapp.language import current_language
from webapp.pages.answers import READS_UNMASKED
from webapp.pages.earlier import earlier_submissions
from webapp.transactions import see_opened

calls = Calls("tasks")
VIEWS: tuple[View, ...] = get_args(View)
FILTERS = (
    Parameter(
        "view",
        "`mine`: named to me or claimed by me; `group`: for a post of mine, not claimed; `todo` (the default): both; "
        "`stand_in`: of those for whom I stand in; `held`: that wait for somebody else, or whose case is suspended; "
        "`done` by me; `drafts` of mine; `started`: cases (not tasks) that I have started.",
        choices=VIEWS,
    ),
    Parameter("q", "Part of the title, or of the title or number of the case."),
    Parameter("process", "Key of the definition."),
    Parameter("step", "Id of the task in the diagram."),
    Parameter("unit", "Id of the unit it is about."),
    Parameter("overdue", "Only what is late.", "boolean"),
    Parameter("sort", "`due`, `created`, `completed`, `title`, `step` or `case`; `-due` is descending."),
    *PAGING,
)
SORTS = frozenset({"due", "created", "completed", "title", "step", "case"})
DATA = Field("data", "Answers by key of the field.", "object", required=False)
REASON = Field("reason", "Why.", required=False, longest=LONGEST_REASON)


@calls.get("/tasks", "The inbox and the other lists of a person, a page at a time.", answer="Tasks", query=FILTERS)
def list_tasks(asked: Asked) -> Response:
    """One of the lists; soonest due first, done newest first."""
    view: View = next((each for each in VIEWS if each == asked.text("view")), "todo")
    narrowed = Filter(
        asked.text("q"),
        asked.text("process"),
        asked.text("step"),
        asked.text("unit"),
        bool(asked.query.get("overdue")),
    )
    page = page_of(asked)
    _check_sort(page.sort)
    with asked.desk.db.reading() as session:
        if view == "started":
            cases = case_lists.started_cases(session, asked.actor, _of_cases(narrowed), _in_cases(page))
            return page_shown(asked, cases, drawing.case_row)
        found = inbox.work(session, asked.actor, view, narrowed, page)
        waits = held.waits(session, found.items) if view == "held" else {}
        return page_shown(asked, found, lambda item: drawing.task(item, waits[item.id].names if waits else ()))


def _of_cases(narrowed: Filter) -> CaseFilter:
    """The filters of tasks, for the list of cases: the step is one at which the case waits."""
    return CaseFilter(
        search=narrowed.search,
        process=narrowed.process,
        unit_id=narrowed.unit_id,
        overdue=narrowed.overdue,
        step=narrowed.step,
    )


def _in_cases(page: Page) -> Page:
    """The orders of tasks, for the list of cases: what a case does not have is its beginning or its last change."""
    falling, key = page.sort[:1] == "-", page.sort.lstrip("-")
    named = {"created": "started", "completed": "changed", "due": "started", "step": "stage", "case": "number"}
    return replace(page, sort=("-" if falling else "") + named.get(key, key)) if key else page


def _check_sort(sort: str) -> None:
    if sort and sort.removeprefix("-") not in SORTS:
        problem = message("应为下列之一：%(choices)s", choices="、".join(sorted(SORTS)))
        raise Invalid(problem, {"sort": problem})


@calls.get("/tasks/<uuid:task_id>", "A task: its form, what it shows, what I may do with it.", answer="TaskDetail")
def show_task(asked: Asked, task_id: UUID) -> Response:
    """One task, for those who have a part in it."""
    with asked.desk.db.reading() as session:
        found = form_for(session, asked.desk.house, asked.actor, task_id, current_language())
        answer = shown(_detail(session, asked, found))
    see_opened(asked.desk, asked.actor, found)
    return answer


def _detail(session: Session, asked: Asked, found: TaskForm) -> dict[str, Any]:
    item, actor = found.item, asked.actor
    unmasked = may_do(actor, item) or actor.has(*READS_UNMASKED)
    offered = {
        name: [{"value": each.value, "label": each.text(current_language())} for each in options]
        for name, options in found.context.options.items()
    }
    earlier = earlier_submissions(session, actor, item)
    return {
        "task": drawing.task(item),
        "form": found.form.as_data(),
        "form_version": found.form.version,
        "schema": found.form.json_schema(),
        "options": offered,
        "data": drawing.answers(found.form, found.values, unmasked),
        "draft_saved_at": found.draft.saved_at if found.draft else None,
        "actions": sorted(found.actions),
        "submission": _submission(session, asked, found.submission) if found.submission else None,
        "submissions": [_submission(session, asked, each) for each in earlier],
        "revision": found.case.revision,
    }


def _submission(session: Session, asked: Asked, found: Submission) -> dict[str, Any]:
    item = found.work_item
    return drawing.submission(asked.actor, found, form_definition(session, item.case, item, found))


def _changed(item: WorkItem) -> dict[str, Any]:
    return {"task": drawing.task(item)}


@calls.post(
    "/tasks/<uuid:task_id>/claim", "Take a task of a post of mine.", answer="TaskChange", body=(), refusals=(403, 409)
)
def claim_task(asked: Asked, task_id: UUID) -> Response:
    """409 tells who was first."""
    return changing(asked, lambda session: _changed(work.claim(session, asked.actor, task_id)))


@calls.post(
    "/tasks/<uuid:task_id>/release",
    "Put a task back for all who hold the post.",
    answer="TaskChange",
    body=(),
    refusals=(403, 409),
)
def release_task(asked: Asked, task_id: UUID) -> Response:
    """Only what I have claimed."""
    return changing(asked, lambda session: _changed(work.release(session, asked.actor, task_id)))


@calls.post(
    "/tasks/<uuid:task_id>/draft",
    "Put the form aside half filled in; what cannot belong to it is left out.",
    answer="Draft",
    body=(DATA,),
    refusals=(403, 409),
)
def draft_task(asked: Asked, task_id: UUID) -> Response:
    """Nothing is checked; the answer says what was kept."""

    def act(session: Session) -> dict[str, Any]:
        draft = work.save_draft(session, asked.desk.house, asked.actor, task_id, asked.body.get("data", {}))
        item = session.get_one(WorkItem, task_id)
        return {"task": drawing.task(item), "data": drawing.values(draft.answers), "saved_at": draft.saved_at}

    return changing(asked, act)


@calls.post(
    "/tasks/<uuid:task_id>/complete",
    "Do a task: the answers are checked with its form and the case goes on.",
    answer="Completion",
    body=(
        DATA,
        Field("revision", "Revision of the case that was looked at; 409 when it has changed since.", "integer", False),
    ),
    refusals=(403, 409, 503),
)
def complete_task(asked: Asked, task_id: UUID) -> Response:
    """422 names the fields, 409 who was first; 503 when a step of the case failed and everything was left as it was."""
    data, revision = asked.body.get("data", {}), asked.body.get("revision")

    def act(session: Session) -> dict[str, Any]:
        done = work.complete(session, asked.desk.house, asked.actor, task_id, data, revision=revision)
        return {
            "task": drawing.task(done.item),
            "case": drawing.case(done.case),
            "submission_id": done.submission.id,
        }

    return changing(asked, act, again=incidents.complete_again(asked.actor, task_id, data), key_last=True)


@calls.post(
    "/tasks/<uuid:task_id>/transfer",
    "Hand a task to a colleague who holds the same post.",
    answer="TaskChange",
    body=(
        Field("to", "Log-in of the colleague."),
        Field("reason", "Why.", longest=LONGEST_REASON),
    ),
    refusals=(403, 409),
)
def transfer_task(asked: Asked, task_id: UUID) -> Response:
    """The colleague holds it from then on and is told."""
    to, reason = asked.body["to"], asked.body["reason"]
    return changing(asked, lambda session: _changed(handing_on.transfer(session, asked.actor, task_id, to, reason)))


@calls.post(
    "/tasks/<uuid:task_id>/remind",
    "Ask whoever holds a task to do it, once an hour at most.",
    answer="TaskChange",
    body=(REASON,),
    refusals=(409,),
)
def remind_task(asked: Asked, task_id: UUID) -> Response:
    """The holder, or all who may take it, get a notice."""
    reason = asked.body.get("reason", "")
    return changing(asked, lambda session: _changed(handing_on.remind(session, asked.actor, task_id, reason)))


@calls.post(
    "/tasks/<uuid:task_id>/comment",
    "Add a remark to the history of the case.",
    answer="TaskChange",
    body=(Field("reason", "The remark.", longest=work.LONGEST_COMMENT),),
)
def comment_task(asked: Asked, task_id: UUID) -> Response:
    """It does not move the case."""

    def act(session: Session) -> dict[str, Any]:
        work.comment(session, asked.actor, task_id, asked.body["reason"])
        return _changed(session.get_one(WorkItem, task_id))

    return changing(asked, act)
