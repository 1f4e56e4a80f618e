"""The standing oracle: one moment of a whole database, checked from end to end, without changing anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from processes.consistency.cases import engine_states
from processes.consistency.contents import stored_contents
from processes.consistency.items import broken_rules
from processes.consistency.problems import Problem, Report, first_of_each_kind
from processes.consistency.references import broken_references, doubled_numbers, gaps_in_numbers, jobs_of_nothing
from processes.consistency.trail import audit_of_acts, broken_chain
from processes.engine.house import House
from processes.engine.models import Submission, WorkItem


def check_whole(session: Session, house: House, audit_key: bytes, *, ended: bool = False) -> Report:
    """Everything that must hold, in a session that sees one moment (`snapshot`).

    The engine state of open cases is always compared, that of ended ones on demand: they are many and change no more.
    """
    report = Report()

    def counting(what: str) -> Callable[[int], None]:
        report.counted[what] = 0
        return lambda count: report.counted.update({what: report.counted[what] + count})

    for what, table in (("work_items", WorkItem), ("submissions", Submission)):
        report.counted[what] = session.scalar(select(func.count()).select_from(table)) or 0
    found: Iterator[Problem] = chain(
        broken_rules(session),
        engine_states(session, house, ended=ended, count=counting("cases")),
        stored_contents(session, house.files, counting("files")),
        broken_references(session),
        doubled_numbers(session),
        gaps_in_numbers(session),
        jobs_of_nothing(session),
        broken_chain(session, audit_key, counting("audit_entries")),
        audit_of_acts(session),
    )
    report.problems = list(first_of_each_kind(found))
    return report
