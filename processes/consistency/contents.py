"""Files against their rows: every row has its content, unchanged; every content has its row."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.consistency.problems import Problem
from processes.engine.models import Case, CaseDocument, Incident
from processes.files import FileStore, StoredFile
from processes.jobs import Job
from processes.messages import message

SETTLED = 3600.0
"""Seconds after which a content without a row is no upload under way."""


def stored_contents(session: Session, files: FileStore, count: Callable[[int], None]) -> Iterator[Problem]:
    """Read every file that a row names, then look for files that no row names."""
    known: set[str] = set()
    rows = select(StoredFile, Case.number).outerjoin(Case, Case.id == StoredFile.case_id)
    for stored, number in session.execute(rows.execution_options(yield_per=500)):
        known.add(stored.id.hex)
        count(1)
        case = number or "—"
        problem = _content(files, stored, case) if stored.ready else _promise(session, stored, case)
        if problem is not None:
            yield problem
    yield from _orphans(files, known)


def _content(files: FileStore, stored: StoredFile, case: str) -> Problem | None:
    said = {"case": case, "name": stored.name, "id": stored.id}
    try:
        with files.path(stored.id).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return Problem("file-missing", message("案件 %(case)s 的文件“%(name)s”（%(id)s）不在文件库中。", **said))
    if digest != stored.sha256:
        return Problem("file-changed", message("案件 %(case)s 的文件“%(name)s”（%(id)s）内容与校验值不符。", **said))
    return None


def _promise(session: Session, stored: StoredFile, case: str) -> Problem | None:
    """A file that is made in the background: a job, or an incident that a person can retry, will make it."""
    named = {str(stored.id)}
    named.update(
        str(each) for each in session.scalars(select(CaseDocument.id).where(CaseDocument.file_id == stored.id))
    )
    coming = [*session.scalars(select(Job.args))]
    coming += [
        each.get("args", {}) for each in session.scalars(select(Incident.action).where(Incident.status == "open"))
    ]
    if any(named & {value for value in args.values() if isinstance(value, str)} for args in coming):
        return None
    said = {"case": case, "name": stored.name, "id": stored.id}
    return Problem(
        "file-never-made", message("案件 %(case)s 的文件“%(name)s”（%(id)s）没有生成，也无人会生成它。", **said)
    )


def _orphans(files: FileStore, known: set[str]) -> Iterator[Problem]:
    settled = time.time() - SETTLED  # the file system's own clock
    for path in sorted(files.folder.glob("??/*")):
        if _is_content(path.name) and path.name not in known and path.stat().st_mtime < settled:
            text = message("文件 %(path)s 没有登记，可能是未完成的上传留下的。", path=path.relative_to(files.folder))
            yield Problem("file-without-row", text, "warning")


def _is_content(name: str) -> bool:
    try:
        return UUID(hex=name).hex == name
    except ValueError:
        return False
