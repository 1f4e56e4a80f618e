"""Whether a submission may be accepted: the same definition that drew the form checks what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from processes.errors import Invalid
from processes.forms.context import FormContext
from processes.forms.days import outside
from processes.forms.definition import Field, FormDefinition
from processes.forms.display import plain
from processes.forms.kinds import DAYS
from processes.forms.refusal import Refused
from processes.forms.tables import read_table
from processes.forms.values import is_empty, missing, read_value
from processes.messages import Message, message

MOST_ERRORS = 300


def validate(definition: FormDefinition, raw: Mapping[str, Any], context: FormContext) -> dict[str, Any]:
    """The answers of a submission, by JSON types; raises `Invalid` naming every field that must be corrected.

    A visible field without an answer is None or an empty list; a field that is not shown, or only shown, is left out.
    """
    if not isinstance(raw, Mapping):
        raise Invalid(message("提交的内容不是一份表单"))
    submission = _Submission(definition, raw, context)
    answers = submission.answers()
    errors = submission.errors
    if errors:
        text = message("有 %(count)s 处需要更正", count=len(errors))
        raise Invalid(text, dict(list(errors.items())[:MOST_ERRORS]))
    return answers


class _Submission:
    """One submission while it is read: the values found, which fields show, what is wrong."""

    def __init__(self, definition: FormDefinition, raw: Mapping[str, Any], context: FormContext) -> None:
        self.definition = definition
        self.raw = raw
        self.context = context
        self.errors: dict[str, Message] = {}
        self._values: dict[str, Any] = {}
        self._refused: dict[str, Message] = {}
        self._visible: dict[str, bool] = {}
        self._read()

    def _read(self) -> None:
        for key, value in self.raw.items():
            if not isinstance(key, str) or self.definition.field(key) is None:
                self.errors[str(key)[:64]] = message("表单中没有此项")
                continue
            field = self.definition.field(key)
            if field and not field.answers and not is_empty(value):
                self.errors[key] = message("此项不能填写")
        for field in self.definition.fields:
            if not field.answers:
                self._values[field.key] = plain(self.context.values.get(field.default_from or field.key))
            elif field.type != "table":
                self._read_one(field)

    def _read_one(self, field: Field) -> None:
        try:
            self._values[field.key] = read_value(field, self.raw.get(field.key), self.context)
        except Refused as refused:
            self._refused[field.key] = refused.text

    def visible(self, field: Field) -> bool:
        """Whether the field shows; a field that is hidden counts as unanswered for the others."""
        if field.key not in self._visible:
            self._visible[field.key] = field.show_if is None or field.show_if.holds(self.look)
        return self._visible[field.key]

    def look(self, key: str) -> Any:
        """The answer to a field that shows; None for one that does not, or that must be corrected."""
        field = self.definition.field(key)
        if field is None or not self.visible(field):
            return None
        return self._values.get(key)

    def unsure(self, field: Field) -> bool:
        """Whether showing depends on an answer that must itself be corrected first."""
        keys = list(field.show_if.keys()) if field.show_if else []
        return any(key in self._refused or self._unsure_key(key) for key in keys)

    def _unsure_key(self, key: str) -> bool:
        owner = self.definition.field(key)
        return owner is not None and owner.show_if is not None and self.unsure(owner)

    def answers(self) -> dict[str, Any]:
        """The answers of every field that shows; problems are collected on the way."""
        found: dict[str, Any] = {}
        for field in self.definition.fields:
            if not field.answers or field.key in self.errors:
                continue
            if not self.visible(field):
                self._check_hidden(field)
            elif field.type == "table":
                found[field.key] = self._table(field)
            else:
                found[field.key] = self._values.get(field.key)
                self._check(field)
        return found

    def _check_hidden(self, field: Field) -> None:
        if not is_empty(self.raw.get(field.key)) and not self.unsure(field):
            self.errors[field.key] = message("按其他项的填写情况，此项不应填写")

    def _check(self, field: Field) -> None:
        problem = self._refused.get(field.key) or self._problem(field, self._values.get(field.key))
        if problem:
            self.errors[field.key] = problem

    def _problem(self, field: Field, value: Any) -> Message | None:
        if is_empty(value) or (field.confirm and value is False):
            return missing(field) if self._needed(field) else None
        if field.type in DAYS:
            return outside(value, field.not_before, field.not_after, self.look, self.context)
        return None

    def _needed(self, field: Field) -> bool:
        return field.required or (field.required_if is not None and field.required_if.holds(self.look))

    def _table(self, field: Field) -> list[dict[str, Any]]:
        rows, errors = read_table(field, self.raw.get(field.key), self.look, self.context)
        if not rows and not errors and self._needed(field) and not field.fixed_rows:
            errors[field.key] = missing(field)
        self.errors.update(errors)
        return rows
