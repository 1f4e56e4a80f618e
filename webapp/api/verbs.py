"""The verbs of a government desk on tasks and cases: each one call, each listed in the `actions` of a task."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response
from sqlalchemy.orm import Session

from handlers import cancelling
from processes.engine import tracking
from processes.engine.models import Case, WorkItem
from processes.engine.permissions import need_part
from processes.engine.reasons import LONGEST_REASON
from processes.engine.task_forms import item_of
from processes.engine.verbs import asking, circulating, joining, moving, recalling, sending_back
from processes.engine.verbs.signers import rounds
from processes.errors import Conflict, Invalid
from processes.messages import message
from webapp.api import drawing, drawing_verbs
from webapp.api.answering import changing, own_key, shown
from webapp.api.calls import Asked, Calls, Field
from webapp.api.moving import move_to_version
from webapp.batches import MOST_AT_ONCE, batch

calls = Calls("verbs")
REASON = Field("reason", "Why.", longest=LONGEST_REASON)
PEOPLE = Field("to", "Log-ins.", "texts")
TASK = "/tasks/<uuid:task_id>"
CHANGE: dict[str, Any] = {"answer": "TaskChange", "refusals": (403, 409, 503)}


def _task(found: WorkItem) -> dict[str, Any]:
    return {"task": drawing.task(found)}


@calls.get(
    f"{TASK}/returns", "The steps to which a task of mine may be sent back.", answer="Targets", refusals=(403, 409)
)
def list_returns(asked: Asked, task_id: UUID) -> Response:
    """The step before it first; what would be withdrawn and repeated is said with each."""
    with asked.desk.db.reading() as session:
        found = sending_back.targets(session, asked.desk.house, asked.actor, task_id)
        return shown({"items": [drawing_verbs.target(each) for each in found]})


@calls.post(
    f"{TASK}/return",
    "Send a task of mine back (退回).",
    **CHANGE,
    body=(
        Field("to", "Id of one of the returns; `previous` (the default) or `starter`.", required=False),
        Field(
            "way", "`again` (the default): through all steps; `straight`: mended, directly back to me.", required=False
        ),
        REASON,
        Field("revision", "Revision of the case that was looked at.", "integer", False),
    ),
)
def return_task(asked: Asked, task_id: UUID) -> Response:
    """409 when there is no earlier step; 422 when the step or the way may not be chosen."""
    to, way = asked.body.get("to", sending_back.PREVIOUS), asked.body.get("way", "again")
    if way not in ("again", "straight"):
        problem = message("应为下列之一：%(choices)s", choices="again、straight")
        raise Invalid(problem, {"way": problem})

    def act(session: Session) -> dict[str, Any]:
        reason, revision = asked.body["reason"], asked.body.get("revision")
        house = asked.desk.house
        return _task(sending_back.send_back(session, house, asked.actor, task_id, to, way, reason, revision=revision))

    return changing(asked, act)


@calls.post(
    f"{TASK}/reject", "Refuse what a case is about: it ends (驳回).", answer="Case", body=(REASON,), refusals=(403, 409)
)
def reject_task(asked: Asked, task_id: UUID) -> Response:
    """Only where the diagram lets the task end the case."""
    reason = asked.body["reason"]

    def act(session: Session) -> dict[str, Any]:
        return drawing.case(cancelling.reject(session, asked.desk.house, asked.actor, task_id, reason))

    return changing(asked, act)


@calls.post(
    f"{TASK}/recall",
    "Take back what I have sent, until the next person has opened it (撤回).",
    **CHANGE,
    body=(Field("reason", "Why.", required=False, longest=LONGEST_REASON),),
)
def recall_task(asked: Asked, task_id: UUID) -> Response:
    """The answer is the task that is mine again."""
    reason = asked.body.get("reason", "")
    return changing(
        asked, lambda session: _task(recalling.recall(session, asked.desk.house, asked.actor, task_id, reason))
    )


@calls.post(
    f"{TASK}/delegate",
    "Let a colleague do a task of mine; it comes back to be signed (委派).",
    **CHANGE,
    body=(Field("to", "Log-in of the colleague."), REASON),
)
def delegate_task(asked: Asked, task_id: UUID) -> Response:
    """The answer is the colleague's task; mine is held meanwhile."""
    to, reason = asked.body["to"], asked.body["reason"]
    return changing(
        asked, lambda session: _task(asking.delegate(session, asked.desk.house, asked.actor, task_id, to, reason))
    )


