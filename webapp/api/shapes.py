"""What the shapes of answers are built of: texts, numbers, lists and objects in the words of JSON Schema."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer"}
TRUTH: Schema = {"type": "boolean"}
ANYTHING: Schema = {"type": "object", "additionalProperties": True}
UUID: Schema = {"type": "string", "format": "uuid"}
MOMENT: Schema = {"type": "string", "format": "date-time", "description": "UTC."}
DAY: Schema = {"type": "string", "format": "date", "description": "A day in Chongqing."}


def maybe(schema: Schema) -> Schema:
    """The same, or null."""
    return schema | {"type": [schema["type"], "null"]}


def many(schema: Schema) -> Schema:
    """A list of it."""
    return {"type": "array", "items": schema}


def named(name: str) -> Schema:
    """A reference to a shape by its name in `SCHEMAS`."""
    return {"$ref": f"#/components/schemas/{name}"}


def made(_described: str = "", /, **members: Schema) -> Schema:
    """An object that has exactly these members."""
    shape: Schema = {
        "type": "object",
        "properties": members,
        "required": list(members),
        "additionalProperties": False,
    }
    return shape | ({"description": _described} if _described else {})


def page_of(*names: str) -> Schema:
    """A page of a list."""
    item = named(names[0]) if len(names) == 1 else {"anyOf": [named(each) for each in names]}
    return made(items=many(item), total=WHOLE, next_cursor=maybe(TEXT))
