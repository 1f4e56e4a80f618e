"""Numbers of requests: short enough to be told on the telephone, with no letters that look or sound alike."""

from __future__ import annotations

import secrets

LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
LENGTH = 10


def new_number() -> str:
    """A number that no other request has, with all likelihood, in all years of the log."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
