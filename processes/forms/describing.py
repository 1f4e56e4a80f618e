"""A submission as people read it afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from processes.forms.definition import Field, FormDefinition
from processes.forms.display import NameOf, display, masked, plain
from processes.messages import Message

Names = NameOf | Mapping[str, Mapping[str, str]]
"""Names of values by list (`units`, `people`, `organizations`, `files` …): a function, or the lists themselves."""


@dataclass(frozen=True, slots=True)
class AnsweredTable:
    """The rows of a table as people read them."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | Message, ...], ...]


@dataclass(frozen=True, slots=True)
class AnsweredFiles:
    """Stored files of an answer, each an id and a name; whoever draws them makes the links."""

    files: tuple[tuple[str, str], ...]


class Described(NamedTuple):
    """One answer: the label, and the text, table or files under it."""

    label: str
    value: str | Message | AnsweredTable | AnsweredFiles


def describe_answers(
    definition: FormDefinition, answers: Mapping[str, Any], language: str, names: Names, unmasked: bool = False
) -> list[Described]:
    """The answers in the order of the form; sensitive ones are masked unless the reader may see them."""
    name_of = names if callable(names) else _finder(names)
    found = []
    for field in definition.fields:
        if field.type == "note" or field.key not in answers:
            continue
        value = _described(field, plain(answers[field.key]), language, name_of, unmasked)
        found.append(Described(field.label.text(language), value))
    return found


def _finder(names: Mapping[str, Mapping[str, str]]) -> NameOf:
    return lambda kind, value: names.get(kind, {}).get(value)


def _described(
    field: Field, value: Any, language: str, name_of: NameOf, unmasked: bool
) -> str | Message | AnsweredTable | AnsweredFiles:
    if field.type == "table":
        if field.sensitive and not unmasked:
            return masked(field, value)
        return _table(field, value, language, name_of, unmasked)
    if field.masked and not unmasked:
        return masked(field, value)
    if field.type in ("file", "files") and value:
        stored = value if isinstance(value, list) else [value]
        return AnsweredFiles(tuple((each, name_of("files", each) or each) for each in stored))
    return display(field, value, language, name_of)


def _table(field: Field, value: Any, language: str, name_of: NameOf, unmasked: bool) -> AnsweredTable:
    rows = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
    return AnsweredTable(
        tuple(column.label.text(language) for column in field.columns),
        tuple(
            tuple(
                masked(column, row.get(column.key))
                if column.masked and not unmasked
                else display(column, row.get(column.key), language, name_of)
                for column in field.columns
            )
            for row in rows
        ),
    )