def _add_signers(asked: Asked, task_id: UUID, *, after: bool) -> Response:
    to, reason = asked.body["to"], asked.body["reason"]

    def act(session: Session) -> dict[str, Any]:
        made = asking.add_signers(session, asked.desk.house, asked.actor, task_id, to, reason, after=after)
        return {"tasks": [drawing.task(each) for each in made]}

    return changing(asked, act)


@calls.post(
    f"{TASK}/sign-before", "Ask others before I sign myself (前加签).", answer="TasksChange", body=(PEOPLE, REASON),
    refusals=(403, 409),
)  # fmt: skip
def sign_before(asked: Asked, task_id: UUID) -> Response:
    """My task is held until the last of them has signed."""
    return _add_signers(asked, task_id, after=False)


@calls.post(
    f"{TASK}/sign-after", "Let others sign after me, before the case goes on (后加签).", answer="TasksChange",
    body=(PEOPLE, REASON), refusals=(403, 409),
)  # fmt: skip
def sign_after(asked: Asked, task_id: UUID) -> Response:
    """They are asked when I have completed mine."""
    return _add_signers(asked, task_id, after=True)


@calls.post(
    f"{TASK}/sign-with", "Let others sign too while a signing is open (并加签).", answer="TasksChange",
    body=(
        Field("to", "Log-ins; ids or names of units where units sign.", "texts"), REASON,
        Field("next", "In signing one after the other: they come next. By default they come last.", "truth", False),
    ),
    refusals=(403, 409, 503),
)  # fmt: skip
def sign_with(asked: Asked, task_id: UUID) -> Response:
    """The rule is judged by the new number. The answer has no tasks for those whose turn has not come."""
    to, reason, is_next = asked.body["to"], asked.body["reason"], asked.body.get("next", False)

    def act(session: Session) -> dict[str, Any]:
        made = joining.sign_with(session, asked.desk.house, asked.actor, task_id, to, reason, is_next=is_next)
        return {"tasks": [drawing.task(each) for each in made]}

    return changing(asked, act)


@calls.post(
    f"{TASK}/remove-signer", "Take out one who has not signed (减签).", **CHANGE,
    body=(
        REASON,
        Field("signer", "Key of one of `ahead`, whose turn has not come; by default whose task it is.", required=False),
    ),
)  # fmt: skip
def remove_signer(asked: Asked, task_id: UUID) -> Response:
    """The rule of signing is judged again, or the task that waited goes on."""
    reason, signer, house = asked.body["reason"], asked.body.get("signer", ""), asked.desk.house

    def act(session: Session) -> dict[str, Any]:
        if signer:
            return _task(joining.leave_out(session, house, asked.actor, task_id, signer, reason))
        return _task(asking.remove_signer(session, house, asked.actor, task_id, reason))

    return changing(asked, act)


@calls.get(f"{TASK}/signers", "Who signs with whom, and who is left.", answer="Signings")
def list_signers(asked: Asked, task_id: UUID) -> Response:
    """Of the signing a task belongs to, and of those who were added to it."""
    with asked.desk.db.reading() as session:
        item = item_of(session, task_id)
        need_part(session, asked.actor, item)
        found = rounds(session, asked.desk.house, session.get_one(Case, item.case_id), item=item)
        return shown({"items": [drawing_verbs.signing(each) for each in found]})


