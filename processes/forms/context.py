"""What a form needs to know from outside: the day, the lists to choose from, values shown, files already stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from processes.forms.display import display, plain, typed
from processes.forms.wording import Option

if TYPE_CHECKING:
    from processes.forms.definition import Field


@dataclass(frozen=True, slots=True)
class StoredFileInfo:
    """A stored file: its name, its kind (`pdf`, `jpg` …) and its size in bytes."""

    name: str
    kind: str
    size: int


def _no_file(identifier: str) -> StoredFileInfo | None:
    return None


@dataclass(frozen=True)
class FormContext:
    """Where a form is filled in; `values` are variables of the case, `files` finds a stored file by its id."""

    today: date
    add_workdays: Callable[[date, int], date]
    options: Mapping[str, Sequence[Option]] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    files: Callable[[str], StoredFileInfo | None] = _no_file
    language: str = "zh"

    def choices(self, field: Field) -> Sequence[Option]:
        """The options of a field: its own, or the list it names."""
        if field.options or not field.options_from:
            return field.options
        return self.options.get(field.options_from, ())

    def shown(self, field: Field, value: Any, language: str | None = None) -> Any:
        """A value as people read it."""
        return display(field, plain(value), language or self.language, self.name_of)

    def typed(self, field: Field, value: Any) -> str:
        """A value as it stands in the control of the page."""
        return typed(field, plain(value))

    def name_of(self, kind: str, value: str) -> str | None:
        """What people call a value of a list, or a stored file."""
        if kind == "files":
            stored = self.files(value)
            return stored.name if stored else None
        found = next((each for each in self.options.get(kind, ()) if each.value == value), None)
        return found.text(self.language) if found else None
