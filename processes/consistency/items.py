"""Work items, submissions, history and incidents against each other: rules that the database itself can check."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select
from sqlalchemy.orm import Session

from processes.consistency.problems import Problem
from processes.engine.models import UNDONE, Case, CaseEvent, FormDraft, Incident, Submission, Waiting, WorkItem
from processes.engine.recording import HUMAN
from processes.messages import Message, message

OPEN = ("running", "suspended")
"""Statuses of a case that has not ended."""


@dataclass(frozen=True)
class Rule:
    """What must not be there: rows of a case's number and of what is wrong in it."""

    code: str
    text: Message
    """With the places `case` and `what`."""
    wrong: Select[Any, Any]


def _item_where(*conditions: ColumnElement[bool]) -> Select[Any, Any]:
    return select(Case.number, WorkItem.title).join(WorkItem, WorkItem.case_id == Case.id).where(*conditions)


def _case_where(what: Any, *conditions: ColumnElement[bool]) -> Select[Any, Any]:
    return select(Case.number, what).where(*conditions)


_sent = select(Submission.id).where(Submission.work_item_id == WorkItem.id).exists()
_human = CaseEvent.detail["kind"].as_string().in_(sorted(HUMAN))
_told = and_(
    CaseEvent.case_id == WorkItem.case_id,
    CaseEvent.task_id == WorkItem.task_id,
    CaseEvent.kind.in_(("completed", "returned", "rejected")),
)
_done = and_(WorkItem.case_id == CaseEvent.case_id, WorkItem.task_id == CaseEvent.task_id, WorkItem.status == "done")
_open_incidents = (
    select(func.count())
    .select_from(Incident)
    .where(Incident.case_id == Case.id, Incident.status == "open")
    .scalar_subquery()
)
_begun = select(func.count()).where(CaseEvent.case_id == Case.id, CaseEvent.kind == "started").scalar_subquery()
_ended = Case.status.not_in(OPEN)
_signed_once = WorkItem.followed.is_(False)
"""What others sign after may be taken back and signed anew, while none of them has looked at it."""

RULES = (
    Rule(
        "done-without-submission",
        message("案件 %(case)s：任务“%(what)s”已办结，但没有提交记录。"),
        _item_where(WorkItem.status == "done", ~_sent),
    ),
    Rule(
        "submitted-twice",
        message("案件 %(case)s：任务“%(what)s”有不止一条提交记录。"),
        select(func.min(Case.number), func.min(WorkItem.title))
        .join(WorkItem, WorkItem.case_id == Case.id)
        .join(Submission, Submission.work_item_id == WorkItem.id)
        .where(_signed_once)
        .group_by(WorkItem.id)
        .having(func.count() > 1),
    ),
    Rule(
        "submission-without-completion",
        message("案件 %(case)s：任务“%(what)s”有提交记录，但没有办结。"),
        _item_where(WorkItem.status != "done", _sent, _signed_once),
    ),
    Rule(
        "submission-of-another",
        message("案件 %(case)s：任务“%(what)s”的提交记录属于另一个案件，或提交人与办结人不同。"),
        _item_where(_signed_once).join(
            Submission,
            and_(
                Submission.work_item_id == WorkItem.id,
                or_(
                    Submission.case_id != WorkItem.case_id,
                    Submission.person_id.is_distinct_from(WorkItem.completed_by_id),
                ),
            ),
        ),
    ),
    Rule(
        "done-by-nobody",
        message("案件 %(case)s：任务“%(what)s”已办结，但没有办结人或办结时间。"),
        _item_where(WorkItem.status == "done", or_(WorkItem.completed_at.is_(None), WorkItem.completed_by == "")),
    ),
    Rule(
        "open-but-done",
        message("案件 %(case)s：任务“%(what)s”未办结，却有办结时间。"),
        _item_where(WorkItem.status == "open", WorkItem.completed_at.is_not(None)),
    ),
    Rule(
        "done-without-history",
        message("案件 %(case)s：任务“%(what)s”已办结，但历史中没有记载。"),
        _item_where(WorkItem.status == "done", ~select(CaseEvent.id).where(_told).exists()),
    ),
    Rule(
        "history-without-completion",
        message("案件 %(case)s：历史记载“%(what)s”已办结，但没有办结的任务。"),
        select(Case.number, CaseEvent.step)
        .join(CaseEvent, CaseEvent.case_id == Case.id)
        .where(CaseEvent.kind == "completed", _human, ~select(WorkItem.id).where(_done).exists()),
    ),
    Rule(
        "completed-twice",
        message("案件 %(case)s：历史两次记载同一项任务“%(what)s”办结。"),
        select(func.min(Case.number), func.min(CaseEvent.step))
        .join(CaseEvent, CaseEvent.case_id == Case.id)
        .where(CaseEvent.kind == "completed", _human)
        .group_by(CaseEvent.case_id, CaseEvent.task_id)
        .having(func.count() > 1),
    ),
    Rule(
        "draft-of-done",
        message("案件 %(case)s：任务“%(what)s”已办结，草稿仍在。"),
        _item_where(WorkItem.status == "done").join(FormDraft, FormDraft.work_item_id == WorkItem.id),
    ),
    Rule(
        "open-item-of-ended",
        message("案件 %(case)s 已结束，任务“%(what)s”仍待办。"),
        _item_where(WorkItem.status.in_(UNDONE), _ended),
    ),
    Rule(
        "wait-of-ended",
        message("案件 %(case)s 已结束，仍在等待消息“%(what)s”。"),
        select(Case.number, Waiting.name).join(Waiting, Waiting.case_id == Case.id).where(_ended),
    ),
    Rule(
        "timer-of-stopped",
        message("案件 %(case)s 不在办理中（%(what)s），仍有定时器到期时间。"),
        _case_where(Case.status, Case.status != "running", Case.next_due.is_not(None)),
    ),
    Rule(
        "end-without-moment",
        message("案件 %(case)s 的状态（%(what)s）与结束时间不符。"),
        _case_where(Case.status, or_(and_(_ended, Case.ended_at.is_(None)), and_(~_ended, Case.ended_at.is_not(None)))),
    ),
    Rule(
        "unknown-status",
        message("案件 %(case)s 的状态“%(what)s”无效。"),
        _case_where(Case.status, Case.status.not_in((*OPEN, "completed", "terminated", "cancelled"))),
    ),
    Rule(
        "incidents-miscounted",
        message("案件 %(case)s 的未处理故障数与故障记录不符（实有 %(what)s）。"),
        select(Case.number, _open_incidents).where(Case.open_incidents != _open_incidents),
    ),
    Rule(
        "not-begun-once",
        message("案件 %(case)s 的历史中应有一条发起记录，实有 %(what)s 条。"),
        select(Case.number, _begun).where(literal(1) != _begun),
    ),
)


def broken_rules(session: Session) -> Iterator[Problem]:
    """What breaks one of the rules, rule by rule."""
    for rule in RULES:
        for number, what in session.execute(rule.wrong):
            yield Problem(rule.code, Message(rule.text.msgid, {"case": number, "what": what}))
