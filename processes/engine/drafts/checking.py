"""What the check says of a draft, however broken it is: of the diagram by element, of the other files by place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from processes import clock
from processes.engine import contents, deployment, tables
from processes.engine.check import Problem
from processes.engine.contents import FileProblem
from processes.engine.house import House
from processes.errors import Invalid
from processes.forms.checking import loaded
from processes.forms.sayings import words
from processes.forms.wording import wording_of
from processes.messages import Message


@dataclass(frozen=True)
class Findings:
    """All problems of a draft, and what its files call themselves."""

    diagram: Sequence[Problem]
    unreadable: Message | None
    """Why the diagram could not be checked at all."""
    files: Sequence[FileProblem]
    titles: Mapping[str, str]
    """Chinese titles of the files that have one, by path."""

    @property
    def errors(self) -> int:
        """How many problems keep the draft from being published."""
        of_diagram = sum(each.severity == "error" for each in self.diagram)
        return of_diagram + (self.unreadable is not None) + sum(each.severity == "error" for each in self.files)

    @property
    def hints(self) -> int:
        """How many problems somebody should look at."""
        return len(self.diagram) + (self.unreadable is not None) + len(self.files) - self.errors


def findings(session: Session, house: House, files: Mapping[str, bytes]) -> Findings:
    """Check every file of a draft; one that is broken keeps no other from being checked."""
    unreadable = None
    diagram: Sequence[Problem] = ()
    try:
        diagram = deployment.diagram_problems(session, house, files)
    except Invalid as refused:
        unreadable = refused.text
    beside = contents.file_problems(files, house.options, house.functions(clock.today()))
    return Findings(diagram, unreadable, beside, _titles(files))


def _titles(files: Mapping[str, bytes]) -> dict[str, str]:
    found = {}
    for path in contents.form_files(files).values():
        try:
            title = loaded(files[path]).get("title")
        except Invalid:
            continue
        if words(title) is None:
            found[path] = wording_of(title).zh
    for path in contents.table_files(files).values():
        try:
            found[path] = tables.read_table(files[path]).name
        except Invalid:
            continue
    for kind in contents.document_kinds_of(files).values():
        if kind.template is not None:
            found[kind.template.as_posix()] = kind.title_zh
    return found
