"""The event log for process mining: every step of cases as XES 1.0 or CSV, without anybody's name unless wanted."""

from __future__ import annotations

import csv
import hashlib
import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from io import StringIO
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID
from xml.sax.saxutils import quoteattr

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from processes import clock
from processes.engine.models import Case, CaseEvent, Definition
from processes.engine.statistics.standing import need_sight_of_all
from processes.identity.actor import Actor
from processes.rules.years import DAY

TRANSITIONS = {
    "entered": "schedule",
    "claimed": "start",
    "released": "reassign",
    "transferred": "reassign",
    "completed": "complete",
    "cancelled": "withdraw",
    "returned": "complete",
    "rejected": "complete",
    "recalled": "reassign",
    "delegated": "suspend",
    "signers_before": "suspend",
    "signers_after": "assign",
    "signers_with": "assign",
    "signed": "suspend",
    "handed_back": "resume",
    "signer_removed": "withdraw",
    "handed_over": "reassign",
    "moved": "withdraw",
    "suspended": "suspend",
    "resumed": "resume",
    "ended": "pi_abort",
    "withdrawn": "pi_abort",
}
"""Kinds of history lines → the standard life cycle of XES; lines of other kinds are no part of the log."""
STRAIGHT = "suspend"
"""Sent back to be mended, a task waits; sent back through all steps again, it is done."""
CASES_AT_ONCE = 200
HEAD = (
    "case_id", "case_number", "procedure", "process", "version", "activity", "element_id", "lifecycle", "timestamp",
    "resource", "organization",
)  # fmt: skip
EXTENSIONS = (
    ("Concept", "concept", "http://www.xes-standard.org/concept.xesext"),
    ("Time", "time", "http://www.xes-standard.org/time.xesext"),
    ("Lifecycle", "lifecycle", "http://www.xes-standard.org/lifecycle.xesext"),
    ("Organizational", "org", "http://www.xes-standard.org/org.xesext"),
)


@dataclass(frozen=True)
class LogSight:
    """Which cases are told: of a procedure, begun in a period of days; with the names of people or with codes."""

    key: str = ""
    first: date | None = None
    last: date | None = None
    names: bool = False


class LogEvent(NamedTuple):
    """One event of one case."""

    case_id: UUID
    case_number: str
    procedure: str
    process: str
    version: int
    activity: str
    element_id: str
    lifecycle: str
    at: datetime
    resource: str
    organization: str


class Pseudonyms:
    """Codes in place of names: the same person has the same code within one installation, and no code tells a name."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def code(self, person_id: UUID | None) -> str:
        """The code of a person; nobody has none."""
        if person_id is None:
            return ""
        return "P" + hmac.new(self._secret, person_id.bytes, hashlib.sha256).hexdigest()[:10].upper()


def event_log(session: Session, actor: Actor, sight: LogSight, pseudonyms: Pseudonyms) -> Iterator[LogEvent]:
    """The events of cases, case after case from the oldest, each in the order of its history."""
    need_sight_of_all(actor)
    return _events(session, sight, pseudonyms)


def csv_lines(events: Iterator[LogEvent]) -> Iterator[str]:
    """The log as CSV, a part at a time; its first part begins with the mark that makes Excel read UTF-8."""
    yield "\ufeff" + _line(HEAD)
    for each in events:
        yield _line([*each[:8], each.at.isoformat(), each.resource, each.organization])


def xes_lines(events: Iterator[LogEvent]) -> Iterator[str]:
    """The log as XES 1.0, a part at a time."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1.0" xmlns="http://www.xes-standard.org/">\n'
    for name, prefix, uri in EXTENSIONS:
        yield f"<extension name={quoteattr(name)} prefix={quoteattr(prefix)} uri={quoteattr(uri)}/>\n"
    yield '<classifier name="Activity" keys="concept:name lifecycle:transition"/>\n'
    for _case, found in groupby(events, key=attrgetter("case_id")):
        yield _trace(list(found))
    yield "</log>\n"


