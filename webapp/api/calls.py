"""The calls of the HTTP API as one table: the routes are made from it and the OpenAPI document is written from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from flask import Response

from processes.identity.actor import Actor
from webapp.desk import Desk

LONGEST_TEXT = 4000
JSON = "application/json"


@dataclass(frozen=True)
class Parameter:
    """A parameter of the address."""

    name: str
    description: str
    kind: Literal["text", "integer", "boolean", "uuid"] = "text"
    choices: tuple[str, ...] = ()
    least: int = 0
    most: int = 0
    """For an integer."""


@dataclass(frozen=True)
class Field:
    """A member of a JSON body."""

    name: str
    description: str
    kind: Literal["text", "object", "integer", "uuid", "texts", "truth"] = "text"
    required: bool = True
    longest: int = LONGEST_TEXT
    """Characters of a text."""


@dataclass(frozen=True)
class Content:
    """A body or an answer that is not JSON."""

    media_types: tuple[str, ...]
    description: str
    parts: tuple[str, ...] = ()
    """Names of the parts of a form, the first of which is the file."""


@dataclass(frozen=True)
class Asked:
    """What a call came with, already checked: who asks, of which desk, and the values."""

    desk: Desk
    actor: Actor
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A text of the address, empty where it is not given."""
        return str(self.query.get(name) or "")


View = Callable[..., Response]


@dataclass(frozen=True)
class Call:
    """One call: method and path, what it takes, what it answers, and the function behind it."""

    name: str
    tag: str
    method: str
    path: str
    summary: str
    view: View
    query: tuple[Parameter, ...]
    body: tuple[Field, ...] | Content | None
    answer: str | Content
    """Name of a schema of `schemas.py`."""
    status: int
    open_query: bool
    """Whether the address may name parameters that are not listed (columns of a register)."""
    refusals: tuple[int, ...]
    """Statuses of refusals besides those that every call may give."""
    also: tuple[int, ...] = ()
    """Other statuses with the same answer: 202 for what waits for somebody."""


class Calls:
    """The calls about one kind of thing."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self._found: list[Call] = []

    def __iter__(self) -> Iterator[Call]:
        return iter(self._found)

    def get(self, path: str, summary: str, *, answer: str | Content, **more: Any) -> Callable[[View], View]:
        """A call that changes nothing."""
        return self._add("GET", path, summary, answer=answer, **more)

    def post(self, path: str, summary: str, *, answer: str | Content, **more: Any) -> Callable[[View], View]:
        """A call that changes something."""
        return self._add("POST", path, summary, answer=answer, **more)

    def _add(
        self,
        method: str,
        path: str,
        summary: str,
        *,
        answer: str | Content,
        query: tuple[Parameter, ...] = (),
        body: tuple[Field, ...] | Content | None = None,
        status: int = 200,
        open_query: bool = False,
        refusals: tuple[int, ...] = (),
        also: tuple[int, ...] = (),
    ) -> Callable[[View], View]:
        def registered(view: View) -> View:
            self._found.append(
                Call(
                    view.__name__, self.tag, method, path, summary, view,
                    query, body, answer, status, open_query, refusals, also,
                )
            )  # fmt: skip
            return view

        return registered
