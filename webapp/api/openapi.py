"""The OpenAPI 3.1 document, written from the table of calls and the shapes of answers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from http import HTTPStatus
from importlib.metadata import version
from typing import Any

from webapp.api.calls import JSON, Call, Content, Field, Parameter
from webapp.api.schemas import SCHEMAS
from webapp.api.shapes import named
from webapp.operation_key import HEADER, LONGEST
from webapp.programs import PROBLEM

BASE = "/api/v1"
PLACE = re.compile(r"<(?:(\w+):)?(\w+)>")
LANGUAGE = {
    "name": "lang",
    "in": "query",
    "description": "Language of sentences; else `Accept-Language`, else the person's own.",
    "schema": {"type": "string", "enum": ["zh", "en"]},
}
KEY = {
    "name": HEADER,
    "in": "header",
    "description": "Chosen by the program; the same request with the same key gets the first answer; nothing changes.",
    "schema": {"type": "string", "maxLength": LONGEST},
}
ABOUT = (
    "Errors are `application/problem+json` with a sentence fit for people. Moments are UTC, days those of Chongqing. "
    "Lists are given a page at a time: `next_cursor` leads to the next page, with the same filters."
)


def document(calls: Iterable[Call]) -> dict[str, Any]:
    """The whole document."""
    paths: dict[str, dict[str, Any]] = {}
    for call in calls:
        paths.setdefault(PLACE.sub(r"{\2}", call.path), {})[call.method.lower()] = _operation(call)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Chief Planner Desk", "version": version("chief-planner"), "description": ABOUT},
        "servers": [{"url": BASE}],
        "security": [{"basic": []}, {"token": []}],
        "paths": paths,
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {
                "basic": {"type": "http", "scheme": "basic"},
                "token": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def _operation(call: Call) -> dict[str, Any]:
    places = [_place(kind, name) for kind, name in PLACE.findall(call.path)]
    given = [_parameter(each) for each in call.query]
    operation: dict[str, Any] = {
        "operationId": call.name,
        "tags": [call.tag],
        "summary": call.summary,
        "description": (call.view.__doc__ or "").strip(),
        "parameters": [*places, *given, LANGUAGE, *([KEY] if call.method == "POST" else [])],
        "responses": _responses(call),
    }
    if call.body is not None:
        operation["requestBody"] = _body(call.body)
    if call.open_query:
        free = {"type": "object", "additionalProperties": {"type": "string"}}
        shape = {"name": "columns", "in": "query", "style": "form", "explode": True, "schema": free}
        operation["parameters"].append(shape | {"description": "Columns and the values they must have."})
    return operation


def _place(kind: str, name: str) -> dict[str, Any]:
    schema = {"type": "string", "format": "uuid"} if kind == "uuid" else {"type": "string"}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _parameter(parameter: Parameter) -> dict[str, Any]:
    kinds: dict[str, dict[str, Any]] = {
        "integer": {"type": "integer", "minimum": parameter.least, "maximum": parameter.most},
        "boolean": {"type": "string", "enum": ["1", "0", "true", "false"]},
        "uuid": {"type": "string", "format": "uuid"},
    }
    schema = kinds.get(parameter.kind, {"type": "string"})
    if parameter.choices:
        schema = schema | {"enum": list(parameter.choices)}
    return {"name": parameter.name, "in": "query", "description": parameter.description, "schema": schema}


def _body(body: tuple[Field, ...] | Content) -> dict[str, Any]:
    if isinstance(body, Content):
        return {"required": True, "description": body.description, "content": _upload(body)}
    shape = {
        "type": "object",
        "properties": {each.name: _member(each) for each in body},
        "required": [each.name for each in body if each.required],
        "additionalProperties": False,
    }
    return {"required": any(each.required for each in body), "content": {JSON: {"schema": shape}}}


def _upload(body: Content) -> dict[str, Any]:
    if not body.parts:
        return {media_type: {} for media_type in body.media_types}
    file, *texts = body.parts
    parts = {file: {"contentMediaType": "application/octet-stream"}, **{name: {"type": "string"} for name in texts}}
    shape = {"type": "object", "properties": parts, "required": list(body.parts)}
    return {media_type: {"schema": shape} for media_type in body.media_types}


def _member(wanted: Field) -> dict[str, Any]:
    kinds: dict[str, dict[str, Any]] = {
        "object": {"type": "object", "additionalProperties": True},
        "integer": {"type": "integer"},
        "uuid": {"type": "string", "format": "uuid"},
        "text": {"type": "string", "maxLength": wanted.longest},
        "texts": {"type": "array", "items": {"type": "string"}},
        "truth": {"type": "boolean"},
    }
    return kinds[wanted.kind] | {"description": wanted.description}


def _responses(call: Call) -> dict[str, Any]:
    if isinstance(call.answer, Content):
        content: dict[str, Any] = {media_type: {} for media_type in call.answer.media_types}
        said = call.answer.description
    else:
        content, said = {JSON: {"schema": named(call.answer)}}, HTTPStatus(call.status).phrase
    found: dict[str, Any] = {str(call.status): {"description": said, "content": content}}
    for status in call.also:
        found[str(status)] = {"description": HTTPStatus(status).phrase, "content": content}
    if any(each.name == "dry_run" for each in call.query):
        found["200"] = {"description": "The check found no errors.", "content": content}
    usual = {401, 422} | ({404} if PLACE.search(call.path) else set())
    usual |= {400, 413, 415} if call.body is not None else set()
    for status in sorted(usual | set(call.refusals)):
        found[str(status)] = _problem(HTTPStatus(status).phrase)
    return found | {"default": _problem("Any other problem")}


def _problem(said: str) -> dict[str, Any]:
    return {"description": said, "content": {PROBLEM: {"schema": named("Problem")}}}
