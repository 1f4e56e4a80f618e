"""English names that the diagrams themselves give: what is called so in Chinese there is called so in English.

Cases and tasks keep the Chinese names with which they were made; a page for an English reader looks them up here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.engine.models import Definition, DefinitionFile
from processes.engine.packages import DIAGRAM
from processes.engine.spiff.reading import MODEL, parse, properties

NAME_EN = "name_en"
"""The property of a process, a lane or a node that holds its English name."""
_MOST_READ = 256
_read: dict[UUID, Mapping[str, str]] = {}
"""The names in the diagram of a version, which never changes."""


@dataclass(frozen=True)
class EnglishNames:
    """English names by Chinese ones, for each procedure by its key."""

    of_procedures: Mapping[str, Mapping[str, str]]

    def of(self, name: str, key: str = "") -> str:
        """The English name in the procedure of that key, else in any; where none is given, the name as it stands."""
        own = self.of_procedures.get(key, {}).get(name)
        return own or next((each[name] for each in self.of_procedures.values() if name in each), name)


def english_names(session: Session) -> EnglishNames:
    """The names in the versions on which new cases start."""
    rows = session.execute(select(Definition.key, Definition.id).where(Definition.active))
    active = {row.key: row.id for row in rows}
    known = {each: names for each in active.values() if (names := _read.get(each)) is not None}
    missing = [each for each in active.values() if each not in known]
    if missing:
        files = select(DefinitionFile.definition_id, DefinitionFile.content).where(
            DefinitionFile.definition_id.in_(missing), DefinitionFile.path == DIAGRAM
        )
        known |= {row.definition_id: names_in(bytes(row.content)) for row in session.execute(files)}
        if len(_read) > _MOST_READ:
            _read.clear()
        _read.update(known)
    return EnglishNames({key: known.get(active[key], {}) for key in sorted(active)})


def names_in(bpmn: bytes) -> dict[str, str]:
    """The English names that a diagram gives; of two for one Chinese name the first in the file."""
    found: dict[str, str] = {}
    for node in parse(bpmn).iter(f"{{{MODEL}}}*"):
        name, english = (node.get("name") or "").strip(), properties(node).get(NAME_EN, "").strip()
        if name and english:
            found.setdefault(name, english)
    return found
