"""The audit trail against what it tells of: an unbroken chain, and one entry for each completion and each start."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.audit import AuditEntry, verify
from processes.consistency.problems import Problem
from processes.engine.models import Case, WorkItem
from processes.messages import message

COMPLETED, STARTED = "work.complete", "case.start"
AT_ONCE = 2000


def broken_chain(session: Session, key: bytes, count: Callable[[int], None]) -> Iterator[Problem]:
    """The first entry that was changed, removed or added."""
    verdict = verify(session, key)
    count(verdict.entries)
    if not verdict.intact:
        text = message("审计日志自第 %(seq)s 条起与封印不符，应立即查明原因。", seq=verdict.first_bad)
        yield Problem("audit-broken", text)


def audit_of_acts(session: Session) -> Iterator[Problem]:
    """Completions and starts without their entry, with two, and entries of what never happened."""
    titles = {
        str(item): (number, title)
        for item, number, title in session.execute(
            select(WorkItem.id, Case.number, WorkItem.title)
            .join(Case, Case.id == WorkItem.case_id)
            .where(WorkItem.status == "done")
            .execution_options(yield_per=AT_ONCE)
        )
    }
    yield from _against(_told(session, COMPLETED, "work_item:"), titles, "completion")
    begun = {
        str(case): (number, title)
        for case, number, title in session.execute(
            select(Case.id, Case.number, Case.title).execution_options(yield_per=AT_ONCE)
        )
    }
    yield from _against(_told(session, STARTED, "case:"), begun, "start")


def _told(session: Session, action: str, prefix: str) -> Counter[str]:
    entries = select(AuditEntry.subject).where(AuditEntry.action == action, AuditEntry.ok)
    return Counter(
        subject.removeprefix(prefix) for subject in session.scalars(entries.execution_options(yield_per=AT_ONCE))
    )


def _against(told: Counter[str], done: dict[str, tuple[str, str]], act: str) -> Iterator[Problem]:
    for ident in sorted(done.keys() - told.keys()):
        number, title = done[ident]
        text = message("案件 %(case)s：“%(what)s”没有审计记录（%(act)s）。", case=number, what=title, act=act)
        yield Problem(f"{act}-without-audit", text)
    for ident in sorted(each for each, times in told.items() if times > 1 and each in done):
        number, title = done[ident]
        text = message("案件 %(case)s：“%(what)s”有两条审计记录（%(act)s）。", case=number, what=title, act=act)
        yield Problem(f"{act}-audited-twice", text)
    for ident in sorted(told.keys() - done.keys()):
        text = message("审计日志记载的 %(id)s（%(act)s）并未发生。", id=ident, act=act)
        yield Problem(f"audit-without-{act}", text)
