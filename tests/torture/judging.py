"""The judge: what clients were promised against what is in the database, when all is quiet again."""

from __future__ import annotations

import json
import subprocess
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from processes.engine.models import Case, Incident, Submission, WorkItem
from tests.torture.installation import PROGRAM, Installation

MOST_TOLD = 5


@dataclass
class Account:
    """Everything that the clients wrote down."""

    sent: dict[str, dict[str, Any]] = field(default_factory=dict)
    ended: dict[str, dict[str, Any]] = field(default_factory=dict)
    listed: Counter[int] = field(default_factory=Counter)

    def keys(self, what: str, kind: str) -> set[str]:
        """Keys of one kind of act that ended in one way."""
        return {key for key, line in self.ended.items() if (line["what"], line["kind"]) == (what, kind)}

    @property
    def done(self) -> int:
        """Acts that the desk has acknowledged."""
        return sum(line["what"] == "done" for line in self.ended.values())

    @property
    def sent_again(self) -> int:
        """Acts whose request was sent more than once."""
        return sum(line["again"] > 0 for line in self.ended.values())

    @property
    def replayed(self) -> int:
        """Acts that had been done although the first answer was lost."""
        return sum(bool(line["replayed"]) for line in self.ended.values())

    def moments(self) -> list[float]:
        """When something was acknowledged, in order."""
        return sorted(line["at"] for line in self.ended.values() if line["what"] == "done")


def account_of(folder: Path) -> Account:
    """Read the journals of all clients."""
    found = Account()
    for path in sorted(folder.glob("client-*.jsonl")):
        for text in path.read_text("utf-8").splitlines():
            line = json.loads(text)
            if line["what"] == "sent":
                found.sent[line["key"]] = line
            elif line["what"] == "listed":
                found.listed[line["status"]] += 1
            else:
                found.ended[line["key"]] = line
    return found


@dataclass
class Verdict:
    """What came of a run; `faults` is empty when every promise was kept."""

    lost: int = 0
    doubled: int = 0
    stuck: int = 0
    faults: list[str] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)


def judge(installation: Installation, account: Account, *, mended: bool) -> Verdict:
    """Hold the clients' journals and the rules of the whole against the database.

    Where a manager `mended` what failed, a clerk may be told that the own task is done already.
    """
    verdict = Verdict()
    database = installation.database()
    try:
        with database.reading() as session:
            _promises(session, account, verdict, mended)
            _handed_over(session, verdict)
            _ended(session, verdict)
            _once_each(session, verdict)
    finally:
        database.close()
    verdict.faults += _oracle(installation)
    return verdict


def _promises(session: Session, account: Account, verdict: Verdict, mended: bool) -> None:
    done: Counter[str] = Counter(
        answers.get("comment") for answers in session.scalars(select(Submission.answers)) if answers.get("comment")
    )
    begun = Counter(session.scalars(select(Case.title).where(Case.process_id == "p", Case.number.not_like("收-%"))))
    for kind, counted in (("complete", done), ("start", begun)):
        promised = account.keys("done", kind)
        lost = {key for key in promised if not counted[key]}
        doubled = {key for key, line in account.sent.items() if line["kind"] == kind and counted[key] > 1}
        refused = {key for key in account.keys("refused", kind) if counted[key] and not mended}
        verdict.lost += len(lost)
        verdict.doubled += len(doubled)
        verdict.faults += _few(f"{kind}: acknowledged and not there", lost)
        verdict.faults += _few(f"{kind}: there more than once", doubled)
        verdict.faults += _few(f"{kind}: refused and yet done", refused)
        verdict.faults += _few(f"{kind}: never answered", account.keys("unanswered", kind))
    refusals = Counter(line["status"] for line in account.ended.values() if line["what"] == "refused")
    verdict.figures["refused"] = dict(refusals)
    if set(refusals) - {409, 404}:
        verdict.faults.append(f"refusals that nobody expects: {dict(refusals)}")


def _handed_over(session: Session, verdict: Verdict) -> None:
    """Each ended case in a row has sent one message, and it has begun one case."""
    sent = session.scalars(select(Case.title).where(Case.key == "line", Case.status == "completed")).all()
    received = Counter(session.scalars(select(Case.title).where(Case.key == "received")))
    missing = {mark for mark in sent if not received[mark]}
    verdict.lost += len(missing)
    verdict.faults += _few("message sent and not delivered", missing)
    doubled = {mark for mark, count in received.items() if count > 1}
    verdict.doubled += len(doubled)
    verdict.faults += _few("message delivered twice", doubled)
    verdict.faults += _few("message delivered and never sent", received.keys() - set(sent))
    verdict.figures["messages"] = len(sent)


def _ended(session: Session, verdict: Verdict) -> None:
    stuck = session.scalars(select(Case.number).where(Case.status != "completed")).all()
    verdict.stuck = len(stuck)
    verdict.faults += _few("case that could not be driven to its end", set(stuck))
    left = select(Incident).where(Incident.status == "open")
    verdict.faults += _few(
        "incident still open", {f"{each.element_id} ({each.action.get('kind')})" for each in session.scalars(left)}
    )
    verdict.figures["cases"] = session.scalar(select(func.count()).select_from(Case))


def _once_each(session: Session, verdict: Verdict) -> None:
    """A step after a timer came up once in each case."""
    query = select(Case.number, WorkItem.element_id).join(Case, Case.id == WorkItem.case_id)
    seen: defaultdict[tuple[str, str], int] = defaultdict(int)
    for number, element in session.execute(query.where(WorkItem.element_id != "reply")):
        seen[number, element] += 1
    doubled = {f"{number} {element}" for (number, element), count in seen.items() if count > 1}
    verdict.doubled += len(doubled)
    verdict.faults += _few("step that came up twice", doubled)


def _oracle(installation: Installation) -> Iterator[str]:
    """What `chief-planner consistency` says, with every case thawed."""
    command = [installation.command()[0], *PROGRAM, "consistency", "--ended", "--json"]
    ended = subprocess.run(
        command, env=installation.environment, cwd=installation.home, capture_output=True, check=False, timeout=600
    )
    try:
        report = json.loads(ended.stdout)
    except ValueError:
        yield f"the consistency check did not end well: {ended.stderr.decode()[-400:]}"
        return
    for problem in report["problems"]:
        if problem["severity"] == "error" or problem["code"] != "file-without-row":
            yield f"consistency: {problem['text']}"
    if (ended.returncode == 0) != report["sound"]:
        yield f"the consistency check says {report['sound']} and ends with {ended.returncode}"


def _few(what: str, which: set[str]) -> list[str]:
    if not which:
        return []
    return [f"{len(which)} × {what}: {', '.join(sorted(which)[:MOST_TOLD])}"]
