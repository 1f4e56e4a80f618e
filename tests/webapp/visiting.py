"""A visitor of the desk in tests: follows forms as a browser does, with their tokens and operation keys."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


class Visitor:
    """Somebody with a browser: cookies are kept, and a form is sent with what it hides."""

    def __init__(self, app: Flask, address: str = "127.0.0.1") -> None:
        self.client = app.test_client()
        self.address = address

    def get(self, path: str, **options: Any) -> TestResponse:
        """Open a page."""
        return self.client.get(path, environ_base={"REMOTE_ADDR": self.address}, **options)

    def send(
        self, path: str, data: Mapping[str, Any] | None = None, *, page: str = "/keys", **options: Any
    ) -> TestResponse:
        """Send a form to `path` with the token of a page."""
        filled = {"csrf_token": self.token(page), **(data or {})}
        return self.client.post(path, data=filled, environ_base={"REMOTE_ADDR": self.address}, **options)

    def token(self, page: str) -> str:
        """The token against forged requests that a page hides."""
        return self.hidden(page)["csrf_token"]

    def hidden(self, page: str, action: str | None = None) -> dict[str, str]:
        """What the forms of a page hide, or the one form that sends to `action`."""
        text = self.get(page, follow_redirects=True).text
        if action is not None:
            text = text.split(f'action="{action}"', 1)[1].split("</form>", 1)[0]
        return {name: unescape(value) for name, value in HIDDEN.findall(text)}

    def log_in(self, login: str, password: str = "demo", **more: str) -> TestResponse:
        """Log in from the log-in page."""
        return self.send("/log-in", {"login": login, "password": password, **more}, page="/log-in")
