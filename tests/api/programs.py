"""A program that uses the API; every answer it gets is held against the published document."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from flask import Flask
from jsonschema import Draft202012Validator
from werkzeug.test import TestResponse

from webapp.api.openapi import BASE, document
from webapp.api.routes import CALLS
from webapp.api.schemas import SCHEMAS
from webapp.programs import PROBLEM

DOCUMENT = document(CALLS)
BY_NAME = {call.name: call for call in CALLS}


class Program:
    """Asks as one person, with a password or a token."""

    def __init__(self, app: Flask, login: str | None = None, password: str = "demo", token: str | None = None) -> None:
        self.app = app
        self.client = app.test_client(use_cookies=False)
        self.headers: dict[str, str] = {}
        if login is not None:
            self.headers["Authorization"] = "Basic " + b64encode(f"{login}:{password}".encode()).decode()
        if token is not None:
            self.headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str, **options: Any) -> TestResponse:
        """Ask for something."""
        return self.ask("GET", path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> TestResponse:
        """Change something."""
        return self.ask("POST", path, **({} if body is None else {"json": body}), **options)

    def ask(self, method: str, path: str, **options: Any) -> TestResponse:
        """One request; its answer has to be as the document says."""
        headers = {**self.headers, **options.pop("headers", {})}
        response = self.client.open(BASE + path, method=method, headers=headers, buffered=True, **options)
        assert response.status_code != 500, response.text
        conforms(self.app, method, path, response)
        return response

    def items(self, path: str) -> list[dict[str, Any]]:
        """The rows of a list."""
        response = self.get(path)
        assert response.status_code == 200, response.text
        found: list[dict[str, Any]] = response.json["items"]
        return found


def conforms(app: Flask, method: str, path: str, response: TestResponse) -> None:
    """The answer has the documented status and shape; every refusal is a problem."""
    if response.status_code >= 400:
        assert response.content_type == PROBLEM, response.text
        assert response.json["status"] == response.status_code
        _check("Problem", response.json)
    if response.status_code in (404, 405) or path.startswith("/openapi"):
        return
    endpoint, _places = app.url_map.bind("desk").match(BASE + path.split("?")[0], method)
    call = BY_NAME[endpoint.removeprefix("api.")]
    assert str(response.status_code) in _operation(call.path, method)["responses"], response.text
    if response.status_code < 400 and isinstance(call.answer, str):
        _check(call.answer, response.json)


def _operation(path: str, method: str) -> dict[str, Any]:
    plain = path.replace("<uuid:", "{").replace("<", "{").replace(">", "}")
    found: dict[str, Any] = DOCUMENT["paths"][plain][method.lower()]
    return found


def _check(name: str, content: Any) -> None:
    schema = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": SCHEMAS}}
    errors = [f"{each.json_path}: {each.message}" for each in Draft202012Validator(schema).iter_errors(content)]
    assert not errors, errors
