"""What people have sent with forms, as other people read it: the names of units, people and files in place of ids."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.engine.house import House
from processes.engine.models import Case, Submission
from processes.engine.task_forms import form_definition
from processes.files import StoredFile
from processes.forms.definition import Field, FormDefinition
from processes.forms.describing import Described, describe_answers
from processes.forms.kinds import CHOICES, FILES
from processes.identity.actor import Actor
from processes.identity.models import Organization, Person, Unit

READS_UNMASKED = ("city_bureau.clerk", "city_bureau.section", "city_bureau.leader")
"""Posts that work with numbers of identity papers and telephones of applicants."""


@dataclass(frozen=True)
class Said:
    """One submission to read: at which step, what was decided, by whom, and the answers."""

    step: str
    result: str
    person: str
    person_id: UUID | None
    at: datetime
    answers: list[Described]


def said(
    session: Session, house: House, actor: Actor, case: Case, submissions: Sequence[Submission], language: str
) -> list[Said]:
    """Submissions of one case as people read them; sensitive answers are masked unless the reader works with them."""
    forms = [form_definition(session, case, each.work_item, each) for each in submissions]
    names = Names(session, house)
    names.learn(zip(forms, (each.answers for each in submissions), strict=True))
    return [
        Said(
            each.work_item.step,
            each.work_item.result,
            each.person,
            each.person_id,
            each.at,
            describe_answers(form, each.answers, language, names, unmasked=_may_unmask(actor, each)),
        )
        for form, each in zip(forms, submissions, strict=True)
    ]


def _may_unmask(actor: Actor, submission: Submission) -> bool:
    return submission.person_id == actor.person_id or actor.has(*READS_UNMASKED)


class Names:
    """What people call the values of lists and files; asked for all at once, in one query a kind."""

    def __init__(self, session: Session, house: House) -> None:
        self.session = session
        self.house = house
        self.known: dict[str, str] = {}
        self.files: dict[str, str] = {}
        self.lists: dict[str, dict[str, str]] = {}

    def __call__(self, kind: str, value: str) -> str | None:
        """The name of a value of a list, or of a stored file."""
        if kind == "files":
            return self.files.get(value)
        return self.known.get(value) or self._of_list(kind).get(value)

    def learn(self, answered: Iterable[tuple[FormDefinition, Mapping[str, Any]]]) -> None:
        """Find the names of everything that the answers mention."""
        found: dict[str, set[str]] = defaultdict(set)
        for form, answers in answered:
            for field in form.fields:
                for each, value in _values(field, answers.get(field.key)):
                    kind = "files" if each.type in FILES else "choices"
                    if each.type in FILES or (each.type in CHOICES and not each.options):
                        found[kind].update(_texts(value))
                    if each.options_from and each.options_from in self.house.names:
                        found[each.options_from].update(_texts(value))
        self._learn_files(found.pop("files", set()))
        self._learn_choices(found.pop("choices", set()))
        for kind, values in found.items():
            self.known.update(self.house.names[kind](self.session, values))

    def _learn_files(self, ids: set[str]) -> None:
        wanted = [each for each in map(_uuid, ids) if each]
        if wanted:
            rows = self.session.execute(select(StoredFile.id, StoredFile.name).where(StoredFile.id.in_(wanted)))
            self.files.update((str(row.id), row.name) for row in rows)

    def _learn_choices(self, values: set[str]) -> None:
        if not values:
            return
        units = self.session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(values)))
        self.known.update((row.id, row.name) for row in units)
        places = self.session.execute(select(Organization.id, Organization.name).where(Organization.id.in_(values)))
        self.known.update((row.id, row.name) for row in places)
        ids = [each for each in map(_uuid, values) if each]
        if ids:
            people = self.session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
            self.known.update((str(row.id), row.name) for row in people)

    def _of_list(self, kind: str) -> dict[str, str]:
        """A list of the house, where the value is no id of a unit, an organization or a person."""
        if kind not in self.lists:
            source = self.house.options.get(kind)
            options = source(self.session, {}) if source is not None else ()
            self.lists[kind] = {each.value: each.text("zh") for each in options}
        return self.lists[kind]


def _values(field: Field, value: Any) -> Iterator[tuple[Field, Any]]:
    yield field, value
    if field.type == "table" and isinstance(value, list):
        for row in value:
            if isinstance(row, Mapping):
                yield from ((column, row.get(column.key)) for column in field.columns)


def _texts(value: Any) -> list[str]:
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
