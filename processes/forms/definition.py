"""A form as data: its fields, read once from JSON, never changed afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any

import orjson

from processes.errors import Invalid
from processes.forms.checking import check_definition, loaded
from processes.forms.conditions import Condition, condition_of
from processes.forms.kinds import DEFAULT_OPTIONS, LISTS
from processes.forms.schema import schema_of
from processes.forms.wording import Option, Wording, option_of, wording_of
from processes.messages import message


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form or one column of a table; amounts of money are whole fen, sizes are MB."""

    key: str
    type: str
    label: Wording
    help: Wording | None = None
    required: bool = False
    required_if: Condition | None = None
    show_if: Condition | None = None
    readonly: bool = False
    sensitive: bool = False
    confirm: bool = False
    minimum: int | float | None = None
    maximum: int | float | None = None
    min_length: int | None = None
    max_length: int | None = None
    min_items: int | None = None
    max_items: int | None = None
    places: int = 2
    pattern: str | None = None
    pattern_message: Wording | None = None
    not_before: str | None = None
    not_after: str | None = None
    default: Any = None
    default_from: str | None = None
    options: tuple[Option, ...] = ()
    options_from: str | None = None
    width: str = "full"
    accept: tuple[str, ...] = ()
    max_size_mb: int | float = 20
    columns: tuple[Field, ...] = ()
    min_rows: int = 0
    max_rows: int | None = None
    rows_from: str | None = None
    fixed_rows: bool = False
    unique_by: tuple[str, ...] = ()

    @property
    def answers(self) -> bool:
        """Whether people may answer it: a note and a value that is only shown may not."""
        return self.type != "note" and not self.readonly

    @property
    def many(self) -> bool:
        """Whether the answer is a list of values."""
        return self.type in LISTS

    @property
    def masked(self) -> bool:
        """Whether the answer is hidden in lists; an identity number always is."""
        return self.sensitive or self.type == "identity_number"

    def column(self, key: str) -> Field | None:
        """The column of a table with this key."""
        return next((each for each in self.columns if each.key == key), None)


@dataclass(frozen=True)
class FormDefinition:
    """A form as its owner wrote it; the same definition draws it and checks what comes back."""

    key: str
    title: Wording
    fields: tuple[Field, ...]
    help: Wording | None = None
    canonical: bytes = field(default=b"", repr=False)

    @classmethod
    def parse(cls, data: Mapping[str, Any] | bytes) -> FormDefinition:
        """Read a definition; raises `Invalid` with the place of every problem."""
        problems = check_definition(data)
        if problems:
            raise Invalid(
                message("表单定义有 %(count)s 处问题", count=len(problems)),
                {problem.path: problem.message for problem in problems},
            )
        plain = loaded(data)
        canonical = orjson.dumps(plain, option=orjson.OPT_SORT_KEYS)
        return cls(
            key=plain["key"],
            title=wording_of(plain["title"]),
            fields=tuple(_field_of(each) for each in plain["fields"]),
            help=wording_of(plain["help"]) if "help" in plain else None,
            canonical=canonical,
        )

    @cached_property
    def version(self) -> str:
        """SHA-256 of the canonical JSON: equal definitions have equal versions."""
        return sha256(self.canonical).hexdigest()

    def as_data(self) -> dict[str, Any]:
        """A fresh copy of the JSON the definition was read from."""
        data: dict[str, Any] = orjson.loads(self.canonical)
        return data

    def json_schema(self) -> dict[str, Any]:
        """The answers as JSON Schema 2020-12, for programs that submit."""
        return schema_of(self)

    def field(self, key: str) -> Field | None:
        """The field with this key."""
        return self._by_key.get(key)

    @property
    def answer_keys(self) -> tuple[str, ...]:
        """Keys that a submission may answer, in the order of the form."""
        return tuple(each.key for each in self.fields if each.answers)

    @cached_property
    def _by_key(self) -> dict[str, Field]:
        return {each.key: each for each in self.fields}

    def error_lines(self, errors: Mapping[str, Any]) -> list[ErrorLine]:
        """The errors in the order of the form, each with the place on the page it belongs to."""
        lines = [line for each in self.fields for line in _lines_of(each, errors)]
        told = {line.path for line in lines}
        return lines + [ErrorLine(path, "", None, None, None, errors[path]) for path in errors if path not in told]


@dataclass(frozen=True, slots=True)
class ErrorLine:
    """One problem of a submission; `target` is the id of the control, empty when the form has no such place."""

    path: str
    target: str
    field: Field | None
    row: int | None
    column: Field | None
    error: Any


def _lines_of(owner: Field, errors: Mapping[str, Any]) -> Iterator[ErrorLine]:
    if owner.key in errors:
        yield ErrorLine(owner.key, f"f-{owner.key}", owner, None, None, errors[owner.key])
    if not owner.columns:
        return
    order = {column.key: place for place, column in enumerate(owner.columns)}
    cells = []
    for path in errors:
        parts = path.split(".")
        if len(parts) == 3 and parts[0] == owner.key and parts[1].isdecimal() and parts[2] in order:
            cells.append((int(parts[1]), order[parts[2]], path))
    for row, place, path in sorted(cells):
        column = owner.columns[place]
        yield ErrorLine(path, f"f-{owner.key}-{row}-{column.key}", owner, row + 1, column, errors[path])


_WORDINGS = ("label", "help", "pattern_message")
_CONDITIONS = ("required_if", "show_if")
_NAMES = ("accept", "unique_by")


def _field_of(data: Mapping[str, Any]) -> Field:
    given = dict(data)
    for name in _WORDINGS:
        if name in given:
            given[name] = wording_of(given[name])
    for name in _CONDITIONS:
        if name in given:
            given[name] = condition_of(given[name])
    for name in _NAMES:
        if name in given:
            given[name] = tuple(given[name])
    if "options" in given:
        given["options"] = tuple(option_of(each) for each in given["options"])
    elif given["type"] in DEFAULT_OPTIONS:
        given.setdefault("options_from", DEFAULT_OPTIONS[given["type"]])
    given["columns"] = tuple(_field_of(each) for each in given.get("columns", ()))
    given["default"] = _frozen(given.get("default"))
    return Field(**given)


def _frozen(value: Any) -> Any:
    """A default that nobody can change; rows of a table stay readable as pairs."""
    if isinstance(value, list):
        return tuple(_frozen(each) for each in value)
    if isinstance(value, dict):
        return tuple(value.items())
    return value