def _events(session: Session, sight: LogSight, pseudonyms: Pseudonyms) -> Iterator[LogEvent]:
    last: tuple[datetime, UUID] | None = None
    while True:
        cases = session.execute(_cases(sight, last)).all()
        if not cases:
            return
        facts = {row[0]: row for row in cases}
        events = (
            select(CaseEvent)
            .where(CaseEvent.case_id.in_(facts), CaseEvent.kind.in_(TRANSITIONS))
            .order_by(CaseEvent.case_id, CaseEvent.id)
        )
        of_case = {key: list(rows) for key, rows in groupby(session.scalars(events), key=attrgetter("case_id"))}
        for case_id, number, procedure, process, version, _started in cases:
            for each in _told_once(of_case.get(case_id, [])):
                who = each.person if sight.names else pseudonyms.code(each.person_id)
                yield LogEvent(
                    case_id, number, procedure, process, version, each.step or each.element_id or each.kind,
                    each.element_id, transition(each), each.at, who, each.organization,
                )  # fmt: skip
        session.expunge_all()
        last = (cases[-1][5], cases[-1][0])


def transition(event: CaseEvent) -> str:
    """What a line of the history means in the life of its task, or of its case where it names no step."""
    return STRAIGHT if event.kind == "returned" and event.detail.get("way") == "straight" else TRANSITIONS[event.kind]


def _told_once(events: Sequence[CaseEvent]) -> Iterator[CaseEvent]:
    """What people take away or decide has two lines, theirs and that of the case: the log has one, with who it was.

    Who was taken out before it was his turn never had a task.
    """
    ended = {each.task_id for each in events if each.kind in ("returned", "rejected") and transition(each) != STRAIGHT}
    known: dict[tuple[str, str], CaseEvent] = {}
    for each in events:
        if (each.kind == "cancelled" and each.task_id in ended) or (each.kind == "signer_removed" and not each.task_id):
            continue
        once = TRANSITIONS[each.kind] == "withdraw" and each.task_id
        key = (each.task_id, "withdraw") if once else (str(each.id), "")
        if key not in known or not known[key].person:
            known[key] = each
    yield from known.values()


def _cases(sight: LogSight, last: tuple[datetime, UUID] | None) -> Select[UUID, str, str, str, int, datetime]:
    facts = (Case.id, Case.number, Case.key, Case.process_id, Definition.version, Case.started_at)
    query = select(*facts).join(Case.definition)
    if sight.key:
        query = query.where(Case.key == sight.key)
    if sight.first:
        query = query.where(Case.started_at >= datetime.combine(sight.first, time.min, clock.CITY))
    if sight.last:
        query = query.where(Case.started_at < datetime.combine(sight.last + DAY, time.min, clock.CITY))
    if last:
        at, case_id = last
        query = query.where((Case.started_at > at) | ((Case.started_at == at) & (Case.id > case_id)))
    return query.order_by(Case.started_at, Case.id).limit(CASES_AT_ONCE)


def _line(cells: Sequence[object]) -> str:
    written = StringIO()
    csv.writer(written, lineterminator="\r\n").writerow([_harmless(str(each)) for each in cells])
    return written.getvalue()


def _harmless(text: str) -> str:
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _trace(events: list[LogEvent]) -> str:
    of = events[0]
    parts = [
        "<trace>",
        _string("concept:name", of.case_number),
        _string("case:id", str(of.case_id)),
        _string("procedure", of.procedure),
        _string("process", of.process),
        f'<int key="version" value="{of.version}"/>',
    ]
    for each in events:
        parts += [
            "<event>",
            _string("concept:name", each.activity),
            _string("element", each.element_id),
            _string("lifecycle:transition", each.lifecycle),
            f'<date key="time:timestamp" value="{each.at.isoformat()}"/>',
            *([_string("org:resource", each.resource)] if each.resource else []),
            *([_string("org:group", each.organization)] if each.organization else []),
            "</event>",
        ]
    return "".join([*parts, "</trace>\n"])


def _string(key: str, value: str) -> str:
    kept = "".join(each for each in value if each in "\n\t" or each.isprintable())
    return f"<string key={quoteattr(key)} value={quoteattr(kept)}/>"
