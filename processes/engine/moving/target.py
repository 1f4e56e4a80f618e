"""The version to which cases are to be carried over: one that is published, or a draft that is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from processes.engine import definitions
from processes.engine.models import Definition
from processes.engine.moving.courses import Courses, courses_of
from processes.engine.packages import Package, package


@dataclass(frozen=True)
class Target:
    """A package that cases are to go on with."""

    key: str
    package: Package
    definition: Definition | None = None

    @property
    def courses(self) -> Courses:
        """The courses that a case can take in it."""
        return courses_of(self.package.bpmn)


def target_of_definition(session: Session, definition_id: UUID) -> Target:
    """A published version, or `NotFound`."""
    found = definitions.definition(session, definition_id)
    return Target(found.key, package(session, found.id), found)


def target_of_files(key: str, files: Mapping[str, bytes]) -> Target:
    """A draft; `Invalid` while it cannot run."""
    return Target(key, Package(files))
