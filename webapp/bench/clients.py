"""Clients of the bench: a browser with its session, a program with its token or password, on a real wire or without."""

from __future__ import annotations

import base64
import http.client
import re
import secrets
import time
from collections.abc import Mapping
from html import unescape
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlencode

import orjson
from flask import Flask
from werkzeug.http import parse_cookie

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
IDLE = 1.0
"""Seconds after which a kept connection may have been closed by the server."""
LONGEST = 120


class Answer(NamedTuple):
    """What came back."""

    status: int
    body: bytes
    cookie: str


class Wire(Protocol):
    """Carries a request to the desk and the answer back."""

    def exchange(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer: ...


class HttpWire:
    """One kept connection to a server."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LONGEST)
        self._used = 0.0

    def exchange(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send and wait for the whole answer."""
        if time.monotonic() - self._used > IDLE:
            self._connection.close()
        self._connection.request(method, path, body, dict(headers or {}))
        answer = self._connection.getresponse()
        content = answer.read()
        self._used = time.monotonic()
        return Answer(answer.status, content, answer.headers.get("Set-Cookie", ""))

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


class DirectWire:
    """Calls the application in this process, so that what it asks of the database can be counted."""

    def __init__(self, app: Flask) -> None:
        self._client = app.test_client(use_cookies=False)

    def exchange(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """As the server would answer."""
        answer = self._client.open(path, method=method, data=body, headers=dict(headers or {}))
        return Answer(answer.status_code, answer.data, answer.headers.get("Set-Cookie", ""))


class Program:
    """A program that speaks JSON and shows its token or password with each request."""

    def __init__(self, wire: Wire, authorization: str) -> None:
        self.wire = wire
        self._authorization = authorization

    def get(self, path: str) -> Answer:
        """Read something."""
        return self.wire.exchange("GET", path, headers={"Authorization": self._authorization})

    def post(self, path: str, content: Any) -> Answer:
        """Change something, once: each request has its own key."""
        headers = {
            "Authorization": self._authorization,
            "Content-Type": "application/json",
            "Idempotency-Key": secrets.token_hex(16),
        }
        return self.wire.exchange("POST", path, orjson.dumps(content), headers)


def by_token(token: str) -> str:
    """The authorization of a program with a token."""
    return f"Bearer {token}"


def by_password(login: str, password: str) -> str:
    """The authorization of a program with a password."""
    return "Basic " + base64.b64encode(f"{login}:{password}".encode()).decode()


class Browser:
    """Somebody at a page: the session's cookie, and what the page's forms hide."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self._cookies: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        """Open a page."""
        return self._kept(self.wire.exchange("GET", path, headers=self._headers()))

    def hidden(self, path: str, action: str) -> dict[str, str]:
        """What the form of a page that sends to `action` hides: the token against forgery, the operation key."""
        text = self.get(path).body.decode()
        form = text.split(f'action="{action}"', 1)[-1].split("</form>", 1)[0]
        return {name: unescape(value) for name, value in HIDDEN.findall(form)}

    def send(self, path: str, fields: Mapping[str, str]) -> Answer:
        """Send a form."""
        headers = self._headers() | {"Content-Type": "application/x-www-form-urlencoded"}
        return self._kept(self.wire.exchange("POST", path, urlencode(fields).encode(), headers))

    def log_in(self, login: str, password: str) -> None:
        """Log in as a person does."""
        hidden = self.hidden("/log-in", "/log-in")
        answer = self.send("/log-in", {**hidden, "login": login, "password": password})
        if answer.status != 303:
            raise RuntimeError(f"the bench could not log in: {answer.status}")

    def _headers(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}

    def _kept(self, answer: Answer) -> Answer:
        if answer.cookie:
            self._cookies |= dict(list(parse_cookie(answer.cookie).items())[:1])
        return answer
