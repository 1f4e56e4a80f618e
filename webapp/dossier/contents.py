"""What a dossier holds, read in one moment: data as they stand, files as references to be copied afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from processes.engine.models import Case, CaseDocument, CaseEvent, WorkItem
from processes.files import StoredFile
from webapp.dossier.naming import safe_name
from webapp.pages.answers import Said
from webapp.pages.parties import Party


@dataclass(frozen=True)
class Stored:
    """A stored file and its name in the folder."""

    path: str
    source: Path
    facts: StoredFile


@dataclass(frozen=True)
class Letter:
    """A document of the case and where it lies in the folder; empty where its content is missing."""

    document: CaseDocument
    for_whom: str
    path: str


@dataclass(frozen=True)
class Step:
    """A form that was sent, as people read it, with the party whose task it was."""

    said: Said
    party: Party
    title: str


@dataclass
class Dossier:
    """One case with everything that belongs to it."""

    case: Case
    process: str
    """Name of the process."""
    version: int
    steps: list[Step]
    waiting: list[tuple[WorkItem, Party]]
    history: Sequence[CaseEvent]
    """Oldest first."""
    letters: list[Letter]
    attachments: list[Stored]
    missing: list[StoredFile]
    """Files whose content is gone."""
    facts: dict[str, Any]
    """What stands in `case.json`."""
    parts: dict[str, bytes]
    """Small files made for the folder: diagram, picture, forms."""
    files: list[Stored]
    """Everything to be copied from the store: letters and attachments."""
    folder: str = ""
    children: list[Dossier] = field(default_factory=list)

    @property
    def as_of(self) -> datetime:
        """The last change of the case and of what belongs to it."""
        return max([self.case.changed_at, *(each.as_of for each in self.children)])

    def whole(self) -> Iterator[Dossier]:
        """The case and all that belong to it, in order."""
        yield self
        for each in self.children:
            yield from each.whole()


@dataclass(frozen=True)
class Exported:
    """What was written: of which case, and how many files, cases and missing contents."""

    case_id: UUID
    number: str
    files: int
    cases: int
    missing: int

    @property
    def name(self) -> str:
        """Name of the zip for people."""
        return f"{safe_name(self.number)}.zip"