@calls.post(
    f"{TASK}/copy",
    "Show a case to others; it does not wait for them (抄送).",
    answer="CirculationList",
    body=(PEOPLE, Field("text", "A note.", required=False, longest=circulating.LONGEST_TEXT)),
    refusals=(403, 409),
)
def copy_task(asked: Asked, task_id: UUID) -> Response:
    """They are told, and I can see who has read it."""
    to, text = asked.body["to"], asked.body.get("text", "")

    def act(session: Session) -> dict[str, Any]:
        made = circulating.copy_to(session, asked.actor, task_id, to, text)
        return {"items": [drawing_verbs.circulation(each) for each in made]}

    return changing(asked, act)


@calls.post(
    f"{TASK}/ask",
    "Ask somebody a question aside (沟通).",
    answer="Circulation",
    body=(Field("to", "Log-in."), Field("text", "The question.", longest=circulating.LONGEST_TEXT)),
    refusals=(403, 409),
)
def ask_aside(asked: Asked, task_id: UUID) -> Response:
    """It does not move the case."""
    to, text = asked.body["to"], asked.body["text"]
    return changing(
        asked, lambda session: drawing_verbs.circulation(circulating.ask(session, asked.actor, task_id, to, text))
    )


@calls.get(f"{TASK}/places", "Where the token of an open task may be moved.", answer="Places", refusals=(403, 409))
def list_places(asked: Asked, task_id: UUID) -> Response:
    """For administrators of the process."""
    with asked.desk.db.reading() as session:
        found = moving.places(session, asked.desk.house, asked.actor, task_id)
        items = [{"id": each.element_id, "name": each.name, "kind": each.kind, "alone": each.alone} for each in found]
        return shown({"items": items})


@calls.post(
    "/cases/<uuid:case_id>/move",
    "Let a case go on with another version of its diagram; with `task`, put that task's token elsewhere.",
    answer="MovedCase",
    body=(
        Field("to", "Id of the definition; with `task`, id of the element."),
        REASON,
        Field("dry_run", "Only say what going on with the definition would mean.", "truth", False),
        Field("task", "Id of an open task.", "uuid", False),
        Field("alone", "False: all tokens beside it are taken away, it stands for all.", "truth", False),
    ),
    refusals=(403, 409, 503),
)
def move_case(asked: Asked, case_id: UUID) -> Response:
    """409 with `obstacles` where the case could not go on in the definition, 422 where a join would wait for ever."""
    if asked.body.get("task") is None:
        return move_to_version(asked, case_id)

    def act(session: Session) -> dict[str, Any]:
        item = item_of(session, asked.body["task"])
        if item.case_id != case_id:
            raise Conflict(message("该任务不属于这个案件。"))
        alone = asked.body.get("alone", True)
        to, reason = asked.body["to"], asked.body["reason"]
        return drawing.case(moving.move(session, asked.desk.house, asked.actor, item.id, to, reason, alone=alone))

    return changing(asked, act)


@calls.post(
    "/cases/<uuid:case_id>/withdraw", "Take back a case that I have started (撤销).", answer="Case", body=(REASON,),
    refusals=(403, 409),
)  # fmt: skip
def withdraw_case(asked: Asked, case_id: UUID) -> Response:
    """It ends, with my remark; what is open is withdrawn."""

    def act(session: Session) -> dict[str, Any]:
        tracking.case_for(session, asked.actor, case_id)
        return drawing.case(cancelling.withdraw(session, asked.desk.house, asked.actor, case_id, asked.body["reason"]))

    return changing(asked, act)


@calls.post(
    "/tasks/batch",
    "Do several like tasks of mine with the same answers.",
    answer="Batch",
    body=(
        Field("tasks", f"Ids of tasks of one step, at most {MOST_AT_ONCE}.", "texts"),
        Field("data", "Answers by key of the field.", "object", required=False),
    ),
    refusals=(409,),
)
def complete_batch(asked: Asked) -> Response:
    """Each is done by itself; the answer tells of each whether it was, and why not."""
    results = batch(asked.desk, asked.actor, asked.body["tasks"], asked.body.get("data", {}), own_key(asked))
    items = [{"task_id": each.task_id, "title": each.title, "done": each.done, "problem": str(each.problem or "")}
             for each in results]  # fmt: skip
    return shown({"items": items, "done": sum(each.done for each in results)})
