"""The answers of a form as JSON Schema 2020-12, for programs that submit without a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from processes.forms.conditions import Combination, Condition
from processes.forms.kinds import FILES, LARGEST_NUMBER, LONGEST, MOST_FILES, MOST_ROWS, TEXTS

if TYPE_CHECKING:
    from processes.forms.definition import Field, FormDefinition

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(definition: FormDefinition) -> Schema:
    """The schema of a submission; conditions become `if`/`then`/`else`."""
    fields = [field for field in definition.fields if field.answers]
    schema: Schema = {
        "$schema": DIALECT,
        "title": definition.title.zh,
        "type": "object",
        "properties": {field.key: _answer(field) for field in fields},
        "required": [field.key for field in fields if field.required and field.show_if is None],
        "additionalProperties": False,
    }
    shown = {field.key for field in fields}
    rules = [rule for field in fields for rule in _rules(field, shown)]
    return schema | ({"allOf": rules} if rules else {})


def _rules(field: Field, known: set[str]) -> list[Schema]:
    """What depends on other answers; a condition on a value that is only shown is left to the server."""
    rules = []
    if field.show_if and set(field.show_if.keys()) <= known:
        needed: Schema = {"required": [field.key]} if field.required else {}
        hidden: Schema = {"properties": {field.key: {"enum": [None, "", []]}}}
        rules.append({"if": _condition(field.show_if), "then": needed, "else": hidden})
    if field.required_if and set(field.required_if.keys()) <= known:
        rules.append({"if": _condition(field.required_if), "then": {"required": [field.key]}})
    return rules


def _condition(condition: Condition) -> Schema:
    if isinstance(condition, Combination):
        return {f"{condition.kind}Of": [_condition(part) for part in condition.parts]}
    listed: Schema = {"enum": list(condition.values)}
    one: Schema = {"not": listed} if condition.negated else listed
    several: Schema = {"contains": listed}
    several = {"not": several, "minItems": 1} if condition.negated else several
    there = {"not": {"enum": [None, ""]}}
    test = {"if": {"type": "array"}, "then": several, "else": {"allOf": [there, one]}}
    return {"properties": {condition.key: test}, "required": [condition.key]}


def _answer(field: Field) -> Schema:
    schema = _MAKERS.get(field.type, _text)(field)
    schema["title"] = field.label.zh
    if field.help:
        schema["description"] = field.help.zh
    if not field.required and isinstance(schema.get("type"), str):
        schema["type"] = [schema["type"], "null"]
        if "enum" in schema:
            schema["enum"] = [*schema["enum"], None]
    return schema


def _text(field: Field) -> Schema:
    schema: Schema = {"type": "string"}
    if field.type in TEXTS:
        schema["maxLength"] = field.max_length or LONGEST[field.type]
    if field.min_length or (field.required and field.type in TEXTS):
        schema["minLength"] = field.min_length or 1
    if field.pattern:
        schema["pattern"] = f"^(?:{field.pattern})$"
    return schema


def _number(field: Field) -> Schema:
    usual = 0 if field.type == "money" else -LARGEST_NUMBER
    return {
        "type": "number" if field.type == "decimal" else "integer",
        "minimum": field.minimum if field.minimum is not None else usual,
        "maximum": field.maximum if field.maximum is not None else LARGEST_NUMBER,
    }


def _boolean(field: Field) -> Schema:
    return {"const": True} if field.confirm and field.required else {"type": "boolean"}


def _choice(field: Field) -> Schema:
    return {"type": "string"} | ({"enum": [option.value for option in field.options]} if field.options else {})


def _list(field: Field) -> Schema:
    schema: Schema = {"type": "array", "items": _choice(field), "uniqueItems": True}
    least = field.min_items or (1 if field.required else 0)
    most = field.max_items or (MOST_FILES if field.type in FILES else 0)
    if least and field.required:
        schema["minItems"] = least
    return schema | ({"maxItems": most} if most else {})


def _table(field: Field) -> Schema:
    columns = [column for column in field.columns if not column.readonly]
    row = {
        "type": "object",
        "properties": {column.key: _answer(column) for column in columns},
        "required": [column.key for column in columns if column.required],
        "additionalProperties": field.fixed_rows,
    }
    schema: Schema = {"type": "array", "items": row, "maxItems": field.max_rows or MOST_ROWS}
    if field.required:
        schema["minItems"] = max(field.min_rows, 1)
    return schema


_MAKERS: dict[str, Callable[[Field], Schema]] = {
    "integer": _number,
    "decimal": _number,
    "money": _number,
    "date": lambda field: {"type": "string", "format": "date"},
    "datetime": lambda field: {"type": "string", "format": "date-time"},
    "month": lambda field: {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"},
    "boolean": _boolean,
    "choice": _choice,
    "person": _choice,
    "unit": _choice,
    "organization": _choice,
    "multichoice": _list,
    "units": _list,
    "files": _list,
    "table": _table,
}
