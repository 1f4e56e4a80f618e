"""The letters and attachments of a case, each with a name in the folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from processes.engine.models import Case, CaseDocument
from processes.files import FileStore, StoredFile
from webapp.dossier.contents import Letter, Stored
from webapp.dossier.naming import Names

DOCUMENTS, ATTACHMENTS = "documents", "attachments"


@dataclass
class CaseFiles:
    """What lies in the store for a case."""

    letters: list[Letter] = field(default_factory=list)
    attachments: list[Stored] = field(default_factory=list)
    missing: list[StoredFile] = field(default_factory=list)
    """Their content is gone."""
    to_copy: list[Stored] = field(default_factory=list)


def files_of(session: Session, store: FileStore, case: Case) -> CaseFiles:
    """Letters in the order they were made, then every other file of the case in the order it came."""
    found = CaseFiles()
    papers = session.scalars(
        select(CaseDocument)
        .where(CaseDocument.case_id == case.id)
        .options(joinedload(CaseDocument.unit), joinedload(CaseDocument.subject))
        .order_by(CaseDocument.at, CaseDocument.code, CaseDocument.unit_id, CaseDocument.id)
    ).all()
    of_papers = {each.file_id for each in papers}
    stored = {each.id: each for each in session.scalars(select(StoredFile).where(StoredFile.id.in_(of_papers)))}
    _letters(found, store, papers, stored)
    others = select(StoredFile).where(StoredFile.case_id == case.id).order_by(StoredFile.at, StoredFile.id)
    _attachments(found, store, [each for each in session.scalars(others) if each.id not in of_papers])
    return found


def _letters(
    found: CaseFiles, store: FileStore, papers: Sequence[CaseDocument], stored: dict[UUID, StoredFile]
) -> None:
    names = Names()
    for number, paper in enumerate(papers, 1):
        kept = stored[paper.file_id]
        whom = "、".join(each.name for each in (paper.unit, paper.subject) if each)
        title = "_".join(part for part in (f"{number:03d}", paper.title, whom, paper.number) if part)
        path = f"{DOCUMENTS}/{names(title, f'.{kept.kind}')}"
        there = kept.ready and store.path(kept.id).is_file()
        found.letters.append(Letter(paper, whom, path if there else ""))
        if there:
            found.to_copy.append(Stored(path, store.path(kept.id), kept))
        elif kept.ready:  # one that is still being made is not gone
            found.missing.append(kept)


def _attachments(found: CaseFiles, store: FileStore, others: list[StoredFile]) -> None:
    names = Names()
    for number, kept in enumerate(others, 1):
        title = kept.name.rsplit(".", 1)[0]
        path = f"{ATTACHMENTS}/{names(f'{number:03d}_{title}', f'.{kept.kind}')}"
        if kept.ready and store.path(kept.id).is_file():
            found.attachments.append(Stored(path, store.path(kept.id), kept))
            found.to_copy.append(found.attachments[-1])
        elif kept.ready:
            found.missing.append(kept)
