"""Requests of programs: they ask under `/api/` and are answered in JSON, never by a page."""

from __future__ import annotations

from flask import request

API = "/api/"
PROBLEM = "application/problem+json"
OWN_SITES = frozenset({"none", "same-origin"})


def is_program() -> bool:
    """Whether the request is one of a program."""
    return request.path.startswith(API)


def challenge() -> str:
    """How a program may show who it is; a browser is not asked for a password, which it would keep and send along."""
    return "Bearer" if "Sec-Fetch-Mode" in request.headers else "Basic"


def shows_itself() -> bool:
    """Whether the request says in its header who asks, and no page of another site has made a browser say so."""
    return "Authorization" in request.headers and request.headers.get("Sec-Fetch-Site", "none") in OWN_SITES
