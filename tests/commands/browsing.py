"""A browser and a program for a desk that is really served, one connection for each request."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


@dataclass(frozen=True)
class Answered:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


class Staying(HTTPRedirectHandler):
    """Shows where one is led instead of going there."""

    def redirect_request(self, *_: Any) -> None:
        return None


class Browser:
    """Somebody at a served desk, with cookies; or a program that shows its password."""

    def __init__(self, address: str, login: str = "") -> None:
        self._address = address
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()), Staying())
        self._shown = {"Authorization": "Basic " + base64.b64encode(f"{login}:demo".encode()).decode()} if login else {}

    def get(self, path: str, **headers: str) -> Answered:
        """Open a page."""
        return self._asked(Request(self._address + path, headers={**self._shown, **headers}))

    def send(self, path: str, fields: Mapping[str, str]) -> Answered:
        """Send a form."""
        return self._asked(Request(self._address + path, urlencode(fields).encode(), headers=self._shown))

    def call(self, path: str, body: Mapping[str, Any], **headers: str) -> Answered:
        """Send JSON."""
        given = {**self._shown, "Content-Type": "application/json", **headers}
        return self._asked(Request(self._address + path, json.dumps(body).encode(), headers=given))

    def hidden(self, path: str) -> dict[str, str]:
        """The token and the operation key that the forms of a page hide."""
        found = HIDDEN.findall(self.get(path).text)
        return {name: unescape(value) for name, value in found if name in ("csrf_token", "_operation_key")}

    def log_in(self, login: str, password: str = "demo") -> Answered:
        """Log in by the page."""
        return self.send("/log-in", {**self.hidden("/log-in"), "login": login, "password": password})

    def _asked(self, request: Request) -> Answered:
        try:
            with self._opener.open(request, timeout=30) as answer:
                return Answered(answer.status, answer.headers, answer.read().decode())
        except HTTPError as refused:
            with refused:
                return Answered(refused.code, refused.headers, refused.read().decode())
