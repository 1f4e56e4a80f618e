"""The audit trail against what it tells of: an unbroken chain, and one entry for each completion and each start."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from processes.audit import AuditEntry, verify
from processes.consistency.problems import Problem
from processes.engine.models import Case, WorkItem
from processes.messages import message

COMPLETED, RECALLED, STARTED = "work.complete", "work.recall", "case.start"
DECIDED = ("work.return", "work.reject")
"""Acts that do a task as completing it does: it is sent back, or the case refused."""
AT_ONCE = 2000


def broken_chain(session: Session, key: bytes, count: Callable[[int], None]) -> Iterator[Problem]:
    """The first entry that was changed, removed or added."""
    verdict = verify(session, key)
    count(verdict.entries)
    if not verdict.intact:
        text = message("审计日志自第 %(seq)s 条起与封印不符，应立即查明原因。", seq=verdict.first_bad)
        yield Problem("audit-broken", text)


def audit_of_acts(session: Session) -> Iterator[Problem]:
    """Completions and starts without their entry, with one too many, and entries of what never happened."""
    signed, done = _signed(session)
    completed, recalled = (_told(session, each, "work_item:") for each in (COMPLETED, RECALLED))
    decided = _told(session, DECIDED[0], "work_item:") + _told(session, DECIDED[1], "work_item:")
    remaining = completed - recalled
    for ident in sorted(done.keys() - completed.keys() - decided.keys()):
        yield _missing(*done[ident], "completion")
    for ident in sorted(each for each, times in completed.items() if times > 1 + recalled[each] and each in signed):
        yield _twice(*signed[ident], "completion")
    for ident in sorted(remaining.keys() - signed.keys()):
        yield _never(ident, "completion")
    begun = {
        str(case): (number, title)
        for case, number, title in session.execute(
            select(Case.id, Case.number, Case.title).execution_options(yield_per=AT_ONCE)
        )
    }
    started = _told(session, STARTED, "case:")
    for ident in sorted(begun.keys() - started.keys()):
        yield _missing(*begun[ident], "start")
    for ident in sorted(each for each, times in started.items() if times > 1 and each in begun):
        yield _twice(*begun[ident], "start")
    for ident in sorted(started.keys() - begun.keys()):
        yield _never(ident, "start")


Named = dict[str, tuple[str, str]]


def _signed(session: Session) -> tuple[Named, Named]:
    """What somebody has signed, by id, with its case and title; and of it what is done.

    Whoever signs a task that others sign after has completed it, although it waits for them.
    """
    query = (
        select(WorkItem.id, Case.number, WorkItem.title, WorkItem.status)
        .join(Case, Case.id == WorkItem.case_id)
        .where(or_(WorkItem.status == "done", and_(WorkItem.followed, WorkItem.completed_by_id.is_not(None))))
        .execution_options(yield_per=AT_ONCE)
    )
    signed, done = {}, {}
    for item, number, title, status in session.execute(query):
        signed[str(item)] = number, title
        if status == "done":
            done[str(item)] = number, title
    return signed, done


def _told(session: Session, action: str, prefix: str) -> Counter[str]:
    entries = select(AuditEntry.subject).where(AuditEntry.action == action, AuditEntry.ok)
    return Counter(
        subject.removeprefix(prefix) for subject in session.scalars(entries.execution_options(yield_per=AT_ONCE))
    )


def _missing(number: str, title: str, act: str) -> Problem:
    text = message("案件 %(case)s：“%(what)s”没有审计记录（%(act)s）。", case=number, what=title, act=act)
    return Problem(f"{act}-without-audit", text)


def _twice(number: str, title: str, act: str) -> Problem:
    text = message("案件 %(case)s：“%(what)s”有两条审计记录（%(act)s）。", case=number, what=title, act=act)
    return Problem(f"{act}-audited-twice", text)


def _never(ident: str, act: str) -> Problem:
    return Problem(f"audit-without-{act}", message("审计日志记载的 %(id)s（%(act)s）并未发生。", id=ident, act=act))
